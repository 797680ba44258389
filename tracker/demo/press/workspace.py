"""The workspace of a demo: its catalogue and its settings, with delays and time-outs short enough to wait for."""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from pathlib import Path

from tracker.demo.press.press import PressOutlet
from tracker.demo.press.server import ALLOWED_NETWORK, PressServer

COLUMNS = (
    "id",
    "name",
    "homepage",
    "country",
    "languages",
    "scripts",
    "kind",
    "tier",
    "feeds",
    "feed_evidence",
    "sitemap",
    "platform",
    "notes",
)
CATALOGUE = "sample-press.csv"
RECIPIENTS = "recipients.toml"
BY_HAND = "by-hand.csv"
SETTINGS = f"""# Settings of the demo: everything on this machine, nothing else is ever asked.
[fetch]
allow_networks = ["{ALLOWED_NETWORK}"]
delay_seconds = 0.02
timeout_seconds = 6
retries = 1
user_agent = "PressCoverageTracker/demo (+mailto:press-tracker@localhost)"

[digest]
reply_to = "Arta Lumi <arta.lumi@campaign.example>"
pictures = "all"  # they are drawn for the demo: nobody's rights are touched
"""


MAILBOX = """
[mailbox]
host = "127.0.0.1"
port = {port}
security = "none"
username = "coverage@localhost"
password = "secret"
timeout_seconds = 6
"""


SECOND_NET = """
[nets.gdelt]
enabled = true
base_url = "{net}"
hours_back = 1
"""


ON_SERVER = """
[database]
url = {url}

[workers]
plan_seconds = 0  # they do what the night orders: its moment is another one than now
"""


def prepare_workspace(workspace: Path, server: PressServer, database_url: str = "", mailbox_port: int = 0) -> Path:
    """Writes `tracker.toml`, `recipients.toml`, a sheet of items entered by hand and the catalogue into the workspace; returns the catalogue's
    path. `database_url`: empty for a file in the workspace. `mailbox_port`: of a mailbox on this machine; 0: none is read."""
    workspace.mkdir(parents=True, exist_ok=True)
    settings = workspace / "tracker.toml"
    server_part = ON_SERVER.format(url=json.dumps(database_url)) if database_url else ""
    settings.write_text(
        SETTINGS + server_part + (MAILBOX.format(port=mailbox_port) if mailbox_port else "") + SECOND_NET.format(net=server.net), "utf-8"
    )
    settings.chmod(0o600)
    recipients = workspace / RECIPIENTS
    recipients.write_bytes((files(__package__) / "readers.toml").read_bytes())
    recipients.chmod(0o600)
    (workspace / BY_HAND).write_bytes((files(__package__) / BY_HAND).read_bytes())
    return write_catalogue(workspace / CATALOGUE, server)


def write_catalogue(path: Path, server: PressServer) -> Path:
    """The press as a catalogue of outlets, in the register's columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS)
        rows.writeheader()
        rows.writerows(_row(outlet, server.base(outlet.id)) for outlet in server.press.outlets)
    return path


def _row(outlet: PressOutlet, base: str) -> dict[str, str]:
    feed = "" if outlet.feed == "none" else base + outlet.feed_path
    return {
        "id": outlet.id,
        "name": outlet.name,
        "homepage": f"{base}/",
        "country": outlet.country,
        "languages": "|".join(outlet.languages),
        "scripts": "|".join(outlet.scripts),
        "kind": outlet.kind,
        "tier": str(outlet.tier),
        "feeds": f"{feed} {feed}?script=lat" if outlet.both_scripts else feed,
        "feed_evidence": "seen" if feed else "none",
        "sitemap": f"{base}/sitemap-news.xml" if outlet.sitemap else "",
        "platform": "custom",
        "notes": "sample press",
    }
