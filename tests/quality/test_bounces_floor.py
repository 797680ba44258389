"""How many of the shapes in which mail comes back are told rightly: hard, soft, delayed, arrived, automatic, or no report at all."""

from __future__ import annotations

from tests.builders import NOW
from tests.mailbox.later_shapes import later_shapes
from tests.mailbox.shapes import every_shape
from tracker.mailbox.mail import read_mail
from tracker.mailbox.triage import Known, decide

FLOOR = 0.97
FEWEST = 200
WHAT = {
    "bounce_hard": "hard",
    "bounce_soft": "soft",
    "bounce_delayed": "delayed",
    "receipt": "arrived",
    "automatic": "automatic",
}


def test_of_two_hundred_shapes_nearly_all_are_told_and_none_is_falsely_hard() -> None:
    known = Known(frozenset(), letter_of_token=lambda token: ("<x@ngo.example>", "arta.lumi@redaksia.example"))
    shapes = [*every_shape(), *later_shapes()]
    assert len(shapes) >= FEWEST
    told = [(shape, WHAT.get(str(decide(read_mail(shape.raw), known, NOW).outcome), "nothing")) for shape in shapes]
    wrong = [f"{shape.name}: {what}, not {shape.is_}" for shape, what in told if what != shape.is_]
    assert not [line for line in wrong if ": hard, not" in line]
    assert 1 - len(wrong) / len(shapes) >= FLOOR, wrong
