"""Scrapy add-on of the `scrapy` program: what a workspace's tracker.toml decides holds there too."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.crawl.settings import for_crawl
from tracker.errors import TrackerError
from tracker.settings import read_settings

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

FOR_PEOPLE: dict[str, Any] = {
    "EXTENSIONS_BASE": {
        "scrapy.extensions.corestats.CoreStats": 0,
        "scrapy.extensions.logstats.LogStats": 0,
        "scrapy.extensions.feedexport.FeedExporter": 0,
        "scrapy.extensions.closespider.CloseSpider": 0,
    },
    "STATS_CLASS": "scrapy.statscollectors.MemoryStatsCollector",
    "STATS_DUMP": True,
    "LOGSTATS_INTERVAL": 60.0,  # Scrapy's own default
    "LOG_FORMATTER": "scrapy.logformatter.LogFormatter",
    "LOG_LEVEL": "INFO",  # at DEBUG every item and every request has a line: -L DEBUG
}
"""What a person at a terminal sees and the night does without."""


class WorkspaceSettings:
    """Reads the settings of TRACKER_WORKSPACE before Scrapy makes anything. `-s` on the command line still goes first."""

    @classmethod
    def update_pre_crawler_settings(cls, settings: BaseSettings) -> None:
        """Ends the program with one line where the settings cannot be read."""
        try:
            given = read_settings(Path(settings["TRACKER_WORKSPACE"]), os.environ)
        except TrackerError as error:
            print(error, file=sys.stderr)  # noqa: T201  # a command
            raise SystemExit(error.exit_code) from error
        for name, value in (for_crawl(given, workspace=Path(settings["TRACKER_WORKSPACE"])) | FOR_PEOPLE).items():
            settings.set(name, value, priority="project")
