"""Matching against a bare `str.translate` over the same text in the same run; processor time, best of alternating rounds.

Terms are names of invented people and of towns, inflected in all four language groups. The text is the news beside the
project (../shared/corpus) where it is there, else sentences put together from lists.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from tracker.matching.matcher import Matcher
from tracker.model import Campaign, Circle, Term, TermEntry, TermKind

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
TEXT_BYTES = 12_000_000
ROUNDS = 3
LIMIT_200, LIMIT_1000, LIMIT_COMPILE_SECONDS, LIMIT_MEMORY_MB = 0.5, 0.7, 1.0, 100
FIRST = "Altin Ana Besnik Blerta Dragan Edona Elma Filip Goran Ilir Jasna Kosta Lejla Marko Mirjeta Nikola Orhan Petar Rada Sanja Teuta Vesna Zoran Žarko".split()
LAST = "Hoxhaj Krasniqi Petrović Begić Kovačević Dimitrovski Ristevska Gashi Shehu Marković Đukić Hadžić Berisha Popovski Radonjić Ćosić Šabanaj Meksi Zeka Ljajić".split()
TOWNS = "Tirana Durrës Shkodra Prishtina Prizren Skopje Tetovo Bitola Beograd Niš Novi-Pazar Sarajevo Mostar Tuzla Podgorica Bar Nikšić Zagreb Split Rijeka".split()
WORDS = "qeveria dhe fëmijët në internet tha se për shkollat e qytetit vlada je danas rekla da će škole i roditelji u gradu dobiti више за децата на интернет според the of".split()
TABLE = {code: chr(code).lower() for code in range(0x2000)}


def main() -> list[str]:
    """Prints the ratios; returns what is short of its limit."""
    texts = list(_texts())
    size = sum(len(text.encode()) for text in texts) / 1e6
    few, many = _matcher(_names(200)), _matcher(_names(1000))
    bare, with_few, with_many, screened = _best(
        lambda: [text.translate(TABLE) for text in texts],
        lambda: [few.match(body=text, language="sq") for text in texts],
        lambda: [many.match(body=text, language="sq") for text in texts],
        lambda: [few.screen(text) for text in texts],
    )
    compile_seconds, memory = _compile_apart(200)
    print(f"matching: {size:.0f} MB; bare translate {size / bare:.1f} MB/s")
    print(
        f"  200 terms, {len(few.vocabulary.keys)} spellings: {size / with_few:.1f} MB/s, ratio {bare / with_few:.2f} (limit {LIMIT_200}); screening {bare / screened:.2f}"
    )
    print(f"  1,000 terms, {len(many.vocabulary.keys)} spellings: {with_few / with_many:.2f} of that speed (limit {LIMIT_1000})")
    print(f"  compiling 200 terms: {compile_seconds:.2f} s (limit {LIMIT_COMPILE_SECONDS:g}), {memory:.0f} MB (limit {LIMIT_MEMORY_MB})")
    _many_forms()
    short = {
        f"200 terms at {bare / with_few:.2f} of translate": bare / with_few < LIMIT_200,
        f"1,000 terms at {with_few / with_many:.2f} of 200": with_few / with_many < LIMIT_1000,
        f"compiling took {compile_seconds:.2f} s": compile_seconds > LIMIT_COMPILE_SECONDS,
        f"a compiled campaign took {memory:.0f} MB": memory > LIMIT_MEMORY_MB,
    }
    return [f"matching: {what}" for what, missed in short.items() if missed]


def _many_forms() -> None:
    letters = random.Random(1)
    words = [("".join(letters.choices("abcdefghijklmnoprstuvz", k=8)),) for _ in range(30_000)]
    began = time.process_time()
    matcher = _matcher([word for (word,) in words], TermKind.EXACT)
    took = time.process_time() - began
    assert matcher.match(body=f"x {words[-1][0]} y").hits
    print(f"  30,000 exact forms: compiled in {took:.1f} s, found")


def _best(*jobs: Callable[[], object]) -> list[float]:
    best = [float("inf")] * len(jobs)
    for _ in range(ROUNDS):
        for number, job in enumerate(jobs):
            began = time.process_time()
            job()
            best[number] = min(best[number], time.process_time() - began)
    return best


def _matcher(names: list[str], kind: TermKind = TermKind.NAME) -> Matcher:
    terms = tuple(Term(f"t{number}", kind, (TermEntry(name),)) for number, name in enumerate(names))
    circle = Circle("c", "C", "partners", " or ".join(term.id for term in terms[:5000]))
    return Matcher(Campaign("b", "B", ("AL",), date(2024, 1, 1), "Europe/Tirane", "optional", (circle,), terms))


def _names(count: int) -> list[str]:
    people = [f"{first} {last}" for last in LAST for first in FIRST]
    made = [f"{first[:-1]}{last}" for first in FIRST for last in LAST]
    return [*TOWNS, *LAST, *people, *made][:count]


def _texts() -> Iterator[str]:
    size = 0
    while size < TEXT_BYTES:
        for text in _once():
            size += len(text.encode())
            yield text
            if size >= TEXT_BYTES:
                return


def _once() -> Iterator[str]:
    news = CORPUS / "news-albanian" / "articles.jsonl.gz"
    if news.exists():
        with gzip.open(news, "rt", encoding="utf-8") as lines:
            yield from (f"{row['title']}\n{row['body']}" for row in map(json.loads, lines))
        return
    choose = random.Random(2)
    for _ in range(500):
        words = choose.choices(WORDS, k=400)
        words[choose.randrange(400)] = choose.choice(TOWNS)
        yield " ".join(words)


def _compile_apart(count: int) -> tuple[float, float]:
    """Seconds and megabytes that compiling costs, in a process of its own that had everything imported."""
    code = (
        "import sys, time; from tests.benchmarks import bench_matching as b; names = b._names(int(sys.argv[1]));"
        "held = lambda: int(open('/proc/self/statm').read().split()[1]) * 4096; before = held(); began = time.process_time(); m = b._matcher(names);"
        "print(time.process_time() - began, (held() - before) / 1e6)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, str(count)], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    seconds, megabytes = answer.stdout.split()
    return float(seconds), float(megabytes)


if __name__ == "__main__":
    print(main())
