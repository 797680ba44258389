"""Several campaigns that look at the same texts: what they look for alike is looked for once, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from tracker.matching.cache import Cache
from tracker.matching.compiled import compiled_of
from tracker.matching.matcher import Matcher
from tracker.matching.occurrences import name_of, present
from tracker.matching.scanning import Scan
from tracker.matching.vocabulary import Vocabulary
from tracker.matching.walking import may_stand_among
from tracker.model import Campaign


class Together:
    """Matchers of several campaigns over one vocabulary. Each finds what it finds alone."""

    def __init__(self, campaigns: Sequence[Campaign], cache: Cache) -> None:
        made = compiled_of(campaigns, cache)
        if len(campaigns) == 1:
            self.matchers = [Matcher(campaigns[0], made[0])]
            self._vocabulary = self.matchers[0].vocabulary
        else:
            self._vocabulary = Vocabulary({id(entry): entry for one in made for entry in one.entries}.values())
            self.matchers = [Matcher(campaign, one, self._vocabulary) for campaign, one in zip(campaigns, made, strict=True)]
        owners: defaultdict[int, list[int]] = defaultdict(list)
        for number, one in enumerate(made):
            for entry in one.entries:
                owners[id(entry)].append(number)
        self._said = {id(entry): (name_of(entry), tuple(owners[id(entry)])) for entry in self._vocabulary.entries}

    def screen(self, scan: Scan) -> tuple[str, ...]:
        """The campaigns that may match a page's text: `Matcher.screen` for each, in one pass.

        Most pages are told by the anchors alone, nearly all others by the words that stand anywhere: only then entries are looked for
        place by place.
        """
        keys = {key for key, _, _ in self._vocabulary.find(scan.data)}
        entries = {id(entry): entry for key in keys for entry in self._vocabulary.anchored[key]}
        if not self._able(self._said[number] for number in entries):
            return ()
        words = frozenset(scan.data.split())
        if not self._able(self._said[number] for number, entry in entries.items() if may_stand_among(entry, words)):
            return ()
        return self._able(present(self._vocabulary, scan, lambda entry: self._said[id(entry)]))

    def _able(self, said: Iterable[tuple[str, tuple[int, ...]]]) -> tuple[str, ...]:
        """The campaigns that may match where these terms may stand."""
        names: defaultdict[int, set[str]] = defaultdict(set)
        for name, owners in said:
            for owner in owners:
                names[owner].add(name)
        return tuple(matcher.campaign.id for number, matcher in enumerate(self.matchers) if matcher.may_match(names[number]))
