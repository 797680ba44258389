"""What of the settings a backup takes along."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.maintenance.packed_settings import without_secrets
from tracker.settings import WORKSPACE_FILE, read_settings


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ('[mail]\npassword = "s3cret-word"\n', '[mail]\npassword = ""\n'),
        ("[mail]\npassword = 5550123\n", '[mail]\npassword = ""\n'),
        ('[alerts]\napprise_url = ["ntfy://s3cret-word"]\n', '[alerts]\napprise_url = ""\n'),
        ('[mail.oauth]\nclient_secret = "s3cret-word"\n', '[mail.oauth]\nclient_secret = ""\n'),
        ('[schedule]\nping_url = "https://ping.example/s3cret-word"\n', '[schedule]\nping_url = ""\n'),
        ('[fetch]\nproxy = "http://ana:s3cret-word@proxy.example:8080"\n', '[fetch]\nproxy = ""\n'),
        ('[fetch]\nproxy = "http://proxy.example:8080"\n', '[fetch]\nproxy = "http://proxy.example:8080"\n'),
        (
            '[nets.search_feed]\nenabled = true\naddress = "https://search.example/feed?q=site:{domain}&api_key=s3cret-word"  # ours\n',
            '[nets.search_feed]\nenabled = true\naddress = "https://search.example/feed?q=site:{domain}&api_key=(hidden)"  # ours\n',
        ),
        (
            '[nets.wayback]\nbase_url = "https://ana:s3cret-word@web.example/cdx"\n',
            '[nets.wayback]\nbase_url = "https://ana:(hidden)@web.example/cdx"\n',
        ),
        ('[nets.wayback]\nbase_url = "https://web.example/cdx?output=json"\n', None),
        ('[digest]\ntitle_note = "key=word"\n', None),
        ("", None),
    ],
    ids=[
        "password",
        "number",
        "list",
        "nested",
        "address",
        "proxy with login",
        "proxy",
        "key in an address",
        "login",
        "no key",
        "other text",
        "nothing",
    ],
)
def test_a_pack_takes_settings_along_without_their_secrets(given: str, kept: str | None) -> None:
    assert without_secrets(given.encode()).decode() == (given if kept is None else kept)
    assert b"s3cret-word" not in without_secrets(given.encode())


def test_settings_whose_addresses_are_masked_can_still_be_read(tmp_path: Path) -> None:
    given = '[nets.search_feed]\nenabled = true\naddress = "https://search.example/?q={domain}&token=s3cret-word"\n'
    (tmp_path / WORKSPACE_FILE).write_bytes(without_secrets(given.encode()))
    assert read_settings(tmp_path, {}).nets.search_feed.address == "https://search.example/?q={domain}&token=(hidden)"
