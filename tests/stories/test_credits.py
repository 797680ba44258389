"""Whom a text credits, in every language and script of the region. All texts are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.model import Outlet
from tracker.stories.credits import Sources, sources_of
from tracker.stories.newsrooms import Newsrooms


def _outlet(outlet_id: str, name: str, homepage: str, kind: str = "portal") -> Outlet:
    return Outlet(outlet_id, name, homepage, "BA", ("bs",), kind=kind)


NEWSROOMS = Newsrooms(
    [
        _outlet("fena", "FENA", "https://fena.ba/", "agency"),
        _outlet("tanjug", "Tanjug", "https://www.tanjug.rs/", "agency"),
        _outlet("srna", "SRNA", "https://www.srna.rs/", "agency"),
        _outlet("beta", "Beta", "https://beta.rs/", "agency"),
        _outlet("mia", "MIA – Media Information Agency", "https://mia.mk/", "agency"),
        _outlet("atsh", "ATSH – Agjencia Telegrafike Shqiptare (ATA)", "https://ata.gov.al/", "agency"),
        _outlet("kosovapress", "KosovaPress", "https://kosovapress.com/", "agency"),
        _outlet("klix", "Klix.ba", "https://www.klix.ba/"),
        _outlet("nezavisne", "Nezavisne novine", "https://www.nezavisne.com/"),
        _outlet("danas", "Danas", "https://www.danas.rs/"),
        _outlet("vijesti", "Vijesti", "https://www.vijesti.me/"),
        _outlet("telegrafi", "Telegrafi", "https://telegrafi.com/"),
        _outlet("koha", "Koha Ditore / KTV (koha.net)", "https://www.koha.net/"),
        _outlet("sloboden-pecat", "Sloboden Pečat", "https://www.slobodenpecat.mk/"),
        _outlet("n1-ba", "N1 BiH", "https://n1info.ba/"),
    ]
)
SENTENCE = "U Tirani je otvorena agenda o sigurnosti djece na internetu, rekao je direktor."


WHOLE = [
    ("SARAJEVO, 11. oktobra (FENA) - " + SENTENCE, "fena"),
    ("SARAJEVO, FENA – " + SENTENCE, "fena"),
    ("BEOGRAD (Tanjug) - " + SENTENCE, "tanjug"),
    ("БЕОГРАД, 11. октобра (Танјуг) - У Тирани је отворена агенда о безбедности деце.", "tanjug"),
    ("BANjALUKA, 11. OKTOBRA /SRNA/ - " + SENTENCE, "srna"),
    ("TIRANË, 11 tetor /ATSH/ - Në Tiranë u hap agjenda për sigurinë digjitale të fëmijëve.", "atsh"),
    ("Скопје, 11 октомври 2024 (МИА) - Во Тирана беше отворена агендата за дигитална безбедност.", "mia"),
    ("(Beta) " + SENTENCE, "beta"),
    ("Tanjug - " + SENTENCE, "tanjug"),
    (SENTENCE + " (Fena)", "fena"),
    (SENTENCE + "\n(Srna)", "srna"),
    (SENTENCE + " /KosovaPress/", "kosovapress"),
    (SENTENCE + "\nFENA", "fena"),
    (SENTENCE + "\nV. K. / FENA", "fena"),
    (SENTENCE + "\nIzvor: Klix.ba", "klix"),
    (SENTENCE + "\nIzvor: Agencija FENA", "fena"),
    (SENTENCE + " Izvor: Nezavisne novine", "nezavisne"),
    (SENTENCE + "\nИзвор: Танјуг", "tanjug"),
    (SENTENCE + "\nИзвор: Слободен печат", "sloboden-pecat"),
    (SENTENCE + "\nИзвор: Кликс.ба", "klix"),
    ("Në Tiranë u hap agjenda.\nBurimi: Telegrafi", "telegrafi"),
    ("Në Tiranë u hap agjenda. Burimi: Koha.net", "koha"),
    (SENTENCE + "\nSource: Klix.ba", "klix"),
    (SENTENCE + "\nPreuzeto sa portala Danas", "danas"),
    (SENTENCE + "\nAutor: Beta", "beta"),
    ("The agenda was opened in Tirana.\nFirst published by Klix.ba", "klix"),
    (SENTENCE + "\nIzvor: www.tanjug.rs", "tanjug"),
    (SENTENCE + "\nIzvor: https://fena.ba/vijest/1", "fena"),
    ("Preuzeto sa: www.srna.rs\n" + SENTENCE, "srna"),
    (SENTENCE + "\nMarrë nga ata.gov.al", "atsh"),
    (SENTENCE + "\nIzvor: Portal Nepoznati", "Portal Nepoznati"),
    (SENTENCE + "\nIzvor: https://www.klix.ba/vijesti/bih/agenda/241011", "klix"),
    (SENTENCE + "\nBurimi: www.telegrafi.com", "telegrafi"),
    (SENTENCE + " (AA)", "Anadolu"),
]


@pytest.mark.parametrize(("body", "key"), WHOLE)
def test_tags_bylines_and_source_lines_credit_the_whole_text(body: str, key: str) -> None:
    assert [(credit.key, credit.whole) for credit in sources_of(body, "own", NEWSROOMS).credits] == [(key, True)]


PHRASES = [
    ("Agenda je otvorena u Tirani, prenosi Tanjug. Direktor je zadovoljan.", "tanjug"),
    ("Kako prenosi novinska agencija Tanjug, agenda je otvorena. Direktor je zadovoljan.", "tanjug"),
    ("Agenda je otvorena, javlja Fena. Direktor je zadovoljan.", "fena"),
    ("Fena javlja da je agenda otvorena. Direktor je zadovoljan.", "fena"),
    ("Kako su objavile Nezavisne novine, pišu Nezavisne novine, agenda je otvorena u Tirani juče.", "nezavisne"),
    ("Kako pišu Vijesti, agenda je otvorena u Tirani. Direktor je zadovoljan.", "vijesti"),
    ("Direktor je izjavio za N1 da je agenda otvorena. On je zadovoljan.", "n1-ba"),
    ("Direktor je rekao za Fenu da je agenda otvorena. On je zadovoljan.", "fena"),
    ("Prema pisanju Klixa, agenda je otvorena. Direktor je zadovoljan.", "klix"),
    ("Агенда је отворена у Тирани, преноси Танјуг. Директор је задовољан.", "tanjug"),
    ("Агендата беше отворена во Тирана, пренесува МИА. Директорот е задоволен.", "mia"),
    ("Агендата беше отворена, пишува Слободен печат. Директорот е задоволен.", "sloboden-pecat"),
    ("Директорот изјави за МИА дека агендата е отворена. Тој е задоволен.", "mia"),
    ("Agjenda u hap në Tiranë, raporton KosovaPress. Drejtori është i kënaqur.", "kosovapress"),
    ("Agjenda u hap në Tiranë, shkruan Telegrafi. Drejtori është i kënaqur.", "telegrafi"),
    ("Agjenda u hap, njofton ATSH. Drejtori është i kënaqur.", "atsh"),
    ("Siç raporton Koha.net, agjenda u hap në Tiranë. Drejtori është i kënaqur.", "koha"),
    ("Drejtori tha për KosovaPress se agjenda u hap. Ai është i kënaqur.", "kosovapress"),
    ("The agenda was opened, as reported by Klix.ba. The director is content with it.", "klix"),
    ("The agenda was opened in Tirana, Tanjug reports. The director is content with it.", "tanjug"),
    ("The agenda was opened in Tirana, FENA news agency reported. The director is content with it.", "fena"),
    ("Prema pisanju Tanjuga, agenda je otvorena. Direktor je zadovoljan.", "tanjug"),
    ("Po pisanju Fene, agenda je otvorena. Direktor je zadovoljan.", "fena"),
    ("Lajmin e raportoi ATSH-ja. Drejtori është i kënaqur.", "atsh"),
    ("Према наводима Танјуга, агенда је отворена. Директор је задовољан.", "tanjug"),
    ("According to Vijesti, the agenda was opened. The director is content with it.", "vijesti"),
    ("Direktor je za Tanjug izjavio da je agenda otvorena. On je zadovoljan.", "tanjug"),
    ("Za Klix je u petak rekao direktor da je agenda otvorena. On je zadovoljan.", "klix"),
    ("Rečeno je to za Fenu u petak. Direktor je zadovoljan.", "fena"),
    ("Kazao je za novinsku agenciju Beta da je agenda otvorena. On je zadovoljan.", "beta"),
    ("Agenda je otvorena, rekao je Tanjugu direktor. On je zadovoljan.", "tanjug"),
    ("Agenda je otvorena, potvrđeno je i saopšteno agenciji Srna. Direktor je zadovoljan.", "srna"),
    ("Агенда је отворена, рекао је Танјугу директор. Он је задовољан.", "tanjug"),
    ("Агендата беше отворена, велат за МИА од центарот. Директорот вели за МИА дека е задоволен.", "mia"),
    ("Agjenda u hap, ka thënë ai për KosovaPress. Drejtori është i kënaqur.", "kosovapress"),
    ("Agjenda u hap, i tha ATSH-së drejtori. Ai është i kënaqur.", "atsh"),
    ("The agenda was opened, the director tells Klix.ba. He says to Klix.ba that he is content.", "klix"),
]


@pytest.mark.parametrize(("body", "key"), PHRASES)
def test_phrases_credit_a_newsroom_in_every_language(body: str, key: str) -> None:
    assert [(credit.key, credit.whole) for credit in sources_of(body, "own", NEWSROOMS).credits] == [(key, False)]


@pytest.mark.parametrize(
    "body",
    [
        SENTENCE,
        SENTENCE + "\nFoto: FENA",
        SENTENCE + " (Foto: Fena)",
        "(Foto: Tanjug)\n" + SENTENCE,
        "Fotografija: FENA\n" + SENTENCE,
        SENTENCE + "\nФото: Танјуг",
        SENTENCE + "\nPhoto credit: FENA",
        SENTENCE + "\nFotografia: ATSH",
        SENTENCE + "\nTanjug foto",
        SENTENCE + "\nFOTO/FENA",
        SENTENCE + "\nIzvor fotografije: Tanjug",
        "Danas su u Sarajevu održane vijesti i beta verzija igre. Koha është sot.",
        "Radio-televizija (RTS) je saopštila da je agenda otvorena. Direktor je zadovoljan time.",
        "Agjenda u hap. Vjen koha e fëmijëve, tha drejtori për vijesti të mira.",
        "Direktor piše danas pismo roditeljima. On je zadovoljan.",
        "Direktor Tanjuga je rekao da je agenda otvorena. On je zadovoljan.",
        "Rekla je u Tanjugu da je agenda otvorena. Ona je zadovoljna.",
        "Vijesti su dobre, rekao je direktor. Telegrafi punon, tha drejtori.",
        "Novinar Fene dobio je nagradu, rekao je direktor. On je zadovoljan.",
        "Naslovna fotografija: Beta/Milan Obradović",
        "",
        "()",
        "Izvor:",
    ],
)
def test_pictures_common_words_and_empty_texts_are_no_credit(body: str) -> None:
    assert sources_of(body, "own", NEWSROOMS) == Sources()


def test_a_text_signs_with_its_own_newsroom_and_does_not_credit_it() -> None:
    assert sources_of("SARAJEVO (FENA) - " + SENTENCE, "fena", NEWSROOMS) == Sources(signed=True)


def test_an_abbreviation_in_capitals_is_no_form_of_a_shorter_name() -> None:
    newsrooms = Newsrooms([_outlet("bir", "Radio Bir", "https://bir.ba/"), _outlet("birn", "BIRN", "https://birn.example/")])
    assert [credit.key for credit in sources_of("Agenda je otvorena, navodi BIRN.", "own", newsrooms).credits] == ["birn"]
    assert [
        credit.key
        for credit in sources_of("Agenda je otvorena, navodi HINA.", "own", Newsrooms([_outlet("hi", "Hi", "https://hin.ba/")])).credits
    ] == ["HINA"]


def test_an_agency_in_the_byline_is_credited() -> None:
    assert [credit.key for credit in sources_of(SENTENCE, "klix", NEWSROOMS, ("FENA",)).credits] == ["fena"]


def test_outlets_are_one_however_they_are_given() -> None:
    assert {NEWSROOMS.key_of(given) for given in ("klix", "Klix.ba", "https://www.klix.ba/vijesti", "www.klix.ba", "klix.ba")} == {"klix"}


def test_an_outlet_of_no_register_is_known_by_its_address() -> None:
    newsrooms = Newsrooms()
    newsrooms.add_by_address("portal-visoko.info")
    assert [credit.key for credit in sources_of(SENTENCE + "\nIzvor: portal-visoko.info", "x", newsrooms).credits] == ["portal-visoko.info"]


@given(st.text(max_size=400))
def test_any_text_is_answered(body: str) -> None:
    for credit in sources_of(body, "own", NEWSROOMS, (body[:50],)).credits:
        assert credit.key
