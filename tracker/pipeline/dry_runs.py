"""The `try` commands: what each answers to one object. They touch no database."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from tracker.model import Article, FetchedPage, Outlet, Precision, Published, StoryRole, StoryText
from tracker.pipeline.json_lines import answer_lines, encoded, items_of

DOCUMENTS_AT_ONCE = 4
"""Given to a process where each is a page or a feed: about 0.1 s of work (`EXTRACT_BATCH`)."""
MAX_FILE_BYTES = 256 * 1024 * 1024
"""Unpacked: a few hundred bytes of gzip may hold gigabytes."""


def match_lines(campaign_file: Path, lines: IO[bytes], out: IO[bytes]) -> None:
    """Answers each text with every occurrence of every term, whether a circle's query holds and which, labels and key messages."""
    from tracker.matching.campaigns import read_campaign
    from tracker.matching.matcher import Matcher

    matcher = Matcher(read_campaign(campaign_file))

    def answer(item: dict[str, Any]) -> dict[str, Any]:
        found = matcher.match(body=_text(item, "text", required=True), title=_text(item, "title"), language=_text(item, "language"))
        terms: dict[str, list[dict[str, Any]]] = {}
        for hit in found.hits:
            terms.setdefault(hit.term_id, []).append({"start": hit.start, "end": hit.end, "form": hit.form, "field": hit.field})
        return {
            "matched": found.matched,
            "language": found.language or None,
            "terms": terms,
            "circle": found.circle or None,
            "labels": list(found.labels),
            "key_messages": list(found.key_messages),
            "held": found.held,
        }

    answer_lines(lines, out, answer)


def extract_lines(lines: IO[bytes], out: IO[bytes]) -> None:
    """Answers each page with its article, or with the reason why it is none."""
    from tracker.extraction.article import extract_article

    def answer(item: dict[str, Any]) -> dict[str, Any]:
        url = _text(item, "url", required=True)
        body = _file_bytes(item) if "path" in item else _text(item, "html", required=True).encode("utf-8")
        page = FetchedPage(
            id=0,
            link_id=0,
            outlet_id="",
            requested_url=url,
            final_url=url,
            content_type="text/html" if "path" in item else "text/html; charset=utf-8",
            body=body,
            fetched_at=datetime.now(UTC),
        )
        outlet = Outlet(id="", name="", homepage="", country="XB", languages=())
        found = extract_article(page, outlet)
        empty: dict[str, Any] = {
            "title": None,
            "body": None,
            "published": None,
            "authors": [],
            "language": None,
            "canonical_url": None,
            "image": None,
        }
        if not isinstance(found, Article):
            return {"outcome": "skipped", "reason": f"{found.reason}: {found.detail}" if found.detail else str(found.reason), **empty}
        return {
            "outcome": "article",
            "title": found.title,
            "body": found.body,
            "published": found.published.iso() if found.published else None,
            "authors": list(found.authors),
            "language": found.language or None,
            "canonical_url": found.canonical_url or None,
            "image": found.image or None,
        }

    answer_lines(lines, out, answer, lines_at_once=DOCUMENTS_AT_ONCE)


def feed_lines(lines: IO[bytes], out: IO[bytes]) -> None:
    """Answers each feed document with its entries, or with the reason why it is no feed."""
    from tracker.sources.feeds.feed import read_feed

    def answer(item: dict[str, Any]) -> dict[str, Any]:
        read = read_feed(_file_bytes(item), url=_text(item, "url"), now=datetime.now(UTC))
        entries = [
            {
                "id": entry.id or None,
                "url": entry.url or None,
                "title": entry.title or None,
                "published": entry.published.iso() if entry.published else None,
                "authors": list(entry.authors),
                "summary": entry.summary or None,
            }
            for entry in read.entries
        ]
        reason = {"reason": read.detail} if read.detail else {}
        return {"outcome": str(read.outcome), **reason, "title": read.title or None, "entries": entries}

    answer_lines(lines, out, answer, lines_at_once=DOCUMENTS_AT_ONCE)


ROLE_WORDS = {StoryRole.ORIGINAL: "original", StoryRole.CARRIED: "copy", StoryRole.OWN_WORDS: "own_words"}
"""Roles as `tracker try group` writes them, which is fixed."""


def group_lines(lines: IO[bytes], out: IO[bytes]) -> None:
    """Groups all given texts into stories, and answers each with its story and its part in it."""
    from tracker.register import catalog
    from tracker.stories.grouping import group_in_full
    from tracker.stories.newsrooms import Newsrooms
    from tracker.stories.roles import parts_of

    items = list(items_of(lines))
    texts: dict[int, StoryText] = {}
    for number, (_, item, error) in enumerate(items):
        if error is None:
            try:
                texts[number] = _story_text(number, item)
            except ValueError as wrong:
                items[number] = (items[number][0], item, str(wrong))
    newsrooms = Newsrooms(catalog.shipped().outlets)
    for outlet_id in dict.fromkeys(text.outlet_id for text in texts.values()):
        newsrooms.add_by_address(outlet_id)
    grouped = group_in_full([*texts.values()])
    answers: dict[int, dict[str, Any]] = {}
    for story in grouped.stories:
        for part in parts_of(story, texts, newsrooms, grouped.templates):
            source = None if part.carried_from is None else items[part.carried_from][0]
            answers[part.article_id] = {"story": story.key, "role": ROLE_WORDS[part.role], "copied_from": source, "shared": part.shared}
    for number, (identity, _, error) in enumerate(items):
        out.write(encoded({"id": identity, **answers[number]} if error is None else {"id": identity, "error": error}))
    out.flush()


def _story_text(number: int, item: dict[str, Any]) -> StoryText:
    published = _published(_text(item, "published"))
    return StoryText(
        article_id=number,
        outlet_id=_text(item, "outlet"),
        title=_text(item, "title"),
        body=_text(item, "body"),
        published_at=published.at if published else None,
        precision=published.precision if published else Precision.MINUTE,
    )


def _published(text: str) -> Published | None:
    """A moment or a day in ISO 8601; None where there is none, or none that can be read."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Published(moment, Precision.DAY if len(text.strip()) <= len("2024-10-11") else Precision.MINUTE)


def _text(item: dict[str, Any], name: str, *, required: bool = False) -> str:
    value = item.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{name!r} must be text")
    return value


def _file_bytes(item: dict[str, Any]) -> bytes:
    path = Path(_text(item, "path", required=True))
    if path.exists() and not path.is_file():
        raise ValueError(f"{path} is no file")
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise ValueError(f"{path} holds more than {MAX_FILE_BYTES} bytes")
    return content
