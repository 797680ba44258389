"""What staff read of the files of a site."""

from __future__ import annotations

from datetime import timedelta

from tests.builders import NOW
from tracker.cli.source_states import file_lines, file_report
from tracker.model import SiteFile, TermsSaid, TermsVia

TDMREP = SiteFile(
    TermsVia.TDMREP,
    "read",
    NOW,
    TermsSaid.RESERVED,
    (("/free/", "open", ""), ("/", "reserved", "https://lumi.example/licence")),
    NOW - timedelta(days=30),
    wrong=1,
)
QUIET = SiteFile(TermsVia.ROBOTS, "read", NOW, TermsSaid.OPEN, (("disallow", "/pretplata/", ""),), NOW)
AWAY = SiteFile(TermsVia.ROBOTS, "server_error", NOW, TermsSaid.REFUSED, (("disallow", "/", ""), ("crawl-delay", "30", "")), NOW)
FILES = {("a", TermsVia.TDMREP): TDMREP, ("a", TermsVia.ROBOTS): QUIET, ("b", TermsVia.ROBOTS): AWAY}


def test_what_concerns_us_is_said_and_with_all_what_is_closed_to_everybody() -> None:
    assert file_lines(FILES) == [
        f"tdmrep.json of a (asked {NOW:%Y-%m-%d}, says so since {NOW - timedelta(days=30):%Y-%m-%d}): reserved against text and data mining: /; "
        "not reserved: /free/; licence: https://lumi.example/licence; 1 entries are no rules",
        f"robots.txt of b (asked {NOW:%Y-%m-%d}, server error, says so since {NOW:%Y-%m-%d}): keeps us away; crawl-delay: 30; disallowed: /",
    ]
    assert file_lines(FILES, everything=True)[0].endswith(": disallowed: /pretplata/")
    assert {outlet: [*files] for outlet, files in file_report(FILES).items()} == {"a": ["robots", "tdmrep"], "b": ["robots"]}
