"""An edition in the forms that people open: mail, report, PDF, DOCX, XLSX, CSV; as files in the outbox, with a page that links them.

What was kept of an edition is given out as it was; anything else is made from the frozen edition, so it says the same on any day.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from tracker.delivery.message import as_message
from tracker.delivery.pictured import with_pictures
from tracker.digests import editions
from tracker.digests.forms.pictures import attached, named_in, standing_alone
from tracker.errors import UsageError
from tracker.model import DOCUMENTS, LANGUAGES, Audience, Campaign, Digest, Document, EditionKind, Picture, RenderedDigest, Scope
from tracker.settings import OWN_MAILBOX, Settings
from tracker.spreadsheets.files import write_files
from tracker.store import digests, entries, events
from tracker.store.database import Database
from tracker.store.digests import Edition
from tracker.workspace import shipped_folder

_MEDIA_TYPES = {
    "report": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


WHOLE = Scope()
SCOPE_CHARS = 60
"""Of a file's name, what tells its scope; file systems take 255 bytes for all of it."""


class NotReleased(UsageError):
    """The edition waits for a person's approval, or is for staff only."""


class Published(Struct, frozen=True):
    """Files of an edition: the mail's HTML of each (audience, language), all paths, and forms left out with the reason."""

    first: Path
    paths: tuple[Path, ...]
    left_out: tuple[str, ...] = ()

    @property
    def mails(self) -> tuple[Path, ...]:
        """The mail's HTML in each language."""
        return tuple(path for path in self.paths if path.suffix == ".html" and path.name != "index.html" and ".report." not in path.name)


def compose(
    database: Database,
    edition_id: int,
    audience: Audience,
    language: str,
    scope: Scope = WHOLE,
    formats: Sequence[str] = (),
    *,
    mask: Callable[[str], str] = str,
    pictures: str = "none",
    of_all: bool = False,
    write_to: str = "",
) -> tuple[RenderedDigest, tuple[Document, ...]]:
    """The edition's mail and its documents for readers of a language and of a scope (empty: all). `mask` hides the settings'
    secrets (`Settings.masked`), also in what was frozen before they were masked where they are stored. `pictures`: as `digest.pictures`.
    `write_to`: whom readers write to who want no more of it.

    Raises NotReleased when the audience may not read it yet, MissingLibraries (of `digests.pdf`) for a PDF that cannot be made here.
    """
    read = _read(database, edition_id, audience, scope, mask=mask, pictures=pictures, of_all=of_all, write_to=write_to)
    mail, digest = _mail(database, read, language, mask)
    theirs = attached(digest.lead_pictures, formats, sum(len(one.content) for one in mail.pictures))
    return mail, documents(replace(digest, lead_pictures=theirs), language, formats)


class _Read(Struct, frozen=True):
    """An edition read for readers of a scope. `is_kept`: its text is kept, as letters may have been sent of it."""

    digest: Digest
    is_kept: bool


def _read(
    database: Database,
    edition_id: int,
    audience: Audience,
    scope: Scope,
    *,
    mask: Callable[[str], str],
    pictures: str,
    of_all: bool,
    write_to: str,
) -> _Read:
    from tracker.digests.narrowing import narrowed

    whole, hidden = editions.read_edition(database, edition_id, audience)
    if whole is None:
        raise NotReleased(f"edition {edition_id} is not released to {audience}; `tracker digest approve {edition_id}` does that")
    digest = replace(_masked(narrowed(whole, scope), mask), write_to=write_to)
    if pictures == "all" or (pictures == "staff" and audience is Audience.STAFF):
        digest = with_pictures(database, digest, of_all=of_all)
    return _Read(digest, not (hidden or scope.languages or scope.outlets))  # letters are narrowed by countries alone


def _mail(database: Database, read: _Read, language: str, mask: Callable[[str], str]) -> tuple[RenderedDigest, Digest]:
    """The mail, and the digest that it was made of."""
    digest = read.digest
    identity, audience, countries = digest.edition_id, Audience(digest.audience), digest.scope.countries
    mail = _kept(database, identity, audience, language, countries) if read.is_kept else None
    known = (*digest.lead_pictures, *mail_pictures(digest))
    shown = mail and named_in(mail.html, known)
    if mail is None or shown is None:  # what was kept may show a picture that nobody may see any more
        from tracker.digests.forms.html import render_digest

        mail = render_digest(digest, shipped_folder("templates"), language)
        shown = named_in(mail.html, known)
        if read.is_kept:
            with database.writing() as conn:
                digests.save_rendering(conn, identity, audience, language, mail, countries)
    return RenderedDigest(mask(mail.subject), mask(mail.text), mask(mail.html), mail.shortened, shown or ()), digest


def composing(settings: Settings) -> dict[str, Any]:
    """What `compose` takes from the settings."""
    given = {"mask": settings.masked, "pictures": settings.digest.pictures, "write_to": sign_off_address(settings)}
    return given | {"of_all": not settings.law.respect_tdm}


def sign_off_address(settings: Settings) -> str:
    """Whom a reader writes to who wants no more mail; empty while the sender is the placeholder, which reaches nobody."""
    mailbox = settings.mail.unsubscribe_to or settings.digest.reply_to or settings.digest.sender
    address = parseaddr(mailbox)[1]
    return "" if address == parseaddr(OWN_MAILBOX)[1] else address


def mail_pictures(digest: Digest) -> list[tuple[str, Picture]]:
    """The campaign's own pictures that a mail holds."""
    from tracker.digests.forms.branding import mail_marks

    logo, marks = mail_marks(digest)
    return [("branding", picture) for picture in (logo, *marks) if picture]


def compose_waiting(
    database: Database,
    campaign: Campaign,
    edition: Edition,
    language: str,
    scope: Scope = WHOLE,
    *,
    at: datetime,
    settings: Settings,
    by: str = "",
    sentences: Sequence[tuple[str, str]] = (),
) -> RenderedDigest:
    """The mail that partners get of an edition that waits, if it was approved at this moment with these sentences. Nothing is kept."""
    from tracker.digests.forms.html import render_digest
    from tracker.digests.narrowing import narrowed

    digest = _masked(narrowed(editions.as_if_approved(database, campaign, edition, at, by, sentences), scope), settings.masked)
    digest = replace(digest, write_to=sign_off_address(settings))
    if settings.digest.pictures == "all":
        digest = with_pictures(database, digest, of_all=not settings.law.respect_tdm)
    mail, mask = render_digest(digest, shipped_folder("templates"), language), settings.masked
    shown = named_in(mail.html, (*digest.lead_pictures, *mail_pictures(digest)))
    return RenderedDigest(mask(mail.subject), mask(mail.text), mask(mail.html), mail.shortened, shown or ())


def _masked(digest: Digest, mask: Callable[[str], str]) -> Digest:
    troubles = tuple(replace(trouble, detail=mask(trouble.detail)) for trouble in digest.facts.troubles)
    return replace(digest, facts=replace(digest.facts, troubles=troubles))


def documents(digest: Digest, language: str, formats: Sequence[str]) -> tuple[Document, ...]:
    """The digest in each of the forms of `DOCUMENTS` asked for; other words are passed over."""
    return tuple(Document(form, _MEDIA_TYPES[form], _document(digest, language, form)) for form in DOCUMENTS if form in formats)


def _document(digest: Digest, language: str, form: str) -> bytes:
    from tracker.digests.forms.view import read_digest

    if form in ("report", "pdf"):
        from tracker.digests.forms.html import render_report

        html = render_report(digest, shipped_folder("templates"), language, dict(digest.facts.pictures))
        if form == "report":
            return html.encode()
        from tracker.digests.forms.pdf import render_pdf

        return render_pdf(html)
    reading = read_digest(digest, language)
    if form == "docx":
        from tracker.digests.forms.docx import render_docx

        return render_docx(reading)
    from tracker.digests.forms.xlsx import render_csv, render_xlsx

    return render_xlsx(reading) if form == "xlsx" else render_csv(reading)


def _kept(database: Database, edition_id: int, audience: Audience, language: str, countries: Sequence[str]) -> RenderedDigest | None:
    with database.reading() as conn:
        return digests.rendering(conn, edition_id, audience, language, countries)


def publish(
    database: Database,
    edition: Edition,
    time_zone: str,
    settings: Settings,
    outbox: Path,
    *,
    audience: Audience = Audience.STAFF,
    languages: Sequence[str] = (),
    formats: Sequence[str] = (),
    scope: Scope = WHOLE,
) -> Published:
    """Writes the edition's mail (`.html`, `.txt`, `.eml`) and documents in each language into the outbox. With several files beside the
    mail they stand in a folder of their own, with a page that links them all. A PDF that this machine cannot make is left out by name."""
    from tracker.digests.narrowing import narrowed

    asked = tuple(languages) or settings.digest.languages
    stem = stem_of(edition, time_zone, audience, scope)
    folder = outbox / stem if formats else outbox
    files = partial(_files, database, edition, settings, audience=audience, languages=asked, formats=formats, scope=scope, stem=stem)
    said = _newest_word(database)
    made, left_out = files()
    if _newest_word(database) != said:  # a person has spoken meanwhile, perhaps of an item that must not leave the house
        made, left_out = files()
    written: list[Path] = []
    for language, contents in made.items():
        named = stem if len(asked) == 1 and not formats else f"{stem}.{language}"
        written += write_files(folder, named, contents)
    if formats and (digest := editions.digest_of(database, edition.id, audience)):
        page = _index(narrowed(digest, scope), asked, stem, written)
        written.insert(0, write_files(folder, "index", {".html": page})[0])
    return Published(written[0], tuple(written), left_out)


def _newest_word(database: Database) -> int:
    with database.reading() as conn:
        return events.newest_id(conn)


def _files(
    database: Database,
    edition: Edition,
    settings: Settings,
    *,
    audience: Audience,
    languages: Sequence[str],
    formats: Sequence[str],
    scope: Scope,
    stem: str,
) -> tuple[dict[str, dict[str, bytes]], tuple[str, ...]]:
    """The files in each language by ending, and why a form is left out. The edition is read once for all languages."""
    read = _read(database, edition.id, audience, scope, **composing(settings))
    made: dict[str, dict[str, bytes]] = {}
    wanted = set[str]()  # languages whose report is a file of its own
    for language in languages:
        mail, digest = _mail(database, read, language, settings.masked)
        forms = documents(digest, language, _asked_forms(formats))
        if mail.shortened and "report" not in _asked_forms(formats):  # what was cut from the mail stands in it
            forms = (*forms, *documents(digest, language, ("report",)))
        message = as_message(
            mail,
            sender=settings.digest.sender,
            reply_to=settings.digest.reply_to,
            identity=f"{stem}.{language}",
            made_at=edition.made_at,
            language=language,
        )
        made[language] = {".html": standing_alone(mail.html, mail.pictures).encode(), ".txt": mail.text.encode(), ".eml": message}
        made[language] |= {f".{'report.html' if one.ending == 'report' else one.ending}": one.content for one in forms}
        if mail.shortened or "report" in formats:
            wanted.add(language)
    left_out = _add_pdfs(made) if "pdf" in formats else ()
    for language in {*made} - wanted:
        made[language].pop(".report.html", None)
    return made, left_out


def _asked_forms(formats: Sequence[str]) -> tuple[str, ...]:
    """The forms to compose: a PDF is made of the report, all languages side by side."""
    return tuple(form for form in DOCUMENTS if form != "pdf" and (form in formats or (form == "report" and "pdf" in formats)))


def _add_pdfs(made: Mapping[str, dict[str, bytes]]) -> tuple[str, ...]:
    """Adds the PDF in each language; says why there is none where this machine cannot make any."""
    from tracker.digests.forms.pdf import MissingLibraries, render_pdfs

    try:
        pdfs = render_pdfs([files[".report.html"].decode() for files in made.values()])
    except MissingLibraries as error:
        return (str(error),)
    for files, pdf in zip(made.values(), pdfs, strict=True):
        files[".pdf"] = pdf
    return ()


def is_published(
    edition: Edition,
    time_zone: str,
    settings: Settings,
    outbox: Path,
    *,
    audience: Audience,
    languages: Sequence[str] = (),
    formats: Sequence[str] = (),
    scope: Scope = WHOLE,
) -> bool:
    """Whether `publish` has come to its end with the same arguments: all that it writes is there, but for a PDF, which it may leave out."""
    asked = tuple(languages) or settings.digest.languages
    endings = ["html", "txt", "eml", *("report.html" if form == "report" else form for form in formats if form != "pdf")]
    for stem in stems_of(edition, time_zone, audience, scope):
        folder = outbox / stem if formats else outbox
        names = [stem if len(asked) == 1 and not formats else f"{stem}.{language}" for language in asked]
        wanted = [*(folder / f"{name}.{ending}" for name in names for ending in endings), *([folder / "index.html"] if formats else [])]
        if all(path.exists() for path in wanted):
            return True
    return False


def stem_of(edition: Edition, time_zone: str, audience: Audience = Audience.STAFF, scope: Scope = WHOLE) -> str:
    """The beginning of the names of an edition's files: campaign, kind, last day, number, scope; partners' files say so. The last day is
    the last that the edition covers, also of one that ends at midnight."""
    return stems_of(edition, time_zone, audience, scope)[0]


def stems_of(edition: Edition, time_zone: str, audience: Audience = Audience.STAFF, scope: Scope = WHOLE) -> tuple[str, ...]:
    """What `stem_of` gives, and where it is another one, how older versions began the names: with the day after the last."""
    campaign = re.sub(r"[^\w-]", "-", edition.campaign_id)
    rest = f"{edition.id}{'-partners' if audience is Audience.PARTNERS else ''}{_scope_name(scope)}"
    ends = (edition.window.end_at - timedelta(microseconds=1), edition.window.end_at)
    days = dict.fromkeys(end.astimezone(ZoneInfo(time_zone)).date().isoformat() for end in ends)
    return tuple(f"{campaign}-{EditionKind(edition.kind)}-{day}-{rest}" for day in days)


def _scope_name(scope: Scope) -> str:
    """`-XK-sq`: what of a file's name tells a narrowed edition from another; a long one ends in its fingerprint."""
    name = "".join(f"-{re.sub(r'[^A-Za-z0-9]+', '-', part)}" for part in (*scope.countries, *scope.languages, *sorted(scope.outlet_ids)))
    return name if len(name) <= SCOPE_CHARS else f"{name[:SCOPE_CHARS]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _index(digest: Digest, languages: Sequence[str], stem: str, written: Sequence[Path]) -> bytes:
    """A page that links the edition's files, by language."""
    from tracker.digests.forms.index_page import render_index

    sizes = {path.name: path.stat().st_size for path in written}
    rows = [
        (language, LANGUAGES[language], {name.removeprefix(start): size for name, size in sizes.items() if name.startswith(start)})
        for language in languages
        for start in [f"{stem}.{language}."]
    ]
    return render_index(digest, shipped_folder("templates"), stem, rows).encode()


def feed(database: Database, campaign: Campaign, form: str, language: str) -> bytes:
    """The campaign's accepted mentions as `rss` or `json`, the newest first."""
    from tracker.digests.forms.feeds import newest_accepted, render_json_feed, render_rss

    with database.reading() as conn:
        chosen = [entry.article.id for entry in newest_accepted(campaign, entries.standings(conn, campaign.id))]
        found = entries.for_campaign(conn, campaign.id, article_ids=chosen)
    if form == "rss":
        return render_rss(campaign, found, shipped_folder("templates"), language)
    return render_json_feed(campaign, found, language)
