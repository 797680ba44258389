"""Templates compiled once and kept beside them, as Python keeps its own modules: compiling those of a mail takes longer than filling it.

Nothing depends on it: what is missing, damaged or of other versions or another text is compiled anew. Who may write into the folder may
write the templates themselves, which are program text as well.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, BytecodeCache, bc_version


class CompiledTemplates(BytecodeCache):
    """The templates of environments with the same settings. `kind` names them: letters and digits.

    Such an environment must not be `optimized`: what filters give would stand in the compiled template after they have changed.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._version = b"%b %d %b\0" % (MAGIC_NUMBER, bc_version, jinja2.__version__.encode())

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The file of a template's compiled form; "" for one that is no file."""
        return cache_from_source(f"{filename}.py", optimization=self._kind) if filename else ""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fills the bucket, if the kept form is of this very text and of these versions."""
        expected = self._version + bucket.checksum.encode()
        with contextlib.suppress(OSError, EOFError, ValueError, TypeError):
            content = Path(bucket.key).read_bytes() if bucket.key else b""
            if content.startswith(expected):
                bucket.code = marshal.loads(content[len(expected) :])  # noqa: S302  # as Python does with its modules

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Puts the compiled form in place whole, unless Python is asked to keep none, or the folder is not ours to write."""
        if not bucket.key or sys.dont_write_bytecode:
            return
        path = Path(bucket.key)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(self._version + bucket.checksum.encode() + marshal.dumps(bucket.code))
            unfinished.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
