"""All tables, by who owns them."""
