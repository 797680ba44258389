"""Lines in which an outlet asks its readers to follow it: its channels, its app, its newsletter, its notifications.

They name TikTok, Viber or Facebook under articles that have nothing to do with them, and change from visit to visit.
"""

from __future__ import annotations

import re

MAX_CHARS = 220
"""An invitation is one sentence, or two short ones; a paragraph that says more tells something."""

_ASKS = (
    r"ndiqni|ndiqe|bëhu(?:ni)? (?:pjesë|anëtar)|bashkohu(?:ni)?|shkarko(?:ni)?|abonohu(?:ni)?|regjistrohu(?:ni)?|"
    r"lejo(?:ni)?|aktivizo(?:ni)?|kliko(?:ni)?|merr(?:ni)?|mos humb(?:ni|isni)?|instalo(?:ni)?|pëlqe(?:ni|je)|"
    r"(?:za)?prati(?:te)?|pridruži(?:te)? (?:nam )?se|priključi(?:te)? (?:nam )?se|preuzmi(?:te)?|skini(?:te)?|instaliraj(?:te)?|dozvoli(?:te)?|omogući(?:te)?|uključi(?:te)?|aktiviraj(?:te)?|"
    r"lajkuj(?:te)?|pronađi(?:te)? nas|budi(?:te)? (?:prv\w*|u toku?|uz nas|dio|deo)|ne propusti(?:te)?|postani(?:te)? (?:dio|deo|član)|prijavi(?:te)? se|pretplati(?:te)? se|učlani(?:te)? se|klikni(?:te)?|"
    r"(?:за)?прати(?:те)?|придружи(?:те)? (?:нам )?се|прикључи(?:те)? (?:нам )?се|преузми(?:те)?|скини(?:те)?|инсталирај(?:те)?|дозволи(?:те)?|омогући(?:те)?|укључи(?:те)?|активирај(?:те)?|"
    r"лајкуј(?:те)?|пронађи(?:те)? нас|буди(?:те)? (?:прв\w*|у току?|уз нас|део|дио)|не пропусти(?:те)?|постани(?:те)? (?:део|дио|члан)|пријави(?:те)? се|претплати(?:те)? се|учлани(?:те)? се|кликни(?:те)?|"
    r"следи|следете|најди(?:те)? не|најдете н[еèѐ]|придружете (?:ни )?се|приклучи(?:те)? (?:ни )?се|приклучете (?:ни )?се|преземи|преземете|симни|симнете|инсталирајте|дозволете|вклучи|вклучете|"
    r"овозможете|лајкни|лајкнете|биди(?:те)? (?:прв\w*|во тек|дел)|бидете (?:прв\w*|во тек|дел)|не пропуштај(?:те)?|стани(?:те)? (?:дел|член)|станете (?:дел|член)|пријавете се|претплатете се|зачленете се|кликнете|"
    r"follow|join|download|install|get|allow|enable|turn on|like|find us|sign up|subscribe|stay (?:up to date|informed|tuned)|never miss|don['’]t miss|be the first"
)
_ASKS_US = r"na (?:ndiqni|ndiq|gjeni|gjej|pëlqeni)|na u bashkohu?(?:ni)?|ndiqna"
_OURS = r"neve|nesh|tonë|tona|tonin|tanë|tanët|nas|nam|naš\w{0,4}|нас|нам|наш\w{0,5}|н[еèѐ]|us|our"
_CHANNELS = (
    r"facebook|fejsbuk\w{0,3}|фејсбук\w{0,3}|instagram\w{0,3}|инстаграм\w{0,3}|tik ?tok\w{0,3}|тик ?ток\w{0,3}|youtube\w{0,3}|jutjub\w{0,3}|јутјуб\w{0,3}|viber\w{0,3}|вибер\w{0,3}|вајбер\w{0,3}|"
    r"whats ?app\w{0,3}|вацап\w{0,3}|ватсап\w{0,3}|telegram\w{0,3}|телеграм\w{0,3}|twitter\w{0,3}|твитер\w{0,3}|x|linkedin\w{0,3}|threads|google (?:news|v(?:ij)?est\w{0,3}|вест\w{0,3}|lajme\w{0,2}|discover)|rss|"
    r"aplikacij\w{1,3}|aplikacion\w{0,3}|апликациј\w{1,3}|app|newsletter\w{0,3}|bilten\w{0,3}|buletin\w{0,3}|билтен\w{0,3}|kanal\w{0,4}|канал\w{0,5}|channels?|"
    r"društvenim mrežama|друштвеним мрежама|социјалните мрежи|rrjetet (?:tona )?sociale|social media"
)
_NOTIFICATIONS = r"njoftime\w{0,2}|obav(?:j)?eštenj\w{1,2}|notifikacij\w{1,3}|обав(?:ј)?ештењ\w{1,2}|известувања\w{0,2}|нотификации\w{0,3}|notifications|alerts"
_NEWS = r"lajm\w{1,4}|vijest\w{0,3}|vest\w{0,3}|вијест\w{0,3}|вест\w{0,4}|news|stor(?:y|ies)|headlines|prv[aioe]\w{0,1}|прв[аиое]\w?|i par[ië]|first"

_OF_CHANNELS = re.compile(rf"^\W{{0,9}}(?:{_ASKS_US}|{_ASKS})\b(?=.{{0,{MAX_CHARS}}}?\b(?:{_CHANNELS})\b)", re.I | re.S)
_OF_OURS = re.compile(rf"^\W{{0,9}}(?:{_ASKS_US})\b|\b(?:{_OURS})\b", re.I)
_OF_NOTIFICATIONS = re.compile(rf"^\W{{0,9}}(?:{_ASKS})\b(?=.{{0,{MAX_CHARS}}}?\b(?:{_NOTIFICATIONS})\b)", re.I | re.S)
_OF_NEWS = re.compile(rf"\b(?:{_NEWS})\b", re.I)
_SENTENCES = re.compile(r"[.!?…](?:\s|$)")


def invites_to_follow(line: str) -> bool:
    """Whether a line, wherever it stands, asks to follow the outlet on its channels, to install its app or to allow its notifications.
    An invitation to somebody else's channel, or to an app that the article tells of, is none."""
    if len(line) > MAX_CHARS or len(_SENTENCES.findall(line)) > 2:
        return False
    if _OF_CHANNELS.match(line):
        return _OF_OURS.search(line) is not None
    return _OF_NOTIFICATIONS.match(line) is not None and (_OF_OURS.search(line) or _OF_NEWS.search(line)) is not None
