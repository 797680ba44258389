"""HTTP Message Signatures (RFC 9421) in the profile of draft-meunier-web-bot-auth-architecture: the host and who we are, for minutes.

Written out: what a signer needs is the base of section 2.5 and one line of parameters; verifying, which is long, is for the outlets.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from urllib.parse import urlsplit

from msgspec import Struct

from tracker.identity.keys import Key

TAG = "web-bot-auth"
LABEL = "sig1"
HEADERS = ("Signature-Agent", "Signature-Input", "Signature")
"""What a signed request carries beside its own headers; none of another request's may be left on it."""
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Signer(Struct, frozen=True):
    """A key and what is said of it. `lifetime_seconds`: how long a signature is good."""

    key: Key
    agent_url: str
    lifetime_seconds: int

    def headers(self, url: str, now: float, nonce: str) -> dict[str, str]:
        """The headers that sign a request to this address at this moment; none for what is no web address. `nonce`: of this request alone."""
        authority = authority_of(url)
        if not authority:
            return {}
        agent = f'"{self.agent_url}"'
        created = int(now)
        parameters = (
            f'("@authority" "signature-agent");created={created};expires={created + self.lifetime_seconds}'
            f';keyid="{self.key.name}";alg="ed25519";nonce="{nonce}";tag="{TAG}"'
        )
        base = signature_base([("@authority", authority), ("signature-agent", agent)], parameters)
        signature = base64.b64encode(self.key.sign(base)).decode()
        return dict(zip(HEADERS, (agent, f"{LABEL}={parameters}", f"{LABEL}=:{signature}:"), strict=True))


def signature_base(components: Sequence[tuple[str, str]], parameters: str) -> bytes:
    """What is signed (RFC 9421, 2.5): a line for each component, in order, and the parameters."""
    lines = [f'"{name}": {value}' for name, value in components]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode("ascii")


def authority_of(url: str) -> str:
    """The host as RFC 9421, 2.2.3 has it: in small letters, with a port that is not the scheme's own; empty for no web address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or not parts.hostname.isascii():
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"
