"""Albanian forms against the UniMorph table: every noun typed as its lemma finds its own forms among all forms of the table.

Each form of the table is a token, verbs included; the forms of a lemma are its gold. A form that the rules make and the
table gives to another lemma alone is a false hit. Both halves of the lemmas, by hash, are held to the floor; misses were looked at in one of them only.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from tracker.matching.forms import word_forms
from tracker.model import TermKind

F1_FLOOR = 99.0
"""Issue 3. Measured 2026-11: 99.7 on one half and 99.8 on the other."""
NAMED_FLOOR = 78.0
"""What is made beyond the table is mostly the other plural of a class, and the women's form (mësuese). Measured 2026-11: 79.0 and 79.9."""


class Table:
    def __init__(self, path: Path) -> None:
        self.forms: defaultdict[str, set[str]] = defaultdict(set)
        self.owners: defaultdict[str, set[str]] = defaultdict(set)
        with gzip.open(path, "rt", encoding="utf-8") as rows:
            for row in rows:
                lemma, form, features = row.rstrip("\n").split("\t")
                self.owners[form].add(lemma)
                if features.startswith("N") and " " not in lemma:
                    self.forms[lemma].add(form)

    def score(self, lemmas: Iterable[str]) -> float:
        right = false = missed = 0
        for lemma in lemmas:
            made, gold = set(word_forms(lemma, TermKind.WORD, "sq")), self.forms[lemma]
            right += len(made & gold)
            missed += len(gold - made)
            false += sum(len(self.owners[form] - {lemma}) for form in made - gold if form in self.owners)
        return 200 * right / (2 * right + false + missed)

    def named(self, lemmas: Iterable[str]) -> float:
        """Of all forms made of the lemmas, the share that the table names, in percent."""
        made = {lemma: set(word_forms(lemma, TermKind.WORD, "sq")) for lemma in lemmas}
        return 100 * sum(len(forms & self.forms[lemma]) for lemma, forms in made.items()) / sum(map(len, made.values()))


def half_of(lemma: str) -> int:
    return hashlib.sha1(lemma.encode()).digest()[-1] % 2


@pytest.mark.parametrize("half", [0, 1])
def test_albanian_nouns_find_their_own_forms_in_both_halves_of_the_table(corpus: Path, half: int) -> None:
    table = Table(corpus / "treebanks" / "sq-unimorph.tsv.gz")
    lemmas = [lemma for lemma in table.forms if half_of(lemma) == half]
    assert len(lemmas) > 60
    assert table.score(lemmas) >= F1_FLOOR
    assert table.named(lemmas) >= NAMED_FLOOR


UD_F1_FLOOR = 93.0
"""Issue 3. Measured 2026-11: 94.8; most false hits are one word under two lemmas (njeri and njerëz, burg and burgje)."""


def _tokens(corpus: Path) -> list[tuple[str, str, str]]:
    tokens = []
    for path in sorted((corpus / "treebanks").glob("sq_*.conllu.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            columns = [line.split("\t") for line in lines if line[:1].isdigit()]
        tokens += [(row[1].lower(), row[2].lower(), row[3]) for row in columns if row[0].isdigit()]
    return tokens


def test_albanian_nouns_typed_as_their_lemma_find_their_tokens_in_the_treebank(corpus: Path) -> None:
    tokens = _tokens(corpus)
    nouns = Counter(lemma for _, lemma, tag in tokens if tag == "NOUN")
    forms_of: defaultdict[str, set[str]] = defaultdict(set)
    lemmas_of: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for form, lemma, _ in tokens:
        forms_of[lemma].add(form)
        lemmas_of[form][lemma] += 1
    terms = [lemma for lemma, count in nouns.items() if count >= 2 and len(forms_of[lemma]) >= 2 and len(lemma) > 2 and lemma.isalpha()]
    assert len(terms) > 50
    right = false = missed = 0
    for lemma in terms:
        made = {form.lower() for form in word_forms(lemma, TermKind.WORD, "sq")}
        right += sum(lemmas_of[form][lemma] for form in made)
        false += sum(lemmas_of[form].total() - lemmas_of[form][lemma] for form in made)
        missed += sum(lemmas_of[form][lemma] for form in forms_of[lemma] - made)
    assert 200 * right / (2 * right + false + missed) >= UD_F1_FLOOR
