"""The guard that keeps every test on this machine."""

from __future__ import annotations

import socket

import pytest


@pytest.mark.parametrize("address", ["192.0.2.1", "198.51.100.7", "10.0.0.1", "example.org"])
def test_an_address_that_is_not_loopback_is_refused_before_anything_is_sent(address: str) -> None:
    with socket.socket() as probe, pytest.raises(AssertionError, match="loopback only"):
        probe.connect((address, 9))


def test_loopback_addresses_may_be_asked() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.3.2.1", 0))
        server.listen()
        client.connect(server.getsockname())
