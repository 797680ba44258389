"""Access tokens for a mailbox: fetched, kept for their owner alone, refreshed ahead of time. Knows neither SMTP nor IMAP."""
