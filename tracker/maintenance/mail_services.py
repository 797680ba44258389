"""What is known of the services that letters go through: what SPF must name, under which names they sign, whose envelope they write."""

from __future__ import annotations

from msgspec import Struct


class Service(Struct, frozen=True):
    """`spf`: the term that SPF must have, empty where none is needed. `own_envelope`: it puts its own address on the envelope."""

    name: str
    hosts: tuple[str, ...] = ()
    spf: str = ""
    selectors: tuple[str, ...] = ()
    own_envelope: bool = False
    how_to_sign: str = ""


UNKNOWN = Service("your mail server")
SERVICES = (
    Service(
        "Microsoft 365",
        ("office365.com", "outlook.com", "outlook.office.com"),
        "include:spf.protection.outlook.com",
        ("selector1", "selector2"),
        how_to_sign="switch DKIM on for the domain in the Defender portal (Email authentication settings); it names two CNAME records",
    ),
    Service(
        "Google",
        ("gmail.com", "google.com"),
        "include:_spf.google.com",
        ("google",),
        how_to_sign="Admin console, Apps, Gmail, Authenticate email: generate the record, publish it, then start authentication",
    ),
    Service("Mailjet", ("mailjet.com",), "include:spf.mailjet.com", ("mailjet",), own_envelope=True),
    Service("Brevo", ("brevo.com", "sendinblue.com"), "", ("brevo1", "brevo2", "mail"), own_envelope=True),
    Service("Amazon SES", ("amazonaws.com",), own_envelope=True),
    Service("Mailgun", ("mailgun.org",), own_envelope=True),
    Service("Postmark", ("postmarkapp.com",), own_envelope=True),
)


def service_of(host: str) -> Service:
    """The service behind a mail server's name."""
    host = host.lower().rstrip(".")
    return next((one for one in SERVICES if any(host == end or host.endswith(f".{end}") for end in one.hosts)), UNKNOWN)
