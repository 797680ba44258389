"""A correction as mail: in which edition, what was printed, what is right; of an item that is held back nothing but that it was withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.digests.forms.html import environment, inlined
from tracker.digests.forms.palette import palette
from tracker.digests.forms.plain_text import NAME_CHARS, TITLE_CHARS, article_link, plain
from tracker.locale.wording import Wording, language_shown, wording
from tracker.model import EditionFacts, Entry, RenderedDigest, Window

_FOLDER = "digest/correction"


class CorrectionNotice(Struct, frozen=True):
    """A correction for one reader. `editions`: kind and period of those with the item, the newest last. `printed` and `now` are None
    for an item that is held back; `now` also for one that is gone."""

    campaign_id: str
    editions: tuple[tuple[str, Window], ...]
    facts: EditionFacts | None
    printed: Entry | None
    now: Entry | None
    rejected: bool
    sentences: tuple[tuple[str, str], ...]
    approved_at: datetime
    approved_by: str = ""
    write_to: str = ""


class Change(Struct, frozen=True):
    """A fact that was printed otherwise than it stands now."""

    name: str
    before: str
    after: str


def render_correction(notice: CorrectionNotice, templates: Path, language: str) -> RenderedDigest:
    """The mail's subject, text and HTML in one of `LANGUAGES`."""
    words, facts = wording(language), notice.facts or EditionFacts(campaign_name=notice.campaign_id)
    zone, printed = ZoneInfo(facts.time_zone), notice.printed
    keep = [person.name for person in facts.spokespeople]
    sentence = words.name_in(notice.sentences, "", keep=keep)
    values = {
        "say": words.say,
        "language": language,
        "campaign": plain(words.name_in(facts.campaign_names, facts.campaign_name or notice.campaign_id), NAME_CHARS),
        "editions": [_edition(words, kind, window, zone) for kind, window in notice.editions],
        "headline": plain(printed.article.title) if printed else "",
        "headline_language": printed.article.language if printed else "",
        "outlet": plain(printed.outlet.name, NAME_CHARS) if printed else "",
        "link": article_link(printed.article.canonical_url) if printed else "",
        "withheld": printed is None,
        "not_counted": printed is not None and notice.rejected,
        "changes": list(_changes(notice, words)),
        "sentence": plain(sentence, 2 * TITLE_CHARS),
        "sentence_language": _language_of(notice, language),
        "is_english": bool(sentence) and _language_of(notice, language) == "en" != language,
        "approved": words.say("approved_by", name=plain(notice.approved_by, NAME_CHARS)) if notice.approved_by else "",
        "day": words.day(notice.approved_at.astimezone(zone).date()),
        "contact": plain(facts.branding.contact or notice.write_to, NAME_CHARS),
        "unsubscribe": plain(notice.write_to or facts.branding.contact, NAME_CHARS),
        "colours": palette(facts.branding.colour),
    }
    forms = environment(templates)
    subject = " ".join(forms.get_template(f"{_FOLDER}/subject.txt").render(values).split())
    html = inlined(forms.get_template(f"{_FOLDER}/body.html").render({**values, "subject": subject}))
    text = forms.get_template(f"{_FOLDER}/body.txt").render(values)
    return RenderedDigest(subject, text.strip() + "\n", html)


def _edition(words: Wording, kind: str, window: Window, zone: ZoneInfo) -> str:
    first, last = window.start_at.astimezone(zone).date(), (window.end_at - timedelta(microseconds=1)).astimezone(zone).date()
    return f"{words.say(f'title_{kind}')}, {words.period(first, last)}"


def _changes(notice: CorrectionNotice, words: Wording) -> Iterator[Change]:
    """What persons corrected of the item since it was printed."""
    before, after = notice.printed, notice.now
    if before is None or after is None or notice.rejected:
        return
    pairs = (
        ("col_headline", plain(before.article.title), plain(after.article.title)),
        ("col_outlet", plain(before.outlet.name, NAME_CHARS), plain(after.outlet.name, NAME_CHARS)),
        ("col_published", _day(before, words), _day(after, words)),
        ("col_author", plain(", ".join(before.article.authors), NAME_CHARS), plain(", ".join(after.article.authors), NAME_CHARS)),
    )
    for key, old, new in pairs:
        if new != old and new:
            yield Change(words.say(key), old or "–", new)


def _day(entry: Entry, words: Wording) -> str:
    published = entry.article.published
    return words.day(published.at.date()) if published else ""


def _language_of(notice: CorrectionNotice, language: str) -> str:
    """The language in which the sentence stands for readers of this one, as `Wording.name_in` chooses it."""
    return language_shown([code for code, sentence in notice.sentences if sentence], language)
