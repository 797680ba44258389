"""What `scrapy crawl ... -o out.jsonl` shows of a poll or a page: plain values, one item each."""

from __future__ import annotations

from typing import Any

from tracker.crawl.writer import Job, PollJob
from tracker.model import FetchFacts, FoundLink, PictureResult, RevisitResult


def items_of(job: Job) -> list[dict[str, Any]]:
    """A poll with the links worth fetching behind it, or a page. `item` says which."""
    if isinstance(job, PictureResult):
        return [
            {"item": "picture", "outlet": job.wanted.outlet_id, "url": job.wanted.url, "outcome": str(job.outcome), "detail": job.detail}
        ]
    if isinstance(job, RevisitResult):
        return [{"item": "visit", "outlet": job.wanted.outlet_id, **_facts(job.facts), "content_type": job.content_type}]
    if not isinstance(job, PollJob):
        return [{"item": "page", "outlet": job.link.outlet_id, **_facts(job.facts), "content_type": job.content_type}]
    poll = {"item": "poll", "source": job.poll.source_id, **_facts(job.poll.facts), "listed": job.poll.listed, "wanted": len(job.links)}
    return [poll, *(_link(key, link) for key, link in job.links)]


def _facts(facts: FetchFacts) -> dict[str, Any]:
    return {
        "url": facts.requested_url,
        "final_url": facts.final_url,
        "outcome": str(facts.outcome),
        "detail": facts.detail,
        "status": facts.status,
        "size_bytes": facts.size_bytes,
        "elapsed_seconds": facts.elapsed_seconds,
    }


def _link(key: str, link: FoundLink) -> dict[str, Any]:
    return {
        "item": "link",
        "source": link.source_id,
        "outlet": link.outlet_id,
        "url": link.url,
        "key": key,
        "title": link.title,
        "summary": link.summary,
        "published": link.published.iso() if link.published else None,
        "authors": [*link.authors],
    }
