"""Whether a form found in a text counts: its letters, its capitals, and where it stands."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tracker.matching.forms import describes_next, is_land_name, stop_forms
from tracker.matching.forms.sq_context import is_another_word
from tracker.matching.grouping import BIT, Paragraphs, groups_in
from tracker.matching.naming import MIN_TAG_CHARS
from tracker.matching.scanning import Scan
from tracker.matching.spelling import SHORT_WORD, has_bare_d, is_bare, same_letters
from tracker.matching.vocabulary import Entry, Form, Word, Written
from tracker.model import TermKind
from tracker.text.folding import fold, latin

TAG_SIGNS = "#@"
HYPHENS = frozenset("-‐‑‒–—−'’‘ʼ´`")
MAX_ENDING_CHARS = 6
"""The longest of the endings below has five letters; one more leaves room for a linking letter."""
_ENDINGS = frozenset(
    "a u om em e i ov ova ove ovi ovo ovog ovoga ovom ovome ovim ovima ovih ovu ev eva evi evo evog evom evim evih ju jem jom ja ji ima ama in ina ine ini inog inom "
    "it ut in un je se s ne n t te et at ve sh en an ave eve s te re "
    "ot ta to te on ov va na ve i a oviot ovata ovoto ovite eviot evata evoto evite inata inite iniot ovci ovska ovski ci ata ite iot ana ava s es".split()
)
_SENTENCE_END = re.compile(r"[.!?…:;•|–—-][\"'»”“’)\]]*\s*[\"'«„“(\[]*$|^\s*[\"'«„“(\[]*$|\n\s*[\"'«„“(\[–—-]*\s*$")
_PART_START = re.compile(r"\n|[.:!?|;]\s")
_PART_END = re.compile(r"\n|[.:!?|;](?:\s|$)")
_LETTERS = re.compile(r"[^\W\d_]+")
_VOWELS = frozenset("aeiouy")
CAPS_SHARE = 0.6
"""Of the letters around a word; a headline in capitals has 0.9 and more, a sentence with three acronyms under 0.4."""
CAPS_WINDOW = 60
"""Characters each side of a word: a headline's length, so that the line's own capitals decide."""
TITLE_CASE_SHARE = 0.8
"""Of a line's words with a capital: English headlines have 0.8 and more, names in a sentence under half."""


def accepts(
    entry: Entry, word: Word, forms: tuple[Form, ...], scan: Scan, span: tuple[int, int], paragraphs: Paragraphs, *, text_is_bare: bool
) -> Form | None:
    """The form that stands at a span of `scan.chars`, when it counts as one there."""
    start, end = span
    found = scan.chars[start:end]
    if not _is_whole(scan.chars, start, end):
        return None
    chosen = _spelled(entry, word, forms, found, start, paragraphs, text_is_bare=text_is_bare)
    if chosen is None or not _case_fits(entry, word, chosen, found, scan.chars, start, end):
        return None
    if (
        entry.kind is TermKind.WORD
        and chosen.mask & BIT["sq"]
        and paragraphs.is_in("sq", start)
        and is_another_word(found, _word_before(scan, start))
    ):
        return None
    if entry.kind is TermKind.NAME and len(entry.words) == 1 and entry.written is not Written.JOINED:
        if _is_function_word(word, chosen, paragraphs.primary, scan.chars, start, end):
            return None
        if _is_land_name(word.typed) and _is_attribute(found, scan, span):
            return None
    return chosen


def _word_before(scan: Scan, start: int) -> str:
    """The word before, with but a space between; none where that is only the ending of a name (`TikTok-u hap`)."""
    place = scan.before(start)
    if place is None or scan.chars[place[1] : start].strip():
        return ""
    hung_on = scan.chars[max(0, place[0] - 3) : place[0]]
    is_ending = len(hung_on) == 3 and hung_on[2] in HYPHENS and hung_on[:2].isalnum()  # and not t'u, with its one letter
    return "" if is_ending else scan.chars[place[0] : place[1]]


def _spelled(
    entry: Entry, word: Word, forms: tuple[Form, ...], found: str, start: int, paragraphs: Paragraphs, *, text_is_bare: bool
) -> Form | None:
    """The form of the article's language that has the letters found, else one of another language that may be written there."""
    spelled = _latin(found)
    primary = paragraphs.primary
    for form in forms:
        if spelled == form.spelled and form.mask & primary:
            return form
    slips = entry.kind is TermKind.NAME
    typed_bare = entry.typed_bare or (len(word.typed) > SHORT_WORD and is_bare(word.typed) and paragraphs.is_in("sq", start))
    albanian = any(len(form.spelled) > len(spelled) for form in forms) and paragraphs.is_in("sq", start)
    for here in (True, False):
        fitting = [form for form in forms if bool(form.mask & primary) is here and not (albanian and has_bare_d(form.spelled, found))]
        chosen = next((form for form in fitting if spelled == form.spelled), None) or next(
            (
                form
                for form in fitting
                if same_letters(form.spelled, found, text_is_bare=text_is_bare, typed_bare=typed_bare, slips=slips, alone=entry.alone)
            ),
            None,
        )
        if chosen is not None and (here or _may_be_foreign(entry, chosen, start, paragraphs)):
            return chosen
    return None


def _may_be_foreign(entry: Entry, form: Form, start: int, paragraphs: Paragraphs) -> bool:
    """Whether a form of another language than the article's counts: a name's anywhere, a phrase's and a word's by the paragraph.

    A name of one word is another word in the next language as often as not (Rama: Rami, Rame; Hrvatska: hrvatski): its foreign form
    counts where the paragraph does not speak for the article's language, and a short one only in a paragraph of its own.
    """
    certain = paragraphs.certain(start)
    if form.mask & certain:
        return True
    if entry.kind in (TermKind.NAME, TermKind.ACRONYM):
        return len(entry.words) > 1 or (len(form.spelled) > SHORT_WORD and not paragraphs.possible(start) & paragraphs.primary)
    if entry.kind is TermKind.PHRASE and len(entry.words) > 1:
        return not certain
    return not certain and bool(form.mask & paragraphs.possible(start))


def _is_function_word(word: Word, form: Form, mask: int, chars: str, start: int, end: int) -> bool:
    """`Sad` at the start of a sentence is "now" and not a town: such a form needs a capital that nothing else explains."""
    if not (form.doubtful or any(form.spelled in _stop_forms(group) for group in groups_in(form.mask & mask or form.mask))):
        return False
    if chars[start].islower():
        return True
    if in_capitals(chars, start, end):
        return True
    if word.caps and end - start > 1 and chars[start:end].isupper():
        return False
    return starts_sentence(chars, start) or in_title_case(chars, start, end)


_latin = lru_cache(maxsize=4096)(latin)
_is_land_name = lru_cache(maxsize=4096)(is_land_name)


@lru_cache(maxsize=8)
def _stop_forms(group: str) -> frozenset[str]:
    return frozenset(map(latin, stop_forms(group)))


def _is_attribute(found: str, scan: Scan, span: tuple[int, int]) -> bool:
    """`Hrvatska` of `Hrvatska narodna banka`: there it is the adjective, not the country."""
    following: list[str] = []
    end = span[1]
    while len(following) < 2 and (place := scan.after(end)) is not None and scan.chars[end : place[0]] == " ":
        following.append(scan.chars[place[0] : place[1]])
        end = place[1]
    return describes_next(found, following, sentence_start=starts_sentence(scan.chars, span[0]))


def with_ending(chars: str, end: int) -> tuple[int, str]:
    """Where the form ends when an ending follows after a hyphen or apostrophe (TikTok-u, CRCA-së), and that ending."""
    if end + 1 >= len(chars) or chars[end] not in HYPHENS:
        return end, ""
    stop = end + 1
    while stop < len(chars) and stop - end <= MAX_ENDING_CHARS + 1 and chars[stop].isalpha():
        stop += 1
    ending = chars[end + 1 : stop]
    if fold(ending) not in _ENDINGS or (stop < len(chars) and chars[stop].isalnum()):
        return end, ""
    return stop, ending


def starts_sentence(chars: str, start: int) -> bool:
    """Whether a capital at `start` is owed to its place: text, line, sentence or quotation begins there."""
    return _SENTENCE_END.search(chars, max(0, start - 40), start) is not None if start else True


def in_capitals(chars: str, start: int, end: int) -> bool:
    """Whether the words around, in the same part of the sentence, are set in capitals too; a list of acronyms is no such setting."""
    before = _PART_START.split(chars[max(0, start - CAPS_WINDOW) : start])[-1]
    after = _PART_END.split(chars[end : end + CAPS_WINDOW], maxsplit=1)[0]
    around = f"{before} {after}"
    letters = [letter for letter in around if letter.isalpha()]
    if not letters or sum(letter.isupper() for letter in letters) < CAPS_SHARE * len(letters):
        return False
    return any(len(word) > 3 and word.isupper() and set(fold(word)) & _VOWELS for word in _LETTERS.findall(around))


def in_title_case(chars: str, start: int, end: int) -> bool:
    """Whether the words around, in the same line, all have capitals as a headline in title case has."""
    first = max(chars.rfind("\n", 0, start) + 1, start - CAPS_WINDOW)
    stop = chars.find("\n", end)
    around = chars[first:start] + " " + chars[end : min(stop if stop >= 0 else len(chars), end + CAPS_WINDOW)]
    long_words = [word for word in _LETTERS.findall(around) if len(word) > 2]
    return len(long_words) >= 3 and sum(word[0].isupper() for word in long_words) >= TITLE_CASE_SHARE * len(long_words)


def _is_whole(chars: str, start: int, end: int) -> bool:
    """Letters the code page does not know are spaces in the scan; here they are letters again."""
    return not (start > 0 and chars[start - 1] != " " and _joins(chars[start - 1])) and not (
        end < len(chars) and chars[end] != " " and _joins(chars[end])
    )


def _joins(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter) == "Mn"


def _case_fits(entry: Entry, word: Word, form: Form, found: str, chars: str, start: int, end: int) -> bool:
    if entry.written is Written.JOINED:
        return start > 0 and chars[start - 1] in TAG_SIGNS
    if entry.loose:
        return True
    if entry.kind not in (TermKind.NAME, TermKind.ACRONYM):
        return True
    if len(found) >= MIN_TAG_CHARS and _in_tag(chars, start, alone=len(entry.words) == 1):
        return True
    if entry.kind is TermKind.ACRONYM:
        return _same_case(word.typed, found) or _is_written_as_word(entry, word, found, chars, start, end)
    if not word.capital:
        return True
    if not found[0].isupper():
        return False
    if word.caps and len(word.typed) <= 3 and len(found) > 1:
        return found[: len(word.typed)].isupper()
    return word.caps or len(entry.words) > 1 or not _is_acronym(found, chars, start, end)


def _in_tag(chars: str, start: int, *, alone: bool) -> bool:
    """Directly behind # or @; a word of several also further on in a tag joined by signs (@ecpat_albania, @edona.bllaca)."""
    while not alone and start > 0 and chars[start - 1] in "_.":
        start -= 1
        while start > 0 and chars[start - 1].isalnum():
            start -= 1
    return start > 0 and chars[start - 1] in TAG_SIGNS


def _is_written_as_word(entry: Entry, word: Word, found: str, chars: str, start: int, end: int) -> bool:
    """Unicef and Uefine; CiK, which no word is written like; and UNICEFA where the words around are in capitals too."""
    capitals = sum(letter.isupper() for letter in found)
    if entry.spoken and found[0].isupper() and capitals == 1:
        return True
    if 1 < capitals < len(found) == len(word.typed) > 2 and found[0].isupper():
        return True
    return entry.spoken and capitals == len(found) > len(word.typed) > SHORT_WORD and in_capitals(chars, start, end)


def _is_acronym(found: str, chars: str, start: int, end: int) -> bool:
    """Short and in capitals where the words around are not: NIS is a company and no Niš, SAD a country and no Sad; RAMA: is who speaks."""
    return 1 < len(found) <= SHORT_WORD and found.isupper() and chars[end : end + 1] != ":" and not in_capitals(chars, start, end)


def _same_case(typed: str, found: str) -> bool:
    """The acronym's own letters in exactly its case; an ending grown on to it in small letters or in capitals."""
    spelled = found if found.isascii() or not typed.isascii() else latin(found).upper() if found.isupper() else found
    if len(spelled) < len(typed):
        return False
    head, tail = spelled[: len(typed)], spelled[len(typed) :]
    return all(one.isupper() == other.isupper() for one, other in zip(typed, head, strict=True)) and (not tail or tail.islower())
