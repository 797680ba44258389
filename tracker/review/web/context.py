"""What every page works with: the workspace, who asks, what that person may see, in which language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import Response, abort, current_app, flash, g, make_response, render_template, request
from msgspec import Struct

from tracker.locale.program import program_words
from tracker.locale.wording import Wording, desk_wording
from tracker.model import LANGUAGES, Campaign, Role, User
from tracker.review.campaigns.names import Glossary, term_names
from tracker.review.web.campaigns import CampaignShelf
from tracker.review.web.remembered import remembered
from tracker.store.database import Database
from tracker.workspace import Parts

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tracker.errors import ConfigError
    from tracker.review.inbox import Reason

EXTENSION = "desk"


class Desk(Struct, dict=True):
    """One request. Pages ask it, and never read settings, files or the clock themselves."""

    parts: Parts
    shelf: CampaignShelf
    user: User | None

    @property
    def database(self) -> Database:
        """The workspace's database."""
        return self.parts.database

    @property
    def person(self) -> User:
        """Who asks; only behind an access row that demands a login."""
        return self.user if self.user is not None else abort(401)

    @cached_property
    def now(self) -> datetime:
        """One moment for the whole request."""
        return self.parts.clock()

    @cached_property
    def campaigns(self) -> Mapping[str, Campaign]:
        """The campaigns that the person may see, by id."""
        user = self.user
        return {} if user is None else {name: one for name, one in self.shelf.every().items() if user.role_in(name) is not None}

    @cached_property
    def campaign_faults(self) -> tuple[tuple[str, ConfigError], ...]:
        """Campaign files that cannot be read, each with what is wrong: for those who may do everything, nothing for all others."""
        user = self.user
        if user is None or user.must_change or not user.may_everywhere(Role.ADMINISTRATOR):
            return ()
        return tuple((Path(fault.place or "").name, fault) for fault in self.shelf.faults())

    def program(self, english: str) -> str | None:
        """What the program says in English, in the language of the page; None where it has no translation, as words of a mail server."""
        return program_words(self.language).say(english)

    def in_words(self, english: str) -> str:
        """The same for a line that bears no mark of its language."""
        said = self.program(english)
        return english if said is None else said

    @property
    def lacks_a_campaign(self) -> bool:
        """Whether the file of a campaign in which the person has a role cannot be read."""
        return bool(self.shelf.faults()) and any(one.campaign_id not in self.shelf.every() for one in self.person.grants)

    def campaign(self, campaign_id: str, role: Role = Role.READER) -> Campaign:
        """The campaign in which the person has this role; not found for all others, so that nobody learns what there is."""
        found = self.campaigns.get(campaign_id)
        if found is None or not self.person.may(role, campaign_id):
            abort(404)
        return found

    def name_of(self, campaign: Campaign) -> str:
        """The campaign's name in the language of the page."""
        return self.words.name_in(campaign.names, campaign.name)

    def term_name(self, campaign: Campaign, term_id: str) -> str:
        """What a term is called on the page."""
        if campaign.id not in self._term_names:
            found = term_names(campaign, self.language)
            self._term_names[campaign.id] = {one: self._in_script(name, written) for one, (name, written) in found.items()}
        return self._term_names[campaign.id].get(term_id) or term_id.replace("_", " ")

    def found(self, campaign: Campaign, why: Sequence[Reason]) -> list[tuple[list[str], str]]:
        """The forms that were found, each once, those together that stand for the same; and what they stand for."""
        groups: dict[str, dict[str, None]] = {}
        told: set[str] = set()
        for reason in why:
            for form in reason.forms:
                if form.casefold() not in told:
                    told.add(form.casefold())
                    shown, stands_for = self.found_form(campaign, reason.term_id, form)
                    groups.setdefault(stands_for or f" {shown}", {})[shown] = None
        return [([*forms], "" if stands_for.startswith(" ") else stands_for) for stands_for, forms in groups.items()]

    def found_form(self, campaign: Campaign, term_id: str, form: str) -> tuple[str, str]:
        """A form that was found, and what it stands for where that is not to be seen."""
        key = ("glossary", campaign.id, campaign.version, self.language)
        meaning = remembered().value(key, lambda: Glossary(campaign, self.language)).meaning(term_id, form)
        shown = self.words.quote(" ".join(form.split()))
        if meaning.kind == "itself":
            return shown, ""
        kind, name = meaning.kind, self._in_script(meaning.name, meaning.language)
        return shown, self.words.say(f"found_{kind}", name=name)

    def _in_script(self, name: str, language: str) -> str:
        return self.words.name_in((("sr-Latn", name),), name) if self.language == "sr-Cyrl" and language == "sr" else name

    def circle_names(self, campaign: Campaign) -> dict[str, str]:
        """The campaign's circles by id, as they are called in the language of the page."""
        return {circle.id: self.words.name_in(circle.names, circle.name) for circle in campaign.circles}

    def label_name(self, campaign: Campaign, label_id: str) -> str:
        """What a label is called on the page."""
        label = next((one for one in campaign.labels if one.id == label_id), None)
        return self.words.name_in(label.names, label.name) if label else label_id

    @cached_property
    def _term_names(self) -> dict[str, dict[str, str]]:
        return {}

    @cached_property
    def language(self) -> str:
        """The person's choice, else the browser's, else English."""
        if self.user is not None and self.user.language in LANGUAGES:
            return self.user.language
        return _accepted_language()

    @cached_property
    def words(self) -> Wording:
        """What the page says."""
        return desk_wording(self.language)

    @cached_property
    def zone(self) -> ZoneInfo:
        """In which times are shown: that of the first campaign that the person may see."""
        return ZoneInfo(next((campaign.time_zone for campaign in self.campaigns.values()), "UTC"))

    def told(self, key: str, n: int | None = None, **values: object) -> None:
        """A sentence above the next page that this person opens."""
        flash(self.words.say(key, n, **values))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database."""
        with self.database.reading() as conn:
            yield conn


def desk() -> Desk:
    """This request's."""
    if "desk" not in g:
        from flask_login import current_user

        parts, shelf = current_app.extensions[EXTENSION]
        g.desk = Desk(parts, shelf, getattr(current_user, "user", None))
    found: Desk = g.desk
    return found


def nobodys_desk() -> Desk:
    """This request's as of somebody who is not logged in."""
    parts, shelf = current_app.extensions[EXTENSION]
    g.desk = found = Desk(parts, shelf, None)
    return found


def show(template: str, status: int = 200, **values: Any) -> Response:
    """A page made of `templates/review/TEMPLATE`."""
    return make_response(render_template(f"review/{template}", **values), status)


def wants_fragment() -> bool:
    """Whether HTMX asks, and a part of the page is enough."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-History-Restore-Request") != "true"


_BROWSERS = {
    "sq": "sq",
    "sr": "sr-Cyrl",
    "sr-cyrl": "sr-Cyrl",
    "sr-latn": "sr-Latn",
    "sh": "sr-Latn",
    "bs": "bs",
    "hr": "hr",
    "cnr": "cnr",
    "sr-me": "cnr",
    "sr-latn-me": "cnr",
    "mk": "mk",
    "en": "en",
}
"""Language tags as browsers send them."""


def _accepted_language() -> str:
    for tag, _ in request.accept_languages:
        parts = tag.casefold().replace("_", "-").split("-")
        for length in range(len(parts), 0, -1):
            if found := _BROWSERS.get("-".join(parts[:length])):
                return found
    return "en"
