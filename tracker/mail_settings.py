"""The settings `mail.*`: the server, how we log in to it, its limits, how letters are signed, and how somebody leaves the list. And
`mailbox.*`: the mailbox in which answers, reports and newsletters arrive."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from tracker.config.schema import one_of
from tracker.config.sections import LOCAL_HOSTS, Minutes, Seconds, Section, is_host, is_mailbox, is_secure_address

GRANTS = ("client_credentials", "refresh_token", "service_account")


class OAuth(Section, frozen=True):
    """Where tokens come from when `mail.auth` is `xoauth2`, and what we show for them."""

    table: ClassVar[str] = "mail.oauth"

    grant: Annotated[str, one_of(GRANTS)] = "client_credentials"
    tenant: Annotated[str, Meta(pattern=r"^[A-Za-z0-9.-]*\Z", description="empty or a Microsoft tenant: its id or domain")] = ""
    client_id: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    key_file: str = ""
    scope: str = ""  # empty: the provider's for mail
    token_url: str = ""  # empty: by tenant, key file or mail server
    device_url: str = ""
    authorize_url: str = ""

    def __post_init__(self) -> None:
        for name in ("client_id", "client_secret", "refresh_token", "key_file", "scope"):
            value = getattr(self, name)
            self._must(name, value.isprintable() and value == value.strip(), "one line of text, without blanks around it")
        for name in ("token_url", "device_url", "authorize_url"):
            wanted = "empty or an https:// address (http:// on this machine alone: a secret goes there)"
            self._must(name, is_secure_address(getattr(self, name)), wanted)


class Dkim(Section, frozen=True):
    """The signature under letters; a selector alone says which key `tracker doctor` looks for."""

    table: ClassVar[str] = "mail.dkim"

    selector: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]*\Z", description="empty or a selector such as tracker2026")] = ""
    domain: str = ""  # empty: the sender's
    key_file: str = ""  # empty: the mail server signs

    def __post_init__(self) -> None:
        self._must("domain", not self.domain or ("." in self.domain and is_host(self.domain)), "empty or a domain")
        self._must("key_file", self.key_file.isprintable(), "empty or the path of a private key")


class Mail(Section, frozen=True):
    """The mail server, and what a letter says about leaving the list."""

    host: Annotated[str, Meta(pattern=r"^[\w.:-]*\Z", description="empty or the name of a mail server, without port")] = ""
    """Empty: letters are written to outbox/."""
    port: Annotated[int, Meta(ge=0, le=65_535)] = 0  # 0: 587 for starttls, 465 for tls, 25 for none
    security: Annotated[str, one_of(("starttls", "tls", "none")), Meta(description='"starttls", "tls" or "none"')] = "starttls"
    auth: Annotated[str, one_of(("password", "xoauth2")), Meta(description='"password" or "xoauth2"')] = "password"
    username: str = ""
    password: str = ""
    oauth: OAuth = OAuth()
    timeout_seconds: Seconds = 60.0
    per_minute: Annotated[float, Meta(gt=0, le=100_000)] = 30.0
    per_day: Annotated[int, Meta(ge=0, le=10_000_000)] = 0  # 0: no limit
    ca_file: str = ""
    dkim: Dkim = Dkim()
    resolver: str = ""  # empty: the system's
    unsubscribe_to: str = ""
    unsubscribe_url: Annotated[
        str,
        Meta(
            pattern=r"^(?:https://[!#-;=?-~]+)?\Z",
            description="empty or an https:// address, with {recipient} where it tells people apart",
        ),
    ] = ""

    def __post_init__(self) -> None:
        is_private = self.security != "none" or not self.username or self.host in LOCAL_HOSTS
        wanted = 'one line of text, and empty with mail.security "none": it would be sent for everybody to read'
        self._must("username", self.username.isprintable() and is_private, wanted)
        self._must("password", self.password.isprintable(), "one line of text")
        self._must("ca_file", self.ca_file.isprintable(), "empty or the path of a file of certificates")
        self._must(
            "resolver", not self.resolver or _is_resolver(self.resolver), "empty or the number of a DNS server: 9.9.9.9 or 127.0.0.1:5300"
        )
        self._must("unsubscribe_to", not self.unsubscribe_to or is_mailbox(self.unsubscribe_to), "empty or a mail address")


class Newsletter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Mails from these domains or addresses are newsletters of the outlet, an id of the register."""

    outlet: Annotated[str, Meta(min_length=1, max_length=100)]
    senders: Annotated[
        tuple[Annotated[str, Meta(pattern=r"^[^\s<>]+\Z", description="a domain or a mail address")], ...], Meta(min_length=1)
    ]


class Mailbox(Section, frozen=True):
    """Where answers of people, reports of mail servers and newsletters of outlets arrive; read, and never changed."""

    host: Annotated[str, Meta(pattern=r"^[\w.:-]*\Z", description="empty or the name of an IMAP server, without port")] = ""
    """Empty: no mailbox is read."""
    port: Annotated[int, Meta(ge=0, le=65_535)] = 0  # 0: 993 for tls, 143 for starttls and none
    security: Annotated[str, one_of(("tls", "starttls", "none")), Meta(description='"tls", "starttls" or "none"')] = "tls"
    auth: Annotated[str, one_of(("password", "xoauth2")), Meta(description='"password" or "xoauth2"')] = "password"
    username: str = ""
    password: str = ""
    folder: str = "INBOX"
    timeout_seconds: Seconds = 30.0
    ca_file: str = ""
    minutes: Minutes = 10.0  # between two readings
    first_days: Annotated[int, Meta(ge=0, le=366)] = 14  # how far the first reading looks back
    links_per_day: Annotated[int, Meta(ge=0, le=1000)] = 50  # missed links taken from mails of a day
    return_address: str = ""  # reports about a letter go to its own address below this one; empty: to the sender
    authserv_id: Annotated[str, Meta(pattern=r"^[\w.-]*\Z", description="empty or the name that begins Authentication-Results")] = ""
    newsletters: tuple[Newsletter, ...] = ()

    def __post_init__(self) -> None:
        is_private = self.security != "none" or self.host in ("", *LOCAL_HOSTS)
        self._must("security", is_private, '"tls" or "starttls": a login would be sent for everybody to read')
        for name in ("username", "password", "ca_file"):
            self._must(name, getattr(self, name).isprintable(), "one line of text")
        plain = bool(self.folder.strip()) and self.folder.isprintable() and '"' not in self.folder and "\\" not in self.folder
        self._must("folder", plain, "the name of a folder, such as INBOX")
        self._must("return_address", not self.return_address or is_plain_mailbox(self.return_address), "empty or a bare mail address")


def is_plain_mailbox(text: str) -> bool:
    """Whether it is a mail address without a name."""
    return is_mailbox(text) and "<" not in text and "+" not in text


def _is_resolver(text: str) -> bool:
    return read_resolver(text) is not None


def read_resolver(text: str) -> tuple[str, int] | None:
    """Number and port of a DNS server; None when it is none."""
    import ipaddress
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(f"//{text}" if text.count(":") < 2 or "]" in text else f"//[{text}]")
        return str(ipaddress.ip_address(parts.hostname or "")), parts.port or 53
    except ValueError:
        return None
