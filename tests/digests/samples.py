"""Editions to look at and to test: a full week, a night, an empty one, a huge one, a hostile one. All names and texts are invented."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace
from PIL import Image

from tests.digests.sample_texts import HAND, MESSAGES, OBJECTIVES, OUTLETS, PEOPLE, ROWS
from tracker.model import (
    Article,
    Audience,
    Branding,
    Decision,
    Depth,
    Digest,
    EditionFacts,
    Entry,
    HandItem,
    Hit,
    Medium,
    Mention,
    Outlet,
    Period,
    Picture,
    Precision,
    Published,
    Selection,
    SourceTrouble,
    Tone,
    Verdict,
    Window,
    Withdrawn,
)

MONDAY = datetime(2026, 11, 15, 23, 0, tzinfo=UTC)
"""The first moment of Monday, 16 November 2026, in Tirana."""
WEEK = Window(MONDAY, MONDAY + timedelta(days=7))
MADE_AT = MONDAY + timedelta(days=7, hours=8, minutes=30)
COUNTRIES = ("AL", "BA", "XK", "ME", "MK", "RS")
HOSTILE = (
    "<script>ran = 1; alert(1)</script>",
    '"><img src=x onerror=ran=1>',
    "=cmd|'/C calc'!A0",
    "line\r\nBcc: x@example.org",
    "\u202egnp.exe \u2066x\u2069",
    "😀 emoji 👩‍👩‍👧‍👦 🇦🇱",
    "{{ 7*7 }}{% raw %}",
    "x" * 5000,
    "</style></head><body onload=ran=1>",
    "שלום עולם مرحبا بالعالم",
    "javascript:alert(1)",
    "@import url(http://evil.example/x.css); } body { display: none } /* \\",
    "A" + "\u0301\u0323" * 400,
)


def a_picture(number: int) -> Picture:
    """A small JPEG, another one for each number."""
    drawn = io.BytesIO()
    Image.new("RGB", (120, 80), (number * 37 % 256, number * 91 % 256, 140)).save(drawn, "JPEG")
    return Picture(f"{number:032x}", 120, 80, drawn.getvalue())


def outlet(identity: str) -> Outlet:
    name, country, kind, tier, language = OUTLETS[identity]
    return Outlet(identity, name, f"https://{identity}.example/", country, (language,), kind=kind, tier=tier)


def entry(
    number: int,
    identity: str,
    story: str,
    at: datetime,
    title: str,
    body: str,
    language: str = "",
    *,
    verdict: Verdict | None = None,
    hand: HandItem | None = None,
    precision: Precision = Precision.MINUTE,
    authors: tuple[str, ...] = (),
) -> Entry:
    publisher = outlet(identity)
    forms = [("platform", form) for form in ("platform", "платформ", "фушат", "kampanj", "fushat", "кампањ")]
    forms += [("dushku", "Arben Dushku"), ("dushku", "Арбен Душку"), ("nowik", "Katarzyna Nowik")]
    found = [(term, at_, re.match(re.escape(form) + r"\w*", body[at_:])) for term, form in forms if (at_ := body.find(form)) >= 0]
    hits = tuple(Hit(term, at_, at_ + len(word[0]), word[0], "body") for term, at_, word in found if word)
    address = f"https://{identity}.example/2026/11/{story}-{number}"
    return Entry(
        Mention(
            f"m{number}",
            "lumi",
            number,
            "campaign",
            hits or (Hit("platform", 0, 3, title[:3], "title"),),
            key_messages=("literacy", "safe-space")[: number % 3],
        ),
        Article(
            identity,
            address,
            address,
            title,
            body,
            at,
            Depth.EXTRACTED,
            Published(at, precision),
            authors,
            language or publisher.languages[0],
            id=number,
        ),
        publisher,
        story,
        verdict,
        hand=hand,
    )


def week_entries() -> tuple[Entry, ...]:
    """18 articles and 6 items entered by hand, by country."""
    made = []
    for number, (identity, story, day, hour, texts, script) in enumerate(ROWS, 1):
        language = script or OUTLETS[identity][4]
        title, body = texts[language]
        tone = (Tone.POSITIVE, Tone.NEUTRAL, Tone.MIXED, "")[number % 4]
        verdict = Verdict(
            "lumi",
            number,
            Decision.ACCEPT,
            MADE_AT,
            tone=tone,
            key_messages=("literacy",) if number % 3 == 0 else None,
            headline_en={
                "launch": "Regional campaign for children’s digital safety begins",
                "schools": "Teachers want digital-safety training in every school",
            }[story]
            if language != "en"
            else "",
        )
        author = (("A. Leka", "Ana Perić")[number % 2],) if number % 3 else ()
        at = MONDAY + timedelta(days=day, hours=hour, minutes=7 * number % 60)
        made.append(
            entry(
                number,
                identity,
                story,
                at,
                title,
                body + " " + body,
                "sr" if script else "",
                verdict=verdict if number % 5 else None,
                authors=author,
                precision=Precision.DAY if number % 7 == 0 else Precision.MINUTE,
            )
        )
    for number, (identity, medium, programme, place, title, reach) in enumerate(HAND, 101):
        at = MONDAY + timedelta(days=2 + number % 4, hours=9)
        hand = HandItem(
            "lumi",
            number,
            medium,
            "campaign",
            MADE_AT,
            "M. Kola",
            programme,
            place,
            "https://archive.example/scan.jpg" if medium is Medium.PRINT else "",
            reach,
            "audience survey" if reach else "",
            "2026-10-31" if reach else "",
        )
        made.append(
            entry(
                number,
                identity,
                f"hand{number}",
                at,
                title,
                "",
                hand=hand,
                precision=Precision.DAY,
                verdict=Verdict("lumi", number, Decision.ACCEPT, MADE_AT, tone=Tone.POSITIVE),
            )
        )
    order = (*COUNTRIES, "XB")
    return tuple(sorted(made, key=lambda one: order.index(one.outlet.country)))


def facts() -> EditionFacts:
    troubles = (
        SourceTrouble("x1", "Radio Adriana", "AL", "silent", "no new article for 9 days; two a day are usual", MONDAY - timedelta(days=2)),
        SourceTrouble("x2", "Nova Neretva", "BA", "blocked", "the outlet refuses automated visitors (403)", MONDAY),
        SourceTrouble("x3", "Гласник Јадра", "RS", "not_found", "", MONDAY),
        SourceTrouble("x4", "Dnevne Bjelasice", "ME", "timeout"),
    )
    return EditionFacts(
        troubles=troubles,
        sources_watched=1320,
        sources_answered=1316,
        items_looked_at=48_210,
        sources_unseen=3,
        windows_outrun=5,
        windows_repaired=4,
        outrun_names=("Agencija Danica",),
        known_items=20,
        known_found=17,
        campaign_name="A Digital Safety Agenda in Western Balkans",
        countries=COUNTRIES,
        time_zone="Europe/Tirane",
        kosovo_note="eu",
        since_on="2024-10-01",
        query="campaign_name or (organisation and platform)",
        key_messages=MESSAGES,
        spokespeople=PEOPLE,
        objectives=OBJECTIVES,
        failed_deliveries=1,
        branding=Branding(
            "#0b4f6c",
            "logo.svg",
            ("donor-1.svg", "donor-2.svg"),
            (
                ("en", "Funded by the European Union. The views expressed are those of the campaign and not of the donor."),
                ("sq", "Financuar nga Bashkimi Evropian."),
                ("sr-Latn", "Finansira Evropska unija."),
                ("mk", "Финансирано од Европската Унија."),
            ),
            "press@lumi.example",
        ),
    )


def a_week(kind: str = "weekly", audience: Audience = Audience.PARTNERS) -> Digest:
    """A full edition: every section has something in it."""
    counted = week_entries()
    apart = [replace(one, mention=replace(one.mention, id=f"{one.mention.id}x")) for one in counted]
    staff = audience is Audience.STAFF
    selection = Selection(
        counted, tuple(apart[1:3]) if staff else (), tuple(apart[3:5]), tuple(apart[7:8]), held=2, rejected=3, unreviewed=4
    )
    return Digest(
        "lumi",
        "0123456789abcdef",
        kind,
        audience,
        WEEK,
        MADE_AT,
        selection,
        facts(),
        12,
        None if staff else MADE_AT,
        "" if staff else "Mirela Kola",
        (
            ("en", "Teachers, not platforms, were the week’s loudest voice: four outlets asked for training in every school."),
            ("sq", "Zëri më i fortë i javës ishin mësuesit: katër media kërkuan trajnime në çdo shkollë."),
            ("sr-Latn", "Najglasniji ove nedelje bili su nastavnici: četiri medija traže obuke u svakoj školi."),
            ("mk", "Најгласни неделава беа наставниците: четири медиуми бараат обуки во секое училиште."),
        ),
        (Withdrawn("Kompania hap zyrë në Tiranë", "Portali Vala", "weekly", MONDAY), Withdrawn("", "", "weekly", MONDAY)),
        Period(Window(WEEK.start_at - timedelta(days=7), WEEK.start_at), 17, (("AL", 6), ("RS", 11))),
    )


def empty(kind: str = "weekly") -> Digest:
    """Nothing was found, and all answered."""
    made = a_week(kind)
    quiet = replace(made.facts, troubles=(), windows_outrun=0, windows_repaired=0, outrun_names=(), sources_unseen=0, sources_answered=1320)
    return replace(made, selection=Selection(), facts=quiet, sentences=(), withdrawn=(), before=None)


def huge(items: int = 500, kind: str = "weekly") -> Digest:
    """Far more than a mail can bear: items in all countries, in some of the stories many outlets."""
    base, made = week_entries(), []
    for number in range(items):
        one = base[number % len(base)]
        story, name = f"s{number % (items // 3 + 1)}", f"{one.outlet.name} {number % 90}"
        address = f"https://{one.outlet.id}.example/2026/11/{number}"
        made.append(
            replace(
                one,
                story_key=story,
                mention=replace(one.mention, id=f"h{number}", article_id=1000 + number),
                outlet=replace(one.outlet, id=f"{one.outlet.id}{number % 90}", name=name),
                article=replace(one.article, id=1000 + number, title=f"{one.article.title} ({number})", canonical_url=address),
            )
        )
    order = (*COUNTRIES, "XB")
    week = a_week(kind)
    counted = tuple(sorted(made, key=lambda one: order.index(one.outlet.country)))
    troubles = tuple(SourceTrouble(f"t{n}", f"Medij {n}", order[n % 6], "blocked") for n in range(80))
    return replace(week, selection=replace(week.selection, counted=counted), facts=replace(week.facts, troubles=troubles))


def hostile(kind: str = "weekly", audience: Audience = Audience.STAFF) -> Digest:
    """Every text that comes from outside is an attack on the layout or on the reader."""
    week = a_week(kind, audience)
    counted = []
    for number, one in enumerate(week.selection.counted):
        text = HOSTILE[number % len(HOSTILE)]
        hand = one.hand and replace(one.hand, programme=text, place=text, picture="javascript:alert(1)", reach_source=text)
        counted.append(
            replace(
                one,
                hand=hand,
                outlet=replace(one.outlet, name=text[:2000]),
                verdict=one.verdict and replace(one.verdict, headline_en=text, note=text),
                article=replace(one.article, title=text, authors=(text,), body=f"{text[:300]} platforma {text}", language="sq"),
            )
        )
    facts_ = replace(
        week.facts,
        troubles=tuple(SourceTrouble(f"h{n}", text, "RS", "blocked", text) for n, text in enumerate(HOSTILE)),
        outrun_names=HOSTILE,
        objectives=tuple(replace(one, name=HOSTILE[n], names=()) for n, one in enumerate(week.facts.objectives)),
    )
    return replace(
        week,
        selection=replace(
            week.selection,
            counted=tuple(counted),
            organisation=tuple(counted[:2]),
            context=tuple(counted[2:4]),
            own_channels=tuple(counted[4:6]),
        ),
        facts=facts_,
        sentences=tuple((language, HOSTILE[0] + HOSTILE[9]) for language, _ in week.sentences),
        approved_by=HOSTILE[1],
        approved_at=MADE_AT,
        withdrawn=tuple(Withdrawn(text, text, "weekly", MONDAY) for text in HOSTILE),
    )
