"""Sitemaps and sitemap indexes: bytes in, addresses out."""
