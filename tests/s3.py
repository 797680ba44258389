"""An S3 server on loopback (moto's), for this process and those that it starts."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tracker.store import page_files

_numbers = itertools.count()


@contextmanager
def server() -> Iterator[str]:
    """Its address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from moto.server import ThreadedMotoServer
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        running.stop()


@contextmanager
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty bucket; the environment says how it is reached."""
    for name, value in access(endpoint).items():
        monkeypatch.setenv(name, value)
    page_files._systems.clear()
    try:
        name = f"pages-{next(_numbers)}"
        page_files._system("s3://").mkdir(name)
        yield f"s3://{name}/sub/folder"
    finally:
        page_files._systems.clear()


def access(endpoint: str) -> dict[str, str]:
    """As an administrator gives it to every machine."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "tracker",
        "AWS_SECRET_ACCESS_KEY": "invented",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
