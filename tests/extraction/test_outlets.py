from __future__ import annotations

from datetime import date

import pytest

from tests.extraction.pages import SENTENCES, URL, a_page, an_outlet
from tracker.extraction.article import extract_article
from tracker.extraction.outlets.rules import OutletRule, rule_for
from tracker.model import Article

RULE = OutletRule(
    hosts=("zeri-i-lumit.example",),
    valid_from=date(2025, 1, 1),
    valid_until=date(2026, 12, 31),
    title=".x1",
    lead=".x2",
    body=".x3",
    published=".x4",
    authors=".x5 b",
    remove=(".promo",),
)
PAGE = (
    "<title>Zëri i Lumit</title><h1>Zëri i Lumit</h1><div class=x1>Hapet kanali i ri</div><div class=x4>10.03.2026 08:30</div><div class=x5><b>Ana Leka</b></div>"
    f"<div class=x2>{SENTENCES[0]}</div><div class=x3><p>{SENTENCES[1]}</p><p class=promo>Bli tani</p><p>{SENTENCES[2]}</p></div>"
)


def article_of(html: str, rules: tuple[OutletRule, ...]) -> Article:
    found = extract_article(a_page(html), an_outlet(), rules)
    assert isinstance(found, Article)
    return found


def test_a_rule_in_force_reads_its_fields() -> None:
    found = article_of(PAGE, (RULE,))
    assert (found.title, found.lead, found.authors) == ("Hapet kanali i ri", SENTENCES[0], ("Ana Leka",))
    assert found.body == "\n".join(SENTENCES[:3])
    assert found.published is not None
    assert found.published.iso() == "2026-03-10T08:30:00+01:00"


def test_a_field_that_a_rule_does_not_find_is_left_to_the_ladder() -> None:
    assert article_of(PAGE.replace("x1", "y1"), (RULE,)).title != ""
    assert SENTENCES[1] in article_of(PAGE.replace("x3", "y3"), (RULE,)).body


@pytest.mark.parametrize(
    ("url", "on", "holds"),
    [
        (URL, date(2026, 3, 14), True),
        ("https://www.zeri-i-lumit.example/a", date(2026, 3, 14), True),
        ("https://other-zeri-i-lumit.example/a", date(2026, 3, 14), False),
        (URL, date(2026, 12, 31), True),
        (URL, date(2027, 1, 1), False),
        (URL, date(2024, 12, 31), False),
        ("http://[bad", date(2026, 3, 14), False),
    ],
)
def test_a_rule_holds_for_its_hosts_and_days_only(url: str, on: date, holds: bool) -> None:
    assert (rule_for(url, on, (RULE,)) is RULE) is holds
