"""When two addresses are one page."""
