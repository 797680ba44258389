"""The address rules of many outlets, found by the host of an address. Pure.

The rule that holds for an address is the one of the outlet at its host, whoever named the address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from msgspec import Struct, field

from tracker.model import Outlet
from tracker.urls.hosts import host_key, host_of
from tracker.urls.outlet_rules import NO_RULE, AddressRule, read_keys, read_switch


class Place(Struct, frozen=True):
    """Where an outlet's addresses lie: below `path` on a host."""

    outlet_id: str
    path: str
    rule: AddressRule = NO_RULE

    def holds(self, path: str) -> bool:
        """Whether a path lies below the outlet's front page."""
        return path == self.path or path.startswith(f"{self.path}/")


class AddressRules(Struct, frozen=True):
    """The outlets by host. `moved`: a host that an outlet had before -> the host it has."""

    places: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)

    def host(self, host: str) -> str:
        """The host that stands for `host` in keys: the present one, in no script."""
        while (simpler := host_key(self._in_no_script(self.moved.get(host, host)))) not in ("", host):
            host = simpler
        return host

    def rule(self, host: str, path: str) -> AddressRule:
        """The rule for an address whose host is one that `host` gave."""
        places = self._at(host)
        if len(places) > 1 and len({place.rule for place in places}) > 1:
            places = _nearest(places, path)
        return places[0].rule if places else NO_RULE

    def owner(self, url: str) -> str:
        """The id of the outlet whose address this is; "" when no outlet has the host, or several have and none is nearest."""
        host = self.host(host_of(url))
        places = self._at(host)
        if len(places) > 1:
            places = _nearest(places, urlsplit(url).path)
        return places[0].outlet_id if len(places) == 1 else ""

    def _at(self, host: str) -> tuple[Place, ...]:
        return next((found for name in _with_parents(host) if (found := self.places.get(name))), ())

    def _in_no_script(self, host: str) -> str:
        return next((bare for place in self._at(host) if (bare := place.rule.host_without_script(host)) != host), host)


NO_RULES = AddressRules()


def rules_of(outlets: Iterable[Outlet]) -> AddressRules:
    """What the register says of these outlets' addresses; of two with one front page the first counts. Outlets without a rule
    belong in it too: they shield their own hosts."""
    outlets = tuple(outlets)
    places: dict[str, list[Place]] = {}
    for outlet in outlets:
        rule, home = _rule(outlet), home_host(outlet)
        place = Place(outlet.id, _home_path(outlet, rule), rule)
        if home and all(place.path != other.path for other in places.get(home, ())):
            places.setdefault(home, []).append(place)
    moved = {old: home for outlet in outlets for old, home in _moves(outlet) if old not in places}
    return AddressRules({host: tuple(found) for host, found in places.items()}, moved)


@lru_cache(maxsize=4096)
def rule_of(outlet: Outlet) -> AddressRules:
    """The rules of one outlet alone: for addresses of which only its own matter."""
    return rules_of((outlet,))


def home_host(outlet: Outlet) -> str:
    """The host of an outlet's front page as it stands in keys."""
    return _rule(outlet).host_without_script(host_of(outlet.homepage))


def _moves(outlet: Outlet) -> Iterator[tuple[str, str]]:
    home = home_host(outlet)
    for name in outlet.moved_hosts:
        old = _rule(outlet).host_without_script(host_key(name))
        if old and home and old != home:
            yield old, home


@lru_cache(maxsize=4096)
def _rule(outlet: Outlet) -> AddressRule:
    if not outlet.script_switch and not outlet.url_key:
        return NO_RULE
    switch = read_switch(outlet.script_switch) if outlet.script_switch else NO_RULE.switch
    return AddressRule(switch, read_keys(outlet.url_key) if outlet.url_key else ())


def _home_path(outlet: Outlet, rule: AddressRule) -> str:
    try:
        return rule.path_without_script(urlsplit(outlet.homepage).path).rstrip("/")
    except ValueError:
        return ""


def _with_parents(host: str) -> Iterator[str]:
    """`a.b.example`, `b.example`, `example`."""
    while host:
        yield host
        host = host.partition(".")[2]


def _nearest(places: tuple[Place, ...], path: str) -> tuple[Place, ...]:
    """Of outlets on one host, those whose front page lies nearest above the path."""
    above = [place for place in places if place.holds(place.rule.path_without_script(path))]
    length = max((len(place.path) for place in above), default=0)
    return tuple(place for place in above if len(place.path) == length)
