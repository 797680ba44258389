"""`pip install .` brings the versions that we test with: what our requirements bring along is pinned as they are."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import requires

from packaging.requirements import Requirement

from tests.conftest import ROOT


def listed(name: str) -> dict[str, Requirement]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    found = [Requirement(line.strip()) for line in lines if line.strip() and not line.startswith("#")]
    return {plain(one.name): one for one in found}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def brought_along() -> set[str]:
    """Names of all that the installed packages of requirements.txt need on this machine."""
    direct = listed("requirements.txt")
    waiting, seen = [(name, one.extras) for name, one in direct.items()], set[tuple[str, frozenset[str]]]()
    while waiting:
        name, extras = waiting.pop()
        if (key := (name, frozenset(extras))) in seen:
            continue
        seen.add(key)
        for line in requires(name) or []:
            needed = Requirement(line)
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in (extras or {""})):
                waiting.append((plain(needed.name), needed.extras))
    return {name for name, _ in seen} - direct.keys()


def test_all_that_our_requirements_bring_along_is_locked() -> None:
    locked = {name for name, one in listed("requirements-lock.txt").items() if one.marker is None or one.marker.evaluate()}
    assert brought_along() == locked


def test_the_lock_names_the_versions_that_we_test_with() -> None:
    pins = listed("requirements-pins.txt")
    for name, one in listed("requirements-lock.txt").items():
        assert str(one.specifier).startswith("=="), name
        assert one.specifier == pins[name].specifier, name


def test_the_package_is_built_with_both_lists() -> None:
    hook = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["metadata"]["hooks"]["requirements_txt"]
    assert hook["files"] == ["requirements.txt", "requirements-lock.txt"]
