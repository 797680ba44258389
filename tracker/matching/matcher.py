"""A compiled campaign: finds every occurrence of its terms in a text and says which circle the text belongs to."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import count
from typing import NamedTuple

from msgspec import Struct

from tracker.matching.anchors import index_query
from tracker.matching.evaluation import NO_EVIDENCE, Evidence, Span, compiled, leniently
from tracker.matching.grouping import ArticleLanguage, Paragraphs, guess_language, mask_of
from tracker.matching.occurrences import Field, Occurrence, name_of, occurrences, present
from tracker.matching.query import Node, parse_query, references
from tracker.matching.scanning import Scan
from tracker.matching.spelling import is_bare
from tracker.matching.vocabulary import Entry, Vocabulary
from tracker.model import DATE_UNCERTAIN, LISTED_ELSEWHERE, Article, Campaign, Depth, Hit, IndexQuery, Mention
from tracker.text.folding import latin


class Found(Struct, frozen=True):
    """What a campaign finds in one text. `hits` holds every occurrence of every term, also where no circle matches."""

    matched: bool
    circle: str
    hits: tuple[Hit, ...]
    labels: tuple[str, ...]
    key_messages: tuple[str, ...]
    held: bool
    language: str


Placed = tuple[int, Occurrence]


class Text:
    """A text laid out for searching: all that looking at it takes and no campaign changes, made once when first needed."""

    def __init__(self, body: str, title: str = "", language: str = "") -> None:
        self.body, self.title, self.language = body, title, language
        self._paragraphs: dict[str, Paragraphs] = {}
        self._found: dict[Vocabulary, list[Placed]] = {}

    @cached_property
    def fields(self) -> list[Field]:
        """Title and body, those that there are."""
        return [Field(name, text) for name, text in (("title", self.title), ("body", self.body)) if text]

    @cached_property
    def is_bare(self) -> bool:
        """Whether it is written without diacritics."""
        return is_bare(self.title) and is_bare(self.body)

    def paragraphs(self, field: Field) -> Paragraphs:
        """Which languages' forms apply where in a field."""
        if field.name not in self._paragraphs:
            primary, whole = self._languages
            self._paragraphs[field.name] = Paragraphs(field.scan.chars, primary, whole)
        return self._paragraphs[field.name]

    def occurrences(self, vocabulary: Vocabulary) -> list[Placed]:
        """Every occurrence of every entry, each with the number of its anchor's place; looked for once."""
        if vocabulary not in self._found:
            found, numbers = self._found.setdefault(vocabulary, []), count()
            for field in self.fields:
                for place in vocabulary.find(field.scan.data):
                    number = next(numbers)
                    for one in occurrences(vocabulary, field, (place,), self.paragraphs(field), text_is_bare=self.is_bare):
                        found.append((number, one))
        return self._found[vocabulary]

    @cached_property
    def _languages(self) -> tuple[int, ArticleLanguage]:
        return mask_of(self.language, self.body or self.title), ArticleLanguage(self.body or self.title)


class Reading:
    """An article with its text laid out for searching, for as many campaigns as look at it."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.text = Text(article.body, article.title, article.language)


class Compiled(NamedTuple):
    """What a campaign's terms and queries come to: the trees in the order of the file, and the entries of the vocabulary."""

    circles: tuple[Node, ...]
    labels: tuple[Node, ...]
    key_messages: tuple[Node, ...]
    entries: tuple[Entry, ...]
    asked: IndexQuery | None = None
    """What to ask the search index for; None: to be made when it is asked."""


def compile_campaign(campaign: Campaign) -> Compiled:
    """Reads the queries and makes all forms of all terms. Raises QueryError."""
    from tracker.matching.entering import entries_of  # the rules of four language groups, which nobody needs who was given the forms

    circles, labels, key_messages = (
        tuple(parse_query(one.query) for one in several) for several in (campaign.circles, campaign.labels, campaign.key_messages)
    )
    quoted = sorted({ref.text for node in (*circles, *labels, *key_messages) for ref in references(node) if ref.quoted})
    return Compiled(circles, labels, key_messages, entries_of(campaign.terms, quoted, possessives=campaign.possessives))


class Matcher:
    """A campaign ready to look at texts. Compiling costs what its forms cost; looking at a text needs no I/O."""

    def __init__(self, campaign: Campaign, compiled_before: Compiled | None = None, among: Vocabulary | None = None) -> None:
        """`among`: a vocabulary with all the campaign's entries, and those of others that look at the same texts."""
        made = compiled_before or compile_campaign(campaign)
        self.campaign = campaign
        self.circles = tuple((circle.id, node) for circle, node in zip(campaign.circles, made.circles, strict=True))
        self.queries = (*made.circles, *made.labels, *made.key_messages)
        self._in_circle = tuple((circle, compiled(node)) for circle, node in self.circles)
        self._has_label = tuple((label, compiled(node)) for label, node in zip(campaign.labels, made.labels, strict=True))
        self._has_key_message = tuple(
            (message.id, compiled(node)) for message, node in zip(campaign.key_messages, made.key_messages, strict=True)
        )
        self._may_be_in_circle = tuple(leniently(node) for node in made.circles)
        self.vocabulary = Vocabulary(made.entries)
        self._index = made.asked
        self._among = among
        self._own = {id(entry): number for number, entry in reversed([*enumerate(made.entries)])} if among is not None else {}

    def match(self, *, body: str, title: str = "", language: str = "") -> Found:
        """Every occurrence, the first circle whose query holds, labels and key messages.

        `language` is a code or empty; forms of other languages count where `Paragraphs` and `accepts` say so.
        """
        return self.match_text(Text(body, title, language))

    def match_text(self, text: Text) -> Found:
        """The same in a text that other campaigns look at too."""
        hits, evidence = self._look(text)
        language = text.language or guess_language(f"{text.title}\n{text.body}")
        if not evidence.present:
            return Found(False, "", (), (), (), False, language)
        circle = next((circle for circle, holds in self._in_circle if holds(evidence)), "")
        labels = [label for label, holds in self._has_label if holds(evidence)]
        return Found(
            matched=bool(circle),
            circle=circle,
            hits=hits,
            labels=tuple(label.id for label in labels),
            key_messages=tuple(message for message, holds in self._has_key_message if holds(evidence)),
            held=any(label.hold for label in labels),
            language=language,
        )

    def look(self, *, body: str, title: str = "", language: str = "") -> tuple[tuple[Hit, ...], Evidence]:
        """The hits, and what queries can be asked of."""
        return self._look(Text(body, title, language))

    def _look(self, text: Text) -> tuple[tuple[Hit, ...], Evidence]:
        found = self._occurrences(text)
        if not found:
            return (), NO_EVIDENCE
        scans = {field.name: field.scan for field in text.fields}
        spans: defaultdict[str, list[Span]] = defaultdict(list)
        for one in found:
            spans[name_of(one.entry)].append(Span(one.field, one.start, one.end))
        hits = []
        for one in found:
            if one.entry.term_id:
                start, end = scans[one.field].origin(one.start, one.end)
                hits.append(Hit(one.entry.term_id, start, end, scans[one.field].original[start:end], one.field, one.rule))
        return tuple(hits), Evidence({name: sorted(places) for name, places in spans.items()}, scans)

    def screen(self, text: str | Scan) -> bool:
        """Whether some circle may match: a superset of `match`, in any language, for visible text of a whole page."""
        return self.may_match(present(self.vocabulary, Scan(text) if isinstance(text, str) else text))

    def may_match(self, names: set[str]) -> bool:
        """Whether some circle may match a text in which these terms may stand."""
        return bool(names) and any(may_hold(names) for may_hold in self._may_be_in_circle)

    def index_query(self) -> IndexQuery:
        """What must stand in every stored article that could match: what to ask the search index for."""
        if self._index is None:
            self._index = index_query(self.vocabulary, tuple(node for _, node in self.circles))
        return self._index

    def _occurrences(self, text: Text) -> list[Occurrence]:
        if self._among is None:
            return _longest(_confirmed([one for _, one in text.occurrences(self.vocabulary)]))
        own = [(place, self._own[id(one.entry)], one) for place, one in text.occurrences(self._among) if id(one.entry) in self._own]
        own.sort(key=lambda found: found[:2])  # of one place, in the order of the campaign's own file
        return _longest(_confirmed([one for _, _, one in own]))


def find_mention(article: Article, matcher: Matcher, text: Text | None = None) -> Mention | None:
    """The mention of the matcher's campaign in an article; None when no circle's query holds or the article is surely older than the
    campaign. One that is older by an unsure date only is labelled DATE_UNCERTAIN, one whose text was not read
    LISTED_ELSEWHERE, for a person to look at. `text`: the article's, where others look at it too."""
    campaign = matcher.campaign
    if not article.may_be_from(campaign.since):
        return None
    is_unsure = article.published is not None and article.published.at.date() < campaign.since
    marks = ((DATE_UNCERTAIN, is_unsure), (LISTED_ELSEWHERE, article.depth is Depth.LISTED))
    found = matcher.match_text(text or Reading(article).text)
    if not found.matched:
        return None
    return Mention(
        id=f"{campaign.id}-{article.id}",
        campaign_id=campaign.id,
        article_id=article.id,
        circle=found.circle,
        hits=found.hits,
        labels=(*found.labels, *(label for label, holds in marks if holds)),
        key_messages=found.key_messages,
        held=found.held,
        campaign_version=campaign.version,
    )


def find_entered(article: Article, matcher: Matcher, circle: str, text: Text | None = None) -> Mention:
    """The mention of an item that a person entered: in the person's circle, whatever the queries say, with the evidence, labels and
    key messages that its text does give."""
    campaign = matcher.campaign
    found = matcher.match_text(text or Reading(article).text)
    return Mention(
        id=f"{campaign.id}-{article.id}",
        campaign_id=campaign.id,
        article_id=article.id,
        circle=circle,
        hits=found.hits,
        labels=found.labels,
        key_messages=found.key_messages,
        held=found.held,
        campaign_version=campaign.version,
    )


def _confirmed(found: list[Occurrence]) -> list[Occurrence]:
    """Without weak acronyms, unless the acronym stands in the text outside capitals, or the full name it is the initials of."""
    if not any(one.weak for one in found):
        return found
    strong = {latin(one.entry.text) for one in found if not one.weak}
    strong |= {one.entry.initials for one in found if one.entry.initials}
    return [one for one in found if not one.weak or latin(one.entry.text) in strong]


def _longest(found: list[Occurrence]) -> list[Occurrence]:
    """Of a term's overlapping occurrences the longest ones, in the order of the text."""
    kept: list[Occurrence] = []
    last: dict[tuple[str, str], Occurrence] = {}
    for one in sorted(found, key=lambda one: (one.field != "title", one.start, -one.end, one.rule != "as typed")):
        name = (one.field, name_of(one.entry))
        if name in last and one.end <= last[name].end:
            continue
        last[name] = one
        kept.append(one)
    return kept
