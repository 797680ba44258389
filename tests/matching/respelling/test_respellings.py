"""Names in the spellings of the region's press, made by rule: pairs in both directions, look-alikes that must not match, the switch."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.matching.campaigns import read_campaign
from tracker.matching.explain import explain, forms_of_term, lines
from tracker.matching.matcher import Matcher
from tracker.matching.respelling import MAX_RESPELLINGS, respellings, sounds
from tracker.matching.suggest import suggest
from tracker.model import Campaign, Circle, Term, TermEntry, TermKind
from tracker.text.folding import latin

FOREIGN = """
Schmidt Šmit, Schmidt Shmit, Scholz Šolc, Scholz Sholc, Steinmeier Štajnmajer, Merz Merc, Kurz Kurc, Baerbock Berbok, Schröder Šreder, Weber Veber,
Petritsch Petrič, Schallenberg Šalenberg, Westerwelle Vestervele, Schwarz Švarc, Inzko Incko, Schäuble Šojble, Leyen Lajen, von fon, Spiegel Špigl,
Biden Bajden, Johnson Džonson, Johnson Xhonson, Trump Tramp, Clinton Klinton, Escobar Eskobar, Truss Tras, Murphy Marfi, Albright Olbrajt, Walker Voker,
Holbrooke Holbruk, Ashdown Ešdaun, Ashton Ešton, Reeker Riker, Hovenier Hovenijer, Cleverly Kleverli, Vance Vens, Sullivan Saliven, Powell Pauel,
Washington Vašington, Washington Uashington, Michael Majkl, Charles Čarls, George Džordž, David Dejvid, James Džejms, Churchill Čerčil, Kennedy Kenedi,
Macron Makron, Sarkozy Sarkozi, Chirac Širak, Mitterrand Miteran, Hollande Oland, Barnier Barnije, Michel Mišel, Bayrou Bajru, Jacques Žak,
Josep Žozep, Joseph Džozef, Barroso Barozo, Jorge Žorže, Keir Kir, Gerald Džerald, Elon Ilon, Mitsotakis Micotaqis, Zaev Zajev,
Borrell Borel, Borrell Borelj, Borrell Borell, Sánchez Sančez, Guterres Gutereš, Costa Kosta, Draghi Dragi, Mogherini Mogerini, Gentiloni Đentiloni,
Rutte Rute, Timmermans Timermans, Hoekstra Hukstra, Wilders Vilders, Orbán Orban, Szijjártó Sijarto, Várhelyi Varhelji, Magyar Mađar,
Lajčák Lajčak, Lajčák Lajçak, Kaczyński Kačinski, Morawiecki Moravjecki, Wałęsa Valensa, Łukasz Lukaš, Pellegrini Pelegrini, Čaputová Čaputova,
Zelenskyy Zelenski, Zelensky Zelenskij, Zelenskyy Zelensky, Zakharova Zaharova, Shoigu Šojgu, Yermak Jermak, Yanukovych Janukovič, Lukashenko Lukašenko,
Kharchenko Harčenko, Navalny Navaljni, Erdoğan Erdogan, Çavuşoğlu Čavušoglu, Davutoğlu Davutoglu, Mitsotakis Micotakis, Tsipras Cipras,
Facebook Fejsbuk, YouTube Jutjub, Google Gugl, Twitter Tviter, Netflix Netfliks, Huawei Huavej, Zuckerberg Zakerberg, Viber Vajber, Microsoft Majkrosoft,
EULEX Euleks, Frontex Fronteks, Reuters Rojters, Bloomberg Blumberg, Manchester Mančester, Mourinho Murinjo, Guardiola Gvardiola, Klopp Klop
"""
REGIONAL = """
Vučić Vuçiq, Vuçiq Vučić, Vučić Vuçiç, Đukanović Gjukanoviq, Gjukanoviq Đukanović, Milošević Millosheviq, Brnabić Bërnabiq, Dačić Daçiq, Đurić Gjuriq,
Thaçi Tači, Thaçi Taçi, Tači Thaçi, Berisha Beriša, Beriša Berisha, Basha Baša, Hoxha Hodža, Hodža Hoxha, Xhaçka Džačka, Xhaferi Džaferi, Mexhiti Medžiti,
Qerimi Ćerimi, Krasniqi Krasnići, Krasniqi Krasniči, Jashari Jašari, Rrahmani Rahmani, Pacolli Pacoli, Kryemadhi Krijemadi, Veliaj Velijaj, Zhitia Žitija,
Bislimi Bisljimi, Aleksandar Aleksandër, Gashi Gaši, Gaši Gashi, Janša Jansha, Komšić Komshiq, Djokovic Đoković, Vucic Vučić, Вучић Vuçiq, Тачи Thaçi, Хоџа Hoxha, Курти Kurti
"""
BACK = """
Šmit Schmidt, Šolc Scholz, Bajden Biden, Makron Macron, Klinton Clinton, Rute Rutte, Tramp Trump, Eskobar Escobar, Netfliks Netflix, Džonson Johnson,
Шмит Schmidt, Шолц Scholz, Бајден Biden, Макрон Macron
"""


def pairs(table: str) -> list[tuple[str, str]]:
    return [(one, other) for one, other in (pair.split() for pair in table.replace("\n", " ").split(",") if pair.strip())]


def matcher_of(*spellings: str | TermEntry, respelt: bool = True, kind: TermKind = TermKind.NAME) -> Matcher:
    entries = tuple(one if isinstance(one, TermEntry) else TermEntry(one) for one in spellings)
    term = Term("t", kind, entries, respellings=respelt)
    circle = Circle("c", "C", "partners", "t")
    return Matcher(Campaign("c", "C", ("AL",), date(2020, 1, 1), "Europe/Tirane", "required", (circle,), (term,)))


def found(matcher: Matcher, text: str, language: str) -> list[str]:
    return [hit.form for hit in matcher.match(body=text, language=language).hits]


@pytest.mark.parametrize(("typed", "printed"), [*pairs(FOREIGN), *pairs(REGIONAL), *pairs(BACK)])
def test_a_name_has_the_spelling_of_the_press(typed: str, printed: str) -> None:
    spelled = {one.spelled for one in respellings(typed)} | {latin(typed)}
    assert latin(printed) in spelled


SENTENCES = [
    ("Christian Schmidt", "sr", "Sa Kristijanom je i visoki predstavnik Christian Šmit došao u Sarajevo.", "Christian Šmit"),
    ("Schmidt", "bs", "Sastanak sa Šmitom trajao je dva sata.", "Šmitom"),
    ("Schmidt", "mk", "Состанокот со Шмит траеше два часа.", "Шмит"),
    ("Schmidt", "sr", "Састанак са Шмитом трајао је два сата.", "Шмитом"),
    ("Biden", "sr", "Predsednik je o tome govorio sa Bajdenom.", "Bajdenom"),
    ("Biden", "mk", "Претседателот разговараше со Бајден.", "Бајден"),
    ("Borrell", "hr", "Razgovarao je s Borelom u Bruxellesu.", "Borelom"),
    ("Lajčák", "sq", "Ai u takua me Lajçakun në Prishtinë.", "Lajçakun"),
    ("Vučić", "sq", "Takimi me Vuçiqin zgjati dy orë.", "Vuçiqin"),
    ("Vučić", "sq", "Sipas Vuciqit, marreveshja nuk u nenshkrua.", "Vuciqit"),
    ("Thaçi", "sr", "Razgovor sa Tačijem nije održan.", "Tačijem"),
    ("Ursula von der Leyen", "bs", "Predsjednica Ursula fon der Lajen stigla je u Tiranu.", "Ursula fon der Lajen"),
    ("Zelenskyy", "sr", "U Kijevu je razgovarao sa Zelenskim.", "Zelenskim"),
    ("Facebook", "sr", "Objavio je to na Fejsbuku sinoć.", "Fejsbuku"),
    ("EULEX", "sr", "Istragu vodi Euleks iz Prištine.", "Euleks"),
    ("Washington", "sq", "Marrëveshja u nënshkrua në Uashingtonin zyrtar.", "Uashingtonin"),
    ("Šmit", "en", "The meeting with Schmidt took two hours.", "Schmidt"),
]


@pytest.mark.parametrize(("typed", "language", "text", "form"), SENTENCES)
def test_a_respelling_is_inflected_as_the_press_that_prints_it_does(typed: str, language: str, text: str, form: str) -> None:
    matcher = matcher_of(typed)
    assert found(matcher, text, language) == [form]
    assert matcher.screen(text)


LOOKALIKES = [
    ("Schmidt", "bs", "Vozio je kombi i pevao u sebi."),
    ("Biden", "sq", "Bëjeni vendin më të mirë, tha bajdeni."),
    ("Rutte", "sr", "Rat u susedstvu traje, a rute su zatvorene."),
    ("Rutte", "hr", "Rate kredita rastu, Ruta je cvijet."),
    ("Musk", "sr", "Maska za lice od meda. Maske su obavezne."),
    ("Kohl", "bs", "Kola su stajala pred kućom. Kolo su igrali svi."),
    ("Harris", "bs", "Haris Džinović održao koncert."),
    ("Draghi", "sr", "Dragi gledaoci, dobro veče. Draga publiko!"),
    ("Hill", "bs", "Hilo je rijetka riječ."),
    ("Hollande", "sq", "Holanda fitoi ndaj Gjermanisë. Në Holandë bie shi."),
    ("Hollande", "bs", "Holandija i Holanđani na turniru."),
    ("Kurti", "sr", "Karte za koncert. Karta grada."),
    ("Bush", "bs", "Bus je kasnio, Baš je hladno."),
    ("Wesley", "sq", "Kadri Veseli mbajti fjalim, Veseli tha se po largohet."),
    ("Michel", "hr", "Misle da je gotovo. Mislim da nije."),
    ("Harry", "sq", "Ari është metal. Hara e kohës."),
    ("EULEX", "bs", "Elle je časopis, Eli je ime."),
    ("Gantz", "sr", "Ganc novi auto u garaži, gance kapije."),
    ("Schalke", "bs", "Šok u Sarajevu. Sok od jabuke."),
    ("Trump", "sr", "Hodao je trapavo kao Trapist."),
    ("Vučić", "sq", "Vuça e trenit u prish."),
    ("Clinton", "sr", "Klinci su igrali fudbal."),
]


@pytest.mark.parametrize(("typed", "language", "text"), LOOKALIKES)
def test_a_lookalike_of_a_respelling_is_not_the_name(typed: str, language: str, text: str) -> None:
    assert found(matcher_of(typed), text, language) == []


def test_a_respelling_needs_its_capital() -> None:
    assert found(matcher_of("Trump"), "To je bila tramp odjeća.", "bs") == []


@pytest.mark.parametrize("kind", [TermKind.WORD, TermKind.PHRASE, TermKind.ACRONYM, TermKind.EXACT])
def test_only_names_are_respelt(kind: TermKind) -> None:
    assert found(matcher_of("Schmidt", kind=kind), "Visoki predstavnik Šmit.", "bs") == []


def test_the_names_of_institutions_are_translated_and_not_respelt() -> None:
    assert found(matcher_of("Centre for Children"), "Sentre for Čildren je otvoren.", "bs") == []


def test_a_term_and_an_entry_switch_respellings_off() -> None:
    text = "Visoki predstavnik Šmit i Schmidt."
    assert found(matcher_of("Schmidt", respelt=False), text, "bs") == ["Schmidt"]
    assert found(matcher_of(TermEntry("Schmidt", respellings=False)), text, "bs") == ["Schmidt"]
    assert found(matcher_of(TermEntry("Schmidt", respellings=True), respelt=False), text, "bs") == ["Šmit", "Schmidt"]


def test_the_switch_is_read_from_the_campaign_file(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        'id = "a"\nname = "A"\ncountries = ["BA"]\nsince = 2024-01-01\ntime_zone = "Europe/Sarajevo"\nquery = \'x or y\'\n'
        '[terms.x]\nkind = "name"\nrespellings = false\nany = ["Schmidt", { text = "Biden", respellings = true }]\n'
        '[terms.y]\nkind = "name"\nany = ["Scholz"]\n',
        "utf-8",
    )
    matcher = Matcher(read_campaign(path))
    assert found(matcher, "Govorili su Šmit, Bajden i Šolc.", "bs") == ["Bajden", "Šolc"]


def test_evidence_and_explanation_show_the_spelling_as_a_respelling() -> None:
    matcher = matcher_of("Schmidt")
    (hit,) = matcher.match(body="Razgovor sa Šmitom.", language="bs").hits
    assert hit.rule.startswith("respelling Šmit, instrumental")
    assert "respelling Šmit" in "\n".join(lines(explain(matcher, "Razgovor sa Šmitom.", "bs")))
    assert any(use.typed == "Schmidt" and use.rule.startswith("respelling Šmit") for use in forms_of_term(matcher, "Šmitom"))


def test_the_spelling_as_typed_is_evidence_before_a_respelling() -> None:
    (hit,) = matcher_of("Schmidt", "Šmit").match(body="Visoki predstavnik Šmit.", language="bs").hits
    assert hit.rule == "as typed"


@given(st.text(max_size=40))
def test_any_word_has_few_respellings_and_is_none_of_them(word: str) -> None:
    made = respellings(word)
    assert len(made) <= MAX_RESPELLINGS
    assert unicodedata.normalize("NFC", word).lower() not in {one.spelled for one in made}
    assert all(one.spelled.isalpha() and one.spelled == one.spelled.lower() for one in made)


@given(st.from_regex(r"[A-Za-zčćšžđëçäöüßłńśźżşğıáéíóúőű]{1,300}", fullmatch=True))
def test_a_long_word_costs_no_more_than_its_letters(word: str) -> None:
    assert len(respellings(word)) <= MAX_RESPELLINGS
    assert sounds(word)


def test_a_reading_too_rare_to_count_is_proposed_with_its_inflected_forms() -> None:
    matcher = matcher_of("Chamberlain")
    texts = ["Kapiten Kejmberlejn je otputovao, a sa Kejmberlejnom i njegov tim.", "Govorili su o Kejmberlejnu i o Kejmberlejn kući."]
    assert found(matcher, texts[0], "sr") == []
    assert {(one.entry, one.spelling) for one in suggest(matcher, texts)} == {("Chamberlain", "Kejmberlejn")}


def test_a_respelling_that_counts_is_not_proposed() -> None:
    assert suggest(matcher_of("Schmidt"), ["Visoki predstavnik Šmit i predstavnik Šmit.", "Sa Šmitom, o Šmitu."]) == ()
