"""Doctor, checks, backup and restore."""
