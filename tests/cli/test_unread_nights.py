"""Nights in which what is watched cannot be read, through the real commands: never "nothing happened"."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.running import Outcome, run
from tests.newsdesk import CAMPAIGN, CAMPAIGN_ID
from tests.newsroom.press import Newsroom, Way, answer, feed, page

HEAD = "id,name,homepage,country,languages,scripts,kind,tier,feeds,feed_evidence,sitemap,platform,notes"
PLACES = (("AL", "sq"), ("RS", "sr"), ("MK", "mk"), ("AL", "sq"), ("RS", "sr"))
SETTINGS = """
fetch.allow_networks = ["127.0.0.0/8"]
fetch.delay_seconds = 0
fetch.timeout_seconds = 2
extract.workers = 1
"""
LOGIN = answer(body=b"<html><head><title>Hotel Wi-Fi</title></head><body><form>Room number</form></body></html>", Content_Type="text/html")


class Desk:
    """A workspace that watches a feed at each of five hosts."""

    def __init__(self, folder: Path, newsroom: Newsroom) -> None:
        self.folder, self.newsroom = folder, newsroom
        (folder / "campaigns").mkdir()
        (folder / "tracker.toml").write_text(SETTINGS, "utf-8")
        self.campaign("required")
        self.hosts = [f"127.0.9.{number}" for number in range(1, len(PLACES) + 1)]
        self.answer_all()

    def campaign(self, review: str) -> None:
        text = re.sub(r"(?m)^review = .*$", f'review = "{review}"', CAMPAIGN, count=1)
        (self.folder / "campaigns" / f"{CAMPAIGN_ID}.toml").write_text(text, "utf-8")

    def answer_all(self, way: Way | None = None, hosts: slice = slice(None)) -> None:
        for host in self.hosts[hosts]:
            self.newsroom.serve(host, "/1", page("Vijest dana"))
            self.newsroom.serve(host, "/feed", way or feed([self.newsroom.address(host, "/1")]))

    def night(self, *more: str) -> Outcome:
        rows = [
            f"o{n},Outlet {n},http://{host}/,{country},{language},Latn,portal,{n % 3 + 1},{self.newsroom.address(host, '/feed')},seen,,unknown,"
            for n, (host, (country, language)) in enumerate(zip(self.hosts, PLACES, strict=False), 1)
        ]
        (self.folder / "outlets.csv").write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
        return run("-w", self.folder, "nightly", "--catalogue", self.folder / "outlets.csv", *more)

    def digest(self) -> str:
        """The newest edition for staff, as plain text."""
        return max((self.folder / "outbox").glob("*.txt"), key=lambda path: path.stat().st_mtime_ns).read_text("utf-8")

    def editions(self) -> list[tuple[str, bool]]:
        """(id, whether partners may read it), the newest first."""
        told = run("-w", self.folder, "digest", "list").out.splitlines()[1:]
        return [(line.split()[0], "waits" not in line) for line in told if line[:1].isdigit()]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Newsroom() as newsroom:
        yield Desk(tmp_path, newsroom)


@pytest.mark.parametrize(
    ("way", "words"),
    [
        (answer("503 Service Unavailable", b"no"), "a proxy may answer"),
        (answer("407 Proxy Authentication Required", b"no"), "see the network, the firewall and the proxy"),
        (LOGIN, "login page"),
        (answer(body=b"", Content_Type="application/rss+xml"), "login page or a filter"),
    ],
    ids=["proxy-dead", "proxy-login", "captive-portal", "blank"],
)
def test_a_night_that_reads_nothing_has_failed_and_everybody_is_told(desk: Desk, way: Way, words: str) -> None:
    desk.campaign("optional")
    desk.answer_all(way)
    night = desk.night()
    assert night.code == 3, night.out
    assert "none of the 5 outlets watched could be read" in night.out
    assert words in night.out
    assert "By country: AL 0/2, MK 0/1, RS 0/2" in night.out
    digest = desk.digest()
    assert "None of the 5 outlets that we follow could be read." in digest
    assert "Nothing was found" not in digest
    assert digest.index("None of the 5") < digest.index("0 of 5 outlets were read")
    assert [released for _, released in desk.editions()] == [False]
    doctor = run("-w", desk.folder, "doctor")
    assert doctor.code == 1
    assert "none of the 5 outlets watched could be read" in doctor.out


def test_a_night_whose_catalogue_drops_outlets_says_so(desk: Desk) -> None:
    assert desk.night().code == 0
    assert desk.night().code == 0
    desk.hosts = desk.hosts[:4]
    fewer = desk.night()
    assert fewer.code == 1
    assert (
        "less is watched than before: 1 outlet no longer watched: o5; addresses: 0 added, 1 no longer watched; was that meant?" in fewer.out
    )
    assert desk.night().code == 0


def test_after_a_good_night_a_dead_network_is_no_quiet_night(desk: Desk) -> None:
    assert desk.night().code == 0
    assert "5 of 5 outlets were read" in run("-w", desk.folder, "doctor").out
    desk.answer_all(answer("502 Bad Gateway", b""))
    again = desk.night()
    assert again.code == 3
    assert "Nothing was found" not in desk.digest()


def test_an_approver_sees_serbian_in_cyrillic_before_it_is_frozen(desk: Desk) -> None:
    assert desk.night().code == 0
    ((edition, _),) = desk.editions()
    given = ("--sentence", "sr-Latn=Google i Save the Children podržavaju TikToka.")
    shown = run("-w", desk.folder, "digest", "approve", edition, "--yes", *given)
    assert shown.code == 0
    assert "in Serbian Cyrillic it will read: Google и Save the Children подржавају TikTok-а." in shown.err


def test_an_approver_hears_whose_language_the_sentence_is_not(desk: Desk) -> None:
    assert desk.night().code == 0
    ((edition, _),) = desk.editions()
    (desk.folder / "recipients.toml").write_text(
        "".join(
            f'[[recipients]]\nname = "A"\nemail = "{role}-{language}@example.org"\nrole = "{role}"\nlanguage = "{language}"\nedition = "weekly"\n'
            for role, language in (("partner", "mk"), ("donor", "sr-Cyrl"), ("partner", "hr"), ("staff", "bs"))
        )
    )
    approve = ("digest", "approve", edition, "--yes", "--language", "sq")
    shown = run("-w", desk.folder, *approve, "--sentence", "sq=Java ishte e qetë.")
    assert shown.code == 0
    assert "no sentence in sr-Cyrl, hr, mk: readers there get the one in sq" in shown.err
    assert "no sentence" not in run("-w", desk.folder, *approve).err


def test_a_failed_night_that_is_tried_again_writes_to_staff_once(desk: Desk) -> None:
    desk.answer_all(answer("502 Bad Gateway", b""))
    assert desk.night().code == 3
    second = desk.night()
    assert second.code == 3
    assert "says already that no outlet could be read" in second.out
    assert len(desk.editions()) == 1
    desk.answer_all()
    assert desk.night().code == 0
    assert len(desk.editions()) == 2


def test_most_outlets_unread_is_a_failed_night_that_partners_do_not_get_by_themselves(desk: Desk) -> None:
    desk.campaign("optional")
    desk.answer_all(answer("503 Service Unavailable", b"no"), slice(0, 3))
    night = desk.night("--json")
    assert night.code == 1
    report = json.loads(night.out)
    assert [need for need in report["needs_a_person"] if "FAILED" in need]
    assert sum(cell["watched"] for cell in report["reach"]["cells"]) == 5
    ((edition, released),) = desk.editions()
    assert not released
    refused = run("-w", desk.folder, "digest", "approve", edition)
    assert refused.code == 2
    assert "only 2 of 5 outlets were read" in refused.err
    assert "--yes" in refused.err
    assert run("-w", desk.folder, "digest", "approve", edition, "--yes").code == 0
    partners = next(path for path in (desk.folder / "outbox").rglob("*partners*.txt")).read_text("utf-8")
    assert "Many of the outlets that we follow could not be read: 2 of 5 answered." in partners


def test_a_country_that_is_wholly_unread_is_named_in_its_own_part(desk: Desk) -> None:
    desk.answer_all(answer("404 Not Found", b"no"), slice(2, 3))
    night = desk.night()
    assert night.code == 1
    assert "no outlet of MK could be read" in night.out
    digest = desk.digest()
    part = digest[digest.index("North Macedonia\n") :]
    assert "None of the outlets that we follow here could be read." in " ".join(part.split())


def test_one_failing_outlet_of_several_is_an_ordinary_night(desk: Desk) -> None:
    desk.answer_all(answer("404 Not Found", b"no"), slice(0, 1))
    night = desk.night()
    assert night.code == 0, night.out
    assert "4 of 5 outlets were read" in night.out


PORTALS = {
    "same bytes": answer(
        body=b"<html><head><title>Hotel Wi-Fi</title></head><body><h1>Welcome</h1><p>Room number</p></body></html>",
        Content_Type="text/html",
    ),
    "long text": page("Welcome to our hotel", "Enter the number of your room, and then enjoy your stay with us. " * 30),
}


def several_articles(desk: Desk, count: int = 4) -> dict[str, list[str]]:
    paths = {host: [f"/{host[-1]}-{number}" for number in range(count)] for host in desk.hosts}
    for host, listed in paths.items():
        desk.newsroom.serve(host, "/feed", feed([desk.newsroom.address(host, path) for path in listed]))
    return paths


@pytest.mark.parametrize("kind", [*PORTALS, "names the address", "redirect"])
def test_articles_in_whose_place_a_login_page_came_are_fetched_again(desk: Desk, kind: str) -> None:
    paths = several_articles(desk)
    for host, listed in paths.items():
        for path in listed:
            way = PORTALS.get(kind) or page("Hotel", f'<a href="/in?to={desk.newsroom.address(host, path)}">Log in</a>')
            if kind == "redirect":
                login = desk.newsroom.serve("127.0.9.77", f"/login?from={host}{path}", page("Hotel", f"Room number of {path}?"))
                way = answer("302 Found", Location=login)
            desk.newsroom.serve(host, path, way)
    night = desk.night()
    assert night.code == 1, night.out
    assert "one page came in the place of 20 articles of several outlets" in night.out
    assert "only 0 of 20 article pages could be read" in night.out
    for host, listed in paths.items():
        for path in listed:
            desk.newsroom.serve(host, path, page(f"Vijest {host}{path}", f"Ovo je tekst vijesti {host}{path}. " * 20))
    when = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    again = desk.night("--as-of", when)
    assert again.code == 0, again.out
    exported = run("-w", desk.folder, "export", "articles", "--format", "jsonl").out.splitlines()
    assert sorted(json.loads(line)["title"] for line in exported) == sorted(
        f"Vijest {host}{path}" for host in paths for path in paths[host]
    )
    traced = run("-w", desk.folder, "trace", desk.newsroom.address(desk.hosts[0], paths[desk.hosts[0]][0])).out
    assert traced.count("asked ") == 2


def test_sister_outlets_that_print_one_article_alike_are_no_login_page(desk: Desk) -> None:
    for host in desk.hosts:
        for number in range(4):
            desk.newsroom.serve(host, f"/vijest-{number}", page(f"Vijest {number}", f"Ista vijest broj {number} u svima. " * 20))
        listed = [desk.newsroom.address(host, f"/vijest-{number}") for number in range(4)]
        desk.newsroom.serve(host, "/feed", feed(listed))
    night = desk.night()
    assert "shared pages" not in night.out
    assert night.code == 0, night.out
