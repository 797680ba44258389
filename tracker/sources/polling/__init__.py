"""When a source is polled next, by its pace."""
