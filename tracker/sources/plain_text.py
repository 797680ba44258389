"""Titles and summaries of sources as plain text: markup out, entities decoded, mojibake repaired, one line."""

from __future__ import annotations

import html
import re

from tracker.text.charsets import repair_text

MAX_TITLE_CHARS = 1_000
"""The longest headline of the corpus has 232; more is a text in the wrong field."""
MAX_SUMMARY_CHARS = 20_000
"""Three thousand words: what of an item that carries its full text is screened."""

MAX_ESCAPINGS = 4
"""Layers of entities and markup that are taken off. Two are common; each system on the way can add one."""

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]*)(?=[\s/>])[^<>]*>|<[!?][^<>]*>")
_HIDDEN = ("script", "style")
_INLINE = frozenset("a abbr b bdi bdo big cite code em font i ins mark q s small span strong sub sup tt u wbr".split())
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")


def plain_title(source: str) -> str:
    """A headline as people read it."""
    return _plain(source[: 4 * MAX_TITLE_CHARS])[:MAX_TITLE_CHARS].strip()


def plain_summary(source: str) -> str:
    """A description or lead as people read it, at most MAX_SUMMARY_CHARS long."""
    return _plain(source[: 4 * MAX_SUMMARY_CHARS])[:MAX_SUMMARY_CHARS].strip()


def _plain(source: str) -> str:
    for _ in range(MAX_ESCAPINGS):
        before = source
        if "<" in source:
            source = _TAG.sub(_spacing, _without_hidden(source))
        if "&" in source:
            source = html.unescape(source)
        if source == before:
            break
    if "\\" in source:
        source = source.replace('\\"', '"').replace("\\'", "'")  # as PHP's addslashes leaves them
    source = _CONTROLS.sub("", repair_text(source))
    return _SPACE.sub(" ", source).strip()


def _spacing(tag: re.Match[str]) -> str:
    return "" if tag[1] and tag[1].lower() in _INLINE else " "


def _without_hidden(source: str) -> str:
    """Without comments and the contents of script and style; each is looked for once, so that hostile text stays cheap."""
    lowered = source.lower()
    if len(lowered) != len(source):
        return source
    for opening, closing in (("<!--", "-->"), *((f"<{name}", f"</{name}") for name in _HIDDEN)):
        at = lowered.find(opening)
        if at < 0:
            continue
        kept, done = [], 0
        while at >= 0:
            kept.append(source[done:at])
            end = lowered.find(closing, at)
            done = len(source) if end < 0 else end + len(closing) - (0 if closing == "-->" else len(closing))
            at = lowered.find(opening, done) if end >= 0 else -1
        kept.append(source[done:])
        source = "".join(kept)
        lowered = source.lower()
    return source
