from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import StoreError
from tracker.store.packing import pack, pack_text, unpack, unpack_text

ROOT = Path(__file__).resolve().parents[2]


@given(st.binary(max_size=4000))
def test_unpacking_gives_what_was_packed(content: bytes) -> None:
    assert unpack(pack(content)) == content


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_texts_come_back_whole(words: str) -> None:
    assert unpack_text(pack_text(words)) == words


def test_many_threads_pack_at_once() -> None:
    contents = [bytes([number]) * 50_000 for number in range(64)]
    with ThreadPoolExecutor(8) as threads:
        assert [*threads.map(lambda content: unpack(pack(content)), contents)] == contents


@pytest.mark.parametrize("damaged", [b"", b"no zstandard", pack(b"x" * 1000)[:-3]])
def test_damaged_bytes_are_an_error_in_words(damaged: bytes) -> None:
    with pytest.raises(StoreError, match="tracker restore"):
        unpack(damaged)


def test_workers_can_unpack_without_sqlalchemy() -> None:
    program = "import sys, tracker.store.packing; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
