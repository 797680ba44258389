"""A workspace whose pages are fetched already: all steps but the crawl, without a network. All names and texts are invented.

desk = Newsdesk(tmp_path)
desk.publish(story_page("Lumi doli nga shtrati", "Ujët e lumit ..."))
report = desk.night("extract", "match")
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tests.builders import NOW, a_link, a_source, an_outlet, some_facts
from tests.stored import finish_link
from tracker.model import Article, FetchOutcome, Mention, RunReport, StepReport
from tracker.pipeline.nightly import NightOptions, run_night
from tracker.store import articles, frontier, mentions, registers
from tracker.store.database import FILE_NAME
from tracker.urls.canonical import normalise
from tracker.workspace import Parts, open_parts

CAMPAIGN_ID = "rivers"
CAMPAIGN = """id = "rivers"
name = "Clean rivers"
countries = ["AL", "BA", "XK", "ME", "MK", "RS"]
since = 2026-01-01
time_zone = "Europe/Tirane"
review = "optional"
own_domains = ["rivers.example"]

[[circles]]
id = "campaign"
name = "The campaign"
audience = "partners"
query = 'river'

[[circles]]
id = "organisation"
name = "The organisation"
audience = "staff"
query = 'spokesperson'

[[labels]]
id = "child_case"
hold = true
query = 'minor'

[terms.river]
kind = "phrase"
sq = ["lumë i pastër"]

[terms.spokesperson]
kind = "name"
any = ["Arta Lumaj"]

[terms.minor]
kind = "phrase"
sq = ["i mitur"]
"""
WHO = (
    "Kryetarja e bashkisë",
    "Drejtori i shkollës",
    "Një grup banorësh",
    "Këshilli i qarkut",
    "Zëdhënësja e ministrisë",
    "Një mësues i ri",
)
DID = ("njoftoi", "kundërshtoi", "përshëndeti", "kërkoi", "shtyu për vjeshtë", "vlerësoi", "përmendi shkurt", "botoi")
WHAT = (
    "hapjen e bibliotekës",
    "planin e rrugëve",
    "buxhetin e ri",
    "panairin e librit",
    "orarin e autobusëve",
    "raportin vjetor",
    "çmimet e drithit",
)
WHERE = (
    "në sheshin kryesor",
    "para gazetarëve",
    "gjatë mbledhjes së mbrëmshme",
    "në një letër të hapur",
    "pas dy javësh debat",
    "pa dhënë hollësi",
)


def news_of(title: str) -> list[str]:
    """Paragraphs that only this headline has, the same ones each time."""
    dice = random.Random(title)
    return [
        ". ".join(" ".join((dice.choice(WHO), _name(dice), *map(dice.choice, (DID, WHAT, WHERE)))) for _ in range(3)) + "."
        for _ in range(6)
    ]


def _name(dice: random.Random) -> str:
    """A surname that nobody bears: with the same few words alone half of any two texts would be the same."""
    return "".join(dice.choice(("bu", "dre", "fi", "ko", "lla", "mi", "zhe", "tu")) for _ in range(4)).title()


def story_page(title: str, *paragraphs: str, canonical: str = "", published: str = "2026-03-13T10:00:00+01:00") -> bytes:
    """An article as an outlet prints it."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (*paragraphs, *news_of(title)))
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return (
        f'<!doctype html><html lang="sq"><head><meta charset="utf-8">{link}<title>{title}</title><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{published}"></head><body><article><h1>{title}</h1>{text}</article></body></html>'
    ).encode()


ABOUT_THE_RIVER = "Nisma për një lumë të pastër u prezantua dje para banorëve dhe gazetarëve."
ABOUT_ARTA = "Arta Lumaj foli për punën e organizatës gjatë vitit që shkoi."
A_MINOR = "Policia tha se një i mitur u gjet pranë bregut."


@dataclass
class Newsdesk:
    """A workspace with two outlets, or one that was made before. `parts` stays open until `close`."""

    folder: Path
    campaign: str = CAMPAIGN
    published: int = 0
    parts: Parts = field(init=False)

    def __post_init__(self) -> None:
        (self.folder / "campaigns").mkdir(parents=True, exist_ok=True)
        self.write_campaign(self.campaign)
        is_copy = (self.folder / FILE_NAME).exists()
        with open_parts(self.folder, clock=lambda: NOW) as parts:
            self.parts = parts
        if is_copy:
            return
        outlets = [an_outlet(), an_outlet("fjala-e-malit", name="Fjala e Malit", country="XK")]
        with self.parts.database.writing() as conn:
            registers.replace(conn, outlets, [a_source(), a_source("fjala-e-malit:feed:1")], NOW)

    def close(self) -> None:
        self.parts.close()

    def write_campaign(self, text: str) -> None:
        (self.folder / "campaigns" / "rivers.toml").write_text(text, "utf-8")

    def publish(self, *pages: bytes, outlet: str = "zeri-i-lumit", fetched_at: datetime = NOW) -> list[str]:
        """Fetched pages nobody has read yet; returns their addresses."""
        return [self._fetched(page, outlet, fetched_at) for page in pages]

    def fail(self, outcome: FetchOutcome, **facts: object) -> str:
        """A link whose fetch brought no page."""
        return self._fetched(None, "zeri-i-lumit", NOW, outcome, **facts)

    def night(self, *steps: str, as_of: datetime = NOW, **options: object) -> RunReport:
        asked = NightOptions(steps=frozenset(steps or ("extract", "match", "group", "digest", "prune")), as_of=as_of, **options)  # type: ignore[arg-type]
        return run_night(self.parts, asked)

    def articles(self) -> list[Article]:
        with self.parts.database.reading() as conn:
            return list(articles.iterate(conn))

    def mentions(self) -> list[Mention]:
        with self.parts.database.reading() as conn:
            return mentions.for_campaign(conn, CAMPAIGN_ID)

    def mention_of(self, title: str) -> Mention:
        (wanted,) = (article.id for article in self.articles() if article.title == title)
        return next(mention for mention in self.mentions() if mention.article_id == wanted)

    def outbox(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (self.folder / "outbox").glob("*")}

    def _fetched(
        self, page: bytes | None, outlet: str, fetched_at: datetime, outcome: FetchOutcome = FetchOutcome.FETCHED, **facts: object
    ) -> str:
        self.published += 1
        url = f"https://{outlet}.example/lajme/artikulli-numer-{self.published}"
        link = a_link(url, source_id=f"{outlet}:feed:1", outlet_id=outlet)
        told = some_facts(outcome, requested_url=url, final_url=url, fetched_at=fetched_at, **facts)
        with self.parts.database.writing() as conn:
            frontier.add(conn, [(normalise(url) or url, link)], run_id=None, now=fetched_at)
            (taken,) = frontier.take(conn, limit=1, now=fetched_at + timedelta(seconds=1))
            finish_link(conn, taken.id, told, run_id=None, body=page, content_type="text/html; charset=utf-8")
        return url


RIVER, HELD, ARTA, WEATHER = "Nisma për ujin", "Fëmija në breg", "Një vit punë", "Moti i së dielës"
"""Headlines of the ordinary night: in the campaign (and copied), held, for staff, in no circle."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the ordinary night's pages are."""

    river: str
    copy: str
    held: str
    held_again: str
    arta: str
    weather: str
    nothing: str
    blocked: str
    refused: str


def publish_ordinary_night(desk: Newsdesk) -> Addresses:
    """One page of each sort."""
    river, held = desk.publish(story_page(RIVER, ABOUT_THE_RIVER), story_page(HELD, ABOUT_THE_RIVER, A_MINOR))
    (copy,) = desk.publish(story_page(RIVER, ABOUT_THE_RIVER), outlet="fjala-e-malit")
    again = desk.publish(story_page(HELD, ABOUT_THE_RIVER, A_MINOR, canonical=held))[0]
    arta, weather, nothing = desk.publish(story_page(ARTA, ABOUT_ARTA), story_page(WEATHER), b"\0" * 500)
    blocked = desk.fail(FetchOutcome.BLOCKED, status=403, detail="the server refuses us")
    refused = desk.fail(FetchOutcome.ROBOTS_REFUSED, status=None, detail="robots.txt asks us not to")
    return Addresses(river, copy, held, again, arta, weather, nothing, blocked, refused)


def step(report: RunReport, name: str) -> StepReport:
    """The report of the step whose name begins so."""
    return next(one for one in report.steps if one.step.startswith(name))


def outcomes(report: RunReport, name: str) -> dict[str, int]:
    return dict(step(report, name).outcomes)


def unbalanced(report: RunReport) -> Iterable[str]:
    """Steps whose outcomes do not add up to their inputs."""
    return [one.step for one in report.steps if not one.adds_up]
