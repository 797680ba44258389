"""Which language group's forms apply to a text: from its language, or guessed from its commonest words."""

from __future__ import annotations

import re

GROUPS = ("hbs", "sq", "mk", "en")
BIT = {group: 1 << number for number, group in enumerate(GROUPS)}
EVERY_GROUP = sum(BIT.values())
GROUP_OF = {"sq": "sq", "aln": "sq", "mk": "mk", "en": "en", "sr": "hbs", "hr": "hbs", "bs": "hbs", "cnr": "hbs", "sh": "hbs", "me": "hbs"}
GUESSED_CHARS = 4000

_COMMON = {
    "sq": "të në dhe për me që një nga është më nuk si te ne dhe per qe nje eshte me nga kjo ky janë jane ishte u ka".split(),
    "mk": "на во и се да од за со не што ќе по како е го ја ги или беше сите кои".split(),
    "hbs": "je i u na da se su za od sa nije koji koja ali kao iz što sto će ce bi do или је и у на да се су за од са није који која као из што ће".split(),
    "en": "the of and to in that is was for on with as it by at from his are has have".split(),
}
_ONLY = {
    word: group
    for group, words in _COMMON.items()
    for word in words
    if sum(word in others for others in _COMMON.values()) == 1
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
_MACEDONIAN, _SERBIAN = re.compile("[ѓќѕЃЌЅ]"), re.compile("[ђћјљњџЂЋ]")
_CROATIAN = frozenset(
    "tko što tjedan tjedna sudjelovati gospodarstvo tvrtka tvrtke vlak siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna listopada studenoga".split()
)
_IJEKAVIAN = frozenset(
    "vrijeme djeca djece gdje ovdje uvijek vijest dvije mjesto cijeli također takođe poslije nedjelja ponedjeljak srijeda".split()
)


def mask_of(language: str, text: str) -> int:
    """The groups whose forms apply: the language's own, else the guessed one, else all."""
    group = GROUP_OF.get(language) or GROUP_OF.get(language.lower().partition("-")[0]) or guess_group(text)
    return BIT[group] if group else EVERY_GROUP


def groups_in(mask: int) -> tuple[str, ...]:
    """The groups of a mask, in order."""
    return tuple(group for group in GROUPS if BIT[group] & mask)


def guess_group(text: str) -> str:
    """The group most of the text's function words belong to; empty where they do not say."""
    counts = dict.fromkeys(GROUPS, 0)
    for word in _WORD.findall(text[:GUESSED_CHARS].lower()):
        if group := _ONLY.get(word):
            counts[group] += 1
    first, second = sorted(counts.values(), reverse=True)[:2]
    return max(counts, key=lambda group: counts[group]) if first >= 3 and first >= 3 * second else ""


def guess_language(text: str) -> str:
    """A language code where the text shows it, else empty. For texts that come without one; articles bring their own."""
    group = guess_group(text)
    if group != "hbs":
        return group
    words = set(_WORD.findall(text[:GUESSED_CHARS].lower()))
    if words & _CROATIAN:
        return "hr"
    return "bs" if words & _IJEKAVIAN else "sr"
