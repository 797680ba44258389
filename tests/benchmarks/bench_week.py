"""A simulated week of the whole register: polling by need against one poll a night."""

from __future__ import annotations

from tests import week

SEEN_AT_LEAST = 0.995
NIGHTLY_AT_MOST = 0.5


def main() -> list[str]:
    press = week.the_press()
    need, night = week.by_need(press), week.once_a_night(press)
    print(week.markdown(need, night))
    missed = []
    if week.total(need).share <= SEEN_AT_LEAST:
        missed.append(f"a week by need: {week.total(need).share:.2%} of the items seen, not over {SEEN_AT_LEAST:.1%}")
    if week.total(night).share >= NIGHTLY_AT_MOST:
        missed.append("one poll a night sees more than it should: the simulated press is too slow")
    return missed


if __name__ == "__main__":
    main()
