"""The settings `identity.*` and `law.*`: whether outlets can tell by a signature that a request is ours. Off until somebody switches it on."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

from tracker.config.sections import Section, WebAddress


class Identity(Section, frozen=True):
    """Signed requests (RFC 9421) and where their key is found."""

    sign: bool = False
    agent_url: WebAddress = ""  # the https address under whose .well-known the key directory lies
    lifetime_seconds: Annotated[int, Meta(ge=10, le=86_400)] = 300  # of a signature: clocks differ, replays should end

    def __post_init__(self) -> None:
        parts = urlsplit(self.agent_url)
        plain = parts.scheme == "https" and bool(parts.hostname) and not parts.query and not parts.fragment and '"' not in self.agent_url
        self._must(
            "agent_url",
            not self.agent_url or (plain and "\\" not in self.agent_url and "@" not in parts.netloc),
            "empty or an https:// address",
        )
        self._must("sign", not self.sign or bool(self.agent_url), "false as long as identity.agent_url is empty")


class Law(Section, frozen=True):
    """What is obeyed of what outlets say of their pages."""

    respect_tdm: bool = True  # a reservation against text and data mining keeps texts and pictures from being given on
