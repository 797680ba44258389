"""Logging in to a mail server: with a password, or with a token (XOAUTH2)."""

from __future__ import annotations

import base64
import smtplib

REFUSED = 535
"""What a server says to a password or token that it does not take (RFC 4954, 6)."""


def with_password(connection: smtplib.SMTP, username: str, password: str) -> None:
    """Raises what smtplib raises."""
    if username.isascii() and password.isascii():
        connection.login(username, password)
        return
    secret = base64.b64encode(f"\0{username}\0{password}".encode()).decode()  # smtplib writes ASCII only
    code, said = connection.docmd("AUTH", f"PLAIN {secret}")
    if code not in (235, 503):
        raise smtplib.SMTPAuthenticationError(code, said)


def with_token(connection: smtplib.SMTP, username: str, token: str) -> None:
    """Raises SMTPAuthenticationError with the server's last word; one that explains itself first (334) is heard out."""
    code, said = connection.docmd("AUTH", f"XOAUTH2 {xoauth2(username, token)}")
    if code == 334:
        code, said = connection.docmd("")
    if code not in (235, 503):
        raise smtplib.SMTPAuthenticationError(code, said)


def xoauth2(username: str, token: str) -> str:
    """What goes over the line: the mailbox and the token."""
    return base64.b64encode(f"user={username}\1auth=Bearer {token}\1\1".encode()).decode()


def ways(connection: smtplib.SMTP) -> tuple[str, ...]:
    """The ways to log in that the server names; some name them twice, in an old form too."""
    told = connection.esmtp_features.get("auth", "").replace("=", " ").upper().split()
    return tuple(dict.fromkeys(told))


def forms_of(username: str, password: str, token: str) -> list[str]:
    """Everything secret that may come back in a server's words."""
    found = [password, *(base64.b64encode(text.encode()).decode() for text in (password, f"\0{username}\0{password}") if password)]
    if token:
        whole = xoauth2(username, token)
        found += [whole, token, base64.b64encode(token.encode()).decode()]
    return [text for text in found if text]
