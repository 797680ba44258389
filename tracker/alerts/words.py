"""What alerts and the morning line say, in each reader's language. What was noted are facts; the sentences are made when somebody is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Template

from msgspec import Struct, field

from tracker.locale.said import Said, in_language
from tracker.locale.wording import Wording, notice_wording
from tracker.model import Campaign
from tracker.workspace import shipped_folder

HEADLINE, HELD, SPIKE = "headline", "held", "spike"
_RECORDS = {"mail alignment": "DMARC"}
Told = tuple[str, str]
"""A subject and a text."""


class Line(Struct, frozen=True):
    """A line of the morning: a sentence of the wording and what it names; without `key` its value `words`, which may be `Said`."""

    key: str
    values: Mapping[str, str] = field(default_factory=dict)
    count: int | None = None

    def say(self, language: str) -> str:
        """The line as readers of a language read it."""
        if not self.key:
            return in_language(self.values["words"], language)
        words = notice_wording(language)
        return words.say(self.key, self.count, **{name: _worded(words, name, value) for name, value in self.values.items()})


def plain_line(words: str) -> Line:
    """A line that is a sentence of its own."""
    return Line("", {"words": words})


def check_line(name: str, finding: str, advice: str) -> Line:
    """What the doctor found wrong."""
    values = {"check": name, "finding": finding}
    return Line("morning_advice", values | {"advice": advice}) if advice else Line("morning_check", values)


def alert_words(kind: str, facts: Mapping[str, str], campaign: Campaign, language: str) -> Told:
    """The subject and text of an alert in a language. `facts` are those of `detection`'s `headline_values` and `spike_values`."""
    words = notice_wording(language)
    name = words.name_in(campaign.names, campaign.name) if language != "en" else campaign.name
    if kind == SPIKE:
        subject = words.say("alert_spike_subject", int(facts["items"]))
        sentences = {
            "rise": words.say("alert_spike", None, **facts),
            "outlets": words.say("alert_spike_outlets", outlets=facts["outlets"]),
            "situation": words.say("alert_situation", command="tracker digest make --situation"),
        }
        return f"[{name}] {subject}", _laid_out(SPIKE, sentences)
    if kind == HELD:
        command = f"tracker verdict {facts['mention']} sensitive"
        told = words.say("alert_held", name=facts["name"], command=command, others="accept, reject")
        return f"[{name}] {words.say('alert_held_subject')}", _laid_out(HELD, {"told": told})
    more = int(facts["more"])
    sentences = {"sentence": words.say("alert_headline", name=facts["name"]), "others": words.say("alert_others", more) if more else ""}
    subject = words.say("alert_headline_subject", title=facts["title"])
    return f"[{name}] {subject}", _laid_out(HEADLINE, {**facts, **sentences})


def subject_said(subject: str, facts: Mapping[str, str]) -> str:
    """The subject of an alert that was noted, so that it can be said in any language; of one from before facts were, as it was noted."""
    worded = facts.get("worded")
    if worded == SPIKE:
        said = Said("alert_spike_subject", int(facts["items"]))
    elif worded == HELD:
        said = Said("alert_held_subject")
    elif worded == HEADLINE:
        said = Said("alert_headline_subject", title=facts["title"])
    else:
        return subject
    return Said("alert_of", campaign=subject.partition("] ")[0].removeprefix("["), subject=said)


def more_words(count: int, language: str) -> str:
    """Behind the subject of one message that tells of several things."""
    return notice_wording(language).say("alert_more", count)


def morning_words(today: str, lines: Sequence[Line], language: str) -> Told:
    """The subject and text of a morning with lines."""
    words = notice_wording(language)
    told = "\n".join(f"- {line.say(language)}" for line in lines)
    return words.say("morning_subject", len(lines), day=today), told


def _worded(words: Wording, name: str, value: str) -> str:
    if name == "kind":
        return words.say(f"of_{value}")
    if name == "subject":
        return repr(in_language(value, words.language))
    if name != "check":
        return in_language(value, words.language)
    if value.startswith("mail "):
        return words.say("check_mail_record", name=_RECORDS.get(value, value.split()[1]))
    job = value.removeprefix("job ")
    key = "check_job" if job != value else f"check_{value.replace(' ', '_')}"
    return words.say(key, name=job, pdf="pdf" if words.language == "en" else "PDF") if words.has(key) else value


def _laid_out(name: str, values: Mapping[str, str]) -> str:
    text = (shipped_folder("templates") / "alerts" / f"{name}.txt").read_text("utf-8")
    return "\n".join(line.rstrip() for line in Template(text).substitute(values).strip().splitlines())
