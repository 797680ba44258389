"""A small IMAP server on loopback, with ways to misbehave. It knows the commands that the tracker sends, and notes all it was sent."""

from __future__ import annotations

from tracker.demo.mailbox_server import Mailbox, MailboxServer, Mischief

__all__ = ["Mailbox", "MailboxServer", "Mischief"]
