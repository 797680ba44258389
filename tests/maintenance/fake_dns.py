"""A DNS server on loopback with the records it is given; it may be silent or fail."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class FakeDns:
    """TXT records by name, each as its strings; `others` by name and kind, each as it is written in a zone. `fails`: names that end in SERVFAIL. Names of `silent` are not answered."""

    records: Mapping[str, list[list[str]]] = field(default_factory=dict)
    fails: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    others: Mapping[tuple[str, str], list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __enter__(self) -> FakeDns:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"end", self._socket.getsockname())
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        while (asked := self._socket.recvfrom(4096))[0] != b"end":
            query = dns.message.from_wire(asked[0])
            name = query.question[0].name.to_text(omit_final_dot=True).lower()
            self.asked.append(name)
            if name in self.silent:
                continue
            answer = dns.message.make_response(query)
            answer.flags |= dns.flags.RA
            if name in self.fails:
                answer.set_rcode(dns.rcode.SERVFAIL)
            elif (kind := dns.rdatatype.to_text(query.question[0].rdtype)) != "TXT":
                if others := self.others.get((name, kind)):
                    answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, *others))
            elif found := self.records.get(name):
                texts = [" ".join(f'"{part}"' for part in record) for record in found]
                answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", *texts))
            elif not any(known.endswith(f".{name}") for known in self.records):
                answer.set_rcode(dns.rcode.NXDOMAIN)
            self._socket.sendto(answer.to_wire(), asked[1])
