"""A sentence of ours that is text in English and can be said in each reader's language: what the doctor and a night found.

Words of others (a server's answer, an error of the system) are a value named `words`; they stand in English alone, beside a closed
sentence in every other language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

from tracker.locale.wording import notice_wording


class Said(str):
    """A sentence of `notices`. The text is the English one; `in_language` gives it to other readers."""

    __slots__ = ("key", "number", "values")
    key: str
    number: int | None
    values: Mapping[str, str]

    def __new__(cls, key: str, count: int | None = None, /, **values: str) -> Self:
        """Raises KeyError for no sentence of ours, or one whose values are not all given."""
        self = super().__new__(cls, notice_wording("en").say(key, count, **values))
        self.key, self.number, self.values = key, count, values
        return self

    def in_language(self, language: str) -> str:
        """The sentence for readers of a language, values that are sentences among it."""
        return notice_wording(language).say(
            self.key, self.number, **{name: in_language(value, language) for name, value in self.values.items()}
        )

    def changed(self, change: Callable[[str], str]) -> Said:
        """The sentence with every value changed: shortened, or without secrets."""
        values = {name: value.changed(change) if isinstance(value, Said) else change(value) for name, value in self.values.items()}
        return Said(self.key, self.number, **values)

    def __reduce__(self) -> tuple[Callable[..., Said], tuple[Any, ...]]:
        return _again, (self.key, self.number, dict(self.values))


def _again(key: str, count: int | None, values: Mapping[str, str]) -> Said:
    return Said(key, count, **values)


def in_language(text: str, language: str) -> str:
    """A sentence of ours in a language; any other text as it is."""
    return text.in_language(language) if isinstance(text, Said) else text


def changed(text: str, change: Callable[[str], str]) -> str:
    """The text changed; of a sentence of ours its values, so that it stays one."""
    return text.changed(change) if isinstance(text, Said) else change(text)


def to_plain(text: str) -> Any:
    """The text as JSON can keep it, and `from_plain` read it again."""
    if not isinstance(text, Said):
        return str(text)
    return [text.key, text.number, [[name, to_plain(value)] for name, value in text.values.items()]]


def from_plain(kept: Any) -> str:
    """What `to_plain` gave. A sentence that this version does not know any more reads as its key and values."""
    if isinstance(kept, str):
        return kept
    key, count, values = kept
    read = {str(name): from_plain(value) for name, value in values}
    try:
        return Said(key, count, **read)
    except KeyError:
        return " ".join([str(key).replace("_", " "), *read.values()])


def wrong(error: Exception, doctor: str = "`tracker doctor`") -> Said:
    """What is wrong with a file or setting, by the error that says it."""
    where = [str(part) for part in (getattr(error, "place", None), getattr(error, "line", None)) if part is not None]
    return Said("found_wrong", words=str(error), place=":".join(where) or "tracker", doctor=doctor)
