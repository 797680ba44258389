"""A text is found again by the same few numbers, whatever way they are come by: what is stored stays good."""

from __future__ import annotations

from zlib import crc32

from hypothesis import given
from hypothesis import strategies as st

from tracker.stories.prints import LEAST_SHINGLES, LOOKED_AT, PRINTS, prints_of

TEXTS = st.lists(st.sampled_from("ura rruga qyteti škola deca mreža опасност децата TikTok 2026".split()), max_size=500).map(" ".join)
FOLDED = {"škola": "skola", "mreža": "mreza", "опасност": "opasnost", "децата": "decata", "TikTok": "tiktok"}


@given(TEXTS)
def test_prints_are_the_lowest_of_the_shingles_that_are_looked_at(text: str) -> None:
    words = [FOLDED.get(word, word).encode() for word in text.split()]
    shingles = {b" ".join(words[at : at + 3]) for at in range(len(words) - 2)}
    looked_at = {crc32(one) & 0x7FFFFFFF for one in shingles if crc32(one.split()[0]) % LOOKED_AT == 0}
    expected = sorted(looked_at)[:PRINTS] if len(shingles) >= LEAST_SHINGLES or len(words) >= 400 else []
    assert prints_of([text]) == [tuple(expected)]
