"""How many real articles are known as such by their address and headline alone, and once half of an outlet's are known."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

from tracker.sources.article_links import PageLink, judge_link, learn_shapes

UNLEARNT_FLOOR, LEARNT_FLOOR = 0.985, 0.985  # measured 0.991 and 0.990 of 14,481 addresses on 2026-11-23
NO_OUTLETS = ("bit.ly", "facebook.com", "youtube.com", "posao.banjaluka.com")
MOST_OF_ONE = 400


def _articles(corpus: Path) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for name in sorted((corpus / "news-bosnia-posts").glob("*.jsonl.gz")):
        with gzip.open(name, "rt", encoding="utf-8") as lines:
            for line in lines:
                post = json.loads(line)
                parts = urlsplit(post.get("link") or "")
                host = (parts.hostname or "").removeprefix("www.")
                if parts.path.strip("/") and host not in NO_OUTLETS and len(found[host]) < MOST_OF_ONE:
                    found[host][post["link"]] = post.get("headline") or ""
    return found


def test_real_articles_are_known_by_address_and_headline(corpus: Path) -> None:
    unlearnt: list[bool] = []
    learnt: list[bool] = []
    for titles in _articles(corpus).values():
        addresses = sorted(titles)
        parts = urlsplit(addresses[0]) if addresses else None
        if parts is None:
            continue
        home = f"{parts.scheme}://{parts.netloc}/"
        unlearnt += [judge_link(PageLink(address, titles[address]), home).article for address in addresses]
        if len(addresses) >= 40:
            shapes = learn_shapes(addresses[::2])
            learnt += [judge_link(PageLink(address, titles[address]), home, shapes).article for address in addresses[1::2]]
    assert len(unlearnt) > 5000
    assert sum(unlearnt) / len(unlearnt) >= UNLEARNT_FLOOR
    assert sum(learnt) / len(learnt) >= LEARNT_FLOOR
