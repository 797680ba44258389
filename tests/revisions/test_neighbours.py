"""What stands near an article in four languages: what moves there is no edit, what an outlet changes or adds is one. All invented."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.revisions.test_compare import PARAGRAPHS, TITLE, URL, markup, opened
from tracker.model import ItemText, Seen
from tracker.revisions.compare import Kept, compare
from tracker.revisions.meaning import adds_correction

TEXTS = {
    "sr": (TITLE, PARAGRAPHS),
    "sq": (
        "Bashkia hapi tri shkolla të reja",
        (
            "Bashkia hapi dje tri shkolla të reja në luginë, tha kryetari Arben Lumaj.",
            "„Fëmijët nuk do të udhëtojnë më 12 kilometra deri në klasë“, tha ai në hapje.",
            "Punimet zgjatën dy vjet dhe kushtuan 4,5 milionë euro, nën mbikëqyrjen e ministrisë.",
            "Mësimi në ndërtesat e reja nis më një shtator për më shumë se 600 nxënës.",
        ),
    ),
    "mk": (
        "Општината отвори три нови училишта",
        (
            "Општината вчера отвори три нови училишта во долината, соопшти градоначалникот Марко Лукиќ.",
            "„Децата веќе нема да патуваат 12 километри до училницата“, рече тој на отворањето.",
            "Работите траеја две години и чинеа 4,5 милиони евра, под надзор на министерството.",
            "Наставата во новите згради почнува на први септември за повеќе од 600 ученици.",
        ),
    ),
    "en": (
        "Council opens three new schools",
        (
            "The council opened three new schools in the valley yesterday, mayor Mark Lukic said.",
            '"Children will no longer travel 12 kilometres to class", he said at the opening.',
            "Works took two years and cost 4.5 million euros, supervised by the ministry.",
            "Lessons in the new buildings start on the first of September for over 600 pupils.",
        ),
    ),
}
MOVING = {
    "sr": (
        "prije 2 sata",
        "1.234 pregleda",
        "Komentari (5)",
        "Podgorica 21°C, sunčano",
        "Autor: Ana Perić",
        "Čitaj još Autobus menja trasu",
    ),
    "sq": ("para 3 orësh", "Lexime: 1.234", "5 komente", "Tiranë 24°C me diell", "Nga Ardian Hoxha", "Shih edhe: Autobusi ndryshon linjë"),
    "mk": ("пред 3 часа", "Прочитано 1.234 пати", "5 коментари", "Скопје 21°C, сончево", "Автор: Ана Петрова", "Читај повеќе: Автобусот"),
    "en": ("3 hours ago", "1,234 views", "5 comments", "Tirana 24°C sunny", "By Anna Perry", "See also: Bus changes route"),
}
SIGN_UP = {
    "sr": "Prijavite se na naš bilten i dobijajte vesti svakog jutra.",
    "sq": "Abonohuni në buletinin tonë dhe merrni lajme çdo mëngjes.",
    "mk": "Претплатете се на нашиот билтен и добивајте вести секое утро.",
    "en": "Sign up to our newsletter and get the news every morning.",
}
CORRECTIONS = {
    "sr": ("Ispravka", "Napomena redakcije: tekst je naknadno izmenjen.", "Redakcija se izvinjava zbog greške.", "Demanti opštine"),
    "sq": ("Korrigjim: emri i kryetarit ishte gabim.", "Sqarim nga bashkia", "Kërkojmë ndjesë për gabimin.", "Përgënjeshtrim"),
    "mk": ("Исправка", "Деманти од општината", "Се извинуваме за грешката.", "Корекција: името е сменето."),
    "en": (
        "Clarification",
        "This article was amended on 3 May to correct a name.",
        "Editor’s note: a name was wrong.",
        "We apologise for the error.",
    ),
}
UPDATES = {
    "sr": "Ažurirano: opština je kasnije povukla navode.",
    "sq": "Përditësim: bashkia mohoi shifrën e nxënësve.",
    "mk": "Дополнето: министерството соопшти нова бројка.",
    "en": "UPDATED to add the ministry’s comment.",
}
WORDS = {"sr": "bez dozvole", "sq": "pa leje", "mk": "без дозвола", "en": "without permit"}


def page(language: str, **more: str) -> str:
    return markup(*TEXTS[language], **more)


def told(language: str, first: str, second: str) -> Seen:
    title, paragraphs = TEXTS[language]
    return compare(Kept(opened(first), ItemText(title, "\n".join(paragraphs)), URL), opened(second)).seen


def what_moves(language: str) -> Iterator[tuple[str, str]]:
    title, paragraphs = TEXTS[language]
    whole = page(language)
    for line in MOVING[language]:
        for element in ("<p>{}</p>", "<div class=x>{}</div>", "<span>{}</span>"):
            yield whole, page(language, head=element.format(line))
            yield whole, page(language, within=element.format(line))
    for line in MOVING[language][:4]:
        yield page(language, within=f"<p>{line}</p>"), page(language, within=f"<p>{line.replace('2', '17').replace('3', '18')}</p>")
    yield whole, page(language, within=f"<p>{SIGN_UP[language]}</p>")
    yield whole, whole.replace("<body>", f"<body><div id=cookie-law><p>{SIGN_UP[language]}</p></div>")
    for suffix in (" - VIDEO", " (FOTO)"):
        yield whole, whole.replace(f"<h1>{title}", f"<h1>{title}{suffix}")
    yield whole, whole.replace(f"<title>{title}", "<title>Sasvim drugi naslov za pretragu")  # what searches show, beside the page's own
    yield page(language, within="<img src=a.gif data-src=/a.jpg>"), page(language, within="<img src=/a.jpg class=loaded>")
    accelerated = "".join(f"<p>{one}</p>" for one in paragraphs)
    yield (
        whole,
        f"<html amp><head><title>{title}</title></head><body><article><h1 class=amp>{title}</h1>{accelerated}</article></body></html>",
    )
    lists = ("<li><a href=/1>Jedna vest</a></li>", "<li><a href=/2>Druga vest</a></li><li><a href=/3>Treća</a></li>")
    yield (
        page(language, within=f"<div><h3>Top</h3><ol>{lists[0]}</ol></div>"),
        page(language, within=f"<div><h3>Top</h3><ol>{lists[1]}</ol></div>"),
    )


def what_is_edited(language: str) -> Iterator[str]:
    title, paragraphs = TEXTS[language]
    for notice in (*CORRECTIONS[language], UPDATES[language]):
        yield markup(title, (notice, *paragraphs))
        yield markup(title, (f"<strong>{notice}</strong>", *paragraphs))
        yield page(language, head=f"<div class=notice>{notice}</div>")
        yield markup(title, (*paragraphs, notice))
    yield page(language).replace("600", "601")
    yield page(language).replace("12", "13")
    for place in range(len(paragraphs)):
        yield markup(title, paragraphs[:place] + paragraphs[place + 1 :])
    yield page(language).replace(f"<h1>{title}", f"<h1>{title} {WORDS[language]}")
    yield markup(title.rsplit(" ", 1)[0], paragraphs)
    yield markup(title, (f"{paragraphs[0].split(',')[0]}.", *paragraphs[1:]))


@pytest.mark.parametrize("language", TEXTS)
def test_what_moves_near_an_article_is_no_edit(language: str) -> None:
    cases = list(what_moves(language))
    assert len(cases) > 40
    assert [pair for pair in cases if told(language, *pair) is not Seen.UNCHANGED] == []


@pytest.mark.parametrize("language", TEXTS)
def test_what_an_outlet_changes_or_adds_is_an_edit(language: str) -> None:
    cases = list(what_is_edited(language))
    assert len(cases) > 25
    assert [case for case in cases if told(language, page(language), case) is not Seen.EDITED] == []


@pytest.mark.parametrize(
    "notice",
    [
        "Sadržaj je dostupan samo pretplatnicima.",
        "Ovaj članak mogu čitati samo registrirani korisnici. Registrirajte se besplatno.",
        "За наставак текста пријавите се.",
        "Чланак је доступан само пријављеним читаоцима.",
        "Lexoni artikullin e plotë duke u abonuar.",
        "Целиот текст е достапен само за претплатници.",
        "Create a free account to read the rest.",
    ],
)
def test_a_teaser_before_a_wall_is_gone_and_no_edit(notice: str) -> None:
    assert told("sr", page("sr"), markup(TITLE, (PARAGRAPHS[0], notice))) is Seen.GONE


def test_an_article_that_moved_with_its_text_is_where_it_was() -> None:
    title, paragraphs = TEXTS["sq"]
    held = Kept(opened(page("sq")), ItemText(title, "\n".join(paragraphs)), URL)
    assert compare(held, opened(page("sq"), "https://gazeta-e-re.example/2026/shkolla-te-reja")).seen is Seen.UNCHANGED
    assert compare(held, opened(page("sq").replace("600", "60"), "https://gazeta-e-re.example/2026/shkolla")).seen is Seen.EDITED


@pytest.mark.parametrize("language", TEXTS)
def test_corrections_are_told_from_updates(language: str) -> None:
    before = ItemText("x", "y")
    assert [line for line in CORRECTIONS[language] if not adds_correction(before, ItemText("x", f"y\n{line}"))] == []
    assert not adds_correction(before, ItemText("x", f"y\n{UPDATES[language]}"))
