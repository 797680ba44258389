"""TOML with places: every key and item is where the file says it is, every fault names its line and column."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.config.toml_positions import read_toml
from tracker.config.toml_text import MAX_BYTES
from tracker.errors import ConfigError
from tracker.locale.program import program_words

SAMPLE = '''id = "x" # c
a.b = [1, 2,
  'x', {t = "u\\u0041bc", k = 'd'},]
q = """
a and
 b"""
[[circles]]
id="a"
[[circles]]
id = "b"
[circles.sub]
z = 1979-05-27T07:32:00
[terms."š x"]
sr = ["""a
b""", 'c']
empty = {}
'''


def written(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "file.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("keys", "position"),
    [
        (("id",), (1, 1)),
        (("a", "b"), (2, 3)),
        (("a", "b", 1), (2, 11)),
        (("a", "b", 2), (3, 3)),
        (("a", "b", 3, "k"), (3, 26)),
        (("circles", 0, "id"), (8, 1)),
        (("circles", 1), (9, 3)),
        (("circles", 1, "sub", "z"), (12, 1)),
        (("terms", "š x", "sr", 1), (15, 7)),
        (("nothing",), None),
    ],
)
def test_a_key_and_an_item_are_found_where_they_stand(
    tmp_path: Path, keys: tuple[str | int, ...], position: tuple[int, int] | None
) -> None:
    assert read_toml(written(tmp_path, SAMPLE)).position(keys) == position


@pytest.mark.parametrize(
    ("keys", "offset", "position"),
    [(("q",), 7, (6, 2)), (("a", "b", 3, "t"), 2, (3, 21)), (("a", "b", 2), 0, (3, 4)), (("terms", "š x", "sr", 0), 2, (15, 1))],
)
def test_a_character_of_a_value_is_found_whatever_its_quotes(
    tmp_path: Path, keys: tuple[str | int, ...], offset: int, position: tuple[int, int]
) -> None:
    assert read_toml(written(tmp_path, SAMPLE)).position_within(keys, offset) == position


@pytest.mark.parametrize(
    ("content", "line", "word"),
    [
        ("a = \n", 1, "TOML"),
        ("a = 1\na = 2\n", 2, "TOML"),
        ("x = 'unclosed\n", 1, "TOML"),
        ("x = [1, 2\n", 1, "TOML"),
        (b"a = 1\nb = '\xff\xfe'\n", 2, "UTF-8"),
        (b"\x00\x01\x02", 1, "TOML"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, content: str | bytes, line: int, word: str) -> None:
    with pytest.raises(ConfigError, match=word) as caught:
        read_toml(written(tmp_path, content))
    assert caught.value.line == line
    assert caught.value.column is not None


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ("name = \u201eLiving\u201c\n", "straight"),
        ("name = 'it\u2019s' \u201dx\u201d\n", "straight"),
        ('name = "Living\n', "closing quotation mark"),
        ("query = 'dam", "closing quotation mark"),
        ("query = 'dam\n", "closing quotation mark"),
        ('name = "dam', "closing quotation mark"),
        ('any = ["a" "b"]\n', "comma"),
        ("name = Living Rivers\n", "stands in quotation marks"),
        ("at = 02:00 \n", "stands in quotation marks"),
        ("since = 1.10.2024\n", "a day is written 2024-10-01"),
        ("since = 1. 12. 2026\n", "a day is written 2024-10-01"),
        ("since = 01/10/2024\n", "a day is written 2024-10-01"),
        ("since = 2024-10-1\n", "a day is written 2024-10-01"),
        ("since = 2024\u201310\u201301\n", "a day is written 2024-10-01"),
        ("since = 2024-13-01\n", "a day is written 2024-10-01"),
        ("slop = 2,5\n", "a point, not a comma"),
        ("enabled = yes\n", "true and false"),
        ("enabled = True\n", "true and false"),
        ("enabled = Po\n", "true and false"),
        ('name: "Lumi"\n', "stands ="),
        ("slop\u00a0= 2\n", "not seen"),
        ("slop =\u200b 2\n", "not seen"),
        ("qu\u0435ry = 'a'\n", "Cyrillic letter"),
        ("[terms.cr\u0441a]\n", "Cyrillic letter"),
        ('folder = "C:\\Users\\ana"\n', "stands for itself"),
        ("[terms.digë]\n", "a to z"),
        ("digë = 1\n", "a to z"),
    ],
)
def test_a_frequent_mistake_is_told_with_what_to_write(tmp_path: Path, content: str, hint: str) -> None:
    with pytest.raises(ConfigError, match=hint) as caught:
        read_toml(written(tmp_path, content))
    for language in ("sq", "sr-Cyrl", "mk"):
        told = program_words(language).say(caught.value.message)
        assert told is not None
        assert told.count("TOML") == 1


def test_an_apostrophe_inside_a_text_is_no_curly_quotation_mark(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_toml(written(tmp_path, 'a = "it\u2019s" b\n'))
    assert "straight" not in caught.value.message


def test_a_missing_file_a_folder_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        read_toml(tmp_path / "nothing.toml")
    with pytest.raises(ConfigError, match="no file"):
        read_toml(tmp_path)
    with pytest.raises(ConfigError, match="larger"):
        read_toml(written(tmp_path, b"#" * (MAX_BYTES + 1)))
    with pytest.raises(ConfigError):
        read_toml(Path("\0"))


def test_a_file_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="TOML"):
        read_toml(written(tmp_path, "a = " + "[" * 20_000 + "]" * 20_000))


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    document = read_toml(written(tmp_path, b"\xef\xbb\xbfa = 1\r\nb = 2\r\n"))
    assert document.data == {"a": 1, "b": 2}
    assert document.position(("b",)) == (2, 1)


NAMES = st.text(alphabet="abš -.\"'#=[]", max_size=6)
VALUES = st.recursive(
    st.one_of(st.integers(-9, 9), st.text(alphabet="ab\"'\\\nš#[]{},=", max_size=8), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)


def as_toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return "[ " + ", ".join(map(as_toml, value)) + " ]"
    assert isinstance(value, dict)
    return "{ " + ", ".join(f"{quoted(name)} = {as_toml(item)}" for name, item in value.items()) + " }"


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.dictionaries(NAMES, st.dictionaries(NAMES, VALUES, max_size=3), max_size=2))
def test_the_scanner_finds_its_way_through_any_valid_file(
    tmp_path_factory: pytest.TempPathFactory, plain: dict[str, object], tables: dict[str, dict[str, object]]
) -> None:
    rows = [f"{quoted(name)} = {as_toml(value)}" for name, value in plain.items()]
    for name, table in tables.items():
        if name not in plain:
            rows += ["# comment [", f"[ {quoted(name)} ]", *(f"{quoted(key)} = {as_toml(value)}" for key, value in table.items())]
    source = "\n".join(rows) + "\n"
    document = read_toml(written(tmp_path_factory.mktemp("toml"), source))
    assert document.data == tomllib.loads(source)
    for name in document.data:
        assert document.position((name,)) is not None
    assert [document.position((name,)) for name in plain] == [(number, 1) for number in range(1, len(plain) + 1)]
