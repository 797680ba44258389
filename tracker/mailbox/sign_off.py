"""Whether somebody wants no more letters: words of eight languages, in both scripts, with and without diacritics. Pure.

Only a short text that says it of its writer is done at once. What is longer, doubtful, denied or about somebody else goes to a person:
a partner who is taken off by mistake misses news, one who is asked once more loses a minute.
"""

from __future__ import annotations

import re
from enum import StrEnum

from tracker.text.folding import fold

MOST_WORDS = 25
"""Of a text that is done at once: a request with a greeting, a reason and a name has 20."""
MOST_BARE_WORDS = 4
"""Where only the word stands, such as `Odjava, hvala`."""


class Wish(StrEnum):
    """What a text says of letters."""

    NONE = "none"
    UNSURE = "unsure"
    STOP = "stop"


MOST_BESIDE = 3
"""Words of a text whose subject alone signs off: a name, or thanks."""
_ANSWERS = re.compile(r"(?i)\s*(?:re|fwd?|fw|odg|ad|pergj|përgj|одг)\s*:")
_MINE = re.compile(
    r"\b(?:"
    # en
    r"unsubscribe me|(?:please |pls |kindly )(?:do )?unsubscribe(?: me| us)?|(?:take|remove|delete|sign|drop) (?:me|us|my (?:name|address|e-?mail)) (?:off|from|out)|i (?:want|wish|would like|'d like) to (?:unsubscribe|opt out|be removed)|i (?:no longer|do not|don't) (?:want|wish|need) (?:to (?:get|receive|have)|these|your|any more)|(?:please )?stop (?:sending|mailing|e-?mailing|writing)|no more (?:e-?mails|letters|mail|newsletters)(?: please)?|opt me out|(?:please )?do not (?:send|write|e-?mail) me(?: any| these| again)|(?:please )?don't (?:send|write|e-?mail) me(?: any| these| again)|cancel my subscription"
    # sq (ë and ç are folded)
    r"|(?:me|na) (?:c'?regjistro(?:ni|hni)?|hiq(?:ni)?|largo(?:ni)?|fshi(?:ni)?|cabono(?:ni)?)|cregjistrome(?:ni)?|c'regjistrome(?:ni)?|hiqm[ei](?:ni)?|hiqnim[ei]|hiqni emrin tim|dua te (?:cregjistrohem|c'regjistrohem|cabonohem|hiqem|largohem)|deshiroj te (?:cregjistrohem|c'regjistrohem|cabonohem|hiqem|largohem)|(?:mos|mos te) me (?:dergo(?:ni)?|shkruani|sillni)|nuk (?:dua|deshiroj) (?:me )?te (?:marr|pranoj)(?: me)?|nuk dua me (?:emaile|mesazhe|letra)|ndalo(?:ni)? dergimin|ju lutem(?:,)? (?:te )?me (?:hiqni|cregjistroni|c'regjistroni)"
    # sr, hr, bs, cnr
    r"|(?:odjavi(?:te)?|odjavite|ispisi(?:te)?|uklonite|ukloni|skinite|skini|izbrisite|izbrisi|obrisite|brisite|maknite|makni|iskljucite) (?:me|nas|moju adresu|moj (?:e-?)?mejl|moj (?:e-?)?mail|moje ime)|(?:da (?:me|nas)) (?:odjavite|ispisete|uklonite|skinete|izbrisete|obrisete|maknete|brisete|iskljucite)|(?:ja )?(?:se )?odjavljujem(?: se)?|(?:zelim|zeljela bih|zelio bih|zelela bih|zeleo bih|htjela bih|htio bih|htela bih|hteo bih|hocu|molim) (?:da )?(?:se )?(?:odjaviti|odjavim|ispisati|ispisem)(?: se)?|ne (?:zelim|zelimo|cu) (?:vise )?(?:da )?(?:primati|primam|primamo|dobijati|dobivati|dobijam|vase (?:mejlove|mailove|poruke|e-?mailove))|nemojte (?:mi|nam) (?:vise )?(?:slati|pisati)|nemoj(?:te)? (?:vise )?(?:da )?(?:mi )?(?:saljete|slati)|ne saljite (?:mi|nam)|prestanite (?:mi )?(?:sa slanjem|slati|da (?:mi )?saljete)|otkazujem (?:pretplatu|prijem)|otkazite (?:mi )?pretplatu"
    # mk (transliterated: ќ kj, ѓ gj)
    r"|(?:odjavete|odjavi|otpisete|otpisi|otstranete|izbrisete|izbrisi|trgnete|iskljucete|otpishete|izbrishete) (?:me|ne|ja mojata adresa)|(?:da )?me (?:odjavite|otpisete|izbrisete|trgnete|otstranite|otpishete|izbrishete)|(?:sakam|bi sakal|bi sakala|zelam) da (?:se )?(?:odjavam|otpisam|otpisham)|se odjavuvam|ne sakam (?:povekje )?da (?:dobivam|primam)|ne mi (?:prakjajte|prakjaj|isprakjajte)|nemojte (?:povekje )?da mi (?:prakjate|isprakjate)|prekinete (?:so|da mi)"
    r")\b"
)
_BARE = re.compile(
    r"\b(?:unsubscribe|unsubscribed|opt[- ]?out|sign[- ]?off|stop|remove|cregjistro|cregjistrim|c'regjistrim|cregjistrohem|c'regjistrohem|cabonim|cabonohem|odjava|odjaviti|odjavi|odjavite|odjavljivanje|odjavuvanje|ispis|otpis|otpisi|otkazivanje)\b"
)
_STEM = re.compile(r"unsubscri|opt(?:ing)?[- ]?out|cregjistr|c'regjistr|cabon|odjav|ispis(?:i|at|ati|em)|otpis")
_DENIED = re.compile(
    r"\b(?:not|don't|dont|never|no|ne|nemoj|nemojte|mos|nuk|nikako|nikogas|nikad|without|bez|pa) (?:\S+ ){0,3}?(?:unsubscri|opt[- ]?out|remov|take me off|delet|odjav|ispis|otpis|izbris|uklon|skin|cregjistr|c'regjistr|hiq|largo|cabon)"
)
_DENIES = re.compile(r"(?:i )?(?:please )?(?:no|not|do not|don't|ne|nemoj|nemojte|mos|nuk)\b")
"""Begins wishes that deny by themselves: `ne zelim vise primati`."""
_OTHERS = re.compile(
    r"\b(?:colleague|kolega|kolegu|kolegica|kolegicu|koleginica|koleginicu|kolegata|shoku|shoqen|kolegun|him|her|them|njega|nju|njih|ate\b|ata\b|nego\b|nea\b|instead|umjesto|umesto|vend te|namesto|but|ali|por|no samo|except|osim|pervec|unless|only the)\b"
)
_GREETING = re.compile(
    r"^\s*(?:dear|hello|hi|hey|good (?:morning|day|afternoon)|postovani|postovana|postovane|zdravo|dobar dan|dobro jutro|pozdrav|pershendetje|te nderuar|i nderuar|e nderuar|tungjatjeta|pocituvani|pocitovani|zdravo|dobar den)\b[^\n]{0,40}$",
    re.M,
)
_CLOSING = re.compile(
    r"^\s*(?:(?:kind|best|warm) regards|regards|thanks|thank you|many thanks|best|cheers|srdacan pozdrav|srdacno|lijep pozdrav|lep pozdrav|pozdrav|hvala|unaprijed hvala|unapred hvala|s postovanjem|faleminderit|me respekt|ju faleminderit|gjithe te mirat|blagodaram|fala|so pocit|pozdravi)\b",
    re.M,
)


def wish_of(subject: str, own: str) -> Wish:
    """What a mail says by its subject and its writer's own words (`reply_text.own_words`). STOP where nothing else can be meant."""
    said = _plain(own)
    mine, bare = _MINE.search(said), _BARE.search(said)
    if not mine and not bare and not _ANSWERS.match(subject) and _is_bare(_plain(subject)):
        return Wish.STOP if len(said.split()) <= MOST_BESIDE and "?" not in own and not _DENIED.search(said) else Wish.UNSURE
    if not mine and not bare:
        return Wish.UNSURE if _STEM.search(said) else Wish.NONE
    beside = _MINE.sub(lambda found: " " if _DENIES.match(found[0]) else found[0], said)
    doubtful = _DENIED.search(beside) or _OTHERS.search(said) or "?" in own or "@" in own
    if doubtful or len(said.split()) > MOST_WORDS:
        return Wish.UNSURE
    return Wish.STOP if mine or _is_bare(said) else Wish.UNSURE


def _is_bare(said: str) -> bool:
    return bool(_BARE.search(said)) and len(said.split()) <= MOST_BARE_WORDS


def _plain(text: str) -> str:
    """Folded, without greeting, and without what follows the closing words."""
    folded = re.sub(r"[’‘`´]", "'", fold(text))
    folded = _GREETING.sub("", folded)
    if (closing := _CLOSING.search(folded)) and folded[: closing.start()].strip(" \n.,!"):
        folded = folded[: closing.start()]
    return " ".join(re.sub(r"[^\w'\-@?]+", " ", folded).split())
