"""Faults, reasons and answers that the program makes are told in the language of the page, whichever it is."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable

import pytest

from tests.builders import NOW
from tests.newsdesk import CAMPAIGN, CAMPAIGN_ID, RIVER
from tests.review.web.visiting import Staff, Visitor
from tracker.locale.wording import desk_wording
from tracker.model import LANGUAGES
from tracker.review.campaigns.versions import open_text
from tracker.store import entries

HEAD = "medium,outlet,country,date,headline,link,reach\n"
FILES = [
    CAMPAIGN.replace("query = 'river'", "query = 'rivver'"),
    CAMPAIGN.replace("query = 'river'", "query = 'not river'"),
    CAMPAIGN.replace("query = 'river'", "query = 'river near river'"),
    CAMPAIGN.replace("query = 'river'", "query = '(river'"),
    CAMPAIGN.replace("query = 'river'", "query = ''"),
    CAMPAIGN.replace('kind = "', 'kind = "no'),
    CAMPAIGN.replace('kind = "', 'kin = "'),
    CAMPAIGN.replace('countries = ["', 'countries = ["XX", "'),
    CAMPAIGN.replace("since = ", "since = 'soon' # "),
    CAMPAIGN + "\n[broken",
    CAMPAIGN + "\nx = 'open",
    CAMPAIGN + "\ncolour = 1\n",
    CAMPAIGN + '\n[branding]\ncolour = "red"\n',
    CAMPAIGN + '\n[branding]\nlogo = "../logo.png"\n',
    CAMPAIGN + '\n[branding]\nlogo = "nothing.png"\n',
    CAMPAIGN.replace(f'id = "{CAMPAIGN_ID}"', 'id = "another"'),
    CAMPAIGN.replace("Europe/Tirane", "Europe/Pristina"),
    "",
]
SHEETS = [
    (
        HEAD + "online,,XX,yesterday,,nowhere,many\nradio,New,,2026-03-10,Lumi,,\n" + "print,New,AL,2026-03-10," + "x" * 1200 + ",,\n",
        "found.csv",
    ),
    (HEAD + "print,New,AL,2026-03-10,Lumi,,,,,,more\nonline,New,AL,03.10.2026,Lumi,,\nonline,New,AL,03.25.2026,Lumi,,\n", "found.csv"),
    (HEAD.replace("reach", "colour") + "print,New,AL,2026-03-10,Lumi,,red\n", "found.csv"),
    ("headline,headline\nx,y\n", "found.csv"),
    ("nothing at all", "found.csv"),
    ("PK\x03\x04", "found.xlsx"),
    ("plain", "found.xlsx"),
    (HEAD + '"print,New', "found.csv"),
]
TRIED = ["Lumit i pastër", "LUMI", "lume@example.al", "Fushata për lumin dhe ujin", "rijeka, rijeke, lumë", "Lumëë dhe Lumii"]


def english(page: str) -> list[str]:
    """What a page marks as English, but for headlines that a person gave in it and the fields for them."""
    marked = re.findall(r'<(\w+)([^>]*) lang="en"([^>]*)>(.*?)</\1>', page, re.DOTALL)
    return [html.unescape(text).strip() for tag, before, after, text in marked if tag == "span" and text.strip()]


@pytest.fixture(params=sorted({*LANGUAGES} - {"en"}))
def boss(request: pytest.FixtureRequest, staff: Staff) -> Visitor:
    """An administrator who reads this language."""
    visitor = staff.enters("administrator")
    visitor.send("/language", {"language": request.param})
    visitor.language = request.param  # type: ignore[attr-defined]
    return visitor


def ask(boss: Visitor) -> Callable[..., str]:
    def send(address: str, **fields: object) -> str:
        answer = boss.send(address, dict(fields), page="/password", follow_redirects=True)
        assert answer.status_code in (200, 400), (address, answer.status_code)
        assert f'<html lang="{boss.language}">' in answer.text  # type: ignore[attr-defined]
        assert english(answer.text) == [], address
        return answer.text

    return send


def test_no_fault_of_a_campaign_file_is_told_in_english(boss: Visitor, staff: Staff) -> None:
    version = open_text(staff.parts.workspace, CAMPAIGN_ID).version
    for text in FILES:
        page = ask(boss)(f"/campaigns/{CAMPAIGN_ID}/effect", version=version, text=text)
        assert 'class="alert"' in page, text[-80:]


def test_no_fault_of_a_sheet_is_told_in_english(boss: Visitor) -> None:
    for text, name in SHEETS:
        page = ask(boss)(f"/add/{CAMPAIGN_ID}/sheet", sheet=(io.BytesIO(text.encode("latin-1", "replace")), name))
        assert desk_wording(boss.language).say("add_sheet_file") in page or "<table>" in page  # type: ignore[attr-defined]


def test_no_reason_of_a_tried_text_is_told_in_english(boss: Visitor) -> None:
    for text in TRIED:
        ask(boss)(f"/campaigns/{CAMPAIGN_ID}/try", title=text, text=f"{text}. {text}.")


def test_no_refusal_of_a_word_is_told_in_english(boss: Visitor, staff: Staff) -> None:
    with staff.parts.database.reading() as conn:
        items = [one.mention.id for one in entries.for_campaign(conn, CAMPAIGN_ID) if one.article.title == RIVER]
    send = ask(boss)
    filled = {
        "version": "0",
        "headline": "x" * 990,
        "published": (NOW.replace(year=2031)).isoformat(),
        "tags": ";".join(map(str, range(30))),
    }
    assert "alert" in send(f"/item/{items[0]}", **filled)
    assert "alert" in send(f"/item/{items[0]}", version="0", tags="t" * 80)
    send(f"/item/{items[0]}/merge", version="0", other=items[1])
    send(f"/campaigns/{CAMPAIGN_ID}/change", version="0", term="nowhere", language="sq", text="x")
    send(f"/campaigns/{CAMPAIGN_ID}/change", version="0", term="river", language="xx", text="x")
    send(f"/campaigns/{CAMPAIGN_ID}/change", version="0", term="river", language="sq", text="")
    send(f"/add/{CAMPAIGN_ID}/known", urls="nothing\n")
    send(f"/add/{CAMPAIGN_ID}/watch", site="no site", url="")
    for query in (
        "period=none",
        "period=days&from=2026-03-10&to=2026-01-01",
        "period=days&from=x&to=y",
        "tier=9",
        "country=ZZ",
        "outlet=none",
    ):
        page = boss.get(f"/numbers/{CAMPAIGN_ID}?{query}")
        assert (page.status_code, english(page.text)) == (400, []), query
