"""What to ask whom for a token, by the settings: the provider's addresses and scopes where none are given. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from tracker.errors import ConfigError
from tracker.mail_settings import Mail


class Provider(StrEnum):
    """Whose tokens they are."""

    MICROSOFT = "Microsoft"
    GOOGLE = "Google"
    OTHER = "another"


MICROSOFT = "https://login.microsoftonline.com"
OUTLOOK_HOSTS = ("outlook.office365.com", "outlook.office.com", "outlook.office365.us", "partner.outlook.cn")
EXCHANGE_APP = "00000002-0000-0ff1-ce00-000000000000"
"""Exchange Online's own id: the audience of some of its tokens."""
_NUMBER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
GOOGLE_TOKEN, GOOGLE_AUTHORIZE = "https://oauth2.googleapis.com/token", "https://accounts.google.com/o/oauth2/v2/auth"
GOOGLE_SCOPE = "https://mail.google.com/"
MICROSOFT_APP_SCOPE = "https://outlook.office365.com/.default"
MICROSOFT_USER_SCOPE = "https://outlook.office.com/SMTP.Send https://outlook.office.com/IMAP.AccessAsUser.All offline_access"
"""Sending, and reading what comes back with the same sign-in."""


@dataclass(frozen=True, slots=True)
class OAuthPlan:
    """All that a request for a token needs. Secrets are in no `repr`."""

    provider: Provider
    grant: str
    username: str
    token_url: str
    device_url: str = ""
    authorize_url: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    key_file: str = ""
    scope: str = ""

    @property
    def identity(self) -> str:
        """Another one for everything that would give another token; it tells none of it."""
        parts = (self.grant, self.username, self.token_url, self.client_id, self.scope, self.key_file, self.refresh_token)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()

    def is_for_mail(self, audience: str) -> bool:
        """Whether a token with this audience can be meant for the mail server. An audience that is neither an address nor a number of
        Microsoft's tells nothing."""
        if _NUMBER.fullmatch(audience):
            return audience == EXCHANGE_APP
        host = urlsplit(audience).hostname
        wanted = {urlsplit(one).hostname for one in self.scope.split()} - {None}
        if host and wanted & {*OUTLOOK_HOSTS}:
            return host in OUTLOOK_HOSTS
        return not host or not wanted or host in wanted


def plan_of(mail: Mail) -> OAuthPlan:
    """The plan of the settings. Raises ConfigError naming what is missing."""
    given = mail.oauth
    provider = _provider(mail)
    base = f"{MICROSOFT}/{given.tenant or 'organizations'}/oauth2/v2.0"
    token_url, device_url, authorize_url, scope = given.token_url, given.device_url, given.authorize_url, given.scope
    if provider is Provider.GOOGLE:
        token_url, authorize_url, scope = token_url or GOOGLE_TOKEN, authorize_url or GOOGLE_AUTHORIZE, scope or GOOGLE_SCOPE
    elif provider is Provider.MICROSOFT:
        token_url, scope = token_url or f"{base}/token", scope or ("" if given.grant == "client_credentials" else MICROSOFT_USER_SCOPE)
    if given.grant == "client_credentials":
        scope = scope or MICROSOFT_APP_SCOPE  # nobody else lets an app itself into a mailbox
    if provider is not Provider.GOOGLE and not device_url and token_url.endswith("/token"):
        device_url = f"{token_url.removesuffix('/token')}/devicecode"
    _require("mail.username", mail.username, "the mailbox that sends")
    _require("mail.oauth.token_url", token_url, "the address that gives tokens, or mail.oauth.tenant for Microsoft 365")
    if given.grant == "client_credentials":
        _require("mail.oauth.client_id", given.client_id, "the id of the app")
        _require(
            "mail.oauth.client_secret",
            given.client_secret or given.key_file,
            "the app's secret, or mail.oauth.key_file its certificate with key",
        )
        if provider is Provider.MICROSOFT and not given.token_url:
            _require("mail.oauth.tenant", given.tenant, "the tenant's id or domain")
    elif given.grant == "service_account":
        _require("mail.oauth.key_file", given.key_file, "the service account's JSON key")
    else:
        _require("mail.oauth.client_id", given.client_id, "the id of the app")
    return OAuthPlan(
        provider,
        given.grant,
        mail.username,
        token_url,
        device_url,
        authorize_url,
        given.client_id,
        given.client_secret,
        given.refresh_token,
        given.key_file,
        scope,
    )


def _provider(mail: Mail) -> Provider:
    """By what only one of them has, else by the token address, else by the mail server."""
    given, server = mail.oauth, mail.host.lower()
    host = urlsplit(given.token_url).hostname or ""
    if given.grant == "service_account" or host.endswith("googleapis.com"):
        return Provider.GOOGLE
    if given.tenant or "microsoftonline" in host:
        return Provider.MICROSOFT
    if not host and server.endswith(("office365.com", "outlook.com")):
        return Provider.MICROSOFT
    return Provider.GOOGLE if not host and server.endswith(("gmail.com", "google.com")) else Provider.OTHER


def _require(setting: str, value: str, what: str) -> None:
    if not value:
        raise ConfigError(f'mail.auth is "xoauth2", and {setting} is not set: {what}; see docs/mail.md')
