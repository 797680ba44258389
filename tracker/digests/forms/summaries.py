"""Three sentences that sum an edition up; one of them is a person's own."""

from __future__ import annotations

from tracker.digests.figures import Figures, main_stories
from tracker.digests.forms.clips import ClipReader
from tracker.digests.forms.plain_text import plain
from tracker.digests.forms.unread import is_unread, unread_sentences
from tracker.locale.wording import Wording
from tracker.model import Digest


def summary_sentences(digest: Digest, figures: Figures, clip: ClipReader, words: Wording) -> tuple[str, ...]:
    """What could not be read, if that is much; how much there was; how that compares, or what was carried most; and what a person says of it."""
    own = words.name_in(digest.sentences, digest.sentences[0][1] if digest.sentences else "")
    person = (plain(own, 600),) if own else ()
    unread = unread_sentences(digest, words)
    if not figures.items:
        return (*unread, *_nothing_found(digest, words), *person)
    counted = words.say(
        "summary_counts",
        items=words.count("item", figures.items),
        outlets=words.count("outlet", figures.outlets),
        countries=words.count("country", figures.countries),
        stories=words.count("story", figures.stories),
    )
    change, top = _change(digest, figures, words), _carried_most(digest, clip, words)
    machine = [sentence for sentence in ("" if unread else change, top) if sentence]  # fewer items in fewer outlets are no change
    return (*unread, counted, *machine[: 1 if person else 2], *person)


def _nothing_found(digest: Digest, words: Wording) -> tuple[str, ...]:
    """Only what was read can hold nothing."""
    if not is_unread(digest):
        return (words.say("nothing_found"),)
    reach = digest.facts.reach
    return (words.say("nothing_in_the_rest"),) if reach is not None and reach.read else ()


def _change(digest: Digest, figures: Figures, words: Wording) -> str:
    before = digest.before
    if before is None:
        return ""
    change = figures.items - before.items
    if not change:
        return words.say("summary_change_same")
    return words.say("summary_change_more" if change > 0 else "summary_change_fewer", abs(change))


def _carried_most(digest: Digest, clip: ClipReader, words: Wording) -> str:
    for group in main_stories(digest.selection.counted, 1):
        if group.outlets > 1:
            first = clip.one(group.entries[0])
            return words.say("summary_top", headline=words.quote(first.headline), outlets=words.count("outlet", group.outlets))
    return ""
