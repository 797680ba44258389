"""Getting it there, once: who gets which edition and when, the letter, the mail server, and the outbox's own record."""
