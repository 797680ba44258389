"""Who may use the review desk: users, and what each may do in which campaign."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

EVERY_CAMPAIGN = ""
"""In a grant: it holds in all campaigns, also in those to come."""


class Role(StrEnum):
    """What a person may do; each role includes the one before it."""

    READER = "reader"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"

    def includes(self, other: Role) -> bool:
        """Whether who has this role may do what `other` may."""
        order = [*Role]
        return order.index(self) >= order.index(other)


class Grant(Struct, frozen=True):
    """A role in one campaign, or in all of them."""

    role: Role
    campaign_id: str = EVERY_CAMPAIGN


class User(Struct, frozen=True):
    """A person with a login. `must_change`: the password was made by the program and opens nothing but the page that changes it."""

    id: int
    name: str
    grants: tuple[Grant, ...] = ()
    must_change: bool = False
    is_disabled: bool = False
    language: str = ""

    def role_in(self, campaign_id: str) -> Role | None:
        """The highest role that a grant gives in this campaign; None: the campaign is not to be seen."""
        given = [grant.role for grant in self.grants if grant.campaign_id in (EVERY_CAMPAIGN, campaign_id)]
        return max(given, key=[*Role].index, default=None)

    def may(self, role: Role, campaign_id: str) -> bool:
        """Whether the user has this role, or a higher one, in the campaign."""
        given = self.role_in(campaign_id)
        return given is not None and given.includes(role)

    def may_anywhere(self, role: Role) -> bool:
        """Whether there is a campaign in which the user has this role or a higher one."""
        return any(grant.role.includes(role) for grant in self.grants)

    def may_everywhere(self, role: Role) -> bool:
        """Whether the user has this role or a higher one in every campaign: what a workspace as a whole asks for."""
        return any(grant.role.includes(role) for grant in self.grants if grant.campaign_id == EVERY_CAMPAIGN)
