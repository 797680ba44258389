"""The last lines of every form."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.digests.forms.view import Reading


def evidence_line(reading: Reading) -> str:
    """The line that any reader can check a pack of evidence by; empty in an edition that was made before there were such lines."""
    line = reading.digest.facts.witness
    return reading.say("witness", line=line) if line else ""
