"""Proofs that somebody at the desk asked for, sent by a process of their own: no request waits for a mail server.

Each is noted in the database before anything is sent. Whoever dies on the way leaves one that goes out as unknown, and the others waiting:
the next process tells the one and sends the others. Only one works at a time.

    python -m tracker.delivery.proof_jobs WORKSPACE
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from tracker.delivery.addresses import read_address
from tracker.delivery.audience import own_pages, read_audience
from tracker.delivery.letters import LetterWriter, PublishedComposer
from tracker.delivery.proof import send_proof
from tracker.delivery.recipients import FILE_NAME, Recipient, Role
from tracker.delivery.transport import was_filed
from tracker.errors import RunLocked, TrackerError
from tracker.store import proofs
from tracker.store.lock import ProofLock
from tracker.store.proofs import Proof, ProofState
from tracker.text.log_lines import log_beside_others
from tracker.workspace import Parts, open_parts, readable_campaigns

_log = logging.getLogger(__name__)


def may_go_to(recipients: Sequence[Recipient], to: str) -> bool:
    """Whether a proof may go to the address: to anybody but a partner or donor on the list, who gets the edition itself once it is
    approved. Raises ValueError, with what is wrong, for what is no address."""
    key = read_address(to).key
    return all(one.role is Role.STAFF for one in recipients if one.address.key == key)


def send_all(parts: Parts) -> None:
    """Sends every proof that waits. Another process at work sends them too: it looks once more after it has let go."""
    outbox = parts.workspace / "outbox"
    tried: set[int] = set()
    while fresh := [one for one in _under_way(parts) if one.id not in tried]:
        try:
            with ProofLock(outbox).acquire():
                for one in _under_way(parts):
                    tried.add(one.id)
                    _send(parts, outbox, one)
        except RunLocked:
            return
        tried.update(one.id for one in fresh)


def _under_way(parts: Parts) -> list[Proof]:
    with parts.database.reading() as conn:
        return proofs.under_way(conn)


def _send(parts: Parts, outbox: Path, proof: Proof) -> None:
    """One proof. With the lock in hand, one that is being sent was left by a process that died."""
    with parts.database.writing() as conn:
        if not proofs.begin(conn, proof.id):
            if proof.state is ProofState.SENDING:
                proofs.settle(conn, proof.id, ProofState.UNKNOWN, "", parts.clock())
            return
    try:
        words = _sent(parts, outbox, proof)
        state, detail = ProofState.FILED if was_filed(words) else ProofState.SENT, ""
    except (TrackerError, OSError) as error:
        state, detail = ProofState.REFUSED, parts.settings.masked(str(error))
        _log.warning("a proof of edition %d was not sent: %s", proof.edition_id, detail)
    with parts.database.writing() as conn:
        proofs.settle(conn, proof.id, state, detail, parts.clock())


def _sent(parts: Parts, outbox: Path, proof: Proof) -> str:
    campaigns = {one.id: one.time_zone for one in readable_campaigns(parts.workspace)[0]}
    every = read_audience(parts.workspace) if (parts.workspace / FILE_NAME).exists() else ()
    recipients = [one for one in every if not one.campaigns or proof.campaign_id in one.campaigns]
    composer = PublishedComposer(parts.database, parts.settings)
    writer = LetterWriter(parts.database, parts.settings, campaigns, composer, own_pages(parts.workspace, parts.settings))
    return send_proof(
        writer,
        parts.database,
        parts.settings,
        outbox,
        recipients,
        proof.edition_id,
        proof.recipient,
        parts.clock(),
        proof.language,
        to_staff=may_go_to(recipients, proof.recipient),
    )


def main(arguments: Sequence[str]) -> int:
    """What the process does. People at the desk come first."""
    log_beside_others()
    with open_parts(Path(arguments[0]), must_exist=True) as parts:
        send_all(parts)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
