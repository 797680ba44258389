from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import ConfigError
from tracker.pipeline import dry_runs, json_lines

CAMPAIGN = """
id = "rivers"
name = "Clean rivers"
countries = ["AL"]
since = 2026-01-01
time_zone = "Europe/Tirane"
review = "optional"
query = 'river'
[[labels]]
id = "flood"
hold = true
query = 'flood'
[[key_messages]]
id = "care"
name = "Care"
query = 'river and flood'
[terms.flood]
kind = "word"
sq = ["vërshim"]
[terms.river]
kind = "word"
sq = ["lumë"]
"""
DryRun = Callable[[IO[bytes], IO[bytes]], None]
PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1>" + "<p>Banorët e fshatit panë ujin të ngrihej gjatë natës.</p>" * 8
FEED = '<rss version="2.0"><channel><title>P</title><item><title>Lumi</title><link>https://a.example/1</link></item></channel></rss>'


@pytest.fixture
def matching(tmp_path: Path) -> DryRun:
    path = tmp_path / "rivers.toml"
    path.write_text(CAMPAIGN, "utf-8")
    return lambda lines, out: dry_runs.match_lines(path, lines, out)


def answers(run: DryRun, *lines: object) -> list[dict[str, Any]]:
    """One answer a line; texts and bytes are given as they are, anything else as JSON."""
    given = [line if isinstance(line, bytes) else line.encode() if isinstance(line, str) else json.dumps(line).encode() for line in lines]
    out = io.BytesIO()
    run(io.BytesIO(b"\n".join(given)), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_answers_come_in_order_with_their_ids_and_a_bad_line_stops_nothing(matching: DryRun) -> None:
    found = answers(
        matching,
        {"id": "b", "text": "Lumi doli."},
        '{"id": "broken", "text": ',
        "[1, 2]",
        b"\xff\xfe\x00\x01",
        {"text": "no id"},
        {"id": 7},
        {"id": 8, "text": 9},
        "",
        "   ",
        '"' + "[" * 5000,
        "[" * 100_000,
        {"id": None, "text": "asgjë"},
        {"id": {"a": [1]}, "text": "lumit"},
    )
    assert [(answer["id"], answer.get("matched", "error" in answer)) for answer in found] == [
        ("b", True),
        (None, True),
        (None, True),
        (None, True),
        (None, True),
        (7, True),
        (8, True),
        (None, True),
        (None, True),
        (None, False),
        ({"a": [1]}, True),
    ]
    errors = [answer["error"] for answer in found if "error" in answer]
    assert "line 2 is no JSON" in errors[0]
    assert errors[1] == "line 3 must be a JSON object"
    assert errors[3] == "line 5 has no id"
    assert errors[4:6] == ["'text' must be text", "'text' must be text"]


def test_offsets_are_characters_of_the_given_text_in_every_field(matching: DryRun) -> None:
    text, title = "🌊🌊 Pranë lumit, te Лумi: LUMËT.", "Lumi i madh"
    (found,) = answers(matching, {"id": 1, "text": text, "title": title, "language": "sq"})
    fields = {"title": title, "body": text}
    assert {hit["field"] for hit in found["terms"]["river"]} == {"title", "body"}
    assert all(fields[hit["field"]][hit["start"] : hit["end"]] == hit["form"] for hit in found["terms"]["river"])


def test_the_answer_names_circle_labels_and_key_messages(matching: DryRun) -> None:
    both, one, none = answers(matching, *({"id": 1, "text": text, "language": "sq"} for text in ("Lumi pas vërshimit.", "Lumi.", "Deti.")))
    assert (both["circle"], both["labels"], both["key_messages"], both["held"]) == ("rivers", ["flood"], ["care"], True)
    assert (one["circle"], one["labels"], one["key_messages"], one["held"]) == ("rivers", [], [], False)
    assert (none["circle"], none["matched"], none["terms"]) == (None, False, {})


def test_a_line_of_five_megabytes_is_answered(matching: DryRun) -> None:
    found = answers(matching, {"id": 1, "text": "ujë " * 1_300_000 + "lumit"}, {"id": 2, "text": "lumi"})
    assert [(answer["id"], answer["matched"]) for answer in found] == [(1, True), (2, True)]


@pytest.mark.parametrize("run", [dry_runs.extract_lines, dry_runs.feed_lines, dry_runs.group_lines])
def test_empty_input_gives_empty_output(run: DryRun) -> None:
    assert answers(run) == []


def test_a_byte_order_mark_and_carriage_returns_do_no_harm(matching: DryRun) -> None:
    assert [
        answer["matched"] for answer in answers(matching, b'\xef\xbb\xbf{"id": 1, "text": "lumi"}\r', b'{"id": 2, "text": "mali"}\r')
    ] == [
        True,
        False,
    ]


def test_a_bad_campaign_stops_a_dry_run_before_its_first_answer(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(CAMPAIGN.replace("'river'", "'river and'"), "utf-8")
    out = io.BytesIO()
    with pytest.raises(ConfigError, match=r"bad\.toml:8:"):
        dry_runs.match_lines(tmp_path / "bad.toml", io.BytesIO(b'{"id": 1, "text": "lumi"}'), out)
    assert out.getvalue() == b""


def test_pages_are_read_from_files_packed_or_not_and_from_the_line(tmp_path: Path) -> None:
    html = PAGE.format("Lumi doli nga shtrati")
    (tmp_path / "page.html").write_text(html, "utf-8")
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(html.encode()))
    base = {"url": "https://a.example/lajme/lumi-doli-nga-shtrati"}
    found = answers(
        dry_runs.extract_lines,
        {"id": 1, **base, "path": str(tmp_path / "page.html")},
        {"id": 2, **base, "path": str(tmp_path / "page.html.gz")},
        {"id": 3, **base, "html": html},
    )
    assert [answer["title"] for answer in found] == ["Lumi doli nga shtrati"] * 3
    assert len({json.dumps({**answer, "id": 0}) for answer in found}) == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.html", None, "No such file"),
        ("cut.html.gz", gzip.compress(b"x" * 1000, mtime=0)[:15], "ended before"),
        ("plain.html.gz", b"<html>", "gzip"),
        ("bent.html.gz", gzip.compress(b"hello" * 1000, mtime=0)[:15] + b"\xff" * 20, "decompressing"),
    ],
    ids=["missing", "cut", "not packed", "bent"],
)
def test_a_file_that_cannot_be_read_is_an_error_of_its_line_alone(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    given = {"url": "https://a.example/1", "html": PAGE.format("Lumi")}
    first, second = answers(dry_runs.extract_lines, {"id": 1, "url": "https://a.example/1", "path": str(path)}, {"id": 2, **given})
    assert said in first["error"]
    assert (second["id"], second["outcome"]) == (2, "article")


@pytest.mark.parametrize("path", [".", "/dev/zero", "a\0b"])
def test_a_path_that_is_no_file_is_refused(path: str) -> None:
    (answer,) = answers(dry_runs.feed_lines, {"id": 1, "path": path})
    assert answer.keys() == {"id", "error"}


def test_a_file_that_unpacks_to_gigabytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dry_runs, "MAX_FILE_BYTES", 1000)
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(100_000)))
    (answer,) = answers(dry_runs.feed_lines, {"id": 1, "path": str(tmp_path / "bomb.gz")})
    assert "holds more than 1000 bytes" in answer["error"]


@pytest.mark.parametrize(
    "html", ["", "<div>" * 20_000, "&#xD800;&#0;" * 50, "\0" * 1000, "<!ENTITY a 'b'>", PAGE.format("\ufffe\U0001f30a")]
)
def test_a_hostile_page_is_answered(html: str) -> None:
    (answer,) = answers(dry_runs.extract_lines, {"id": 1, "url": "https://a.example/1", "html": html})
    assert answer["id"] == 1
    assert answer.keys() >= {"outcome"} or answer.keys() == {"id", "error"}


def test_a_page_is_skipped_with_its_reason_and_the_same_keys() -> None:
    skipped, read = answers(
        dry_runs.extract_lines,
        {"id": 1, "url": "https://a.example/1", "html": "<p>x"},
        {"id": 2, "url": "https://a.example/1", "html": PAGE.format("Lumi")},
    )
    assert skipped["reason"]
    assert skipped.keys() - {"reason"} == read.keys()


def test_feeds_are_answered_with_entries_or_a_reason(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(FEED, "utf-8")
    (tmp_path / "page.html").write_text(PAGE.format("Lumi"), "utf-8")
    feed, page = answers(
        dry_runs.feed_lines,
        {"id": 1, "path": str(tmp_path / "feed.xml")},
        {"id": 2, "path": str(tmp_path / "page.html"), "url": "https://a.example/"},
    )
    assert [entry["url"] for entry in feed["entries"]] == ["https://a.example/1"]
    assert (page["outcome"], page["entries"]) == ("not_a_feed", [])
    assert page["reason"]


def test_texts_are_grouped_across_bad_lines_and_each_has_its_role() -> None:
    body = " ".join(f"fjala{number}" for number in range(80))
    story = {"outlet": "zeri", "title": "Lumi", "body": body, "published": "2026-03-01"}
    found = answers(
        dry_runs.group_lines,
        {"id": "x", **story},
        "nonsense",
        {"id": "y", **story, "outlet": "b", "published": "2026-03-01T09:20:05+01:00", "body": body + " Burimi: Zeri"},
        {"id": "z", "body": "tjetër"},
        {"id": 9, "body": 5},
    )
    assert [answer["id"] for answer in found] == ["x", None, "y", "z", 9]
    assert found[0]["story"] == found[2]["story"] != found[3]["story"]
    assert [found[0][name] for name in ("role", "copied_from", "shared")] == ["original", None, None]
    assert [found[2][name] for name in ("role", "copied_from")] == ["copy", "x"]
    assert 0.9 < found[2]["shared"] < 1
    assert [found[3][name] for name in ("role", "copied_from", "shared")] == ["original", None, None]
    assert "error" in found[1]
    assert found[4]["error"] == "'body' must be text"


def test_a_reader_that_goes_away_ends_the_run_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "lines.jsonl").write_bytes(b'{"id": 1, "path": "none"}\n' * 50_000)
    with (tmp_path / "lines.jsonl").open("rb") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "tracker", "try", "feed"], stdin=lines, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["id"] == 1
        process.stdout.close()
        words = process.stderr.read()
        process.stderr.close()
        assert (process.wait(60), words) == (0, b"")


class _Dripping(io.BytesIO):
    """Gives a few bytes at a time, as a pipe may, and notes how many answers could be seen before each."""

    def __init__(self, given: bytes, out: io.BytesIO, step: int) -> None:
        super().__init__(given)
        self._out, self._step = out, step
        self.seen: list[int] = []

    def read1(self, size: int | None = -1) -> bytes:
        self.seen.append(self._out.getvalue().count(b"\n"))
        return super().read(self._step)


@given(
    st.lists(st.sampled_from(['{"id": 1}', "", "  ", "nonsense", "[]", '{"id": "ë"}', "{}"]), max_size=9), st.integers(1, 40), st.booleans()
)
def test_lines_are_the_same_however_they_arrive(lines: list[str], step: int, ended: bool) -> None:
    text = "\n".join(lines).encode() + b"\n" * ended
    whole, dripped = io.BytesIO(), io.BytesIO()
    dry_runs.feed_lines(io.BytesIO(text), whole)
    dry_runs.feed_lines(_Dripping(text, dripped, step), dripped)
    assert whole.getvalue() == dripped.getvalue()
    assert whole.getvalue().count(b"\n") == sum(bool(line.strip()) for line in lines)


def test_who_gives_one_line_and_waits_gets_its_answer(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tracker", "try", "feed"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(f'{{"id": {number}}}\n'.encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()


def test_a_line_longer_than_any_page_is_answered_and_not_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "MAX_LINE_BYTES", 300_000)
    out = io.BytesIO()
    dry_runs.feed_lines(io.BytesIO(b"x" * 1_000_000 + b'\n{"id": 7}\n'), out)
    assert json.loads(out.getvalue().splitlines()[-1])["id"] == 7
    assert b"no JSON" in out.getvalue()


class _Dictated:
    """A person's pipe: the next lines are written when all that was given is read."""

    def __init__(self, *batches: bytes) -> None:
        reader, self._writer = os.pipe()
        self._stream, self._batches = os.fdopen(reader, "rb"), [*batches]
        self.fileno = self._stream.fileno

    def read1(self, size: int) -> bytes:
        if not json_lines._stands(self.fileno()):
            os.write(self._writer, self._batches.pop(0)) if self._batches else os.close(self._writer)
        return self._stream.read1(size)

    def close(self) -> None:
        self._stream.close()


@pytest.mark.parametrize(
    ("batches", "seconds_a_line", "begun"),
    [
        ([b'{"id": 1}\n' * 50], 0.01, 1),
        ([b'{"id": 1}\n' * 50], 0.001, 0),
        ([b'{"id": 1}\n'] * 50, 0.01, 0),
        ([b'{"id": 1}\n' * 5] * 20, 0.01, 0),
        ([b'{"id": 1}\n', b'{"id": 1}\n' * 50], 0.01, 1),
        ([b'{"id": 1}\n' * 2], 5.0, 0),
        ([b'{"id": 1}\n' * 2 + b"\n \n" * 5], 5.0, 0),
        ([b'{"id": 1}\n' * 3], 5.0, 1),
    ],
    ids=["long", "soon done", "line by line", "with pauses", "after a pause", "two slow lines", "blank lines", "a third slow line"],
)
def test_other_processes_are_begun_when_answering_without_a_pause_takes_long(
    monkeypatch: pytest.MonkeyPatch, batches: list[bytes], seconds_a_line: float, begun: int
) -> None:
    moment = [100.0]
    seen = []

    def read_slowly(_: dict[str, Any]) -> dict[str, Any]:
        moment[0] += seconds_a_line
        return {}

    monkeypatch.setattr(json_lines, "time", SimpleNamespace(monotonic=lambda: moment[0]))
    monkeypatch.setattr(json_lines.LineWorkers, "begin", lambda workers: seen.append(workers))
    lines, out = _Dictated(*batches), io.BytesIO()
    with closing(lines):
        json_lines.answer_lines(lines, out, read_slowly)  # type: ignore[arg-type]
    assert out.getvalue() == b"".join(batches).replace(b" ", b"").replace(b"\n\n", b"\n").rstrip(b"\n") + b"\n"
    assert len(seen) == begun
