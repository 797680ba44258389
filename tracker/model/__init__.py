"""Every record of the flow, in flow order: frozen, typed, no I/O.

Moments (`*_at`) are aware and in UTC unless a docstring says otherwise; calendar days end in `_on`.
"""

from __future__ import annotations

from tracker.model.articles import Article, Depth, Skipped, SkipReason
from tracker.model.campaigns import (
    OBJECTIVE_MEASURES,
    Branding,
    Campaign,
    Circle,
    KeyMessage,
    Label,
    Objective,
    Outcome,
    Spokesperson,
    Term,
    TermEntry,
    TermKind,
)
from tracker.model.digests import (
    Audience,
    Digest,
    Document,
    EditionFacts,
    EditionKind,
    Entry,
    Period,
    RenderedDigest,
    Selection,
    SourceTrouble,
    Window,
    Withdrawn,
)
from tracker.model.fetching import FetchedPage, FetchFacts, FetchOutcome, FoundLink, FrontierLink, PollResult, Precision, Published
from tracker.model.mentions import Decision, HandItem, Hit, Medium, Mention, Prominence, Story, StoryText, Tone, Verdict
from tracker.model.runs import RunReport, StepReport
from tracker.model.searching import AllOf, AnyOf, AnyWord, IndexQuery
from tracker.model.watching import COUNTRIES, HBS, Lookback, Outlet, Source, SourceKind, Watched

__all__ = [
    "COUNTRIES",
    "HBS",
    "OBJECTIVE_MEASURES",
    "AllOf",
    "AnyOf",
    "AnyWord",
    "Article",
    "Audience",
    "Branding",
    "Campaign",
    "Circle",
    "Decision",
    "Depth",
    "Digest",
    "Document",
    "EditionFacts",
    "EditionKind",
    "Entry",
    "FetchFacts",
    "FetchOutcome",
    "FetchedPage",
    "FoundLink",
    "FrontierLink",
    "HandItem",
    "Hit",
    "IndexQuery",
    "KeyMessage",
    "Label",
    "Lookback",
    "Medium",
    "Mention",
    "Objective",
    "Outcome",
    "Outlet",
    "Period",
    "PollResult",
    "Precision",
    "Prominence",
    "Published",
    "RenderedDigest",
    "RunReport",
    "Selection",
    "SkipReason",
    "Skipped",
    "Source",
    "SourceKind",
    "SourceTrouble",
    "Spokesperson",
    "StepReport",
    "Story",
    "StoryText",
    "Term",
    "TermEntry",
    "TermKind",
    "Tone",
    "Verdict",
    "Watched",
    "Window",
    "Withdrawn",
]
