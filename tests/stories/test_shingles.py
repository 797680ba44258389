from __future__ import annotations

import re
from array import array

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.stories.fingerprint import repeated
from tracker.stories.many_shingles import BYTES_AT_ONCE, LONG_WORD, read_texts, shared_shingles
from tracker.stories.shingles import distinct, folded_words, runs_of, shingles_of, word_bytes
from tracker.text.folding import fold

LETTERS = st.text(alphabet="abc žđŽĐčëљњџѓќабв„“…–?#-_\n\r\t09°€\u00a0\u00ad\u200b²½ﬁß", max_size=60)


@given(st.one_of(LETTERS, st.text(max_size=60)))
def test_the_words_of_any_text_are_those_of_its_folded_form(text: str) -> None:
    words = re.findall(r"\w+", fold(text))
    assert folded_words(text) == words
    assert word_bytes(text) == [word.encode() for word in words]


@given(st.lists(st.sampled_from([b"a", b"b", b"ab", b"ba", b"rijeka"]), max_size=30))
def test_runs_are_equal_where_their_words_are_and_nowhere_else(words: list[bytes]) -> None:
    runs = runs_of(words)
    triples = [*zip(words, words[1:], words[2:], strict=False)]
    assert len(runs) == len(triples)
    assert len({*zip(runs, triples, strict=True)}) == len({*runs}) == len({*triples})


@given(st.lists(st.sampled_from([b"a", b"b", b"rijeka"]), min_size=3, max_size=30), st.integers(0, 300))
def test_a_run_is_the_same_wherever_it_stands(words: list[bytes], before: int) -> None:
    assert runs_of([b"x"] * before + words)[before:] == runs_of(words)


@given(st.lists(st.one_of(LETTERS, st.text(max_size=60)), max_size=8))
@example(["", " ", "a", "a b c"])
@example(["x" * LONG_WORD + " b c", f"a b {'y' * (LONG_WORD + 1)} {'z' * 3 * LONG_WORD} c"])
@example(["riječ " * BYTES_AT_ONCE, "a b c d", "w" * 5_000_000])
def test_many_texts_read_at_once_are_read_as_each_by_itself(texts: list[str]) -> None:
    read = [(words.split(), count, runs) for words, count, runs in read_texts(texts)]
    assert read == [(words := word_bytes(text), len(words), runs_of(words)) for text in texts]


@given(st.frozensets(st.integers(0, 40)), st.frozensets(st.integers(0, 40)))
def test_shared_shingles_are_those_that_both_have(one: frozenset[int], other: frozenset[int]) -> None:
    assert shared_shingles(array("I", one), array("I", other)) == len(one & other)


@pytest.mark.parametrize("words", [[], ["a"], ["a", "b"]])
def test_fewer_than_three_words_are_no_shingle(words: list[str]) -> None:
    assert shingles_of([words]) == [array("I")]


def test_shingles_are_counted_once_and_their_shared_ones_told() -> None:
    one, other = shingles_of(["a b c a b c d".split(), "x a b c d".split()])
    assert (len(one), len(other), shared_shingles(one, other)) == (4, 3, 2)


@given(st.lists(st.lists(st.integers(0, 12), max_size=8), max_size=6))
def test_what_stands_more_than_once_is_found_in_each_text(texts: list[list[int]]) -> None:
    counts = [number for text in texts for number in text]
    found = repeated([array("I", text) for text in texts])
    assert found == [[number for number in text if counts.count(number) > 1] for text in texts]


def test_hashes_of_a_hundred_thousand_runs_are_as_many() -> None:
    words = [f"rijec{number % 7919}x{number % 104729}".encode() for number in range(100_000)]
    assert len(distinct(runs_of(words))) > 99_900  # by chance one in 100,000 is equal to another
