"""Why a text matched or did not: every clause with its answer, every term with what was found or what came nearest."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from tracker.matching.acceptance import starts_sentence
from tracker.matching.addresses import stands_in_address
from tracker.matching.alike import Forms, TextWords
from tracker.matching.evaluation import Evidence, key_of
from tracker.matching.grouping import GROUPS, groups_in, mask_of
from tracker.matching.likeness import distance, skeleton
from tracker.matching.matcher import Matcher
from tracker.matching.occurrences import Field
from tracker.matching.query import And, Near, Node, Not, Or, Ref, show
from tracker.matching.spelling import is_bare, same_letters
from tracker.matching.vocabulary import Entry, Form
from tracker.matching.walking import LENIENT_SLOP, leniently
from tracker.model import Hit, TermKind
from tracker.text.folding import fold, latin

GROUP_NAMES = {"hbs": "Bosnian, Croatian, Montenegrin, Serbian", "sq": "Albanian", "mk": "Macedonian", "en": "English"}
MAX_MISSES = 3
"""Near misses shown for a term; more of them fill a terminal without saying more."""
NEIGHBOURHOOD = 60
"""Characters shown each side of a hit: with the hit a line of a terminal, twice 60 and 40."""
SHOWN_CHARS = 90
"""Of a near miss: it must fit a terminal's line with its reason."""
NOT_FOUND = "not found"
MOST_JUDGED = 100
"""Places of a term in a field whose refusal is reasoned out: three are shown."""
_WORD = re.compile(r"[^\W_]+")


class Clause(Struct, frozen=True):
    """A part of a query, whether it holds, and in words what it found or lacks."""

    text: str
    holds: bool
    note: str = ""
    parts: tuple[Clause, ...] = ()
    choice: bool = False
    """One of its parts is enough."""


class Miss(Struct, frozen=True):
    """Something in the text that nearly is a term, and why it is not counted."""

    term_id: str
    found: str
    field: str
    start: int
    reason: str
    may_be_spelling: bool = False
    """It is written as a name is (a capital that its place does not ask for, nowhere small) and nearly is a name or an acronym. A common
    word that is a letter away from another one is another word."""


class Explanation(Struct, frozen=True):
    """What a campaign makes of one text. `groups` are the language groups whose forms were applied."""

    campaign_id: str
    circle: str
    groups: tuple[str, ...]
    circles: tuple[tuple[str, Clause], ...]
    labels: tuple[str, ...]
    hits: tuple[Hit, ...]
    misses: tuple[Miss, ...]
    words_held: int = 0
    """How many different words were held against the forms before it was enough; 0: all."""


class FormUse(Struct, frozen=True):
    """A term that has a word among its forms: in which languages and by which rule."""

    term_id: str
    entry: str
    typed: str
    form: str
    groups: tuple[str, ...]
    rule: str


def explain(matcher: Matcher, text: str, language: str = "", title: str = "") -> Explanation:
    """Looks at a text as `Matcher.match` does and keeps every step."""
    hits, evidence = matcher.look(body=text, title=title, language=language)
    found = matcher.match(body=text, title=title, language=language)
    mask = mask_of(language, text or title)
    names = {hit.term_id for hit in hits}
    missing = [term.id for term in matcher.campaign.terms if term.id not in names]
    fields = [(field, TextWords(field.scan.original)) for field in (Field("title", title), Field("body", text))]
    misses = [miss for term_id in missing for miss in _misses(matcher, term_id, fields, mask)]
    return Explanation(
        campaign_id=matcher.campaign.id,
        circle=found.circle,
        groups=groups_in(mask),
        circles=tuple((circle, _clause(node, evidence)) for circle, node in matcher.circles),
        labels=found.labels,
        hits=hits,
        misses=tuple(misses),
        words_held=max((len(words.seen) for _, words in fields if words.cut_at is not None), default=0),
    )


def forms_of_term(matcher: Matcher, word: str) -> tuple[FormUse, ...]:
    """Every term that has `word`, in whichever script and with or without diacritics, among its forms."""
    uses = []
    bare = is_bare(word)
    for entry in matcher.vocabulary.entries:
        for part in entry.words:
            for form in {form for forms in part.forms.values() for form in forms}:
                if same_letters(form.spelled, word, text_is_bare=bare, typed_bare=entry.typed_bare):
                    uses.append(
                        FormUse(entry.term_id or "quoted words", entry.text, part.typed, form.spelled, groups_in(form.mask), form.rule)
                    )
    return tuple(dict.fromkeys(sorted(uses, key=lambda use: (use.term_id, use.entry, use.form))))


# --- clauses


def _clause(node: Node, evidence: Evidence) -> Clause:
    holds = evidence.holds(node)
    if isinstance(node, Ref):
        return Clause(show(node), holds, _reference_note(node, evidence))
    if isinstance(node, Not):
        return Clause(show(node), holds, "" if holds else "excluded by what was found", (_clause(node.child, evidence),))
    if isinstance(node, Near):
        both = (_clause(node.left, evidence), _clause(node.right, evidence))
        return Clause(show(node), holds, _near_note(node, both, holds), both)
    parts = tuple(_clause(child, evidence) for child in node.children)
    return Clause(show(node), holds, _choice_note(node, parts, holds), parts, isinstance(node, Or))


def _reference_note(node: Ref, evidence: Evidence) -> str:
    spans = evidence.spans(node)
    if spans:
        shown = ", ".join(dict.fromkeys(f"{evidence.shown(span)!r}" for span in spans[:3]))
        return f"found {len(spans)} time{'s' if len(spans) > 1 else ''}: {shown}"
    return "found, but not in the title" if node.title and key_of(node) in evidence.present else NOT_FOUND


def _near_note(node: Near, parts: tuple[Clause, ...], holds: bool) -> str:
    if holds or not all(part.holds for part in parts):
        return ""
    return "both are there, but not in one sentence" if node.words is None else f"both are there, but more than {node.words} words apart"


def _choice_note(node: And | Or, parts: tuple[Clause, ...], holds: bool) -> str:
    if holds:
        return ""
    if isinstance(node, Or):
        return "none of these"
    lacking = [part.text for part in parts if not part.holds]
    return "lacks " + ", ".join(lacking)


# --- near misses


def _misses(matcher: Matcher, term_id: str, fields: Iterable[tuple[Field, TextWords]], mask: int) -> list[Miss]:
    entries = [entry for entry in matcher.vocabulary.entries if entry.term_id == term_id and not entry.hashtag]
    found: list[Miss] = []
    for field, words in fields:
        judged = 0
        for key, start, end in matcher.vocabulary.find(field.scan.data):
            for entry in matcher.vocabulary.anchored[key]:
                if entry.term_id == term_id and not entry.hashtag and judged < MOST_JUDGED:
                    judged += 1
                    reason = _refusal(entry, entry.words[entry.anchor].forms[matcher.vocabulary.keys[key]], field, (start, end), mask)
                    found += [_miss(term_id, field, start, end, reason)] if reason else []
        if not found:
            found.extend(_lookalikes(term_id, entries, field, words))
    return list({(miss.found, miss.reason): miss for miss in found}.values())[:MAX_MISSES]


def _miss(term_id: str, field: Field, start: int, end: int, reason: str) -> Miss:
    first, stop = field.scan.origin(start, end)
    return Miss(term_id, field.scan.original[first:stop], field.name, first, reason)


def _refusal(entry: Entry, forms: tuple[Form, ...], field: Field, span: tuple[int, int], mask: int) -> str:
    """Why a form that stands in the text was not counted; empty where so much of the entry is lacking that it is no near miss."""
    chars = field.scan.chars
    start, end = span
    if stands_in_address(chars, start, end) and entry.kind is not TermKind.EXACT:
        return "part of an address or account name"
    if entry.kind is TermKind.EXACT:
        return f"counts only when written exactly {entry.text!r}"
    if not any(form.mask & mask for form in forms):
        languages = ", ".join(dict.fromkeys(GROUP_NAMES[group] for form in forms for group in groups_in(form.mask)))
        return f"a form in {languages}, but the text is in another language"
    if not any(
        same_letters(form.spelled, chars[start:end], text_is_bare=False, typed_bare=entry.typed_bare, alone=entry.alone) for form in forms
    ):
        return f"other letters than {forms[0].spelled!r}"
    if len(entry.words) > 1:
        lacking = _lacking(entry, field, span)
        return f"the other words of {entry.text!r} do not all stand beside it: {lacking}" if lacking else ""
    if entry.kind is TermKind.ACRONYM:
        same = latin(chars[start:end]).upper() == latin(entry.text).upper() and chars[start:end].isupper()
        return (
            "among words in capitals, and neither the full name nor the acronym stands elsewhere"
            if same
            else f"counts only in the capitals of {entry.text!r}"
        )
    if entry.kind is TermKind.NAME and not chars[start].isupper():
        return "written small, and a name needs its capital"
    return "refused by its place in the sentence"


def _lacking(entry: Entry, field: Field, span: tuple[int, int]) -> str:
    if leniently(entry, field.scan, span, entry.slop) is not None:
        return "between them stands the end of a sentence, or a capital is missing"
    if leniently(entry, field.scan, span, entry.slop + LENIENT_SLOP) is not None:
        return f"more than {entry.slop} other words between them"
    words = set(field.scan.data.split())
    telling = [word for word in entry.words if word.telling]
    lacking = [word for word in telling if not words & word.forms.keys()]
    around = _WORD.findall(field.scan.chars[max(0, span[0] - NEIGHBOURHOOD) : span[1] + NEIGHBOURHOOD])
    shown = []
    for word in lacking:
        alike = next((near for near in around if len(near) > 3 and distance(fold(near), fold(word.typed), 2)), "")
        shown.append(f"{word.typed} (here {alike!r}?)" if alike else word.typed)
    if 2 * len(lacking) > len(telling) - (entry.kind is TermKind.PHRASE) and "?)" not in "".join(shown):
        return ""
    return "no " + ", ".join(shown) if shown else "they stand elsewhere or in another order"


def _lookalikes(term_id: str, entries: list[Entry], field: Field, words: TextWords) -> list[Miss]:
    """Words of the text that are a letter or two away from a form, or sound like one."""
    found: list[tuple[int, Miss]] = []
    for entry in entries:
        anchor = entry.words[entry.anchor]
        forms = {fold(form.spelled): form.rule for forms in anchor.forms.values() for form in forms}
        alike = Forms(forms)
        heard = skeleton(fold(anchor.typed))
        for word in words.near(alike, heard if len(heard) > 2 else ""):
            seen = words.seen[word]
            near = alike.nearest(word, len(heard) > 2 and seen.sounds == heard)
            if near is not None:
                named = entry.kind in (TermKind.NAME, TermKind.ACRONYM) and _written_as_name(field.scan.original, word)
                found.append((near[0], Miss(term_id, seen.word, field.name, seen.start, f"{near[1]} (from {entry.text!r})", named)))
    return [miss for _, miss in sorted(found, key=lambda ranked: (ranked[0], ranked[1].start))][:MAX_MISSES]


def _written_as_name(text: str, folded: str) -> bool:
    places = [(one.group(), one.start()) for one in _WORD.finditer(text) if fold(one.group()) == folded]
    return all(word[0].isupper() for word, _ in places) and any(not starts_sentence(text, start) for _, start in places)


# --- as text


def lines(explanation: Explanation) -> list[str]:
    """The explanation as lines for a terminal."""
    shown = [
        f"Campaign {explanation.campaign_id}: "
        + (f"matches, circle {explanation.circle!r}" if explanation.circle else "no circle matches"),
        "Forms applied: "
        + ("all languages" if set(explanation.groups) == set(GROUPS) else "; ".join(GROUP_NAMES[group] for group in explanation.groups)),
    ]
    if explanation.labels:
        shown.append("Labels: " + ", ".join(explanation.labels))
    shown += ["", "Found:"] + [f"  {hit.term_id}: {hit.form!r} in the {hit.field} at {hit.start} ({hit.rule})" for hit in explanation.hits]
    if not explanation.hits:
        shown.append("  nothing")
    if explanation.misses:
        within = f" (among the first {explanation.words_held} different words)" if explanation.words_held else ""
        shown += ["", f"Nearly{within}:"]
        shown += [f"  {miss.term_id}: {miss.found!r} in the {miss.field} at {miss.start}: {miss.reason}" for miss in explanation.misses]
    for circle, clause in explanation.circles:
        shown += ["", f"Circle {circle!r}: " + ("yes" if clause.holds else "no"), *_clause_lines(clause, 1)]
    return shown


def _clause_lines(clause: Clause, depth: int) -> list[str]:
    mark = "yes" if clause.holds else "no "
    text = clause.text if len(clause.text) <= SHOWN_CHARS or not clause.parts else clause.text[: SHOWN_CHARS - 3] + "..."
    own = f"{'  ' * depth}{mark} {text}" + (f": {clause.note}" if clause.note else "")
    return [own, *(line for part in _worth_showing(clause) for line in _clause_lines(part, depth + 1))]


def _worth_showing(clause: Clause) -> tuple[Clause, ...]:
    """Of a choice that holds the parts that hold; a choice of terms none of which was found says so in one line."""
    if not clause.choice:
        return clause.parts
    if clause.holds:
        return tuple(part for part in clause.parts if part.holds)
    whole = len(clause.text) <= SHOWN_CHARS and all(not part.parts and part.note == NOT_FOUND for part in clause.parts)
    return () if whole else clause.parts
