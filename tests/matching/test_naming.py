"""How the press writes the names of brands, people, institutions and acronyms beside their full and proper form."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.matching.test_matcher import campaign, found, term
from tracker.matching.matcher import Matcher
from tracker.model import Term, TermEntry, TermKind

BRANDS = [
    ("TikTok", "sq", "Tik tok dhe tik-tokut, na tik-tok-u, tiktoku", ["Tik tok", "tik-tokut", "tik-tok-u", "tiktoku"]),
    ("TikTok", "sr", "na Tik-Toku, tik tok, тик току, тиктоку", ["Tik-Toku", "tik tok", "тик току", "тиктоку"]),
    ("TikTok", "sr", "na Tik\nToku, Tik-\nToku", ["Tik\nToku", "Tik-\nToku"]),
    ("TikTok", "sr", "u redu je Tik\n\nTok reke", []),
    ("YouTube", "bs", "na youtubeu, You Tube-u, you tube", ["youtubeu", "You Tube-u", "you tube"]),
    ("WhatsApp", "mk", "на whatsapp, Whats App", ["whatsapp", "Whats App"]),
    ("Facebook", "sr", "na facebooku i facebook-u", ["facebooku", "facebook-u"]),
    ("Netflix", "hr", "na netflixu", ["netflixu"]),
    ("KosovaPress", "sq", "për kosovapress", ["kosovapress"]),
    ("iSigurt", "sq", "jam i sigurt dhe i-sigurt, por isigurt", ["isigurt"]),
    ("LinkedIn", "en", "it is linked in the report", []),
    ("OnlyFans", "en", "the only fans left; Only fans came", []),
    ("FaceTime", "en", "some face time", []),
    ("Meta", "sr", "meta je bila", []),
    ("Telegram", "bs", "poslao telegram", []),
    ("Split", "hr", "split, banana split", []),
]


@pytest.mark.parametrize(("name", "language", "text", "forms"), BRANDS)
def test_a_brand_counts_in_small_letters_and_apart_where_that_is_no_word(name: str, language: str, text: str, forms: list[str]) -> None:
    assert found(term("b", "name", name), text, language) == forms


def test_capital_any_takes_small_letters_and_capital_typed_does_not() -> None:
    def with_capital(text: str, capital: str, kind: str = "name") -> Term:
        return Term("t", TermKind(kind), (TermEntry(text, capital=capital),))

    assert found(with_capital("Telegram", "any"), "në telegram", "sq") == ["telegram"]
    assert found(with_capital("TikTok", "typed"), "në tiktok dhe TikTok, Tik tok", "sq") == ["TikTok"]
    assert found(with_capital("CRCA", "any", "acronym"), "nga crca-ja", "sq") == ["crca-ja"]
    assert found(with_capital("UNICEF", "typed", "acronym"), "Unicef dhe UNICEF-it", "sq") == ["UNICEF-it"]


TAGS = [
    ("name", "Altin Hazizaj", "#altinhazizaj @AltinHazizaj #AltinHazizaj @altin_hazizaj", 4),
    ("name", "ECPAT Albania", "(@ECPATAlbania) #ecpatalbania", 2),
    ("name", "Vjosa Osmani", "#vjosaosmani, @VjosaOsmani!", 2),
    ("name", "Hazizaj", "#hazizaj", 1),
    ("name", "Edona Bllaca", "@edona.bllaca", 1),
    ("acronym", "CRCA", "#crca @CRCA", 2),
    ("acronym", "RAK", "#rak", 0),
    ("phrase", "digital safety", "#digitalsafety #DigitalSafety @digitalsafety", 3),
    ("phrase", "siguri dixhitale", "#siguridixhitale", 1),
    ("name", "TikTok", "@TikTok #tiktok", 2),
    ("name", "TikTok", "@TikTok.albania info@tiktok.com tiktok.com/@x #tiktokshop", 0),
    ("name", "Altin Hazizaj", "altinhazizaj", 0),
]


@pytest.mark.parametrize(("kind", "text", "tags", "count"), TAGS)
def test_hashtags_and_handles_count_in_any_case(kind: str, text: str, tags: str, count: int) -> None:
    assert len(found(term("t", kind, text), f"Foto: {tags}", "sq")) == count


ACRONYMS = [
    ("UNICEF", "sr", "Unicef, Unicefom, UNICEFa, Unicef-u, Уницефа", 5),
    ("UNICEF", "sq", "Unicefi, UNICEFit, Unicefin", 3),
    ("KFOR", "sr", "Kfora, Kforom, KFORu", 3),
    ("UEFA", "hr", "Uefine odluke, Uefi, Uefom, UEFA-ina", 4),
    ("CIK", "bs", "CiK-a, CIKa, CIK-ovog", 3),
    ("NATO", "sq", "NATOs, NATOn, Natos", 3),
    ("SIPA", "bs", "SIPA-e, Sipe, SIPE", 3),
    ("EULEX", "sq", "Eulexi, Eulex-it", 2),
    ("OSBE", "sq", "Osbe-ja, OSBEsë", 2),
    ("CRCA", "sq", "C.R.C.A. dhe C.R.C.A.-së, Ц.Р.Ц.А.", 3),
    ("SAD", "sr", "S.A.D. i SAD", 2),
    ("U.N.I.C.E.F.", "sq", "UNICEF dhe UNICEF-it", 2),
    ("ALFA", "bs", "Alfa mužjak", 0),
    ("CRCA", "hr", "Crca, crca", 0),
    ("RAK", "bs", "Rak, R.A.K.", 0),
    ("AMA", "sq", "Ama, AMAs", 0),
    ("SIPA", "sq", "Sipas tij", 0),
    ("NASA", "sr", "Nasa zemlja", 0),
    ("CRCA", "sq", "C. R. C. A. dhe A.C.R.C.A.", 0),
]


@pytest.mark.parametrize(("acronym", "language", "text", "count"), ACRONYMS)
def test_an_acronym_counts_as_it_is_written_in_a_sentence(acronym: str, language: str, text: str, count: int) -> None:
    seen = found(term("a", "acronym", acronym), text, language)
    assert len(seen) == count, seen


PEOPLE = [
    ("Altin Hazizaj", "sq", "A. Hazizaj, A.Hazizajt, Hazizaj Altin, Altin “Tini” Hazizaj, Altin (Tini) Hazizaj, Altin B. Hazizaj", 6),
    ("Altin Hazizaj", "sr", "А. Хазизаја, Altinu „Tiniju“ Hazizaju", 2),
    ("Džemal Bijedić", "bs", "Dž. Bijedića, D. Bijedić, Dž.Bijedić", 3),
    ("Xhafer Shehu", "sq", "Xh. Shehut, X. Shehu", 2),
    ("Љубица Маринковска", "mk", "Љ. Маринковска, Lj. Marinkovska", 2),
    ("Altin Hazizaj", "sq", "B. Hazizaj, Hazizaj. Altin Goci, altin hazizaj, a. Hazizaj", 0),
    ("Novi Sad", "sr", "Sad Novi Pazar", 0),
    ("Željka Cvijanović", "sr", "Željka Cvijanovićka, Ž. Cvijanović", 2),
    ("Cvijanović", "sr", "Cvijanovićka, Cvijanovićke, Cvijanovićkoj, Цвијановићку", 4),
    ("Giorgia Meloni", "sr", "Giorgijom Meloni, Giorgije Meloni", 2),
    ("Bećirović", "bs", "Bečirović, Bečirovića, Becirovic", 3),
    ("Izetbegović", "sr", "Izetbegovič", 1),
    ("Зоран Заев", "mk", "Зоран Заев, Зорана Заев", 2),
    ("Заев", "mk", "Заевата влада, Заевиот кабинет, Заевите луѓе", 3),
    ("Zelensky", "sq", "Zelenskyt, Zelenskyn, Zelenskyi, Zelenskyit", 4),
    ("Hazizaj", "sq", "tha Hazi-\nzaj dhe Hazi\u00ad\nzajt", 2),
]


@pytest.mark.parametrize(("name", "language", "text", "count"), PEOPLE)
def test_a_person_is_found_by_initial_in_either_order_and_with_a_nickname(name: str, language: str, text: str, count: int) -> None:
    seen = found(term("p", "name", name), text, language)
    assert len(seen) == count, seen


INSTITUTIONS = [
    ("Komisioni i Pavarur i Mediave", "sq", "komisionit të pavarur të mediave", 1),
    ("Visoki predstavnik", "bs", "visokog predstavnika", 1),
    ("Ustavni sud", "sr", "ustavnog suda", 1),
    ("Агенција за електронски медиуми", "mk", "агенцијата за електронски медиуми", 1),
    ("Novi Sad", "sr", "novi sad", 0),
    ("Crna Gora", "sr", "crna gora u daljini", 0),
    ("Bela Crkva", "sr", "bela crkva na brdu", 0),
]


@pytest.mark.parametrize(("name", "language", "text", "count"), INSTITUTIONS)
def test_an_institution_counts_in_small_letters_and_a_place_does_not(name: str, language: str, text: str, count: int) -> None:
    assert len(found(term("i", "name", name), text, language)) == count


ADDRESSES = [
    ("TikTok", "foli për TikTok.Me këtë vendim", 1),
    ("Thaçi", "për Thaçi.Si do të", 1),
    ("Dodik", "Source.ba:Dodik najavio", 1),
    ("TikTok", "Foto: Klix.ba/TikTok", 1),
    ("TikTok", "(index.hr/Reuters/TikTok)", 1),
    ("TikTok", "tiktok.me TikTok.com TIKTOK.BA klix.ba/tiktok-video facebook.com/TikTok https://x.ba/TikTok", 0),
    ("TikTok", "en.wikipedia.org/wiki/TikTok www.x.com/TikTok", 0),
]


@pytest.mark.parametrize(("name", "text", "count"), ADDRESSES)
def test_what_is_glued_to_a_name_is_no_address(name: str, text: str, count: int) -> None:
    assert len(found(term("a", "name", name), text, "sq")) == count


ORDERS = [
    ("siguria e fëmijëve në internet", "sq", "sigurinë në internet të fëmijëve", True),
    ("child online safety", "en", "online safety for children", True),
    ("bezbednost dece na internetu", "sr", "na internetu bezbednost sve dece", True),
    ("child online safety", "en", "online. Safety for children", False),
    ("child online safety", "en", "online shops with real toys and much safety for children", False),
    ("child online safety", "en", "online safety", False),
]


@pytest.mark.parametrize(("phrase", "language", "text", "holds"), ORDERS)
def test_a_phrase_may_be_found_in_any_order(phrase: str, language: str, text: str, holds: bool) -> None:
    one = replace(term("p", "phrase", phrase, language=language, slop=1), order="any")
    matcher = Matcher(campaign(one))
    assert bool(found(matcher, text, language)) is holds
    assert not found(term("p", "phrase", phrase, language=language, slop=1), text, language)
    if holds:
        assert matcher.screen(text)


MIXED = [
    ("Altin Hazizaj", "sq", "Në Tiranë u tha se është mirë. Razgovarali su sa Altinom Hazizajem.", 1),
    ("Milorad Dodik", "sq", "Na sastanku je bio i predsednik koji je rekao da se s Dodikom, Miloradom Dodikom, ne slaže.", 1),
    ("Skopje", "en", "Во Скопјево и од Скопје не се знае што е.", 1),
    ("Rama", "sq", "Në filmin e tij me Rami Malek është një aktor për të.", 0),
]


@pytest.mark.parametrize(("name", "language", "text", "least"), MIXED)
def test_a_name_is_found_in_its_own_form_whatever_the_article_is_written_in(name: str, language: str, text: str, least: int) -> None:
    seen = found(term("n", "name", name), text, language)
    assert len(seen) >= least if least else not seen


def test_a_phrase_is_found_by_the_language_of_its_paragraph() -> None:
    one = term("p", "phrase", "bezbednost dece", language="sr")
    article = (
        "Në Tiranë u tha se fëmijët janë të sigurt.\n\nPredsednik je rekao da je bezbednosti dece i mladih na internetu posvećen ceo dan."
    )
    assert found(one, article, "sq") == ["bezbednosti dece"]
    assert found(term("w", "word", "grad", language="sr"), "On je bio u gradu i rekao je da se vraća iz grada.", "sq") == ["gradu", "grada"]
