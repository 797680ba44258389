"""Who wrote a story's text first, and who carried it from whom.

Within a story, texts that hold most of one another are one text. Which of them is the original is decided by all that speaks for it
together: who credits whom, which newsroom is an agency, whose time is surely later, and which text is nearest to all others. What each
carried text was taken from is decided by its credit, else by the text that holds most of it. Nothing here depends on the order in which
articles came."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tracker.model import Part, Story, StoryRole, StoryText
from tracker.stories.newsrooms import Newsrooms
from tracker.stories.order import Span, span_of, surely_later
from tracker.stories.shingles import folded_words, shingles_of

if TYPE_CHECKING:
    from tracker.stories.credits import Credit

SAME_TEXT = 0.4
"""Shared part of the shorter of two texts of one story from which they are one text. Below what makes a story (`grouping.SAME_STORY`), as
that they tell the same is known already; reports of one event in own words share less than 0.2 (news-bosnia-events)."""
BRIEF_SHINGLES = 20
"""A text with fewer is compared together with its headline."""
MOST_COMPARED = 150
"""Texts of a story of which all pairs are compared; the others are compared with the earliest of these."""

_CREDITED = 3.0
"""For each outlet that credits it, up to three: a credit is rarely false, and what is credited was there before."""
_CREDITS_MEMBER = -7.0
_CREDITS_OUTSIDE = -4.0
_SAYS_FROM = -1.0
_AGENCY = 3.0
_SIGNED = 3.0
"""An agency signs what it sends out, and who carries it rarely signs with its own name."""
_LATER = -2.0
"""Surely later than another by any time at all; and the more, the later."""
_LATER_A_HOUR = -2.0
_MOST_LATER = -7.0
_NEAREST = 6.0
"""For how much of both texts it shares with the others, on average: a copy differs from the original and from every other copy."""
_MORE_LIKELY = 0.04
"""Of shared text that the original is given beforehand as a source: most outlets take from it."""
_BY_CREDIT = 1.0
_NOT_BEFORE = -0.35
"""For a source that surely appeared after what is said to be taken from it."""
SAME_AGAIN = 0.8
"""Part of one of two texts that stands in the other, from which the later one is the same text again."""
AGAIN_AFTER = timedelta(days=2)
"""So much later a text is told as one that appeared before: copies of one day's news lie within two days."""
CLOCKS_DIFFER = timedelta(minutes=3)
"""By so much may clocks of outlets be apart."""


class _Member(Struct, frozen=True):
    text: StoryText
    own: frozenset[int]
    """What its text is made of; with the headline where it is brief."""
    whole: frozenset[int]
    """Its text and its headline: where another one may stand in."""
    key: str
    span: Span
    credits: tuple[Credit, ...]
    signed: bool


def parts_of(
    story: Story, texts: Mapping[int, StoryText], newsrooms: Newsrooms, templates: Mapping[str, Collection[int]] | None = None
) -> tuple[Part, ...]:
    """The part of each article in its story, in the order of the story.

    `texts`: the story's articles by id. `templates`: for outlets the shingles of what they print under every article, left out.
    """
    members = _read([texts[article_id] for article_id in story.article_ids], newsrooms, templates or {})
    if len(members) == 1:
        return (_alone(members[0], StoryRole.ORIGINAL, newsrooms, ()),)
    shares, keys = _Shares(members), {member.key for member in members}
    found: dict[int, Part] = {}
    groups = sorted(_same_text(members, shares), key=lambda group: _standing(group, members, shares, newsrooms))
    first = True
    for group in groups:
        root = _original(group, members, shares, newsrooms)
        role = StoryRole.ORIGINAL if first else StoryRole.OWN_WORDS
        found[root] = _alone(members[root], role, newsrooms, keys)
        first = False
        for at, source in _sources(group, root, members, shares, newsrooms).items():
            found[at] = _carried(members[at], members[source], shares.held(at, source), newsrooms)
    return tuple(replace(found[at], before=_before(at, members, shares)) for at in range(len(members)))


def _read(texts: Sequence[StoryText], newsrooms: Newsrooms, templates: Mapping[str, Collection[int]]) -> list[_Member]:
    from tracker.stories.credits import sources_of  # most nights decide no parts

    titles = [folded_words(text.title) for text in texts]
    bodies = [folded_words(text.body) for text in texts]
    own = [frozenset(found) for found in shingles_of(bodies)]
    whole = [frozenset(found) for found in shingles_of([[*title, *body] for title, body in zip(titles, bodies, strict=True)])]
    words = [frozenset(map(hash, (*title, *body))) for title, body in zip(titles, bodies, strict=True)]
    members = []
    for text, body, with_title, single in zip(texts, own, whole, words, strict=True):
        left_out = templates.get(text.outlet_id, ())
        body, with_title = (shingles.difference(left_out) or shingles for shingles in (body, with_title))
        key = newsrooms.key_of(text.outlet_id)
        compared = body if len(body) >= BRIEF_SHINGLES else with_title or single
        said = sources_of(text.body, key, newsrooms, text.authors)
        members.append(
            _Member(
                text,
                compared,
                with_title | body | (single if not with_title else frozenset()),
                key,
                span_of(text),
                said.credits,
                said.signed,
            )
        )
    return members


class _Shares:
    """How much of one member's text stands in another's."""

    def __init__(self, members: Sequence[_Member]) -> None:
        self._members = members
        self._held: dict[tuple[int, int], float] = {}

    def held(self, one: int, other: int) -> float:
        """The part of the one's text that stands in the other's, 0 to 1."""
        if (one, other) not in self._held:
            own = self._members[one].own
            self._held[one, other] = len(own & self._members[other].whole) / len(own) if own else 0.0
        return self._held[one, other]

    def of_shorter(self, one: int, other: int) -> float:
        """The larger of the two parts."""
        return max(self.held(one, other), self.held(other, one))

    def of_both(self, one: int, other: int) -> float:
        """What both share of all that they have."""
        first, second = self._members[one].own, self._members[other].own
        shared = len(first & second)
        total = len(first) + len(second) - shared
        return shared / total if total else 0.0


def _same_text(members: Sequence[_Member], shares: _Shares) -> list[list[int]]:
    """The members by text, each in one list."""
    groups: list[list[int]] = []
    for at in range(len(members)):
        alike = [group for group in groups if any(shares.of_shorter(at, other) >= SAME_TEXT for other in group[:MOST_COMPARED])]
        joined = sorted([at, *(one for group in alike for one in group)])
        groups = [*(group for group in groups if group not in alike), joined]
    return groups


def _standing(group: Sequence[int], members: Sequence[_Member], shares: _Shares, newsrooms: Newsrooms) -> tuple[int, float, int]:
    """Sorts the text that tells the story first: the one most members bear, then the earliest."""
    known = [members[at].span.last.timestamp() for at in group if members[at].span.is_known]
    return -len(group), min(known, default=float("inf")), members[group[0]].text.article_id


def _original(group: Sequence[int], members: Sequence[_Member], shares: _Shares, newsrooms: Newsrooms) -> int:
    """The member that most speaks for; of equals the earliest, then the one stored first."""
    if len(group) == 1:
        return group[0]
    keys = {members[at].key for at in group}
    some, crediting = group[:MOST_COMPARED], [at for at in group if members[at].credits]
    earliest = min((members[at].span for at in group if members[at].span.is_known), key=lambda span: span.last, default=None)

    def worth(at: int) -> tuple[float, float, int]:
        member = members[at]
        others = [other for other in some if other != at]
        creditors = {
            members[other].key for other in crediting if any(newsrooms.may_be(credit.key, member.key) for credit in members[other].credits)
        }
        points = _CREDITED * min(len(creditors - {member.key}), 3)
        named = [credit for credit in member.credits if any(newsrooms.may_be(credit.key, key) for key in keys)]
        outside = [credit for credit in member.credits if credit not in named]
        points += _CREDITS_MEMBER if named else 0.0
        points += 0.0 if named else _CREDITS_OUTSIDE if any(credit.whole for credit in outside) else _SAYS_FROM if outside else 0.0
        points += _AGENCY if newsrooms.is_agency(member.key) else 0.0
        points += _SIGNED if member.signed and not named else 0.0
        later = surely_later(member.span, earliest) if earliest else timedelta()
        if later > CLOCKS_DIFFER:
            points += max(_MOST_LATER, _LATER + _LATER_A_HOUR * (later / timedelta(hours=1)))
        points += _NEAREST * sum(shares.of_both(at, other) for other in others) / len(others)
        last = member.span.last.timestamp() if member.span.is_known else float("inf")
        return -points, last, member.text.article_id

    return min(group, key=worth)


def _sources(group: Sequence[int], root: int, members: Sequence[_Member], shares: _Shares, newsrooms: Newsrooms) -> dict[int, int]:
    """For every other member of the group the one its text was taken from; from each the way leads to the original."""
    chosen = {at: _ranked(at, group, root, members, shares, newsrooms)[0] for at in group if at != root}
    for at in chosen:
        way = [at]
        while way[-1] != root:
            onward = chosen[way[-1]]
            if onward in way:  # two that would have it from each other: the one that the original holds more of has it from there
                ring = way[way.index(onward) :]
                chosen[max(ring, key=lambda one: (shares.held(one, root), -members[one].text.article_id))] = root
                break
            way.append(onward)
    return chosen


def _ranked(at: int, group: Sequence[int], root: int, members: Sequence[_Member], shares: _Shares, newsrooms: Newsrooms) -> list[int]:
    credited = {members[other].key for other in group if _credits(members[at], members[other], newsrooms)} if members[at].credits else set()

    def worth(other: int) -> tuple[float, float, int]:
        points = shares.held(at, other) + (_MORE_LIKELY if other == root else 0.0)
        points += _BY_CREDIT if members[other].key in credited else 0.0
        points += _NOT_BEFORE if surely_later(members[other].span, members[at].span) > CLOCKS_DIFFER else 0.0
        return (
            -points,
            members[other].span.last.timestamp() if members[other].span.is_known else float("inf"),
            members[other].text.article_id,
        )

    candidates = [other for other in group[:MOST_COMPARED] if other != at] + (
        [root] if root not in group[:MOST_COMPARED] and root != at else []
    )
    return sorted(candidates, key=worth)


def _alone(member: _Member, role: StoryRole, newsrooms: Newsrooms, keys: Collection[str]) -> Part:
    """A text that was taken from no other of the story; what it credits as a whole, and is not among them, it carries from there."""
    outside = (credit for credit in member.credits if not any(newsrooms.may_be(credit.key, key) for key in keys))
    whole = next((credit for credit in outside if credit.whole), None)
    if whole is None:
        return Part(member.text.article_id, role)
    return Part(member.text.article_id, StoryRole.CARRIED, None, None, newsrooms.shown(whole.key), newsrooms.registered(whole.key), True)


def _carried(member: _Member, source: _Member, shared: float, newsrooms: Newsrooms) -> Part:
    gives = _credits(member, source, newsrooms)
    other = next((credit.key for credit in member.credits if credit.whole), "")
    key = source.key if gives else other
    return Part(
        member.text.article_id,
        StoryRole.CARRIED,
        source.text.article_id,
        round(shared, 3),
        newsrooms.shown(key) if key else "",
        newsrooms.registered(key) if key else "",
        gives or source.key == member.key,
    )


def _before(at: int, members: Sequence[_Member], shares: _Shares) -> int | None:
    """The earliest article that bore this text days before; None where none surely did."""
    held = [
        other
        for other in range(min(len(members), MOST_COMPARED))
        if other != at
        and surely_later(members[at].span, members[other].span) >= AGAIN_AFTER
        and (shares.held(at, other) >= SAME_AGAIN or shares.held(other, at) >= SAME_AGAIN)
    ]
    return min(((members[other].span.first, members[other].text.article_id) for other in held), default=(None, None))[1]


def _credits(member: _Member, source: _Member, newsrooms: Newsrooms) -> bool:
    return any(newsrooms.may_be(credit.key, source.key) for credit in member.credits)
