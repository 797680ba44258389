"""A digest as a DOCX: the same tables, for a donor's annex. The same digest gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date

from tracker.digests.forms.clips import Clip
from tracker.digests.forms.docx_parts import LANGUAGES, Line, Paragraphs, WordDocument, Words, fits, fitted, line, longest_word
from tracker.digests.forms.foot import evidence_line
from tracker.digests.forms.palette import palette
from tracker.digests.forms.plain_text import plain
from tracker.digests.forms.view import Reading, StoryReading
from tracker.digests.forms.xlsx_tables import Cell, Table, figure_tables, message_table, quoted_table, take_up_table, trouble_table
from tracker.spreadsheets.cells import legal

NUMBERS = ("number", "share")
FUNDING_CHARS = 600
"""Longer statements are cut: 600 characters are about seven lines of A4."""


def render_docx(reading: Reading) -> bytes:
    """The document in the order of the mail: summary, stories, items by country, messages and objectives; then the figures, what was not
    followed, how it was made."""
    writer = _Writer(reading)
    writer.head()
    writer.stories()
    writer.items()
    writer.messages()
    writer.figures()
    writer.beside()
    writer.method()
    return writer.paper.content()


class _Writer:
    """One document, from the top down."""

    def __init__(self, reading: Reading) -> None:
        self._reading, self._say = reading, reading.say
        branding = reading.digest.facts.branding
        self._pictures = dict(reading.digest.facts.pictures)
        self.paper = WordDocument(reading.language, palette(branding.colour))
        self.paper.foot(f"{reading.campaign} · {reading.period}", reading.say("page_of", page="\0", pages="\1"))
        properties = self.paper.document.core_properties
        properties.title, properties.subject = legal(f"{reading.campaign}: {reading.title}")[:200], legal(reading.period)
        properties.author = properties.last_modified_by = legal(reading.campaign)[:200]
        properties.language, properties.comments = LANGUAGES[reading.language], ""
        properties.created = properties.modified = reading.digest.made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)

    def head(self) -> None:
        """Title, period, what needs a person, the sentences that sum it up, the figures with those of the period before, and the tone."""
        reading, paper = self._reading, self.paper
        if logo := self._pictures.get(reading.digest.facts.branding.logo):
            paper.pictures([logo])
        paper.paragraph(Words(reading.title), style="Subtitle")
        paper.paragraph(Words(reading.campaign), style="Title")
        paper.paragraph(Words(" · ".join(filter(None, [reading.period, reading.scope])), bold=True))
        paper.paragraph(Words(" · ".join(filter(None, [reading.made, reading.approved])), muted=True), style="Small")
        if reading.attention:
            paper.box(self._say("needs_attention"), reading.attention)
        paper.heading(self._say("in_brief"))
        for sentence in reading.summary:
            paper.paragraph(Words(sentence))
        if reading.tiles:
            paper.tiles([(tile.value, tile.label, tile.before) for tile in reading.tiles])
            paper.paragraph(Words(f"{_capped(self._say('tone'))}: ", bold=True), Words(reading.tone.sentence))
        if reading.hidden:
            paper.paragraph(Words(reading.hidden, muted=True), style="Small")

    def stories(self) -> None:
        """The first story with its picture, and the stories that several outlets carried."""
        shared = [story for story in self._reading.ranked if len({clip.outlet for clip in story.clips}) > 1]
        if not self._reading.ranked:
            return
        self.paper.heading(self._reading.main_title)
        self._top(self._reading.ranked[0])
        if not shared:
            return
        headings = [
            self._say("col_story"),
            self._say("col_items"),
            _capped(self._say("first_published_by")),
            _capped(self._say("carried_by")),
        ]

        def rows() -> Iterable[Sequence[Paragraphs]]:
            for story in shared:
                first, later = story.first, dict.fromkeys(clip.outlet for clip in story.carried_by)
                began = (*line(first.outlet, bold=True), *line(f"{first.country}, {_unbroken(first.published)}", small=True, muted=True))
                yield [self._headline(first), line(str(len(story.clips))), began, line("; ".join(later))]

        self.paper.table(headings, [64, 17, 41, 48], rows(), numbers={1})

    def _top(self, story: StoryReading) -> None:
        first = story.first
        if story.picture:
            self.paper.lead_picture(story.picture.content, story.picture.alt)
        self.paper.paragraph(Words(first.headline, bold=True, link=first.link, language=first.headline_language))
        if first.translation:
            self.paper.paragraph(Words(first.translation, italic=True, language="en"))
        told = " · ".join(filter(None, [f"{first.outlet}, {first.country}", _unbroken(first.published), story.reason]))
        self.paper.paragraph(Words(told, muted=True), style="Small")

    def items(self) -> None:
        """Every item, by country."""
        reading = self._reading
        if reading.countries:
            self.paper.heading(self._say("coverage_by_country"))
        for country in reading.countries:
            self.paper.heading(f"{country.name}: {country.counted}" if country.counted else country.name, 2)
            if country.unread:
                self.paper.paragraph(Words(country.unread))
            self._clips([clip for story in country.stories for clip in story.clips])

    def messages(self) -> None:
        """Key messages, people named, and objectives."""
        reading = self._reading
        if reading.messages:
            self.paper.heading(self._say("key_messages"))
            self.paper.paragraph(Words(self._say("machine_note" if reading.for_staff else "assessed_note")))
            self._whole(message_table(reading))
        if reading.quoted:
            self.paper.heading(self._say("spokespeople_named"))
            self._quotes()
            self._whole(quoted_table(reading))
        if reading.take_up:
            self.paper.heading(self._say("take_up"))
            self._whole(take_up_table(reading))
            self.paper.paragraph(Words(self._say("take_up_note"), muted=True), style="Small")
        if reading.objectives:
            self.paper.heading(self._say("objectives"))
            for objective in reading.objectives:
                self.paper.heading(objective.name, 2)
                if objective.target:
                    self.paper.paragraph(Words(objective.target))
                self.paper.bullets(objective.outcomes)

    def _quotes(self) -> None:
        for clip, quote in self._reading.quotes:
            self.paper.paragraph(Words(self._reading.words.quote(quote.text), italic=True, language=quote.language))
            pending = "" if quote.confirmed else self._say("quote_found")
            told = " · ".join(filter(None, [quote.role, f"{clip.outlet}, {_unbroken(clip.published)}", pending]))
            self.paper.paragraph(Words(f"{quote.speaker}, " if told else quote.speaker, bold=True), Words(told, muted=True), style="Small")

    def figures(self) -> None:
        """The numbers by country, outlet, tier, language, medium, week and tone."""
        if not self._reading.figures.items:
            return
        self.paper.heading(self._say("in_figures"))
        for table in figure_tables(self._reading):
            self.paper.heading(table.name, 2)
            self._whole(table)

    def beside(self) -> None:
        """Parts that are not counted, and what changed since the last digest."""
        reading = self._reading
        for heading, remark, clips in (
            ("organisation", "organisation_remark", reading.organisation),
            ("context", "context_remark", reading.context),
            ("own_channels", "own_channels_remark", reading.own_channels),
            ("listed", "listed_remark", reading.listed),
        ):
            if clips:
                self.paper.heading(self._say(heading))
                self.paper.paragraph(Words(self._say(remark), muted=True), style="Small")
                headings = [self._say("col_headline"), self._say("col_outlet"), self._say("col_published")]
                rows = ([self._headline(clip), line(f"{clip.outlet}, {clip.country}"), line(_unbroken(clip.published))] for clip in clips)
                self.paper.table(headings, [90, 46, 34], rows)
        if reading.changed:
            self.paper.heading(self._say("changed_since"))
            self.paper.bullets(reading.changed)

    def method(self) -> None:
        """What could not be followed, how the digest was made, and by whose money."""
        reading, branding = self._reading, self._reading.digest.facts.branding
        self.paper.heading(self._say("could_not_follow"))
        self.paper.bullets(reading.not_followed)
        if reading.troubles:
            self._whole(trouble_table(reading))
        self.paper.heading(self._say("how_prepared"))
        for text in (*reading.method, reading.kosovo_note, evidence_line(reading)):
            if text:
                self.paper.paragraph(Words(text), style="Small")
        if reading.contact:
            self.paper.paragraph(Words(self._say("missed_link", address=reading.contact)), style="Small")
        self.paper.pictures(self._pictures[name] for name in branding.marks if name in self._pictures)
        if reading.funding:
            self.paper.paragraph(Words(plain(reading.funding, FUNDING_CHARS), bold=True), style="Small")

    def _clips(self, clips: Sequence[Clip]) -> None:
        headings = [self._say(key) for key in ("col_headline", "col_outlet", "col_published", "col_prominence")]
        rows = ([self._card(clip), self._outlet(clip), self._published(clip), self._prominence(clip)] for clip in clips)
        self.paper.table(headings, [84, 38, 25, 23], rows)

    def _headline(self, clip: Clip) -> Paragraphs:
        title = Words(clip.headline, bold=True, link=clip.link, language=clip.headline_language)
        return (Line((title,)), *line(clip.translation, italic=True, language="en"))

    def _card(self, clip: Clip) -> Paragraphs:
        excerpt = tuple(Words(piece.text, bold=piece.marked, language=clip.headline_language) for piece in clip.excerpt if piece.text)
        confirmed = f"{self._say('key_messages')} ({self._say('confirmed')}): {'; '.join(clip.messages)}" if clip.messages else ""
        quoted = (Line(excerpt, small=True),) if excerpt else ()
        shown = clip.lead_picture
        picture = (Line((), picture=shown.content, alt=shown.alt),) if shown else ()
        return (*picture, *self._headline(clip), *quoted, *line(confirmed, small=True, muted=True))

    def _outlet(self, clip: Clip) -> Paragraphs:
        media = clip.medium if clip.programme or clip.place or clip.by_hand else ""
        below = ", ".join(filter(None, [clip.kind, clip.tier]))
        seen = ", ".join(filter(None, [media, clip.programme, clip.place]))
        picture = (Line((Words(self._say("picture"), link=clip.picture),), small=True),) if clip.picture else ()
        texts = (below, seen, clip.author, clip.release, clip.by_hand, clip.listed, clip.corrected, clip.reach)
        return (*line(clip.outlet, bold=True), *(one for text in texts for one in line(text, small=True, muted=True)), *picture)

    def _published(self, clip: Clip) -> Paragraphs:
        return line(_unbroken(clip.published))

    def _prominence(self, clip: Clip) -> Paragraphs:
        tone = f"{self._say('tone')}: {clip.tone}" if clip.tone else ""
        pending = self._say("not_reviewed") if clip.pending else ""
        return (*line(_capped(clip.prominence)), *line(tone, small=True), *line(pending, small=True, italic=True))

    def _whole(self, table: Table) -> None:
        numbers = {at for at, column in enumerate(table.columns) if column.kind in ("number", "share")}
        shown = [[self._shown(value, column.kind) for value, column in zip(values, table.columns, strict=True)] for values in table.rows()]
        headings, numbers = (
            [column.heading for column in table.columns],
            {at for at, one in enumerate(table.columns) if one.kind in NUMBERS},
        )
        widths = [max(column.width, 16 if at in numbers else 0) for at, column in enumerate(table.columns)]
        if not fits(_letters(headings, shown)) and len(shown) < len(numbers) == len(headings) - 1:  # on its side it is narrower
            headings, *shown = (list(column) for column in zip(headings, *shown, strict=True))
            widths, numbers = [22, *[16] * (len(headings) - 1)], {*range(1, len(headings))}
        rows = [[line(text) for text in row] for row in shown]
        self.paper.table(headings, fitted(widths, _letters(headings, shown)), rows, numbers=numbers)

    def _shown(self, value: Cell, kind: str) -> str:
        words = self._reading.words
        if isinstance(value, date):
            return words.day(value)
        if kind == "share" and isinstance(value, float):
            return words.percent(value)
        return words.number(value) if isinstance(value, int) else str(value or "")


def _capped(words: str) -> str:
    return words[:1].upper() + words[1:]


def _unbroken(text: str) -> str:
    """Time and zone on one line: `08:10 CET`."""
    head, _, zone = text.rpartition(" ")
    return f"{head}\u00a0{zone}" if head[-3:-2] == ":" else text


def _letters(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Of each column's longest word."""
    return [longest_word((heading, *(row[at] for row in rows))) for at, heading in enumerate(headings)]
