"""Names that are adjectives too: Hrvatska pobedila is the country, Hrvatska vojska and Hrvatska narodna banka are not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .hbs_adjectives import is_land
from .hbs_letters import latin

_ADJECTIVAL = re.compile(r"\w{2,}(?:sk|šk|čk|ćk|ck)(a|e|oj|u|om)$")
_ADJECTIVE_STEM = r"(?:[^aeiou\W]n|sk|šk|čk|ćk|ck|ov|ev|iv|av|[^aeiou\W]sn|nj|šnj|tr|jv|ug)"
_NOUN_ENDINGS = {"a": r"a", "e": r"(?:e|sti)", "oj": r"(?:i)", "u": r"(?:u|ost)", "om": r"(?:om|ću)"}
_NO_NOUNS = frozenset(
    "na za da sa ka ta pa je će se ne ni ili ali bi su li sada kada tada dosta mora ima nema treba čeka igra gleda pada napada odbija dobija "
    "sazna ostala sama prva druga sva nova cela cijela pokušava smatra traga pita sutra juče jučer opet one sve više manje kaže može neće hoće "
    "prije posle poslije dalje bolje nije preuzme dobije ulazi izlazi stoji prijeti preti sledi slijedi fali nedostaje pripada mogu budu idu "
    "bila ne te ove koje što koja kojoj koju kojom gde gdje spremna uspela uspjela jedna jedina danas".split()
)
_VERB = re.compile(r"(?:[aeiou](?:va|la|ra)|na|ta|ma|aju|uju|eju|ije|uje|aje)$")
_NOUNS_LIKE_VERBS = frozenset(
    "država uprava zastava glava škola obala sila strana hrana obrana odbrana zima kultura literatura luka ambasada diplomacija vojska dijaspora "
    "premijerka nogometna fudbalska pošta flota valuta elita obrana odbrana agentura struktura policija kompanija firma pisma reforma platforma "
    "kuna kruna krajina manjina većina opozicija tajna mafija vlada lista žena bina marina scena granica stvarnost".split()
)


def is_land_name(typed: str) -> bool:
    """Whether a typed word is a name with the endings of an adjective, which can stand as that adjective too."""
    return typed[:1].isupper() and is_land(latin(typed).lower())


def describes_next(form: str, following: Sequence[str], *, sentence_start: bool) -> bool:
    """Whether a form of a country's name stands there as an adjective of the words that follow it (with one space between)."""
    fit = _ADJECTIVAL.match(latin(form).lower())
    if fit is None or not following:
        return False
    ending, words = fit.group(1), [latin(word) for word in following]
    if words[0] in _NO_NOUNS or len(words[0]) < 3 or not words[0].islower():
        return False
    if len(words) > 1 and re.search(f"{_ADJECTIVE_STEM}{ending}$", words[0]) and _agrees(words[1].lower(), ending):
        return True
    return (sentence_start or ending == "om") and _agrees(words[0], ending) and not _is_verb(words[0])


def _agrees(word: str, ending: str) -> bool:
    return len(word) > 3 and word not in _NO_NOUNS and re.search(f"{_NOUN_ENDINGS[ending]}$", word) is not None


def _is_verb(word: str) -> bool:
    return _VERB.search(word) is not None and word not in _NOUNS_LIKE_VERBS
