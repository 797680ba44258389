"""Whether enough of what is watched was read to say what was published."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tracker.model import FetchOutcome, Reach, ReachCell, SourceKind
from tracker.monitoring import reach
from tracker.monitoring.reach import LOGIN_PAGE, NOT_POLLED, SourcePoll, Standing

FEED, SECTION, SEARCH, SITEMAP = SourceKind.FEED, SourceKind.SECTION, SourceKind.SEARCH, SourceKind.SITEMAP
COUNTRIES = ("AL", "BA", "XK", "ME", "MK", "RS", "XB")


def a_poll(number: int = 1, outcome: FetchOutcome | None = FetchOutcome.FETCHED, **given: object) -> SourcePoll:
    url = f"https://outlet{number}.example/feed"
    poll = SourcePoll(f"outlet-{number}", "AL", 3, "sq", FEED, outcome, url, url, 200, 1000 + number)
    return replace(poll, **given)  # type: ignore[arg-type]


def cell(country: str = "AL", tier: int = 3, language: str = "sq", *, watched: int, read: int) -> ReachCell:
    return ReachCell(country, tier, language, watched, read)


@pytest.mark.parametrize("outcome", [one for one in FetchOutcome if not one.succeeded and one is not FetchOutcome.EMPTY])
def test_a_night_in_which_everything_ends_alike_badly_has_read_nothing(outcome: FetchOutcome) -> None:
    found = reach.measure(a_poll(number, outcome) for number in range(5))
    assert (found.watched, found.read, found.causes) == (5, 0, ((str(outcome), 5),))
    assert reach.standing(found) is Standing.NOTHING
    assert "FAILED" in reach.headline(found)


@pytest.mark.parametrize(
    ("outcome", "kind", "size", "read"),
    [
        (FetchOutcome.FETCHED, FEED, 10, True),
        (FetchOutcome.UNCHANGED, SITEMAP, 0, True),
        (FetchOutcome.EMPTY, FEED, 300, True),
        (FetchOutcome.EMPTY, SEARCH, 300, True),
        (FetchOutcome.EMPTY, FEED, 0, False),
        (FetchOutcome.EMPTY, FEED, None, False),
        (FetchOutcome.EMPTY, SECTION, 300, False),
        (None, FEED, None, False),
    ],
)
def test_what_counts_as_read(outcome: FetchOutcome | None, kind: SourceKind, size: int | None, read: bool) -> None:
    assert a_poll(1, outcome, kind=kind, size_bytes=size).was_read is read


def test_one_source_that_answers_is_enough_for_its_outlet() -> None:
    found = reach.measure([a_poll(1, FetchOutcome.NOT_FOUND), a_poll(1, kind=SITEMAP), a_poll(2, FetchOutcome.TIMEOUT)])
    assert (found.watched, found.read) == (2, 1)


def test_what_was_not_asked_before_the_crawl_ended_is_unread_but_a_search_without_terms_is_not_missed() -> None:
    found = reach.measure([a_poll(1, None), a_poll(2, None), a_poll(3), a_poll(4, None, kind=SEARCH)])
    assert (found.watched, found.read, found.causes) == (3, 1, ((NOT_POLLED, 2),))
    assert "crawl ended" in reach.advice(found)


@pytest.mark.parametrize(
    ("cells", "standing", "measures"),
    [
        ([], Standing.WHOLE, ()),
        ([cell(watched=1, read=0)], Standing.NOTHING, ("outlets",)),
        ([cell(watched=2, read=1)], Standing.WHOLE, ()),
        ([cell(watched=5, read=2)], Standing.FAILED, ("outlets",)),
        ([cell(watched=100, read=50)], Standing.WHOLE, ()),
        ([cell(watched=100, read=49)], Standing.FAILED, ("outlets",)),
        ([cell(watched=10, read=10), cell("RS", language="sr", watched=3, read=0)], Standing.PARTLY, ()),
        ([cell(watched=10, read=10), cell("ME", language="cnr", watched=1, read=0)], Standing.PARTLY, ()),
        ([cell(tier=1, watched=3, read=1), cell(watched=97, read=97)], Standing.FAILED, ("tier 1",)),
        ([cell(tier=2, watched=9, read=2), cell(watched=90, read=90)], Standing.FAILED, ("tier 2",)),
        ([cell(tier=1, watched=2, read=0), cell(watched=98, read=98)], Standing.WHOLE, ()),
        (
            [cell(watched=80, read=80), *[cell(code, language="sr", watched=4, read=1) for code in ("RS", "ME", "BA")]],
            Standing.FAILED,
            ("countries",),
        ),
        (
            [cell(watched=80, read=80), *[cell(language=code, watched=4, read=1) for code in ("sr", "mk")]],
            Standing.FAILED,
            ("languages",),
        ),
    ],
)
def test_what_a_reach_allows_to_say(cells: list[ReachCell], standing: Standing, measures: tuple[str, ...]) -> None:
    found = Reach(tuple(cells))
    assert reach.standing(found) is standing
    assert set(measures) <= set(reach.failing(found))
    assert bool(reach.failing(found)) is (standing in (Standing.FAILED, Standing.NOTHING))


def test_article_pages_that_cannot_be_opened_fail_a_night_whose_feeds_all_answered() -> None:
    found = replace(reach.measure(a_poll(number) for number in range(9)), pages_asked=100, pages_read=30)
    assert reach.standing(found) is Standing.FAILED
    assert "30 of 100 article pages" in reach.headline(found)
    assert reach.standing(replace(found, pages_asked=10, pages_read=0)) is Standing.WHOLE


def test_an_unread_country_is_named() -> None:
    found = reach.measure(
        [*[a_poll(n) for n in range(9)], *[a_poll(n, FetchOutcome.TIMEOUT, country="ME", language="cnr") for n in range(10, 13)]]
    )
    assert reach.unread_groups(found) == {"country": ("ME",), "tier": (), "language": ("cnr",)}
    assert "no outlet of ME could be read" in reach.headline(found)


def test_a_campaign_whose_own_countries_are_unread_has_an_outage_though_the_rest_answered() -> None:
    found = Reach((cell("AL", watched=3, read=0), cell("RS", language="sr", watched=30, read=30)))
    assert not reach.is_outage(found)
    assert reach.is_outage(found, ("AL", "XK"))
    assert not reach.is_outage(found, ("RS",))


@pytest.mark.parametrize("status", [200, 203])
def test_a_login_page_that_every_host_is_sent_to_is_no_answer(status: int) -> None:
    polls = [a_poll(n, FetchOutcome.FETCHED, kind=SECTION, status=status, final_url="https://login.hotspot.example/") for n in range(4)]
    found = reach.measure(polls)
    assert (found.read, found.causes) == (0, ((LOGIN_PAGE, 4),))
    assert "login page" in reach.headline(found)


def test_one_page_of_the_same_size_under_every_address_is_no_answer() -> None:
    polls = [
        a_poll(n, FetchOutcome.FETCHED if n % 2 else FetchOutcome.NOT_A_FEED, kind=SECTION if n % 2 else FEED, size_bytes=4711)
        for n in range(6)
    ]
    assert reach.measure(polls).causes == ((LOGIN_PAGE, 6),)


def test_feeds_that_lie_with_one_provider_are_read() -> None:
    polls = [a_poll(n, final_url=f"https://feeds.provider.example/{n}", size_bytes=500) for n in range(6)]
    assert reach.measure(polls).read == 6


def test_outlets_of_one_owner_may_send_the_same_page() -> None:
    polls = [
        a_poll(n, kind=SECTION, requested_url=f"https://{n}.owner.al/", final_url=f"https://{n}.owner.al/", size_bytes=900)
        for n in range(5)
    ]
    assert reach.measure(polls).read == 5


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ([FetchOutcome.DNS_FAILED] * 5, "DNS"),
        ([FetchOutcome.CERTIFICATE] * 4 + [FetchOutcome.TIMEOUT], "clock"),
        ([FetchOutcome.CONNECTION_FAILED] * 3 + [FetchOutcome.TIMEOUT] * 2, "proxy"),
        ([FetchOutcome.ROBOTS_REFUSED] * 5, "robots.txt"),
        ([FetchOutcome.REFUSED_ADDRESS] * 5, "private network"),
        ([FetchOutcome.SERVER_ERROR] * 5, "proxy"),
        ([FetchOutcome.NOT_FOUND, FetchOutcome.BLOCKED, FetchOutcome.TIMEOUT, FetchOutcome.TOO_LARGE], "sources health"),
    ],
)
def test_what_to_look_at_first(outcomes: list[FetchOutcome], words: str) -> None:
    assert words in reach.headline(reach.measure(a_poll(n, outcome) for n, outcome in enumerate(outcomes)))


POLLS = st.lists(
    st.builds(
        lambda number, country, tier, outcome, kind: a_poll(number, outcome, country=country, tier=tier, kind=kind),
        st.integers(0, 40),
        st.sampled_from(COUNTRIES),
        st.integers(1, 3),
        st.none() | st.sampled_from(list(FetchOutcome)),
        st.sampled_from(list(SourceKind)),
    ),
    max_size=60,
)


@given(POLLS)
def test_every_outlet_is_counted_once_and_every_unread_one_has_a_cause(polls: list[SourcePoll]) -> None:
    found = reach.measure(polls)
    expected = {poll.outlet_id for poll in polls if poll.outcome is not None or poll.kind is not SEARCH}
    assert found.watched == len(expected)
    assert found.watched - found.read == sum(count for _, count in found.causes)
    assert all(0 <= one.read <= one.watched for one in found.cells)


@given(POLLS, st.randoms())
def test_the_order_of_polls_changes_no_count(polls: list[SourcePoll], random: object) -> None:
    once_each = list({(poll.outlet_id): poll for poll in polls}.values())
    shuffled = list(once_each)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert reach.measure(once_each).cells == reach.measure(shuffled).cells


@given(POLLS)
def test_reading_more_never_makes_a_night_worse(polls: list[SourcePoll]) -> None:
    order = [Standing.NOTHING, Standing.FAILED, Standing.PARTLY, Standing.WHOLE]
    before = reach.measure(polls)
    better = Reach(tuple(replace(one, read=min(one.watched, one.read + 1)) for one in before.cells))
    assert order.index(reach.standing(better)) >= order.index(reach.standing(before))
