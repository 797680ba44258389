"""Numbers of a campaign: how many items of which country, language, tier, outlet and tone, when; as page, picture and spreadsheet.

What is asked for stands in the address, so that a page of numbers can be sent on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct
from msgspec.structs import replace

from tracker.digests.forms.charts import NARROW, WIDE, cut_to
from tracker.digests.forms.estimate import estimate_sentence, staff_lines
from tracker.digests.forms.palette import palette
from tracker.digests.numbers import PRESETS, Asked, Numbers, count_numbers, days_of
from tracker.digests.scopes import read_scope
from tracker.errors import UsageError
from tracker.model import ARTICLE_LANGUAGES, OUTLET_COUNTRIES, Audience, Campaign, Outlet, Role
from tracker.review.web.context import desk, show
from tracker.review.web.drawings import as_png, drawn
from tracker.review.web.estimates import LONGEST_ESTIMATED, estimate_of
from tracker.review.web.number_tables import Table, language, tables, write_csv, write_xlsx
from tracker.review.web.remembered import remembered
from tracker.store import registers

blueprint = Blueprint("numbers", __name__, url_prefix="/numbers")
TIERS = ("0", "1", "2", "3")
FILTERS = ("country", "language", "outlet", "tier")
OPENED_ON = ("this_quarter", "last_month", "this_month", "last_year", "all")
"""Where the last quarter, which donors ask for, has no item; the first of these that has one."""
_ANY = "0any0"
MOST_VALUES = 20
"""Of one filter in an address."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Question(Struct, frozen=True):
    """What the address asks for, as it stands there."""

    campaign: Campaign
    period: str
    first_on: date
    last_on: date
    chosen: Mapping[str, tuple[str, ...]]
    audience: Audience

    def arguments(self, **changed: object) -> dict[str, Any]:
        """The arguments of an address that asks the same but for what is changed."""
        days = {"from": self.first_on.isoformat(), "to": self.last_on.isoformat()} if self.period == "days" else {}
        audience = {"audience": str(self.audience)} if self.audience is not Audience.PARTNERS else {}
        given = {"campaign_id": self.campaign.id, "period": self.period, **days, **self.chosen, **audience}
        return {name: value for name, value in (given | changed).items() if value}

    def narrowing(self, name: str) -> Callable[[str], str]:
        """Addresses that ask the same of one value of a filter alone. Made of one: a list of outlets holds hundreds."""
        before, after = url_for("numbers.overview", **self.arguments(**{name: [_ANY]})).split(_ANY)
        return lambda value: f"{before}{quote(value, safe='')}{after}"


@blueprint.get("/")
def every() -> ResponseReturnValue:
    """The numbers of the first campaign that the person may see."""
    first = next(iter(desk().campaigns), None) or abort(404)
    return redirect(url_for("numbers.overview", campaign_id=first), 303)


@blueprint.get("/<campaign_id>")
def overview(campaign_id: str) -> ResponseReturnValue:
    """The page."""
    here, words = desk(), desk().words
    question, outlets, made, numbers = _answer(campaign_id)
    if "period" not in request.args and not numbers.counts.total.items and (period := _period_with_items(question, outlets)):
        return redirect(url_for("numbers.overview", **question.arguments(period=period)), 303)
    charts = {table.key: (drawn(table, words, WIDE), drawn(table, words, NARROW)) for table in made}
    return show(
        "numbers.html",
        campaign=question.campaign,
        question=question,
        numbers=numbers,
        tables=made,
        charts=charts,
        outlets=outlets,
        presets=PRESETS,
        countries=OUTLET_COUNTRIES,
        written_in=[(code, language(words, code)) for code in ARTICLE_LANGUAGES],
        tiers=TIERS,
        filters=FILTERS,
        narrowing={name: question.narrowing(name) for name in FILTERS},
        label=lambda name, value: _label(question.campaign, name, value, outlets),
        may_see_all=here.person.may(Role.REVIEWER, campaign_id),
        colours=palette(question.campaign.branding.colour),
        estimate=_estimate(question),
        WIDE=WIDE,
        NARROW=NARROW,
    )


@blueprint.get("/<campaign_id>/numbers.csv")
def as_csv(campaign_id: str) -> ResponseReturnValue:
    """All tables as CSV."""
    return _download(write_csv(_answer(campaign_id)[2]), "text/csv; charset=utf-8", "numbers.csv")


@blueprint.get("/<campaign_id>/numbers.xlsx")
def as_xlsx(campaign_id: str) -> ResponseReturnValue:
    """All tables as a workbook."""
    return _download(write_xlsx(_answer(campaign_id)[2]), XLSX, "numbers.xlsx")


@blueprint.get("/<campaign_id>/<key>.svg")
def as_picture(campaign_id: str, key: str) -> ResponseReturnValue:
    """One chart as a picture, without scripts and with its colours in it."""
    return _download(_picture(campaign_id, key).encode(), "image/svg+xml; charset=utf-8", f"{key}.svg")


@blueprint.get("/<campaign_id>/<key>.png")
def as_png_picture(campaign_id: str, key: str) -> ResponseReturnValue:
    """The same picture for programs that take no SVG."""
    return _download(as_png(_picture(campaign_id, key)), "image/png", f"{key}.png")


def _picture(campaign_id: str, key: str) -> str:
    """A chart with its title, and below it what was counted: it stands for itself wherever it is put."""
    here = desk()
    question, outlets, made, _ = _answer(campaign_id)
    table = next((one for one in made if one.key == key), None) or abort(404)
    chosen = [_label(question.campaign, name, value, outlets) for name in FILTERS for value in question.chosen[name]]
    told = [here.name_of(question.campaign), here.words.period(question.first_on, question.last_on), *chosen]
    chart = drawn(table, here.words, WIDE)
    return render_template(
        "review/chart.svg",
        chart=chart,
        shape=table.shape,
        title=table.title,
        told=cut_to(" · ".join(told), chart.width),
        colours=palette(question.campaign.branding.colour),
        WIDE=WIDE,
        NARROW=NARROW,
    )


def _answer(campaign_id: str) -> tuple[Question, Mapping[str, Outlet], list[Table], Numbers]:
    here, question = desk(), _question(desk().campaign(campaign_id))
    with here.reading() as conn:
        outlets = registers.outlets(conn)
    numbers = _count(question, outlets)
    return question, outlets, tables(numbers, question.campaign, outlets, here.words), numbers


def _count(question: Question, outlets: Mapping[str, Outlet]) -> Numbers:
    here, chosen, campaign = desk(), question.chosen, question.campaign
    scope = read_scope(chosen["country"], chosen["language"], chosen["outlet"], outlets)
    asked = Asked(question.first_on, question.last_on, scope, tuple(int(tier) for tier in chosen["tier"]), question.audience)
    key = ("numbers", campaign.id, campaign.version, asked, here.database.state())  # the page, its pictures and its sheets ask the same
    numbers: Numbers = remembered().value(key, lambda: count_numbers(here.database, campaign, asked))
    return numbers


def _estimate(question: Question) -> list[str] | None:
    """What is estimated to have been missed in the period: of all countries, languages and outlets, whatever the page is narrowed to.
    Why there is none for a period of more than LONGEST_ESTIMATED; None where it is asked for apart, so that no page waits for it."""
    here, campaign = desk(), question.campaign
    if question.last_on - question.first_on > LONGEST_ESTIMATED:
        return [here.words.say("numbers_missed_long", days=LONGEST_ESTIMATED.days)]
    estimate = estimate_of(campaign, question.first_on, question.last_on, wait="missed" in request.args)
    if estimate is None:
        return None
    sentence = estimate_sentence(estimate, here.words, narrowed=any(question.chosen.values()))
    return [sentence, *(staff_lines(estimate, here.words) if here.person.may(Role.REVIEWER, campaign.id) else ())]


def _period_with_items(question: Question, outlets: Mapping[str, Outlet]) -> str:
    """The period nearest to the last quarter that has items of what is asked for; empty where none has."""
    return next((period for period in OPENED_ON if _total(question, outlets, period)), "")


def _total(question: Question, outlets: Mapping[str, Outlet], period: str) -> int:
    first, last = days_of(period, question.campaign, desk().now)
    return _count(replace(question, period=period, first_on=first, last_on=last), outlets).counts.total.items


def _question(campaign: Campaign) -> Question:
    here, given = desk(), request.args
    period = given.get("period", "last_quarter")
    chosen = {name: tuple(dict.fromkeys(value for value in given.getlist(name) if value))[:MOST_VALUES] for name in FILTERS}
    if unknown := [tier for tier in chosen["tier"] if tier not in TIERS]:
        raise UsageError(f"no tier {unknown[0][:40]!r}; known are {', '.join(TIERS)}")
    asked = Audience.STAFF if given.get("audience") == str(Audience.STAFF) else Audience.PARTNERS
    audience = asked if here.person.may(Role.REVIEWER, campaign.id) else Audience.PARTNERS
    if period == "days":
        first, last = (_day(given.get(name, "")) for name in ("from", "to"))
    else:
        first, last = days_of(period, campaign, here.now)
    return Question(campaign, period, first, last, chosen, audience)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text[:40]!r} is no day; write it as 2026-10-31") from error
    if not 1990 <= day.year <= 2200:
        raise UsageError(f"{text} is no day of any campaign")
    return day


def _label(campaign: Campaign, name: str, value: str, outlets: Mapping[str, Outlet]) -> str:
    words = desk().words
    if name == "country":
        return words.country(value, campaign.kosovo_note)
    if name == "tier":
        return words.say(f"tier_{value}")
    if name == "language":
        return language(words, value)
    return outlets[value].name if value in outlets else value


def _download(content: bytes, kind: str, name: str) -> Response:
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
