"""For all tests: no address but loopback answers, and random order (pytest-randomly)."""

from __future__ import annotations

import pytest
from pytest_socket import socket_allow_hosts


@pytest.fixture(autouse=True)
def _only_loopback() -> None:
    socket_allow_hosts(["127.0.0.1", "::1", *[f"127.0.0.{n}" for n in range(2, 255)]], allow_unix_socket=True)
