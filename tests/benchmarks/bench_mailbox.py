"""5,000 mails of a mailbox on loopback: reports of all shapes, replies, newsletters, long attachments. Processor time of the reading."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from tests.mailbox.office import MARKO, a_mail, an_office
from tests.mailbox.shapes import every_shape

MAILS, LIMIT_SECONDS = 5_000, 60.0
NEWSLETTER = "".join(
    f'<p><a href="https://ura.example/lajme/{n}?utm_source=nl">Headline number {n} of a letter</a> text</p>' for n in range(60)
)


def mails() -> list[bytes]:
    """Every 25th is 300 KB long: attachments are cut."""
    shapes = [shape.raw for shape in every_shape()]
    made = []
    for number in range(MAILS):
        if number % 3 == 0:
            raw = shapes[number % len(shapes)].replace(b"Message-ID: <", f"Message-ID: <{number}-".encode(), 1)
        elif number % 3 == 1:
            raw = a_mail(
                MARKO, f"Re: Press coverage {number}", "Thank you, very useful.\n" + "A line of a longer letter.\n" * 40, number=number
            )
        else:
            headers = "Authentication-Results: mx.ngo.example; dkim=pass header.d=ura.example\n"
            raw = a_mail("news@ura.example", f"News {number}", NEWSLETTER, headers=headers).replace(b"text/plain", b"text/html")
        made.append(raw + b"A" * 300_000 if number % 25 == 0 else raw)
    return made


def main() -> list[str]:
    with tempfile.TemporaryDirectory() as folder, an_office(Path(folder)) as office:
        office.box.add(*mails())
        cpu, wall = time.process_time(), time.perf_counter()
        report = office.read()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    assert report.step.inputs == MAILS, report
    print(
        f"mailbox: {MAILS} mails in {cpu:.1f} s of processor time ({wall:.1f} s), {1000 * cpu / MAILS:.1f} ms a mail; limit {LIMIT_SECONDS:.0f} s"
    )
    return [f"mailbox: {cpu:.1f} s for {MAILS} mails, over {LIMIT_SECONDS:.0f}"] if cpu > LIMIT_SECONDS else []
