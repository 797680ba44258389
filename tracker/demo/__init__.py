"""A whole night against a sample press on loopback."""
