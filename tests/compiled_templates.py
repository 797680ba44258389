"""Templates compiled once for all environments of a process that compile them alike: each would do so anew, at 0.1 s a page."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket


class _Compiled(BytecodeCache):
    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        escapes = environment.autoescape(name) if callable(environment.autoescape) else environment.autoescape
        alike = (escapes, environment.trim_blocks, environment.lstrip_blocks, environment.undefined.__qualname__)
        whole = repr((name, filename, alike, sorted(environment.filters), sorted(environment.globals)))
        bucket = Bucket(environment, sha256(whole.encode()).hexdigest(), self.get_source_checksum(source))
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


class CompiledOnce:
    """In place of an environment's own `bytecode_cache`, whatever it is given."""

    def __init__(self) -> None:
        self._cache = _Compiled()

    def __get__(self, environment: object, kind: type | None = None) -> BytecodeCache:
        return self._cache

    def __set__(self, environment: object, value: Any) -> None:
        """The usual None."""
