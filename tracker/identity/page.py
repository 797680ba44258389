"""The page for outlets: who asks, how often, what is kept, and how to stop it. In every language of ours, one file each."""

from __future__ import annotations

import re
from pathlib import Path

from tracker.locale.wording import wording
from tracker.model import LANGUAGES
from tracker.settings import OWN_MAILBOX, Settings

_CONTACT = re.compile(r"\+?(mailto:[^\s;,)]+|https?://[^\s;,)]+)")
SENTENCES = ("who", "reads", "often", "keeps", "never")


def write_pages(settings: Settings, folder: Path, templates: Path, key_name: str) -> list[Path]:
    """Writes `page.LANGUAGE.html` into the folder; returns the files. Raises OSError."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.get_template("identity/page.html")
    agent = settings.fetch.user_agent
    written = []
    for language in LANGUAGES:
        words = wording(language)
        path = folder / f"page.{language}.html"
        seconds = words.number(max(1, round(settings.fetch.delay_seconds)))
        html = template.render(
            language=language,
            say=words.say,
            sentences=SENTENCES,
            values={"seconds": seconds, "sender": sender_of(settings)},
            robots="robots.txt",
            agent=agent,
            token=token_of(agent),
            contact=contact_of(settings),
            signed=settings.identity.sign,
            key_name=key_name,
            agent_url=settings.identity.agent_url,
            languages=LANGUAGES,
        )
        path.write_text(html, "utf-8")
        written.append(path)
    return written


def contact_of(settings: Settings) -> str:
    """Where outlets write to: the address in `fetch.user_agent`, else the digest's sender."""
    found = _CONTACT.search(settings.fetch.user_agent)
    if found and "@localhost" not in found[1]:
        return found[1].removeprefix("mailto:")
    return "" if settings.digest.sender == OWN_MAILBOX else settings.digest.sender.rpartition("<")[2].rstrip(">")


def sender_of(settings: Settings) -> str:
    """In whose name editions go out, as far as it was set."""
    return "" if settings.digest.sender == OWN_MAILBOX else settings.digest.sender.partition("<")[0].strip()


def token_of(agent: str) -> str:
    """The name by which a robots.txt addresses us."""
    return agent.split("/")[0].split()[0]
