"""Floors of the Slavic forms on treebanks and entities of others: raise the figures when they rise, never lower them unsaid.

Protocol of issue 3: every lemma of a part of speech with at least 3 tokens and 2 forms is one term, typed as its lemma; all tokens of
the lemma are gold. Rules were written with the misses of one half of the lemmas in view (by hash), and of the other half only the worst
terms that the shared measurement prints (pravo, iznos, dug): the halves are not quite independent. Each is held to the floor of the
issue, the whole to what was measured 2026-11-23: sr names P 99.3 R 99.6, hr names P 97.0 R 97.5, F1 of nouns sr 99.0, hr 98.9, mk 98.6,
entities of several words 98.1. Three points of recall of the hr names are one term, Vlada, whose gold is the small-letter noun too.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

import pytest

from tracker.matching.forms import word_forms
from tracker.matching.forms.hbs_letters import latin
from tracker.matching.matcher import Matcher
from tracker.model import Campaign, Circle, Term, TermEntry, TermKind

Token = tuple[int, str, str, str]  # start, form, lemma, part of speech
Sentence = tuple[str, list[Token]]


@dataclass(frozen=True, slots=True)
class Floor:
    file: str
    language: str
    part: str
    kind: TermKind
    issue: tuple[float, float, float]  # precision, recall, F1 of the issue, for each half
    whole: tuple[float, float, float]  # measured, with half a point to spare


FLOORS = [
    Floor("sr_set-ud-dev", "sr", "PROPN", TermKind.NAME, (97, 98, 97.5), (98.8, 99.1, 98.9)),
    Floor("hr_set-ud-dev", "hr", "PROPN", TermKind.NAME, (95, 95, 95), (96.5, 97.0, 96.8)),
    Floor("sr_set-ud-dev", "sr", "NOUN", TermKind.WORD, (0, 0, 97), (97.9, 99.2, 98.5)),
    Floor("hr_set-ud-dev", "hr", "NOUN", TermKind.WORD, (0, 0, 96.5), (97.7, 99.1, 98.4)),
    Floor("mk_setimes-15k.part-a", "mk", "NOUN", TermKind.WORD, (0, 0, 96), (96.6, 99.5, 98.1)),
]
CYRILLIC = dict(zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True))
ENTITIES = 98.0
SAME_IN_CYRILLIC = 0.5
LOST_WITHOUT_DIACRITICS = 1.0


@lru_cache(maxsize=4)
def _sentences(path: Path) -> list[Sentence]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return list(_parsed(file.read().split("\n\n")))


def _parsed(blocks: list[str]) -> Iterator[Sentence]:
    for block in blocks:
        lines = block.split("\n")
        text = next((line[8:].strip() for line in lines if line.startswith("# text =")), "")
        at, tokens = 0, []
        for columns in (line.split("\t") for line in lines if line[:1].isdigit()):
            start = text.find(columns[1], at)
            if columns[0].isdigit() and start >= 0:
                tokens.append((start, columns[1], columns[2], columns[3]))
                at = start + len(columns[1])
        if tokens:
            yield text, tokens


def _task(sentences: list[Sentence], part: str) -> dict[str, set[tuple[int, int]]]:
    gold: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    forms: defaultdict[str, set[str]] = defaultdict(set)
    counts: Counter[str] = Counter()
    for number, (_, tokens) in enumerate(sentences):
        for start, form, lemma, tag in tokens:
            gold[lemma.casefold()].add((number, start))
            forms[lemma.casefold()].add(form.casefold())
            counts[lemma] += tag == part
    chosen: dict[str, set[tuple[int, int]]] = {}
    for lemma, count in sorted(counts.items()):
        key = lemma.casefold()
        known = key in {one.casefold() for one in chosen}
        if not known and count >= 3 and len(forms[key]) >= 2 and re.fullmatch(r"[^\W\d_][\w-]{2,}", lemma):
            chosen[lemma] = gold[key]
    return chosen


def _score(floor: Floor, folder: Path, transform: Callable[[str], str] = str) -> dict[str, tuple[float, float, float]]:
    sentences = _sentences(folder / "treebanks" / f"{floor.file}.conllu.gz")
    gold = _task(sentences, floor.part)
    language = "any" if floor.kind is TermKind.NAME else floor.language
    terms = tuple(Term(id=f"t{n}", kind=floor.kind, entries=(TermEntry(text=lemma, language=language),)) for n, lemma in enumerate(gold))
    circle = Circle(id="all", name="All", audience="staff", query=" or ".join(term.id for term in terms))
    matcher = Matcher(
        Campaign(
            id="measure",
            name="Measure",
            countries=("RS",),
            since=date(2000, 1, 1),
            time_zone="Europe/Belgrade",
            review="optional",
            circles=(circle,),
            terms=terms,
        )
    )
    found: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for number, (text, _) in enumerate(sentences):
        for hit in matcher.match(body=transform(text), language=floor.language).hits:
            found[hit.term_id].add((number, hit.start))
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for n, (lemma, places) in enumerate(gold.items()):
        hits = found[f"t{n}"]
        for name in ("whole", f"half {hashlib.md5(lemma.casefold().encode()).digest()[0] % 2}"):
            for i, amount in enumerate((len(hits & places), len(hits - places), len(places - hits))):
                sums[name][i] += amount
    return {name: _rates(*counts) for name, counts in sums.items()}


def _rates(right: int, false: int, missed: int) -> tuple[float, float, float]:
    return 100 * right / max(right + false, 1), 100 * right / max(right + missed, 1), 200 * right / max(2 * right + false + missed, 1)


def _in_cyrillic(text: str) -> str:
    """Letter for letter, so that offsets stay; words with digraphs or foreign letters stay Latin."""

    def word(found: re.Match[str]) -> str:
        if re.search(r"lj|nj|dž|[qwxy]", found.group(), re.IGNORECASE):
            return found.group()
        return "".join(CYRILLIC.get(c, CYRILLIC.get(c.lower(), c).upper() if c.isupper() else c) for c in found.group())

    return re.sub(r"[^\W\d_]+", word, text)


def _bare(text: str) -> str:
    return "".join({"đ": "d", "Đ": "D"}.get(c) or unicodedata.normalize("NFD", c)[0] for c in text)


@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: f"{floor.language} {floor.part}")
def test_a_lemma_finds_its_forms_in_the_treebank(floor: Floor, corpus: Path) -> None:
    for name, rates in _score(floor, corpus).items():
        wanted = floor.whole if name == "whole" else floor.issue
        assert all(rate >= least for rate, least in zip(rates, wanted, strict=True)), (name, rates, wanted)


@pytest.mark.parametrize("floor", FLOORS[:3], ids=lambda floor: f"{floor.language} {floor.part}")
def test_cyrillic_text_gives_the_same(floor: Floor, corpus: Path) -> None:
    plain, cyrillic = _score(floor, corpus)["whole"][2], _score(floor, corpus, _in_cyrillic)["whole"][2]
    assert abs(plain - cyrillic) < SAME_IN_CYRILLIC, (plain, cyrillic)


@pytest.mark.parametrize("floor", FLOORS[:3], ids=lambda floor: f"{floor.language} {floor.part}")
def test_text_without_diacritics_gives_nearly_the_same(floor: Floor, corpus: Path) -> None:
    plain, bare = _score(floor, corpus)["whole"][2], _score(floor, corpus, _bare)["whole"][2]
    assert plain - bare < LOST_WITHOUT_DIACRITICS, (plain, bare)


def test_entities_of_several_words_are_forms_of_their_lemmas_word_by_word(corpus: Path) -> None:
    with (corpus / "treebanks" / "entities-hr-sr.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    several = [(row["form"].split(), row["lemmas"].split()) for row in rows if " " in row["lemmas"]]
    missed = [(form, lemmas) for form, lemmas in several if not _is_form(form, lemmas)]
    assert len(several) > 700
    assert 100 * (1 - len(missed) / len(several)) >= ENTITIES, missed


def _is_form(form: list[str], lemmas: list[str]) -> bool:
    return len(form) == len(lemmas) and all(word.lower() in _lower_forms(lemma) for word, lemma in zip(form, lemmas, strict=True))


@cache
def _lower_forms(lemma: str) -> frozenset[str]:
    return frozenset(form.lower() for form in word_forms(lemma, TermKind.NAME, "hbs"))


def test_names_typed_in_cyrillic_and_in_latin_letters_have_the_same_forms(corpus: Path) -> None:
    with (corpus / "names" / "iso-names.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["sr-Cyrl"] and row["sr-Latn"]]
    pairs = {pair for row in rows for pair in zip(row["sr-Cyrl"].split(), row["sr-Latn"].split(), strict=False)}
    differing = [pair for pair in sorted(pairs) if {latin(form) for form in _lower_forms(pair[0])} != _lower_forms(pair[1])]
    assert len(pairs) > 1000
    assert differing == []
