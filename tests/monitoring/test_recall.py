"""Known coverage against the archive: found, or the stage where it stopped and why."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.builders import NOW, a_hand_item, a_mention, a_verdict
from tests.newsdesk import ARTA, CAMPAIGN_ID, Addresses, Newsdesk
from tracker.cli.main import cli
from tracker.errors import ConfigError
from tracker.model import Decision
from tracker.monitoring.recall import KnownItem, Stage, read_known, recall, recall_lines, recall_remembered, remember
from tracker.store import manual_items, mentions, verdicts

NEVER_LISTED = "https://zeri-i-lumit.example/lajme/never-listed"
STRANGER = "https://elsewhere.example/news/1"


@pytest.fixture
def read(grouped: Newsdesk) -> Newsdesk:
    return grouped


def stages(desk: Newsdesk, *listed: str) -> list[Stage]:
    return [item.stage for item in recall(desk.parts.database, CAMPAIGN_ID, [KnownItem(url) for url in listed]).items]


def test_every_known_item_is_found_or_stopped_at_a_named_stage(read: Newsdesk, addresses: Addresses) -> None:
    listed = [
        addresses.river,
        addresses.copy,
        addresses.held,
        addresses.arta,
        addresses.weather,
        addresses.nothing,
        addresses.blocked,
        NEVER_LISTED,
        STRANGER,
    ]
    assert stages(read, *listed) == [
        Stage.FOUND,
        Stage.FOUND,
        Stage.HELD,
        Stage.FOUND,
        Stage.NO_MENTION,
        Stage.NO_ARTICLE,
        Stage.NOT_FETCHED,
        Stage.NOT_NAMED,
        Stage.NOT_WATCHED,
    ]
    found = recall(read.parts.database, CAMPAIGN_ID, [KnownItem(url, line) for line, url in enumerate(listed, 1)])
    assert (found.found, found.known) == (4, 9)
    told = "\n".join(recall_lines(found))
    assert told.startswith("found 4 of 9 known items")
    assert f"not fetched: 1\n  line 7: {addresses.blocked} (blocked: the server refuses us" in told
    assert "(Zëri i Lumit is watched, but no source of it listed this address)" in told


def test_an_address_is_found_however_it_is_spelt(read: Newsdesk, addresses: Addresses) -> None:
    assert stages(read, f"{addresses.river}?utm_source=mail#top", addresses.river.replace("https://", "http://www.")) == [Stage.FOUND] * 2


def test_a_rejected_item_is_told_as_rejected(read: Newsdesk, addresses: Addresses) -> None:
    with read.parts.database.writing() as conn:
        verdicts.record(conn, a_verdict(read.mention_of(ARTA).article_id, Decision.REJECT, CAMPAIGN_ID))
    assert stages(read, addresses.arta) == [Stage.REJECTED]


def test_what_a_person_had_to_enter_counts_as_not_found(read: Newsdesk, addresses: Addresses) -> None:
    with read.parts.database.writing() as conn:
        entered = a_hand_item(next(article.id for article in read.articles() if article.canonical_url == addresses.weather))
        manual_items.add(conn, entered, "moti")
        mentions.save(conn, [a_mention(entered.article_id)], NOW)
    assert stages(read, addresses.weather) == [Stage.BY_HAND]
    assert recall(read.parts.database, CAMPAIGN_ID, [KnownItem(addresses.weather)]).found == 0


def test_every_later_digest_says_how_much_of_it_is_found(read: Newsdesk, addresses: Addresses) -> None:
    remember(read.parts.database, CAMPAIGN_ID, [KnownItem(addresses.river), KnownItem(addresses.weather)], NOW)
    read.night("digest")
    (text,) = (body.decode() for name, body in read.outbox().items() if name.endswith(".txt"))
    assert "Known items found: 1 of 2." in " ".join(text.split())
    remember(read.parts.database, CAMPAIGN_ID, [KnownItem(addresses.river)], NOW)
    assert recall_remembered(read.parts.database, CAMPAIGN_ID).known == 1
    assert recall_remembered(read.parts.database, "another").known == 0


# --- the file ---


def written(folder: Path, text: str) -> Path:
    path = folder / "known.csv"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example/1\n\n# heard on the radio\nhttps://a.example/2\n",
        'outlet,url,note\nA,https://a.example/1,\n\nA,https://a.example/2,"two\nlines"\n',
        "note;URL\nx;https://a.example/1\ny;https://a.example/2\n",
        "\ufeffLink\nhttps://a.example/1\nhttps://a.example/2\n",
    ],
    ids=["one a line", "csv", "csv of a spreadsheet", "one column"],
)
def test_addresses_are_read_one_a_line_or_from_a_column(tmp_path: Path, text: str) -> None:
    items, bad = read_known(written(tmp_path, text))
    assert [item.url for item in items] == ["https://a.example/1", "https://a.example/2"]
    assert bad == []


def test_bad_rows_are_told_by_their_line(tmp_path: Path) -> None:
    text = 'note,url\n"two\nlines",https://a.example/1\n,not an address\n,\nshort\n,https://A.example/1?utm_source=x\n,file:///etc/passwd\n'
    items, bad = read_known(written(tmp_path, text))
    assert [(item.line, item.url) for item in items] == [(2, "https://a.example/1")]
    assert [(row.line, row.reason) for row in bad] == [
        (4, "'not an address' is no web address"),
        (6, "'' is no web address"),
        (7, "the same item as line 2"),
        (8, "'file:///etc/passwd' is no web address"),
    ]


@pytest.mark.parametrize("content", [b"", b"nothing here\n", b"\xff\xfe\x00", b"url\n\n"])
def test_a_file_without_an_address_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "known.txt"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"known\.txt"):
        read_known(path)


def run(desk: Newsdesk, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--workspace", str(desk.folder), "campaign", "recall", CAMPAIGN_ID, *words], standalone_mode=False)


def test_the_command_ends_with_1_when_something_is_missing_or_a_row_is_bad(read: Newsdesk, addresses: Addresses, tmp_path: Path) -> None:
    whole = run(read, str(written(tmp_path, addresses.river)))
    assert (whole.return_value, whole.stdout) == (0, "found 1 of 1 known items\n")
    missing = run(read, str(written(tmp_path, f"{addresses.river}\n{STRANGER}\n")))
    assert (missing.return_value, missing.stdout.splitlines()[0]) == (1, "found 1 of 2 known items")
    bad = run(read, str(written(tmp_path, f"{addresses.river}\nnonsense\n")))
    assert bad.return_value == 1
    assert "known.csv:2: 'nonsense' is no web address; left out" in bad.stderr
