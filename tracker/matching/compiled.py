"""A campaign's matcher, its forms from the cache where the same terms were compiled before: reading them is ten times as fast."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec
from msgspec.structs import replace

from tracker.matching.anchors import index_query
from tracker.matching.cache import Cache
from tracker.matching.matcher import Compiled, Matcher, compile_campaign
from tracker.matching.query import Node
from tracker.matching.vocabulary import Entry, Form, Vocabulary, Word
from tracker.model import Campaign, IndexQuery


class _Stored(msgspec.Struct, array_like=True):
    """What was compiled, with what entries share standing once: forms by number in a word, words by number in an entry."""

    circles: tuple[Node, ...]
    labels: tuple[Node, ...]
    key_messages: tuple[Node, ...]
    forms: list[dict[bytes, tuple[Form, ...]]]
    words: list[tuple[int, Word]]
    entries: list[tuple[tuple[int, ...], Entry]]
    index: IndexQuery


def compiled_matcher(campaign: Campaign, cache: Cache) -> Matcher:
    """The matcher of a campaign, as `Matcher(campaign)` makes it."""
    return Matcher(campaign, compiled_of([campaign], cache)[0])


def compiled_of(campaigns: Sequence[Campaign], cache: Cache) -> list[Compiled]:
    """What each campaign's terms and queries come to; one object for campaigns that have the same."""
    made: dict[bytes, Compiled] = {}
    compiled: list[Compiled] = []
    for campaign in campaigns:
        queries = [[one.query for one in several] for several in (campaign.circles, campaign.labels, campaign.key_messages)]
        source = msgspec.msgpack.encode((campaign.terms, queries, campaign.possessives))
        if source not in made:
            made[source] = _compiled(cache.value(source, _Stored, partial(_made_of, campaign)))
        compiled.append(made[source])
    return compiled


def _made_of(campaign: Campaign) -> _Stored:
    return _stored(compile_campaign(campaign))


def _stored(made: Compiled) -> _Stored:
    stored = _Stored(made.circles, made.labels, made.key_messages, [], [], [], index_query(Vocabulary(made.entries), made.circles))
    forms: dict[int, int] = {}  # the same word of two entries has the same table of forms
    words: dict[int, int] = {}
    for entry in made.entries:
        for word in entry.words:
            if id(word) not in words:
                if id(word.forms) not in forms:
                    forms[id(word.forms)] = len(stored.forms)
                    stored.forms.append(word.forms)
                words[id(word)] = len(stored.words)
                stored.words.append((forms[id(word.forms)], replace(word, forms={})))
        stored.entries.append((tuple(words[id(word)] for word in entry.words), replace(entry, words=())))
    return stored


def _compiled(stored: _Stored) -> Compiled:
    words = [replace(word, forms=stored.forms[forms]) for forms, word in stored.words]
    entries = tuple(replace(entry, words=tuple(words[number] for number in numbers)) for numbers, entry in stored.entries)
    return Compiled(stored.circles, stored.labels, stored.key_messages, entries, stored.index)
