"""The workspace of a demo: its catalogue and its settings, with delays and time-outs short enough to wait for."""

from __future__ import annotations

import csv
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


def prepare_workspace(workspace: Path, server: PressServer) -> Path:
    """Writes `tracker.toml`, `recipients.toml`, a sheet of items entered by hand and the catalogue into the workspace; returns the catalogue's path."""
    workspace.mkdir(parents=True, exist_ok=True)
    (workspace / "tracker.toml").write_text(SETTINGS, "utf-8")
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
