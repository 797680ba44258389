"""Which list names which article of the sample press, so that the night can judge from their overlaps what was missed.

An outlet with a feed and a sitemap names most articles in both, and each in one at least, so that all are found; a feed alone names all. The second net
knows some of every outlet that lets us in. Chosen by the article's key: the same in every run, and no list knows of another.
"""

from __future__ import annotations

import hashlib

from tracker.demo.press.press import PressArticle, PressOutlet

FEED, SITEMAP, SECOND_NET = "feed", "sitemap", "second net"
SHARES = {FEED: 0.85, SITEMAP: 0.75, SECOND_NET: 0.45}
"""Of an outlet's articles. A feed shows the newest, and press agencies' pieces are left out of many."""

ESTIMATE = {"found": 59, "estimated": 59, "low": 59, "high": 63}
"""What the night's edition says of what was missed, from the overlaps of these lists. Nothing was: each article stands in one at least."""


def names(net: str, outlet: PressOutlet, article: PressArticle) -> bool:
    """Whether a list names an article."""
    has_both = outlet.feed != "none" and outlet.sitemap
    if net == SECOND_NET:
        return not outlet.fault and _chosen(net, article)
    if not has_both or _chosen(net, article):
        return True
    other = SITEMAP if net == FEED else FEED
    return net == FEED and not _chosen(other, article)


def _chosen(net: str, article: PressArticle) -> bool:
    drawn = int.from_bytes(hashlib.sha256(f"{net}:{article.key}".encode()).digest()[:4], "big") / 2**32
    return drawn < SHARES[net]
