"""Every record of the flow, in flow order: frozen, typed, no I/O.

Moments (`*_at`) are aware and in UTC unless a docstring says otherwise; calendar days end in `_on`.
"""

from __future__ import annotations

from tracker.model.articles import Article, Depth, Skipped, SkipReason
from tracker.model.campaigns import Campaign, Circle, KeyMessage, Label, Term, TermEntry, TermKind
from tracker.model.digests import Digest, Entry, RenderedDigest, Selection, SourceTrouble, Window
from tracker.model.fetching import FetchedPage, FetchFacts, FetchOutcome, FoundLink, FrontierLink, PollResult, Precision, Published
from tracker.model.mentions import Decision, Hit, Mention, Story, StoryText, Verdict
from tracker.model.runs import RunReport, StepReport
from tracker.model.searching import AllOf, AnyOf, AnyWord, IndexQuery
from tracker.model.watching import COUNTRIES, HBS, Lookback, Outlet, Source, SourceKind, Watched

__all__ = [
    "COUNTRIES",
    "HBS",
    "AllOf",
    "AnyOf",
    "AnyWord",
    "Article",
    "Campaign",
    "Circle",
    "Decision",
    "Depth",
    "Digest",
    "Entry",
    "FetchFacts",
    "FetchOutcome",
    "FetchedPage",
    "FoundLink",
    "FrontierLink",
    "Hit",
    "IndexQuery",
    "KeyMessage",
    "Label",
    "Lookback",
    "Mention",
    "Outlet",
    "PollResult",
    "Precision",
    "Published",
    "RenderedDigest",
    "RunReport",
    "Selection",
    "SkipReason",
    "Skipped",
    "Source",
    "SourceKind",
    "SourceTrouble",
    "StepReport",
    "Story",
    "StoryText",
    "Term",
    "TermEntry",
    "TermKind",
    "Verdict",
    "Watched",
    "Window",
]
