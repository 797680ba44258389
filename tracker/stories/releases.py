"""Which of a campaign's own texts an item largely is: it "published the release", which says nothing against it."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.model import PressRelease
from tracker.stories.fingerprint import folded_words, shared_shingles, shingles_of

LARGELY = 0.5
"""Share of the item's shingles that stand in the release: half of what the outlet printed is the release's own words. Copies are put
into one story from 0.6 on (`grouping`); an outlet's own first paragraph over a short release must not hide it."""
LEAST_SHINGLES = 30
"""Of the item: a headline with a lead of two sentences; shorter ones share phrases by chance."""


def published_releases(bodies: Sequence[str], releases: Sequence[PressRelease]) -> list[str]:
    """For each body the title of the release that it largely is, or an empty text. In any script; the first of equals."""
    if not releases:
        return [""] * len(bodies)
    texts = shingles_of([folded_words(release.text) for release in releases])
    found = []
    for shingles in shingles_of([folded_words(body) for body in bodies]):
        shares = [shared_shingles(shingles, text) / max(len(shingles), 1) for text in texts]
        best = max(range(len(texts)), key=lambda position: shares[position])
        found.append(releases[best].title if len(shingles) >= LEAST_SHINGLES and shares[best] >= LARGELY else "")
    return found
