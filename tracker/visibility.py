"""Who may see an item: the one home of this rule. Every way out imports it: editions, letters, feeds, alerts, sheets, exports, recall.

The rule, from the strictest down:

1. A person called the item sensitive, in any campaign: nobody outside the staff's own tools sees it, until that campaign's newest
   verdict says otherwise. A verdict that was taken back counts no more: the one before it is the newest then.
2. It shares its story with a sensitive item, as a copy does: the same, until a person accepts it after that. The acceptance made
   on entering an item by hand does not count here: who enters an item need not know of its story.
3. A `hold` label of the campaign marks it (it may identify a child): the same, until a person accepts it.
4. A person rejected it: it is in no list and no figure.
5. Partners see the circles meant for them, and of these what a person accepted, or what nobody doubts where review is optional;
   an item whose date is uncertain waits for a person there too. Entering an item by hand accepts it by an event, unless a label
   holds it; that word taken back, the item waits as any other.
6. An item whose text was not read, as its outlet refuses us and another lists it, is shown to staff apart and counts nowhere until a
   person accepts it.
7. The campaign's and its partners' own sites are listed apart and never counted.

Deciding only: records in, answers out; no I/O.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from tracker.model import DATE_UNCERTAIN, LISTED_ELSEWHERE, Campaign, Decision, Entry, HandItem, Mention, Verdict


class Reserving(Protocol):
    """What outlets reserve."""

    def holds(self, outlet_id: str, url: str) -> bool:
        """Whether the outlet reserves what lies at the address."""


def gives_on(outlet_id: str, url: str, reserved: Reserving) -> bool:
    """Whether the whole text or the picture of a page may be given on: not where its outlet reserves it against text and data mining.
    Headline, link and short quotation, and keeping a page as proof, are reading."""
    return not reserved.holds(outlet_id, url)


ACCEPTING = Decision.ACCEPT
"""The verdict that an item must have to be among the accepted ones (`is_accepted` says what else)."""
REJECTING = Decision.REJECT
"""The verdict by which an item is no coverage of the campaign (`rejects`)."""
STILL_OPEN = Decision.UNSURE
"""A verdict that leaves the item to be decided: it counts as undecided wherever open items are listed."""


ACCEPT_WORD, REJECT_WORD = str(Decision.ACCEPT), str(Decision.REJECT)
DECISION_WORDS = tuple(map(str, Decision))
"""Decisions as forms and addresses say them."""


def calls_sensitive(verdict: Verdict | None) -> bool:
    """Whether a person says with it that the item must not leave the house."""
    return verdict is not None and verdict.decision is Decision.SENSITIVE


def accepts(verdict: Verdict | None) -> bool:
    """Whether a person says with it that the item is coverage and safe to show."""
    return verdict is not None and verdict.decision is Decision.ACCEPT


def rejects(verdict: Verdict | None) -> bool:
    """Whether a person says with it that the item is no coverage of the campaign."""
    return verdict is not None and verdict.decision is REJECTING


def is_rejection(said: object) -> bool:
    """Whether a decision, as it is kept, says that the item is no coverage."""
    return said == str(Decision.REJECT)


def is_undecided(verdict: Verdict | None) -> bool:
    """Whether the item waits for a person: no verdict, or one that leaves it open."""
    return verdict is None or verdict.decision is Decision.UNSURE


def newest(verdicts: Sequence[Verdict]) -> Verdict | None:
    """The verdict that counts, of one campaign and article in the order of `store.verdicts.history`; None without any."""
    return verdicts[-1] if verdicts else None


def is_sensitive_copy(verdict: Verdict | None, story_sensitive_since: datetime | None, entered: HandItem | None = None) -> bool:
    """Whether an item is sensitive for its story's sake. `story_sensitive_since`: when a person last called an item of the story
    sensitive, None where nobody did. `verdict`: the one on the item itself; only an acceptance after that moment frees it.
    `entered`: the item as a person entered it; the acceptance made with the entry (at its moment) frees nothing."""
    if story_sensitive_since is None:
        return False
    if verdict is None or not accepts(verdict) or verdict.decided_at <= story_sensitive_since:
        return True
    return entered is not None and verdict.decided_at <= entered.entered_at


def is_held(mention: Mention, verdict: Verdict | None = None) -> bool:
    """Whether a `hold` label marks the item and no person has accepted it."""
    return mention.held and not accepts(verdict)


def was_held(mention: Mention, verdict: Verdict | None) -> bool:
    """Whether a `hold` label marks the item and a person accepted it all the same."""
    return mention.held and accepts(verdict)


def is_hidden(mention: Mention, verdict: Verdict | None, *, sensitive: bool) -> bool:
    """Whether the item may leave the house in no form. `sensitive`: some campaign's newest verdict calls it so, or its story's."""
    return sensitive or calls_sensitive(verdict) or is_held(mention, verdict)


def is_withheld(entry: Entry) -> bool:
    """`is_hidden` for an entry: no form that leaves the house may name it."""
    return is_hidden(entry.mention, entry.verdict, sensitive=entry.sensitive)


def is_called_sensitive(entry: Entry) -> bool:
    """Whether a person called the item or its story sensitive, as against a label that only may be right."""
    return entry.sensitive or calls_sensitive(entry.verdict)


def is_rejected(entry: Entry) -> bool:
    """Whether a person said that the item is no coverage of the campaign."""
    return rejects(entry.verdict)


def is_accepted(entry: Entry) -> bool:
    """Whether a person accepted the item, as whoever enters one by hand does; and nothing withholds it."""
    return accepts(entry.verdict) and not is_withheld(entry)


def is_cleared(campaign: Campaign, entry: Entry) -> bool:
    """Whether partners may see an item that nothing withholds."""
    if entry.verdict is None:
        return campaign.review == "optional" and not {DATE_UNCERTAIN, LISTED_ELSEWHERE}.intersection(entry.mention.labels)
    return accepts(entry.verdict)


def is_listed_only(entry: Entry) -> bool:
    """Whether another lists the item, its text was not read, and no person has accepted it."""
    return LISTED_ELSEWHERE in entry.mention.labels and not accepts(entry.verdict)


def is_own_channel(campaign: Campaign, entry: Entry) -> bool:
    """Whether the item stands on the campaign's or a partner's own site: listed apart, never counted."""
    try:
        host = urlsplit(entry.article.canonical_url).hostname or ""
    except ValueError:
        return False
    return any(host == domain or host.endswith(f".{domain}") for domain in campaign.own_domains)


def may_be_named_as_earlier(decisions: Sequence[str], *, sensitive: bool) -> bool:
    """Whether an article may be named as the one that bore an item's text before, to who does not see it as an item. `decisions`: how it was
    decided in each campaign that it is an item of (empty: not yet); none where it is older than all. `sensitive`: a person calls it or
    a story of it so."""
    return not sensitive and all(decision == ACCEPT_WORD for decision in decisions)
