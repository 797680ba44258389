"""Getting it there, once. So far: a digest as a mail message in `outbox/`."""
