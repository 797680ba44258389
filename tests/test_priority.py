from __future__ import annotations

import os
import subprocess
import sys

import pytest

TWICE = "import os; from tracker.priority import give_way; give_way(); give_way(); print(os.getpriority(os.PRIO_PROCESS, 0))"


@pytest.mark.parametrize("begun_at", [0, 5, 15])
def test_work_gives_way_to_people_once_and_keeps_what_an_operator_chose(begun_at: int) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    begun_at = max(begun_at, own)
    ended = subprocess.run(["nice", "-n", str(begun_at - own), sys.executable, "-c", TWICE], capture_output=True, text=True, check=True)
    assert int(ended.stdout) == max(begun_at, 10)
