"""Templates compiled once a process. Each language has an environment of its own; nine tenths of a rendering would be compiling."""

from __future__ import annotations

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """Compiled templates by name and content, in memory. Environments that share it must not fold constants (`optimized=False`)."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Gives the template's code if it is known."""
        if code := self._compiled.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps the template's code."""
        self._compiled[bucket.key, bucket.checksum] = bucket.bytecode_to_string()
