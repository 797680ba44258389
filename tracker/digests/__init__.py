"""Mentions -> what the partner reads. `selection` and `figures` decide, `rendering` fills the templates."""
