"""Whoever has one machine has not the packages for several: nothing that a night or the desk needs may ask for them."""

from __future__ import annotations

import subprocess
import sys

LEFT_OUT = ("psycopg", "procrastinate", "prometheus_client")
FOR_SEVERAL = ("tracker.queue.", "tracker.workers.", "tracker.store.work.", "tracker.store.postgres", "tracker.crawl.turn_store")
"""Modules that are imported where `database.url` names a server, or by `tracker worker`, and nowhere else."""
PROGRAM = f"""
import importlib, pkgutil, sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {LEFT_OUT!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Missing())
import tracker
for module in pkgutil.walk_packages(tracker.__path__, "tracker."):
    if module.name.endswith((".__main__", ".migrations.env")):
        continue
    try:
        importlib.import_module(module.name)
    except ModuleNotFoundError:
        print(module.name)
"""


def test_only_modules_for_several_machines_need_the_packages_for_them() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    needing = done.stdout.split()
    assert "tracker.store.work.link" in needing  # the packages are out of reach indeed
    assert [name for name in needing if not f"{name}.".startswith(FOR_SEVERAL) and not name.startswith(FOR_SEVERAL)] == []
