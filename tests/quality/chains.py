"""Chains of copies as portals make them: a text, who carried it from whom, with times and credits as noisy as the press's.

All words are invented sentences over a small bank, drawn anew for each chain from its seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tracker.model import Outlet, Precision, Story, StoryText
from tracker.text.letters import LATIN_OF

BANK = {
    "hbs": (
        "ministar direktor gradonačelnik poslanik ravnatelj profesor",
        "najavio potvrdio osudio predstavio otvorio podržao",
        "kampanju zakon izgradnju školu nagradu izložbu projekat sporazum strategiju",
        "djece mladih nastavnika roditelja građana novinara studenata penzionera",
        "u Tirani u Sarajevu u Podgorici u Skoplju u Prištini u Novom Sadu u Mostaru",
        "jer su prava potrebna svima i rok ističe ove jeseni dok stručnjaci upozoravaju na posljedice za cijelo društvo u regiji".split(
            " "
        ),
    ),
    "sq": (
        "ministri drejtori kryetari deputeti profesori zëdhënësi",
        "njoftoi konfirmoi dënoi prezantoi hapi mbështeti",
        "fushatën ligjin ndërtimin shkollën çmimin ekspozitën projektin marrëveshjen strategjinë",
        "fëmijëve rinisë mësuesve prindërve qytetarëve gazetarëve studentëve pensionistëve",
        "në Tiranë në Sarajevë në Podgoricë në Shkup në Prishtinë në Durrës në Pejë",
        "sepse të drejtat u duhen të gjithëve dhe afati skadon këtë vjeshtë ndërsa ekspertët paralajmërojnë pasoja për gjithë shoqërinë".split(
            " "
        ),
    ),
    "mk": (
        "министерот директорот градоначалникот пратеникот професорот",
        "најави потврди осуди претстави отвори поддржа",
        "кампања закон изградба училиште награда изложба проект договор стратегија",
        "децата младите наставниците родителите граѓаните новинарите студентите пензионерите",
        "во Тирана во Сараево во Подгорица во Скопје во Приштина во Битола во Охрид",
        "бидејќи правата им се потребни на сите и рокот истекува оваа есен додека експертите предупредуваат на последици за општеството".split(
            " "
        ),
    ),
    "en": (
        "minister director mayor deputy professor spokesman",
        "announced confirmed condemned presented opened backed",
        "campaign law building school prize exhibition project agreement strategy",
        "children youth teachers parents citizens reporters students pensioners",
        "in Tirana in Sarajevo in Podgorica in Skopje in Pristina in Mostar in Ohrid",
        "because the rights are needed by all and the time runs out this autumn while experts warn of consequences for the whole society".split(
            " "
        ),
    ),
}
PREPOSITIONS = {"hbs": "u", "sq": "në", "mk": "во", "en": "in"}
CREDITS = {
    "hbs": (
        "{text} ({name})",
        "{text}\nIzvor: {name}",
        "{first}, prenosi {name}. {rest}",
        "Kako javlja {name}, {text}",
        "GRAD, 11. oktobra ({name}) - {text}",
    ),
    "sq": ("{text} /{name}/", "{text}\nBurimi: {name}", "{first}, raporton {name}. {rest}", "Siç njofton {name}, {text}"),
    "mk": ("{text} ({name})", "{text}\nИзвор: {name}", "{first}, пренесува {name}. {rest}", "Како што јавува {name}, {text}"),
    "en": ("{text} ({name})", "{text}\nSource: {name}", "{first}, {name} reports. {rest}", "{first}, as reported by {name}. {rest}"),
}
NAMES = "Alfan Borvik Cegat Dolmir Evkon Farsel Gavrit Holnik Izmar Javor Kelmen Lurat Mostik Novak".split()
OUTLETS = tuple(
    Outlet(
        name.casefold(),
        f"{name} {'agencija' if agency else 'portal'}" if agency else name,
        f"https://{name.casefold()}.ba/",
        "BA",
        ("bs",),
        kind="agency" if agency else "portal",
    )
    for number, name in enumerate(NAMES)
    for agency in (number < 4,)
)
_CYRILLIC = {"lj": "љ", "nj": "њ", "dž": "џ"} | {
    latin: letter for letter, latin in LATIN_OF.items() if len(latin) == 1 and letter in "абвгдђежзијклмнопрстћуфхцчш"
}


@dataclass(frozen=True)
class Chain:
    """A story and its truth: the original, and for every other article its source and whether it credits it."""

    story: Story
    texts: dict[int, StoryText]
    original: int
    sources: dict[int, int]
    credited: dict[int, bool]


def to_cyrillic(text: str) -> str:
    """Serbian in Cyrillic letters."""
    for latin, letter in _CYRILLIC.items():
        text = text.replace(latin, letter).replace(latin.capitalize(), letter.upper())
    return text


def sentence(rng: random.Random, language: str) -> str:
    """One sentence, which no other is likely to equal."""
    who, did, what, whom, where, tail = BANK[language]
    place = rng.choice(where.replace(f" {PREPOSITIONS[language]} ", f"|{PREPOSITIONS[language]} ").split("|"))
    start = rng.randrange(max(len(tail) - 5, 1))
    words = [
        rng.choice(who.split()),
        rng.choice(did.split()),
        rng.choice(what.split()),
        rng.choice(whom.split()),
        place,
        *tail[start : start + rng.randint(3, 7)],
    ]
    words.insert(rng.randint(3, 6), str(rng.randint(2, 9999)))
    return " ".join(words).capitalize()


def chain(seed: int) -> Chain:
    """One chain of two to eight articles."""
    rng = random.Random(seed)
    language = rng.choice(("hbs", "hbs", "sq", "mk", "en"))
    outlets = rng.sample(OUTLETS, rng.randint(2, 8))
    if rng.random() < 0.85:
        outlets.sort(key=lambda outlet: outlet.kind != "agency")  # an agency carries little from portals
    sources: dict[int, int] = {}
    bodies = [". ".join(sentence(rng, language) for _ in range(rng.randint(4, 14))) + "."]
    moments = [datetime(2024, 10, 11, 8, tzinfo=UTC) + timedelta(seconds=rng.randrange(36_000))]
    credited: dict[int, bool] = {}
    printed = list(bodies)
    for at in range(1, len(outlets)):
        source = 0 if rng.random() < 0.75 else rng.randrange(at)
        sources[at] = source
        bodies.append(_copy(rng, language, bodies[source]))
        moments.append(moments[source] + timedelta(minutes=rng.lognormvariate(3.2, 1.0) + 1))
        luck = rng.random()
        names = {outlets[source].id: outlets[source].name.split()[0]}
        credited[at] = luck < 0.65
        named = names[outlets[source].id] if credited[at] else "Strani izvor" if luck < 0.68 else ""
        printed.append(_credit(rng, language, bodies[at], named) if named and luck < 0.65 else bodies[at])
    if rng.random() < 0.3:
        printed[0] = f"TIRANA, 11. 10. ({outlets[0].name.split()[0]}) - {bodies[0]}"
    ids = list(range(1, len(outlets) + 1))
    rng.shuffle(ids)
    texts = {}
    for at, article_id in enumerate(ids):
        body = to_cyrillic(printed[at]) if language == "hbs" and rng.random() < 0.25 else printed[at]
        published, precision = _noisy(rng, moments[at])
        texts[article_id] = StoryText(article_id, outlets[at].id, sentence(rng, language), body, published, precision)
    return Chain(
        Story("story-1", tuple(sorted(ids))),
        texts,
        ids[0],
        {ids[at]: ids[source] for at, source in sources.items()},
        {ids[at]: given for at, given in credited.items()},
    )


def _copy(rng: random.Random, language: str, text: str) -> str:
    sentences = text.rstrip(".").split(". ")
    if rng.random() < 0.4 and len(sentences) > 4:
        sentences = sentences[: -rng.randint(1, len(sentences) // 3)]
    if rng.random() < 0.3 and len(sentences) > 3:
        sentences.pop(rng.randrange(1, len(sentences)))
    if rng.random() < 0.4:
        sentences.insert(0, sentence(rng, language))
    if rng.random() < 0.5:
        words = sentences[-1].split()
        words[rng.randrange(len(words))] = str(rng.randint(10_000, 99_999))
        sentences[-1] = " ".join(words)
    return ". ".join(sentences) + "."


def _credit(rng: random.Random, language: str, text: str, name: str) -> str:
    first, _, rest = text.partition(". ")
    return rng.choice(CREDITS[language]).format(text=text, name=name, first=first, rest=rest)


def _noisy(rng: random.Random, moment: datetime) -> tuple[datetime | None, Precision]:
    """A time as outlets give it: exact, to the hour, the day alone, none, or an hour wrong."""
    luck = rng.random()
    moment = moment.replace(microsecond=0)
    if luck < 0.10:
        return None, Precision.MINUTE
    if luck < 0.20:
        return moment.replace(hour=0, minute=0, second=0), Precision.DAY
    if luck < 0.40:
        return moment.replace(minute=0, second=0), Precision.MINUTE
    if luck < 0.44:
        return moment + timedelta(hours=rng.choice((-1, 1))), Precision.MINUTE
    return moment, Precision.MINUTE
