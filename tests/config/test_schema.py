"""A TOML file read into structs: the fault is named where it stands, in words that say what would be right."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from tracker.config.schema import ByLanguage, Id, Line, Text, Wrong, as_record, one_of, read_struct
from tracker.config.toml_positions import TomlDocument, read_toml
from tracker.errors import ConfigError
from tracker.matching.campaign_file import CampaignFile
from tracker.model import KeyMessage


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    size: Annotated[int, Meta(ge=1, le=9)] = 1
    share: Annotated[float, Meta(gt=0)] = 0.5
    names: ByLanguage = {}
    letters: tuple[Annotated[str, one_of("abc")], ...] = ()

    def __post_init__(self) -> None:
        if self.size == 5:
            raise Wrong("five is taken", "size")


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: Id
    title: Line | None = None
    on: date | None = None
    is_open: bool = False
    parts: dict[str, Part] = {}
    rows: tuple[Part, ...] = ()


def document(tmp_path: Path, text: str) -> TomlDocument:
    (tmp_path / "a.toml").write_text(text, "utf-8")
    return read_toml(tmp_path / "a.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a.toml: needs id: text of letters"),
        ("id = '-'", "a.toml:1:1: id must be text of letters"),
        ("id = 3", "a.toml:1:1: id must be text of letters"),
        ("id = 'x'\ntitel = 'a'", "a.toml:2:1: unknown key 'titel' in the file (did you mean 'title'?); known are id, title, on,"),
        ("id = 'x'\ntitle = ' '", "a.toml:2:1: title must be text that is not empty"),
        ("id = 'x'\non = '2026-01-01'", "a.toml:2:1: on must be a day without quotes: on = 2024-10-01"),
        ("id = 'x'\nis_open = 1", "a.toml:2:1: is_open must be true or false"),
        ("id = 'x'\nparts = 3", "a.toml:2:1: parts must be a table: [parts]"),
        ("id = 'x'\n[parts.a]\n[parts.'b.c']\nsize = 10", "a.toml:4:1: parts.b.c.size must be a whole number between 1 and 9"),
        ("id = 'x'\n[parts.a]\n[parts.'b c']\nsice = 1", "a.toml:4:1: unknown key 'sice' in [parts.b c] (did you mean 'size'?)"),
        ("id = 'x'\n[parts.a]\nnames = { sq = 'a', sr = 'b' }", "a.toml:3:21: unknown 'sr' in parts.a.names; known are sq, sr-Latn"),
        ("id = 'x'\n[parts.a]\nsize = 2\n[parts.b]\nnames.sq = 'a'\nnames.mk = 3", "a.toml:6:7: parts.b.names.mk must be text"),
        ("id = 'x'\n[parts.a.b]\nc = 1", "a.toml:2:10: unknown key 'b' in [parts.a]"),
        ("id = 'x'\n[part.a.b]\nc = 1", "a.toml:2:2: unknown key 'part' in the file (did you mean 'parts'?)"),
        ("id = 'x'\n[[rows]]\n[[rows]]\nsize = 5", "a.toml:4:1: five is taken"),
        ("id = 'x'\n[[rows]]\nshare = nan", "a.toml:3:1: share must be a number above 0"),
        ("id = 'x'\n[[rows]]\nletters = ['a', 'd']", "a.toml:3:17: unknown 'd' in letters; known are a, b, c"),
        ("id = 'x'\nrows = [{}, 3]", "a.toml:2:13: an entry of rows must be a table: [[rows]]"),
        ("id = 'x'\n[rows]", "a.toml:2:2: rows must be written as [[rows]]"),
    ],
)
def test_a_fault_is_named_with_its_place_and_what_would_be_right(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_struct(document(tmp_path, text), File, "the file")
    assert str(caught.value).replace(f"{tmp_path}/", "").startswith(said), str(caught.value)


def test_a_record_takes_plain_texts_and_pairs_in_place_of_tables(tmp_path: Path) -> None:
    class Written(msgspec.Struct, frozen=True):
        id: str
        name: Text
        query: str
        names: ByLanguage = {}

    read = read_struct(document(tmp_path, "id = 'm'\nname = ' A '\nquery = 'q'\nnames.sq = 'Një  emër'\n"), Written, "the file")
    message = as_record(KeyMessage, read, query="other")
    assert message == KeyMessage("m", "A", "other", (("sq", "Një emër"),))
    assert (type(message.name), type(message.names[0][1])) == (str, str)


NAMES = st.sampled_from([*CampaignFile.__struct_fields__, "kind", "any", "sq", "text", "x", "a.b", "roles", "outcomes", "terms"])
LEAVES = st.one_of(st.integers(-3, 99), st.floats(), st.booleans(), st.dates(), st.sampled_from(["", "x", "AL", "name", "#123456", "\0"]))
TREES = st.dictionaries(
    NAMES, st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12)
)


@given(TREES, st.booleans())
def test_whatever_stands_in_a_file_it_is_read_or_refused(data: dict[str, object], has_the_rest: bool) -> None:
    rest = {"id": "x", "name": "X", "countries": ["AL"], "since": date(2026, 1, 1), "time_zone": "Europe/Tirane", "query": "x"}
    if has_the_rest:
        data = {"terms": {"x": {"kind": "word", "any": ["x"]}}} | data | rest
    try:
        read_struct(TomlDocument(Path("a.toml"), data, "", {}), CampaignFile, "the campaign file")
    except ConfigError as error:
        assert "msgspec" not in str(error)  # noqa: PT017 (either end is right)
        assert "Expected" not in str(error)  # noqa: PT017


def test_a_wrong_value_is_shown_as_far_as_a_line_has_room(tmp_path: Path) -> None:
    for text in (f"id = 'x'\n{'k' * 100_000} = 1", f"id = 'x'\n[[rows]]\nletters = ['{'v' * 100_000}']"):
        with pytest.raises(ConfigError, match="unknown") as caught:
            read_struct(document(tmp_path, text), File, "the file")
        assert len(caught.value.message) < 300
