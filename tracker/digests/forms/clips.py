"""One item as a clip card prints it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from tracker.digests.forms.chain import Chain, first_published, shown_of
from tracker.digests.forms.excerpts import Piece, excerpt
from tracker.digests.forms.pictures import ClipPicture
from tracker.digests.forms.plain_text import NAME_CHARS, article_link, plain, safe_link
from tracker.digests.forms.quotes import ClipQuote, clip_quotes
from tracker.digests.forms.take_up import used
from tracker.digests.once import once
from tracker.digests.ranking import Rank, rank_of
from tracker.locale.wording import Wording
from tracker.model import DATE_UNCERTAIN, HBS, LISTED_ELSEWHERE, Audience, Digest, Entry, Precision, StoryRole, TakeUp, Tone

_TONES = frozenset(Tone)
READ_AS = dict.fromkeys(("sr-Latn", "sr-Cyrl", "bs", "hr", "cnr"), HBS)
"""Languages whose readers read each other's press."""
_OPENING, _CLOSING = '“”„"«»', '”“"»«'


class Clip(Struct, frozen=True):
    """All of an item that may be printed. Empty text: not known, not said or not applicable.

    `headline_language` is the code for `lang` attributes. `published` is in words and in the campaign's zone; `published_at` is the
    moment (of a day without a time: its midnight), None where the item states none. `messages` are names of key messages a person
    confirmed, `words_of` of those whose words were found (for staff alone). `pending`: no person has looked at it. `tone_code` is a Tone
    or empty, `medium_code` a Medium. `reason`: why it ranks where it does, in words; `rank` sorts it.
    `picture` is the address of a scan that a person named, `lead_picture` the article's own picture.
    """

    id: str
    headline: str
    headline_language: str
    translation: str
    outlet: str
    country_code: str
    country: str
    language: str
    tier_number: int
    tier: str
    kind: str
    medium: str
    author: str
    published: str
    published_at: datetime | None
    has_time: bool
    excerpt: tuple[Piece, ...]
    prominence: str
    tone: str
    link: str
    story: str
    by_hand: str
    programme: str
    place: str
    picture: str
    reach: str
    messages: tuple[str, ...]
    words_of: tuple[str, ...]
    pending: bool
    rank: Rank
    release: str = ""  # what it took of the campaign's own text; empty where that is nothing, or not known
    is_date_uncertain: bool = False
    reason: str = ""
    tone_code: str = ""
    medium_code: str = ""
    lead_picture: ClipPicture | None = None
    quotes: tuple[ClipQuote, ...] = ()
    part: str = ""  # whose text it carries, or that it tells it in its own words
    first_label: str = ""  # what is said before its outlet where it stands for its story
    is_own_words: bool = False
    corrected: str = ""  # "corrected by hand", for staff alone
    take_up: TakeUp | None = None
    listed: str = ""  # that another lists it, and its text was not read

    @property
    def excerpt_text(self) -> str:
        """The excerpt with the matched forms in brackets."""
        return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in self.excerpt)


class ClipReader:
    """Reads entries into clips, each once."""

    def __init__(self, digest: Digest, words: Wording) -> None:
        self._words = words
        self._selection = digest.selection
        self._zone = ZoneInfo(digest.facts.time_zone)
        self._note = digest.facts.kosovo_note
        self._for_staff = digest.audience == Audience.STAFF
        self._messages = {message.id: words.name_in(message.names, message.name) for message in digest.facts.key_messages}
        self._pictures = dict(digest.lead_pictures)
        self._spokespeople = digest.facts.spokespeople
        self._read: dict[str, Clip] = {}
        self._chain = once(digest.selection, "chain", lambda: Chain(shown_of(digest.selection)))
        self._say = cache(words.say)

    def many(self, entries: Sequence[Entry]) -> tuple[Clip, ...]:
        """One clip for each entry, in their order."""
        return tuple(self.one(entry) for entry in entries)

    def one(self, entry: Entry) -> Clip:
        """The entry as it is printed; read once, however often it is asked for."""
        if (known := self._read.get(entry.mention.id)) is None:
            known = self._read[entry.mention.id] = self._clip(entry)
        return known

    def rank(self, entries: Sequence[Entry]) -> Rank:
        """The rank of one item, or of all items of a story."""
        # kept with the entries themselves: while they are, nothing else has their identity
        return once(self._selection, tuple(map(id, entries)), lambda: (tuple(entries), rank_of(entries)))[1]

    def _clip(self, entry: Entry) -> Clip:
        words, article, outlet, verdict, hand = self._words, entry.article, entry.outlet, entry.verdict, entry.hand
        published, rank = article.published, self.rank([entry])
        confirmed = (verdict.key_messages if verdict else None) or ()
        return Clip(
            id=entry.mention.id,
            headline=plain(article.title),
            headline_language=article.language if article.language.isalpha() else "",
            translation=self._translation(entry),
            outlet=plain(outlet.name, NAME_CHARS),
            country_code=outlet.country,
            country=words.country(outlet.country, self._note),
            language=words.language_name(article.language),
            tier_number=outlet.tier,
            tier=self._say(f"tier_{outlet.tier if outlet.tier in (1, 2, 3) else 0}"),
            kind=words.kind(outlet.kind),
            medium=self._say(f"medium_{entry.medium}"),
            author=plain(", ".join(article.authors[:3]), NAME_CHARS),
            published=self._published(entry),
            published_at=published.at if published else None,
            has_time=bool(published) and published.precision is not Precision.DAY if published else False,
            excerpt=excerpt(article, entry.mention.hits),
            prominence=self._say(f"prominence_{where}") if (where := rank.prominence) else "",
            tone=self._say(f"tone_{verdict.tone}") if verdict and verdict.tone in _TONES else "",
            link=article_link(article.canonical_url),
            story=entry.story_key,
            by_hand=self._say("entered_by_hand") if hand else "",
            programme=plain(hand.programme, NAME_CHARS) if hand else "",
            place=plain(hand.place, NAME_CHARS) if hand else "",
            picture=safe_link(hand.picture) if hand else "",
            reach=self._reach(entry),
            messages=tuple(self._messages[message] for message in confirmed if message in self._messages),
            words_of=tuple(self._messages[message] for message in entry.mention.key_messages if message in self._messages)
            if self._for_staff
            else (),
            pending=verdict is None and hand is None,
            release=used(entry, words),
            take_up=entry.take_up,
            rank=rank,
            is_date_uncertain=DATE_UNCERTAIN in entry.mention.labels,
            reason=reason(rank, words),
            tone_code=verdict.tone if verdict and verdict.tone in _TONES else "",
            medium_code=str(entry.medium),
            lead_picture=self._lead_picture(entry),
            quotes=clip_quotes(entry, self._spokespeople, words, for_staff=self._for_staff),
            part=self._chain.of(entry, words),
            first_label=first_published(entry, words),
            is_own_words=entry.part is not None and entry.part.role is StoryRole.OWN_WORDS,
            corrected=self._say("corrected_by_hand") if entry.corrected and self._for_staff else "",
            listed=self._say("listed_note") if LISTED_ELSEWHERE in entry.mention.labels else "",
        )

    def _lead_picture(self, entry: Entry) -> ClipPicture | None:
        picture = self._pictures.get(entry.article.id)
        if picture is None:
            return None
        outlet, headline = plain(entry.outlet.name, NAME_CHARS), self._words.quote(plain(entry.article.title))
        return ClipPicture(picture, self._words.say("picture_alt", outlet=outlet, headline=headline))

    def _translation(self, entry: Entry) -> str:
        """The reviewer's English headline, for readers in whose language the item is not; without quotation marks around all of it."""
        language = entry.article.language
        if entry.verdict is None or language == "en" or language in READ_AS.get(self._words.language, {self._words.language}):
            return ""
        english = plain(entry.verdict.headline_en)
        return english[1:-1] if english[:1] in _OPENING and english[-1:] in _CLOSING else english

    def _published(self, entry: Entry) -> str:
        article = entry.article
        if DATE_UNCERTAIN in entry.mention.labels:
            return self._words.say("date_uncertain")
        if article.published is None:
            return self._words.say("date_not_stated")
        if article.published.precision is Precision.DAY:
            return self._words.day(article.published.at.date())
        return self._words.moment(article.published.at, self._zone)

    def _reach(self, entry: Entry) -> str:
        hand = entry.hand
        if hand is None or hand.reach is None or not (hand.reach_source and hand.reach_on):
            return ""
        return self._words.say(
            "reach", value=hand.reach, source=plain(hand.reach_source, NAME_CHARS), day=self._words.iso_day(hand.reach_on)
        )


def reason(rank: Rank, words: Wording) -> str:
    """Why something ranks where it does: "chosen by the team, in 5 outlets, leading daily, in the headline"."""
    parts = (
        words.say("chosen_by_team") if rank.starred else "",
        words.say("in_outlets", rank.outlets) if rank.outlets > 1 else "",
        words.leading(rank.kind) if rank.is_leading else words.kind(rank.kind) if rank.kind != "other" else "",
        words.say(f"prominence_{rank.prominence}") if rank.prominence else "",
    )
    return ", ".join(filter(None, parts))
