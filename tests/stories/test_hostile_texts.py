"""Texts that nobody writes and every crawl brings: none, one word, five megabytes, thousands of one form."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.builders import NOW, a_mention, an_article, an_outlet
from tests.peers import times_of
from tests.stories.test_grouping import invented
from tracker.model import Depth, Published
from tracker.pipeline import dry_runs, steps
from tracker.store import articles, mentions, registers, stories
from tracker.store.database import open_database

FIVE_MEGABYTES = " ".join(f"fjala{number % 90_000}" for number in range(480_000))
GROUPING = """
import atexit, sys

def peak():
    # the status file, since the kernel's count for a child begins with what its parent held
    sys.stderr.write(next(line for line in open("/proc/self/status") if line.startswith("VmHWM:")).split()[1])

atexit.register(peak)
from tracker.cli.main import main
sys.argv = ["tracker", "try", "group"]
main()
"""
MOST_MB = 500
"""A text of 5 MB takes some 100 MB while it is cut into words."""


def line(number: int, body: str, outlet: str = "") -> bytes:
    item = {"id": number, "outlet": outlet or f"o{number}.example", "title": f"Titulli {number}", "body": body}
    return json.dumps({**item, "published": f"2026-03-01T10:{number % 60:02}:00Z"}).encode() + b"\n"


def grouped(lines: Iterable[bytes]) -> list[dict[str, Any]]:
    out = BytesIO()
    dry_runs.group_lines(BytesIO(b"".join(lines)), out)
    return [json.loads(answer) for answer in out.getvalue().splitlines()]


def alike(count: int) -> list[bytes]:
    form = invented(1, 60)
    return [line(number, f"{form} mbarimi {number}", outlet=f"o{number % 2}.example") for number in range(count)]


def test_texts_of_no_word_one_word_and_five_megabytes_are_each_answered_within_bounds(tmp_path: Path) -> None:
    bodies = ["", "", "fjala", "fjala", "\n\u200b ", FIVE_MEGABYTES, FIVE_MEGABYTES + " fund", "fjala " * 800_000, "a" * 5_000_000]
    (tmp_path / "lines").write_bytes(b"".join(line(number, body) for number, body in enumerate(bodies)))
    with (tmp_path / "lines").open("rb") as lines, (tmp_path / "answers").open("wb") as out:
        process = subprocess.run([sys.executable, "-c", GROUPING], stdin=lines, stdout=out, stderr=subprocess.PIPE, check=False)
    found = [json.loads(answer) for answer in (tmp_path / "answers").read_bytes().splitlines()]
    assert process.returncode == 0
    assert [answer["id"] for answer in found] == [*range(len(bodies))]
    keys = [answer["story"] for answer in found]
    assert keys[5] == keys[6]
    assert len({*keys}) == len(keys) - 1
    assert int(process.stderr) / 1024 < MOST_MB


def test_texts_of_one_form_take_time_by_their_number_and_not_by_its_square() -> None:
    few, many = alike(160), alike(640)
    assert {answer["story"] for answer in grouped(many)} == {"story-0"}
    assert times_of(lambda: grouped(many), lambda: grouped(few)) < 10


def test_a_night_groups_hostile_texts_as_all_others(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    bodies = ["", "fjala", FIVE_MEGABYTES[:1_000_000], FIVE_MEGABYTES[:1_000_000], *(f"{invented(2, 60)} {number}" for number in range(30))]
    with database.writing() as conn:
        registers.replace(conn, [an_outlet(), an_outlet("fjala")], [], NOW)
        for number, body in enumerate(bodies, 1):
            at = Published(NOW + timedelta(minutes=number))
            made = an_article(
                number,
                outlet_id=("fjala", "zeri-i-lumit")[number % 2],
                title=f"Titulli {number}",
                body=body,
                published=at,
                depth=Depth.SCREENED,
            )
            articles.save(conn, [(made, made.title, body)], NOW)
        mentions.save(conn, [a_mention(number) for number in range(1, len(bodies) + 1)], NOW)
    report = steps.group_by_id(database, "rivers", NOW)
    with database.reading() as conn:
        found = {story.article_ids for story in stories.for_campaign(conn, "rivers")}
    assert found == {(1,), (2,), (3, 4), tuple(range(5, 35))}
    database.close()
    assert report.inputs == len(bodies)
