"""Bytes to text, as the bytes are and not as their label says; mojibake repaired.

Order: byte order mark; UTF-8 wherever the bytes are valid UTF-8; what the header or the document declares. Then the region's
single-byte charsets by their letters, and a general detector last, over a bounded sample. Nothing here raises.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from msgspec import Struct

HEAD_BYTES = 4096  # HTML wants the declaration within 1,024 bytes; pages with long comments before it need more
SAMPLE_BYTES = 64 * 1024
"""Of a page, for counting letters: the region's letters show themselves in far less."""
DETECTOR_BYTES = 4096  # charset-normalizer takes milliseconds a kilobyte; more changes no answer
_LIKELY = frozenset(
    {
        "cp1250",
        "cp1251",
        "cp1252",
        "cp1253",
        "cp1254",
        "cp1257",
        "cp852",
        "cp855",
        "iso8859-2",
        "iso8859-5",
        "iso8859-7",
        "iso8859-16",
        "koi8-r",
    }
)
"""What the general detector may answer for an outlet of Europe; on short texts it is as likely to say Korean."""
_CYRILLIC_LOWER = {"cp1251": (0xE0, 0x100), "koi8-r": (0xC0, 0xE0), "iso8859-5": (0xD0, 0xF0)}
NOISE_SHARE = 0.25  # invalid sequences per valid one up to which a text still counts as UTF-8 with damage

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE_OPENINGS = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_ALIASES = {
    "iso8859-1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "utf-16": "utf-16-le",
    "utf-32": "utf-32-le",
}
_SINGLE_BYTE = re.compile(r"cp125\d|iso8859-\d+|koi8-[rut]|mac-.*|cp8\d\d|cp1140|cp037|cp500|hp-roman8|kz1048|ptcp154|tis-620")
_DECLARED = re.compile(rb"""(?:<\?xml[^>]{0,200}?\sencoding|<meta[^>]{0,300}?charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.I)
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.I)
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_MIXED = re.compile(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]")
_VALID_PAIR = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


class Decoded(Struct, frozen=True):
    """A text and where its charset came from. `declared` is the label found, "" without one; `repaired`: the label was missing or wrong."""

    text: str
    charset: str
    declared: str = ""
    repaired: bool = False


def decode(body: bytes, content_type: str = "") -> Decoded:
    """The text of any bytes. Never raises; what cannot be read becomes U+FFFD."""
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(charset, "replace"), charset, charset)
    for opening, charset in _WIDE_OPENINGS:
        if body.startswith(opening):
            return Decoded(body.decode(charset, "replace"), charset, "", repaired=True)
    labels = _labels(body, content_type)
    declared = labels[0] if labels else ""
    if body.isascii() and not any(_is_escaping(_codec(label)) for label in labels):
        return Decoded(body.decode("ascii"), "utf-8", declared)
    known = [codec for label in labels if (codec := _codec(label))]
    for codec in known:
        if _is_multibyte(codec) and (text := _strict(body, codec)) is not None:
            return Decoded(text, codec, declared)
    if (text := _strict(body, "utf-8")) is not None:
        return Decoded(text, "utf-8", declared, repaired=bool(declared) and "utf-8" not in known[:1])
    if _is_damaged_utf8(body, claimed="utf-8" in known):
        return Decoded(body.decode("utf-8", "tracker.stray"), "utf-8", declared, repaired=True)
    return _single_byte(body, known, declared)


def _labels(body: bytes, content_type: str) -> list[str]:
    labels = [found[1].lower()] if (found := _HEADER_CHARSET.search(content_type[:400])) else []
    if found_inside := _DECLARED.search(body, 0, HEAD_BYTES):
        labels.append(found_inside[1].decode("ascii").lower())
    return labels


@lru_cache(maxsize=256)
def _codec(label: str) -> str:
    """Python's name of a declared charset; "" when there is none or it is no text charset."""
    try:
        found = codecs.lookup(label)
        b"".decode(label)
    except (LookupError, ValueError, UnicodeError):
        return ""
    if not getattr(found, "_is_text_encoding", True) or found.name in ("utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape"):
        return ""
    if "escape" in found.name or found.name in ("undefined", "mbcs", "oem"):
        return ""
    return _ALIASES.get(found.name, found.name)


def _is_escaping(codec: str) -> bool:
    return codec.startswith(("iso2022", "hz", "cp037", "cp500", "cp1140", "utf-16", "utf-32"))


def _is_multibyte(codec: str) -> bool:
    return codec != "utf-8" and not codec.startswith(("utf-16", "utf-32")) and not _SINGLE_BYTE.fullmatch(codec)


def _strict(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _is_damaged_utf8(body: bytes, *, claimed: bool) -> bool:
    sample = body[:SAMPLE_BYTES]
    valid = len(_VALID_PAIR.findall(sample))
    if not valid:
        return claimed and not any(sample.translate(None, bytes(range(0x80)))[:-3])
    stray = len(_HIGH_RUN.findall(_VALID_PAIR.sub(b" ", sample)))
    return stray <= max(1, valid * (1.0 if claimed else NOISE_SHARE))


def _stray(error: UnicodeError) -> tuple[str, int]:
    """A stray byte in UTF-8 is most likely windows-1250 pasted in; a cut last character is dropped."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.end >= len(error.object) and len(error.object) - error.start < 4 and error.object[error.start] >= 0xC2:
        return "", len(error.object)
    return error.object[error.start : error.start + 1].decode("cp1250", "replace"), error.start + 1


codecs.register_error("tracker.stray", _stray)


def _single_byte(body: bytes, known: list[str], declared: str) -> Decoded:
    sample = body[:SAMPLE_BYTES]
    guess = _by_letters(sample)
    for codec in known:
        if codec == "utf-8" or codec.startswith(("utf-16", "utf-32")) or not _SINGLE_BYTE.fullmatch(codec):
            continue
        better = _corrected(codec, sample, guess)
        if better != codec or _strict(body, codec) is not None:
            return Decoded(body.decode(better, "replace"), better, declared, repaired=better != codec)
    codec = guess or _by_detector(sample) or "cp1252"
    return Decoded(body.decode(codec, "replace"), codec, declared, repaired=True)


def _corrected(codec: str, sample: bytes, guess: str) -> str:
    """A declared single-byte charset, unless the letters contradict it: labels of the Latin charsets are often swapped."""
    cyrillic = ("cp1251", "koi8-r", "koi8-u", "iso8859-5", "mac-cyrillic")
    if codec == "iso8859-2" and any(byte in sample for byte in b"\x8a\x8e\x9a\x9e"):
        return "cp1250"
    if codec in ("cp1252", "cp1250") and guess in ("cp1250", "cp1251", "iso8859-2"):
        return guess
    if codec == "cp1251" and guess == "cp1250" and len(_MIXED.findall(sample)) > 0.8 * len(_HIGH_RUN.findall(sample)):
        return guess
    if codec in cyrillic and guess in cyrillic and codec != guess and guess == "cp1251":
        return guess
    return codec


def _is_cyrillic(sample: bytes) -> bool:
    """Cyrillic words are all high bytes; in the region's Latin text high bytes touch letters of ASCII."""
    runs = _HIGH_RUN.findall(sample)
    return bool(runs) and sum(map(len, runs)) >= 2 * len(runs) and len(_MIXED.findall(sample)) < 0.4 * len(runs)


def _by_letters(sample: bytes) -> str:
    """cp1250, iso-8859-2, cp1251, koi8-r or iso-8859-5 by the letters that Albanian, hbs and Macedonian texts have; "" when unsure."""
    high = sample.translate(None, bytes(range(0x80)))
    total = len(high)
    if not total:
        return ""
    if _is_cyrillic(sample):
        lower = {name: _count(high, range(*limits)) for name, limits in _CYRILLIC_LOWER.items()}
        best = max(lower, key=lambda name: lower[name])
        return best if lower[best] > 0.5 * total else "cp1251"
    shared, windows, iso = (
        _count(high, b"\xe8\xc8\xe6\xc6\xf0\xd0"),
        _count(high, b"\x9a\x8a\x9e\x8e"),
        _count(high, b"\xb9\xbe"),
    )  # not Š and Ž: in cp1250 those are © and ®
    albanian, french = _count(high, b"\xeb\xcb\xe7\xc7"), _count(high, b"\xe9\xe0\xea\xf9\xf4")
    if shared + windows + iso > 2 * french and shared + max(windows, iso) > 0.3 * total and (windows or iso or shared > 2):
        return "iso8859-2" if iso > windows else "cp1250"
    if albanian > 0.5 * total:
        return "cp1252"
    return ""


def _count(high: bytes, wanted: bytes | range) -> int:
    return len(high) - len(high.translate(None, bytes(wanted)))


def _by_detector(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    lines = [line for line in re.split(rb"[\n>]", sample) if not line.isascii()]
    found = from_bytes(b"\n".join(lines)[:DETECTOR_BYTES], steps=3, chunk_size=512).best()
    codec = _codec(found.encoding) if found is not None else ""
    return codec if codec in _LIKELY else ""


_PLAUSIBLE = re.compile(
    "[\u00a0-\u00bf\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f\u0218-\u021b\u0300-\u036f\u0400-\u045f\u2000-\u206f\u20ac\u2100-\u27bf\ufe0f\ufeff"
    "\U0001f000-\U0001faff]+"
)
"""What the region's outlets write beyond ASCII: Latin letters with marks (composed or not), Cyrillic, punctuation, signs, emoji."""

_RARE = re.compile("[^čćšžđČĆŠŽĐëçËÇéüöäÉÜÖÄ\u0400-\u045f\u2010-\u2026\u2039\u203a\u20ac\u00a0«»\u0300-\u030c]")
"""What a text of the region holds seldom: of two charsets that explain a text, the one that makes fewer of these is right."""

_LEADS = {
    "cp1252": re.compile(r"[ÃÄÅÂÐÑâ]"),
    "cp1250": re.compile(r"[ĂÄĹÂĐŃâ]"),
    "iso8859-2": re.compile(r"[ĂÄĹÂĐŃâ]"),
    "cp1254": re.compile(r"[ÃÄÅÂĞÑâ]"),
    "cp1251": re.compile(r"[ГДЕВРСв][ -\u2122]"),
}
"""What the first bytes of the region's letters in UTF-8 (C2 to C5, D0, D1, E2) are in the charset that a text was wrongly read with."""

_COMMON_LEADS = frozenset({"cp1251", "iso8859-2", "cp1254"})
"""Charsets in which a lead and a letter after it occur in sound words as well: runs must be most of what is not ASCII."""

_WITHOUT_C1 = frozenset({"cp1250", "cp1251", "cp1254"})
MOSTLY = 0.6
"""Share of the characters beyond ASCII that such runs must make up; a text wholly misread has all but a few in runs."""


@lru_cache(maxsize=len(_LEADS))
def _sloppy(codec: str) -> tuple[dict[str, int], re.Pattern[str]]:
    """Characters of a single-byte charset with their bytes (undefined ones as C1 controls), and runs that spell UTF-8 in them."""
    byte_of = {}
    for byte in range(0x80, 0x100):
        char = bytes([byte]).decode(codec, "ignore") or chr(byte)
        byte_of[char] = byte
        byte_of.setdefault(chr(byte), byte) if byte < 0xA0 else None
    tails = "".join(re.escape(char) for char, byte in byte_of.items() if byte < 0xC0)
    two = "".join(char for char, byte in byte_of.items() if 0xC2 <= byte <= 0xDF)
    three = "".join(char for char, byte in byte_of.items() if 0xE0 <= byte <= 0xEF)
    four = "".join(char for char, byte in byte_of.items() if 0xF0 <= byte <= 0xF4)
    return byte_of, re.compile(f"(?:[{two}][{tails}]|[{three}][{tails}]{{2}}|[{four}][{tails}]{{3}})+")


def repair_text(text: str) -> str:
    """A text with UTF-8 that was read as Latin-1, Latin-2, windows-1250, -1251, -1252 or -1254 put right again, up to twice; else the text.

    White space and controls must still be as they came: bytes of the letters may be among them.
    """
    for _ in range(2):
        repaired = _repair_once(text)
        if repaired == text:
            break
        text = repaired
    return text


def _repair_once(text: str) -> str:
    """The text repaired by the charset that explains most of it."""
    if text.isascii():
        return text
    best, most = text, 0
    for codec, leads in _LEADS.items():
        if not leads.search(text):
            continue
        repaired, explained = _repaired_as(text, codec)
        if explained > most:
            best, most = repaired, explained
    return best


@lru_cache(maxsize=len(_LEADS))
def _lacking(codec: str) -> frozenset[str]:
    """The C1 controls in whose place a charset has letters or signs."""
    return frozenset(chr(byte) for byte in range(0x80, 0xA0) if bytes([byte]).decode(codec, "ignore"))


def _repaired_as(text: str, codec: str) -> tuple[str, int]:
    """The text with its runs of one charset mended, and how well the charset explains it.

    The measure: two for a character of such runs, less one for each rare letter they make, and for each control that the charset lacks. A C1 control is none of windows-1250, -1251 and -1254, where nearly all bytes from 80 to 9F are letters or signs: Latin-1 and
    Latin-2 have it there.
    """
    byte_of, runs = _sloppy(codec)
    lacking = _lacking(codec) if codec in _WITHOUT_C1 else frozenset[str]()
    covered = foreign = 0

    def mend(found: re.Match[str]) -> str:
        nonlocal covered, foreign
        mended = _mended(found[0], byte_of)
        if mended != found[0]:
            covered += len(found[0])
            foreign += len(_RARE.findall(mended)) + sum(char in lacking for char in found[0])
        return mended

    repaired = runs.sub(mend, text)
    if codec == "cp1251" and covered == 2 and foreign:
        return text, 0  # two capitals of an acronym, that would make a rare letter
    if not covered:
        return text, 0
    beyond = sum(not char.isascii() for char in text) if codec in _COMMON_LEADS else 0
    return (repaired, 2 * covered - foreign) if covered >= MOSTLY * beyond else (text, 0)


def _mended(run: str, byte_of: dict[str, int]) -> str:
    mended = bytes(byte_of[char] for char in run).decode("utf-8", "ignore")
    twice = any(_sloppy(codec)[1].fullmatch(mended) for codec in _LEADS)
    return mended if mended and (twice or _PLAUSIBLE.fullmatch(mended)) else run
