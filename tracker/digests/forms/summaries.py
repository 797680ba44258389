"""The sentences that sum an edition up; one of them is a person's own."""

from __future__ import annotations

from msgspec import Struct

from tracker.digests.figures import Figures
from tracker.digests.forms.clips import ClipReader
from tracker.digests.forms.plain_text import plain
from tracker.digests.forms.take_up import release_uses
from tracker.digests.forms.troubles import knows_sources
from tracker.digests.forms.unread import is_unread, unread_sentences
from tracker.digests.once import once
from tracker.digests.ranking import top_stories
from tracker.locale.wording import Wording
from tracker.model import Audience, Digest

COMPARED = ("weekly", "monthly", "quarterly", "report")
"""Kinds of edition whose figures stand beside those of a period before."""
MOST_RELEASES = 2
"""Of whose take-up the summary speaks; the report has all."""
SENTENCE_CHARS = 600
"""A person's own sentence is cut there: about six lines of the mail."""


class Summary(Struct, frozen=True):
    """What sums an edition up, a group of sentences for each thing said: what could not be read; why there is nothing; how much there is;
    how that compares; what came late; what partners see of it; what was carried most; what was taken of a release; how much
    outlets wrote on their own; a person's own sentence."""

    unread: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    top: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    own: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it in order."""
        told = (*self.unread, *self.nothing, *self.counted, *self.origin, *self.change, *self.late)
        return (*told, *self.partners, *self.top, *self.taken, *self.own)

    @property
    def lead(self) -> tuple[str, ...]:
        """What stands first in a mail: an outage before all, then the person's sentence or, without one, what was carried most and how
        the figures compare."""
        told = self.own or (*(self.top or self.counted), *self.change)
        return (*self.unread, *self.nothing, *told)

    @property
    def rest(self) -> tuple[str, ...]:
        """What the lead leaves out."""
        said = {*self.lead}
        return tuple(sentence for sentence in self.sentences if sentence not in said)


def summed_up(digest: Digest, figures: Figures, clip: ClipReader, words: Wording) -> Summary:
    """What could not be read, if that is much; how much there was; how that compares; what was carried most, unless a person says
    what there is to say."""
    own, unread = _own_sentence(digest, words), unread_sentences(digest, words)
    # fewer items in fewer outlets are no change
    change = () if unread or not _was_watched(digest) else _comparison(digest, figures, words)
    if not figures.items:
        return Summary(unread, _nothing_shown(digest, words), change=change, own=own)
    counted = words.say(
        "summary_counts",
        items=words.count("item", figures.items),
        outlets=words.count("outlet", figures.outlets),
        countries=words.count("country", figures.countries),
        stories=words.count("story", figures.stories),
    )
    late, partners = _found_late(figures, words), _for_partners(digest, figures, words)
    top = "" if own else _carried_most(digest, clip, words)
    taken = tuple(use.sentence for use in release_uses(digest, words)[:MOST_RELEASES])
    origin = _origin(figures, words)
    return Summary(unread, (), (counted,), change, late, (partners,) if partners else (), (top,) if top else (), taken, origin, own)


def _origin(figures: Figures, words: Wording) -> tuple[str, ...]:
    """How much of it outlets wrote on their own, where anything is carried."""
    if not figures.carried:
        return ()
    newsrooms = words.count("newsroom", figures.newsrooms)
    own, carried = words.number(figures.items - figures.carried), words.number(figures.carried)
    return (words.say("summary_origin", own=own, newsrooms=newsrooms, carried=carried),)


def short_outcome(digest: Digest, words: Wording) -> str:
    """Why there is no item, in the few words of a subject line."""
    if is_unread(digest):
        return words.say("unread_short")
    if digest.selection.held + digest.selection.unreviewed:
        return words.say("nothing_cleared_short")
    return words.say("nothing_found_short" if _was_watched(digest) else "nothing_polled_short")


def period_before(digest: Digest, words: Wording) -> str:
    """What the period before is called: `the week before`."""
    kind = digest.kind if digest.kind in COMPARED else "report"
    return words.say(f"before_{kind}")


def _own_sentence(digest: Digest, words: Wording) -> tuple[str, ...]:
    """The person's sentence. It is about the whole campaign: a digest for some countries says so."""
    names = [person.name for person in digest.facts.spokespeople]
    own = plain(words.name_in(digest.sentences, digest.sentences[0][1] if digest.sentences else "", keep=names), SENTENCE_CHARS)
    if not own:
        return ()
    return (words.say("whole_campaign", sentence=own) if digest.scope else own,)


def _was_watched(digest: Digest) -> bool:
    """Whether somebody looked in the period; so of a digest for some countries where that was not counted."""
    return digest.facts.sources_watched > 0 or not knows_sources(digest)


def _nothing_shown(digest: Digest, words: Wording) -> tuple[str, ...]:
    """Why there is no item: it waits for a person, nobody looked, or nothing was found in what was read."""
    shown, lines = digest.selection, []
    if waiting := shown.held + shown.unreviewed:
        lines.append(words.say("nothing_cleared", waiting))
    if is_unread(digest):
        reach = digest.facts.reach
        if reach is not None and reach.read and not waiting:
            lines.append(words.say("nothing_in_the_rest"))
    elif not _was_watched(digest):
        lines.append(words.say("nothing_polled"))
    elif not waiting:
        lines.append(words.say("nothing_found"))
    return tuple(lines)


def _comparison(digest: Digest, figures: Figures, words: Wording) -> tuple[str, ...]:
    """The items that appeared in this period and in the one before, each by its day of publication."""
    if digest.kind not in COMPARED:
        return ()
    if digest.before is None:  # of some languages or outlets alone, an old edition does not know it
        return () if digest.scope.languages or digest.scope.outlets else (words.say("summary_first"),)
    return (words.say("compared", items=figures.in_period, period=period_before(digest, words), before=digest.before.items),)


def _found_late(figures: Figures, words: Wording) -> tuple[str, ...]:
    """Items of earlier days are no part of the comparison."""
    return (words.say("found_late", late=figures.late, days=words.period(*figures.late_days)),) if figures.late_days else ()


def _for_partners(digest: Digest, figures: Figures, words: Wording) -> str:
    """Why the staff's total is larger than the partners'."""
    seen = digest.selection.for_partners
    if digest.audience != Audience.STAFF or seen is None or (shown := sum(count for _, count in seen)) == figures.items:
        return ""
    return words.say("partners_see", items=figures.items, shown=shown)


def _carried_most(digest: Digest, clip: ClipReader, words: Wording) -> str:
    for group in once(digest.selection, "top", lambda: top_stories(digest.selection.counted, 1)):
        if group.outlets > 1:
            first = clip.one(group.entries[0])
            return words.say("summary_top", headline=words.quote(first.headline), outlets=words.count("outlet", group.outlets))
    return ""
