"""What a night against the sample press must find, from what the authors of its texts meant; and the comparison, in words.

`expectation.json` beside this file is the written form. A test holds it to the press, so that a changed text shows in both.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from msgspec import Struct, field

from tracker.demo.press.press import Press, PressArticle, PressOutlet, published_on
from tracker.demo.press.scripts import latin
from tracker.demo.press.second_night import CHANGES
from tracker.demo.press.shares import ESTIMATE
from tracker.model import FetchOutcome, SkipReason, StoryRole

NOT_FETCHED = "too_old"
"""The article is listed but older than what the night looks at."""
LOOKS_BACK_DAYS = 6
"""The demo's night runs with `--since` six days back: the week that its edition covers, and the night's own day."""

PAGE_FAULTS = {
    "closed_section": FetchOutcome.ROBOTS_REFUSED,
    "not_found": FetchOutcome.NOT_FOUND,
    "not_html": FetchOutcome.NOT_HTML,
    "redirect_loop": FetchOutcome.REDIRECT_LOOP,
    "redirect_outside": FetchOutcome.REFUSED_ADDRESS,
    "server_error": FetchOutcome.SERVER_ERROR,
    "timeout": FetchOutcome.TIMEOUT,
    "too_large": FetchOutcome.TOO_LARGE,
}
NO_ARTICLE = {
    "bot_wall": SkipReason.BOT_WALL,
    "cookie_wall": SkipReason.COOKIE_WALL,
    "listing": SkipReason.LISTING,
    "login_wall": SkipReason.LOGIN_WALL,
    "soft_404": SkipReason.ERROR_PAGE,
}
OUTLET_FAULTS = {
    "blocked": str(FetchOutcome.BLOCKED),
    "down": str(FetchOutcome.CONNECTION_FAILED),
    "html_feed": str(FetchOutcome.NOT_A_FEED),
    "silent": "silent",
}


class ExpectedArticle(Struct, frozen=True):
    """How one article must end. `fetch` is a FetchOutcome or `too_old`; `skipped` a SkipReason; `circle` empty for no mention."""

    fetch: str
    skipped: str = ""
    circle: str = ""
    held: bool = False
    titles: tuple[str, ...] = ()
    days_before: int = 0
    role: str = ""
    credits: bool = False


class Expectation(Struct, frozen=True):
    """The whole night: every article by its key, stories of two articles and more, troubles by outlet."""

    articles: Mapping[str, ExpectedArticle]
    stories: tuple[tuple[str, ...], ...]
    troubles: Mapping[str, str]
    changes: Mapping[str, str] = field(default_factory=dict)
    """What the second night must tell, by the article's key."""
    estimate: Mapping[str, int] = field(default_factory=dict)
    """What the night's edition says of what was missed: `found`, `estimated`, `low` and `high`."""

    @property
    def counts(self) -> dict[str, int]:
        """The figures a reader asks for first."""
        circles = Counter(article.circle for article in self.articles.values() if article.circle)
        together = sum(len(story) - 1 for story in self.stories)
        return {
            "articles": len(self.articles),
            "mentions": circles.total(),
            **{f"mentions in circle {circle}": count for circle, count in sorted(circles.items())},
            "mentions held": sum(article.held for article in self.articles.values()),
            "stories": circles.total() - together,
            "outlets in trouble": len(self.troubles),
        }


class ObservedArticle(Struct, frozen=True):
    """How one article ended. `titles`: what it was stored under; `published_on`: the day the night read, in the outlet's zone."""

    fetch: str
    skipped: str = ""
    circle: str = ""
    held: bool = False
    title: str = ""
    published_on: date | None = None
    role: str = ""
    credits: bool = False


class Observed(Struct, frozen=True):
    """What a night did, as the store tells it. `strangers`: stored addresses that are no article of the press, or stored twice."""

    articles: Mapping[str, ObservedArticle]
    stories: tuple[tuple[str, ...], ...]
    troubles: Mapping[str, str]
    strangers: tuple[str, ...] = ()
    canary: tuple[str, ...] = ()
    unbalanced_steps: tuple[str, ...] = field(default=())


def expectation_of(press: Press) -> Expectation:
    """The expectation that the authors' marks add up to."""
    articles = {article.key: _expected(outlet, article) for outlet in press.outlets for article in outlet.articles}
    shared: dict[str, list[str]] = {}
    for article in press.articles:
        if article.story:
            shared.setdefault(article.story, []).append(article.key)
    troubles = {outlet.id: OUTLET_FAULTS[outlet.fault] for outlet in press.outlets if outlet.fault}
    return Expectation(articles, tuple(sorted(tuple(sorted(keys)) for keys in shared.values())), troubles, CHANGES, ESTIMATE)


def _expected(outlet: PressOutlet, article: PressArticle) -> ExpectedArticle:
    if article.days_before > LOOKS_BACK_DAYS:
        return ExpectedArticle(NOT_FETCHED)
    if article.fault in PAGE_FAULTS:
        return ExpectedArticle(str(PAGE_FAULTS[article.fault]))
    if article.fault:
        return ExpectedArticle(str(FetchOutcome.FETCHED), skipped=str(NO_ARTICLE[article.fault]))
    titles = (article.headline, latin(article.headline)) if outlet.both_scripts else (article.headline,)
    circle = "" if article.circle == "none" else article.circle
    role = StoryRole.ORIGINAL if article.original else StoryRole.CARRIED
    told = (str(role), article.credits) if article.story else ("", False)
    return ExpectedArticle(str(FetchOutcome.FETCHED), "", circle, article.held, titles, article.days_before, *told)


def written_expectation() -> Expectation:
    """The expectation as it is written down beside this module."""
    values: dict[str, Any] = json.loads((files("tracker.demo.press") / "expectation.json").read_text("utf-8"))
    articles = {key: ExpectedArticle(**{**value, "titles": tuple(value.get("titles", ()))}) for key, value in values["articles"].items()}
    return Expectation(
        articles, tuple(tuple(story) for story in values["stories"]), values["troubles"], values["changes"], values["estimate"]
    )


def as_json(expectation: Expectation) -> str:
    """The written form, one article a line."""
    lines = []
    for key, article in sorted(expectation.articles.items()):
        values = {name: value for name in ExpectedArticle.__struct_fields__ if (value := getattr(article, name)) or name == "fetch"}
        lines.append(f"  {json.dumps(key)}: {json.dumps(values, ensure_ascii=False)}")
    stories = ",\n".join(f"  {json.dumps(story)}" for story in expectation.stories)
    heads = f'{{\n "counts": {json.dumps(expectation.counts)},\n "troubles": {json.dumps(expectation.troubles)},\n "changes": {json.dumps(dict(expectation.changes))},\n "estimate": {json.dumps(dict(expectation.estimate))},\n'
    return heads + f' "stories": [\n{stories}\n ],\n "articles": {{\n' + ",\n".join(lines) + "\n }\n}\n"


def check(expectation: Expectation, observed: Observed, as_of: datetime) -> list[str]:
    """Every difference between the night and the expectation, one sentence each; empty when they are equal."""
    return [
        *_articles(expectation, observed, as_of),
        *_stories(expectation, observed),
        *_parts(expectation, observed),
        *_rest(expectation, observed),
    ]


def check_changes(expectation: Expectation, found: Mapping[str, str], told: Collection[str]) -> list[str]:
    """Differences of the second night, one sentence each. `found`: kinds of change by the article's key; `told`: keys of those that the
    night's digest names."""
    lines = []
    for key in sorted({*expectation.changes, *found}):
        wanted, seen = expectation.changes.get(key, "unchanged"), found.get(key, "unchanged")
        if wanted != seen:
            lines.append(f"{key}: on the second night it was {seen}, expected {wanted}")
        elif key not in told:
            lines.append(f"{key}: it was {seen} on the second night, and its digest does not say so")
    return lines


def check_estimate(expectation: Expectation, found: Mapping[str, int], reason: str) -> list[str]:
    """The difference of the estimate, as one sentence. `reason`: why there is none."""
    if found == expectation.estimate:
        return []
    told = reason or ", ".join(f"{name} {count}" for name, count in found.items())
    return [f"the edition's estimate is {told}, expected {', '.join(f'{name} {count}' for name, count in expectation.estimate.items())}"]


def _articles(expectation: Expectation, observed: Observed, as_of: datetime) -> Iterator[str]:
    for key, wanted in sorted(expectation.articles.items()):
        found = observed.articles.get(key)
        if wanted.fetch == NOT_FETCHED:
            if found is not None:
                yield f"{key} is too old for this night, yet it was fetched: {found.fetch}"
        elif found is None:
            yield f"{key} was never found; expected {wanted.fetch}"
        else:
            yield from _one_article(key, wanted, found, as_of)


def _one_article(key: str, wanted: ExpectedArticle, found: ObservedArticle, as_of: datetime) -> Iterator[str]:
    for name in ("fetch", "skipped", "circle", "held"):
        expected, seen = getattr(wanted, name), getattr(found, name)
        if expected != seen:
            yield f"{key}: {name} is {seen or 'none'!s}, expected {expected or 'none'!s}"
    if not (wanted.circle and found.circle):
        return
    if found.title not in wanted.titles:
        yield f"{key}: its headline was read as {found.title!r}, expected {wanted.titles[0]!r}"
    day = published_on(as_of, wanted.days_before)
    if found.published_on != day:
        yield f"{key}: it was dated {found.published_on}, expected {day}"


def _parts(expectation: Expectation, observed: Observed) -> Iterator[str]:
    for key, article in sorted(expectation.articles.items()):
        found = observed.articles.get(key)
        if found is not None and (found.role, found.credits) != (article.role, article.credits):
            credit = {True: ", with credit", False: ""}
            told, wanted = (f"{one.role or 'alone'}{credit[one.credits]}" for one in (found, article))
            yield f"{key}: in its story it is {told}, expected {wanted}"


def _stories(expectation: Expectation, observed: Observed) -> Iterator[str]:
    wanted, found = {frozenset(story) for story in expectation.stories}, {frozenset(story) for story in observed.stories}
    for story in sorted(wanted - found, key=sorted):
        yield f"these were to be one story: {', '.join(sorted(story))}"
    for story in sorted(found - wanted, key=sorted):
        yield f"these were put into one story: {', '.join(sorted(story))}"


def _rest(expectation: Expectation, observed: Observed) -> Iterator[str]:
    for outlet_id in sorted({*expectation.troubles, *observed.troubles}):
        expected, seen = expectation.troubles.get(outlet_id, "none"), observed.troubles.get(outlet_id, "none")
        if expected != seen:
            yield f"{outlet_id}: trouble is {seen}, expected {expected}"
    yield from (f"{address} is no article of the sample press, or was stored twice" for address in observed.strangers)
    yield from (f"the canary outside the allowed network was asked: {line}" for line in observed.canary)
    yield from (f"the outcomes of step {step} do not add up to its inputs" for step in observed.unbalanced_steps)
