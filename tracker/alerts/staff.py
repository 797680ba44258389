"""Alerts: load, decide (`alerts`), note, tell. Safe to repeat: what is noted is not noted again, who was told is not told again."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from tracker.alerts import detection as deciding
from tracker.alerts.detection import Disclosure
from tracker.alerts.notify import APPRISE, GIVEN_UP, Notification, Target, Tell, tell_due
from tracker.alerts.words import HEADLINE, HELD, SPIKE, Told, alert_words
from tracker.delivery.recipients import Recipient, Role
from tracker.model import Campaign, Entry, StepReport
from tracker.recurrence import read_quiet_hours
from tracker.store import alerts as ledger
from tracker.store import entries as stored
from tracker.store.alerts import Alert
from tracker.store.lock import AlertLock
from tracker.workspace import Parts

KINDS = (HEADLINE, SPIKE)
NAMELESS = frozenset({"name", "mention"})
"""Facts of an item that is held back: they lead to it, and say nothing of it."""
Facts = Mapping[str, str]


class AlertReport(Struct, frozen=True):
    """What was told. `needs_a_person` turns the exit code to 1."""

    step: StepReport
    told: tuple[str, ...] = ()
    needs_a_person: tuple[str, ...] = ()


def run_alerts(parts: Parts, campaigns: Sequence[Campaign], recipients: Sequence[Recipient], tell: Tell) -> AlertReport:
    """Notes what is new and tells staff what is due. Raises RunLocked while another does."""
    started = time.monotonic()
    outcomes: Counter[str] = Counter()
    subjects: list[str] = []
    needs: list[str] = []
    with AlertLock(parts.workspace, parts.settings.database.url).acquire():
        for campaign in campaigns:
            targets = _targets(parts, campaign, recipients)
            if not targets:
                outcomes[Notification.NOBODY] += 1
                continue
            now = parts.clock()
            found, since = _load(parts, campaign, now)
            _note_new(parts, campaign, found, since, now)
            due, waiting, gone = _due(parts, campaign, found, now)
            ends = tell_due(parts.database, due, targets, tell, parts.clock, partial(_said, campaign))
            outcomes.update(
                [*ends.values(), *["waits for the end of the quiet hours, or to be tried again"] * waiting, *["taken back"] * gone]
            )
            subjects += [alert.subject for alert in due if ends[alert.id].got_out]
            needs += [f"{alert.subject}: {ends[alert.id]}" for alert in due if not ends[alert.id].got_out]
    step = StepReport("alert", outcomes.total(), tuple(sorted(outcomes.items())), time.monotonic() - started)
    return AlertReport(step, tuple(subjects), tuple(needs))


def _load(parts: Parts, campaign: Campaign, now: datetime) -> tuple[list[Entry], datetime]:
    """The campaign's items of four weeks, and since when it is watched."""
    with parts.database.reading() as conn:
        since = ledger.watched_since(conn, campaign.id)
        return stored.for_campaign(conn, campaign.id, found_from=now - deciding.PAST), since or now


def _note_new(parts: Parts, campaign: Campaign, found: Sequence[Entry], since: datetime, now: datetime) -> None:
    asked = parts.settings.alerts
    with parts.database.reading() as conn:
        told = {alert.key for alert in ledger.of_campaign(conn, campaign.id, HEADLINE)}
        spikes = ledger.of_campaign(conn, campaign.id, SPIKE)
    quiet = read_quiet_hours(asked.quiet_hours)
    over_at = quiet.over_at(now, campaign.time_zone) if quiet else now
    new: list[tuple[str, str, str, Facts, datetime]] = []
    if asked.headlines:
        for story in deciding.stories_in_headlines(campaign, found, told, now):
            kind = HELD if story.withheld else HEADLINE
            new.append((HEADLINE, deciding.key_of(story.entry), kind, deciding.headline_values(campaign, story), over_at))
    if asked.spikes and (spike := deciding.find_spike(campaign, found, since, spikes[-1].raised_at if spikes else None, now)):
        # the quiet hours do not hold this one: it comes once in years by chance, and its first hours are what counts
        new.append((SPIKE, spike.begin_at.isoformat(), SPIKE, deciding.spike_values(campaign, spike), now))
    if new:
        with parts.database.writing() as conn:
            for kind, key, worded, facts, due_at in new:
                subject, text = alert_words(worded, facts, campaign, "en")
                noted = [("worded", worded), *((name, value) for name, value in facts.items() if worded != HELD or name in NAMELESS)]
                ledger.raise_once(conn, campaign.id, kind, key, subject=subject, text=text, raised_at=now, due_at=due_at, facts=noted)


def _due(parts: Parts, campaign: Campaign, found: Sequence[Entry], now: datetime) -> tuple[list[Alert], int, int]:
    """What is to be told now, as it may be told now; how many alerts wait; and how many a person took back in time."""
    with parts.database.reading() as conn:
        unsent = [alert for alert in ledger.unsent(conn, campaign.id, KINDS) if now - alert.raised_at < GIVEN_UP]
    due: list[Alert] = []
    gone: list[int] = []
    for alert in (alert for alert in unsent if alert.due_at <= now):
        disclosure = deciding.disclosure_of(found, alert.key) if alert.kind == HEADLINE else Disclosure.IN_FULL
        if disclosure is Disclosure.NONE:
            gone.append(alert.id)
        elif disclosure is Disclosure.WITHOUT_NAMES:
            due.append(_without_names(campaign, alert, next(entry for entry in found if deciding.key_of(entry) == alert.key)))
        else:
            due.append(alert)
    if gone:
        with parts.database.writing() as conn:
            ledger.settle(conn, gone, "taken back before it was told", sent_at=now)
    return due, len(unsent) - len(due) - len(gone), len(gone)


def _targets(parts: Parts, campaign: Campaign, recipients: Sequence[Recipient]) -> list[Target]:
    """Staff who read this campaign, each once, and the Apprise address."""
    now = parts.clock()
    reads = [one for one in recipients if one.role is Role.STAFF and not one.away(now)]
    staff = [one for one in reads if not one.campaigns or campaign.id in one.campaigns]
    languages = {one.address.key: one.language for one in reversed(staff)}
    targets = [Target(whom, languages[whom]) for whom in dict.fromkeys(one.address.key for one in staff)]
    return targets + ([Target(APPRISE, parts.settings.digest.languages[0])] if parts.settings.alerts.apprise_url else [])


def _without_names(campaign: Campaign, alert: Alert, entry: Entry) -> Alert:
    """What was noted before something of its story was withheld."""
    facts = deciding.headline_values(campaign, deciding.StoryInHeadline(entry, 1, withheld=True))
    subject, text = alert_words(HELD, facts, campaign, "en")
    kept = (("worded", HELD), *((name, value) for name, value in facts.items() if name in NAMELESS))
    return replace(alert, subject=subject, text=text, facts=kept)


def _said(campaign: Campaign, alert: Alert, language: str) -> Told:
    """An alert in a language; one that was noted before facts were is told as it was noted."""
    facts = dict(alert.facts)
    return alert_words(facts["worded"], facts, campaign, language) if facts else (alert.subject, alert.text)
