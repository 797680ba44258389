"""robots.txt of any length: its first half a megabyte is obeyed, packed or plain, and no more is read (RFC 9309, 2.5)."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from tests.crawl.crawling import Workspace
from tests.newsroom.press import Newsroom, Way, answer, feed, in_turn, page
from tracker.sources.site_files import LONGEST_FILE_BYTES, robots_text

HOST, ELSEWHERE = "127.0.72.1", "127.0.72.2"
RULES = b"User-agent: *\nDisallow: /hidden/\n"
LONG = RULES + b"# a comment as long as it likes to be\n" * 100_000


def _noise(size: int) -> bytes:
    """Comments that no packing makes shorter by much."""
    return b"".join(b"# %x\n" % random.Random(number).getrandbits(400) for number in range(size // 100))


@pytest.mark.parametrize(
    "robots",
    [
        answer(body=LONG),
        answer(body=gzip.compress(LONG), Content_Encoding="gzip"),
        answer(body=gzip.compress(RULES + _noise(3_000_000)), Content_Encoding="gzip"),
        answer(body=gzip.compress(LONG)),
        answer(body=zlib.compress(LONG), Content_Encoding="deflate"),
        answer(body=gzip.compress(RULES + b"\n" * 50_000_000), Content_Encoding="gzip"),
        answer(body=RULES + b"Disallow: /" + b"x" * 3_000_000),
    ],
    ids=["plain", "gzip", "gzip that stays long", "gzip unnamed", "zlib", "bomb", "a line without end"],
)
def test_what_stands_at_the_beginning_is_obeyed(robots: Way, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, fetch__max_bytes=1_000_000)
    with Newsroom() as newsroom:
        newsroom.serve(HOST, "/robots.txt", robots)
        listed = [newsroom.serve(HOST, path, page()) for path in ("/hidden/1", "/open/2")]
        workspace.watch(newsroom.serve(HOST, "/feed", feed(listed)), "long")
        assert workspace.crawl().pages == {"fetched": 1, "robots_refused": 1}
        assert "/hidden/1" not in newsroom.asked(HOST)
        assert "robots.txt could not" not in workspace.polls()["long:feed:1"].detail
    workspace.database.close()


def _raw_deflate(content: bytes) -> bytes:
    packing = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packing.compress(content) + packing.flush()


@pytest.mark.parametrize("size", [1_000, 50_000_000])
@pytest.mark.parametrize(("pack", "named"), [(brotli.compress, "br"), (_raw_deflate, "deflate")], ids=["brotli", "raw deflate"])
def test_a_packing_that_was_not_asked_for_is_read_when_small_and_no_bomb(
    pack: Callable[[bytes], bytes], named: str, size: int, tmp_path: Path
) -> None:
    workspace = Workspace(tmp_path)
    with Newsroom() as newsroom:
        newsroom.serve(HOST, "/robots.txt", answer(body=pack(RULES + b"\n" * size), Content_Encoding=named))
        listed = [newsroom.serve(HOST, path, page()) for path in ("/hidden/1", "/open/2")]
        workspace.watch(newsroom.serve(HOST, "/feed", feed(listed)), "long")
        pages = workspace.crawl().pages
        detail = workspace.polls()["long:feed:1"].detail
    workspace.database.close()
    assert pages == ({"fetched": 1, "robots_refused": 1} if size == 1_000 else {"fetched": 2})
    assert ("robots.txt could not be read" in detail) == (size > 1_000)


def test_a_long_one_on_another_host_is_obeyed_too(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, fetch__max_bytes=1_000_000)
    with Newsroom() as newsroom:
        newsroom.serve(
            HOST, "/robots.txt", in_turn(answer("301 Moved", LONG, Location=newsroom.serve(ELSEWHERE, "/robots.txt", answer(body=LONG))))
        )
        listed = [newsroom.serve(HOST, path, page()) for path in ("/hidden/1", "/open/2")]
        workspace.watch(newsroom.serve(HOST, "/feed", feed(listed)), "long")
        pages = workspace.crawl().pages
    workspace.database.close()
    assert pages == {"fetched": 1, "robots_refused": 1}


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_the_line_at_the_cut_is_left_out_whole(end: bytes) -> None:
    filling = b"#" * (LONGEST_FILE_BYTES - len(RULES) - 12) + end
    text = robots_text(RULES.replace(b"\n", end) + filling + b"Disallow: /archive/" + end)
    assert "/hidden/" in text
    assert "Disallow: /\n" not in f"{text}\n".replace("\r", "\n")
    assert "arch" not in text


def test_one_that_fits_is_read_to_its_last_letter() -> None:
    assert robots_text(b"User-agent: *\nDisallow: /a") == "User-agent: *\nDisallow: /a"
    assert len(robots_text(b"#" * LONGEST_FILE_BYTES)) == LONGEST_FILE_BYTES
