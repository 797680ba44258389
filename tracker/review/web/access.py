"""Who may open what: one row an endpoint. What has no row is closed."""

from __future__ import annotations

from enum import StrEnum

from tracker.model import Role, User


class Need(StrEnum):
    """What an endpoint asks of whoever opens it. A role must be held in some campaign; the page asks for the campaign's own."""

    NOTHING = "nothing"
    TOKEN = "token"  # noqa: S105 (the name of a need)
    LOGIN = "login"
    READER = "reader"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    EVERYTHING = "everything"  # administrator of every campaign: what concerns the whole workspace


ACCESS: dict[str, Need] = {
    "static": Need.NOTHING,
    "health.alive": Need.NOTHING,
    "health.ready": Need.NOTHING,
    "health.metrics": Need.TOKEN,
    "letters.page": Need.NOTHING,  # a recipient's own: its address is the key
    "letters.change": Need.NOTHING,
    "login.form": Need.NOTHING,
    "login.enter": Need.NOTHING,
    "login.leave": Need.LOGIN,
    "login.password": Need.LOGIN,
    "login.change": Need.LOGIN,
    "login.language": Need.LOGIN,
    "inbox.listing": Need.READER,
    "inbox.say": Need.REVIEWER,
    "inbox.undo": Need.REVIEWER,
    "inbox.merge": Need.REVIEWER,
    "item.page": Need.READER,
    "item.trace": Need.READER,
    "item.edit": Need.REVIEWER,
    "item.take_back": Need.REVIEWER,
    "item.split": Need.REVIEWER,
    "item.merge": Need.REVIEWER,
    "people.listing": Need.EVERYTHING,
    "people.add": Need.EVERYTHING,
    "people.reset": Need.EVERYTHING,
    "people.bar": Need.EVERYTHING,
    "people.revoke": Need.EVERYTHING,
    "campaign.every": Need.READER,
    "campaign.overview": Need.READER,
    "campaign.term": Need.READER,
    "campaign.try_text": Need.READER,
    "campaign.spellings": Need.REVIEWER,
    "campaign.file": Need.ADMINISTRATOR,
    "campaign.change": Need.ADMINISTRATOR,
    "campaign.effect": Need.ADMINISTRATOR,
    "campaign.save": Need.ADMINISTRATOR,
    "campaign.history": Need.ADMINISTRATOR,
    "campaign.back": Need.ADMINISTRATOR,
    "mending.page": Need.EVERYTHING,
    "mending.save": Need.EVERYTHING,
    "mending.back": Need.EVERYTHING,
    "numbers.every": Need.READER,
    "numbers.overview": Need.READER,
    "numbers.as_csv": Need.READER,
    "numbers.as_xlsx": Need.READER,
    "numbers.as_picture": Need.READER,
    "numbers.as_png_picture": Need.READER,
    "corrections.page": Need.REVIEWER,
    "corrections.letter": Need.REVIEWER,
    "corrections.send": Need.REVIEWER,
    "edition_items.listing": Need.REVIEWER,
    "editions.every": Need.REVIEWER,
    "editions.listing": Need.REVIEWER,
    "editions.overview": Need.REVIEWER,
    "editions.mail": Need.REVIEWER,
    "editions.text": Need.REVIEWER,
    "editions.sure": Need.REVIEWER,
    "editions.approve": Need.REVIEWER,
    "editions.take_back": Need.REVIEWER,
    "editions.make_files": Need.REVIEWER,
    "editions.proof": Need.REVIEWER,
    "editions.settle": Need.REVIEWER,
    "evidence.item": Need.REVIEWER,
    "evidence.protected": Need.ADMINISTRATOR,
    "evidence.edition": Need.REVIEWER,
    "adding.every": Need.REVIEWER,
    "adding.overview": Need.REVIEWER,
    "adding.page": Need.REVIEWER,
    "adding.watch": Need.EVERYTHING,
    "adding.typed": Need.REVIEWER,
    "adding.template": Need.REVIEWER,
    "adding.sheet": Need.REVIEWER,
    "adding.enter": Need.REVIEWER,
    "adding.known": Need.REVIEWER,
    "mailbox.listing": Need.REVIEWER,
    "mailbox.settle": Need.REVIEWER,
    "mailbox.reopen": Need.REVIEWER,
    "mailbox.sign_off": Need.REVIEWER,
    "mailbox.resume": Need.EVERYTHING,
    "api.document": Need.NOTHING,
    "api.mentions": Need.TOKEN,
    "sources.overview": Need.READER,
    "sources.check": Need.EVERYTHING,
    "sources.switch": Need.EVERYTHING,
}

WHILE_PASSWORD_IS_NEW = frozenset(
    {
        "static",
        "health.alive",
        "health.ready",
        "letters.page",
        "letters.change",
        "login.password",
        "login.change",
        "login.leave",
        "login.language",
    }
)
"""All that opens before a one-time password is changed."""


def is_open(need: Need | None, user: User | None) -> bool:
    """Whether the user (None: not logged in) may open an endpoint with this need (None: without a row)."""
    if need is None or need is Need.TOKEN:
        return need is not None
    if need is Need.NOTHING:
        return True
    if user is None:
        return False
    if need is Need.LOGIN:
        return True
    return user.may_everywhere(Role.ADMINISTRATOR) if need is Need.EVERYTHING else user.may_anywhere(Role(need))
