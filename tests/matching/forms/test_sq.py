"""Albanian forms, as a person who reads the press would list them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.matching.forms import sq
from tracker.matching.forms.sq_context import is_another_word
from tracker.matching.forms.sq_names import FIRST_NAMES
from tracker.model import TermKind

NAMES = {
    "Tirana": "Tiranë Tiranës Tiranën Tirane",
    "Tiranë": "Tirana Tiranës Tiranën",
    "Tirane": "Tirana Tiranë Tiranës Tiranën",
    "Shqipëri": "Shqipëria Shqipërisë Shqipërinë Shqipërie",
    "Shqipëria": "Shqipëri Shqipërisë Shqipërinë",
    "Kosova": "Kosovë Kosovës Kosovën",
    "Durrës": "Durrësi Durrësit Durrësin",
    "Durrësi": "Durrës Durrësit Durrësin",
    "Shkodër": "Shkodra Shkodrës Shkodrën",
    "Shkodra": "Shkodër Shkodrës",
    "Ohri": "Ohër Ohrit Ohrin",
    "Shkup": "Shkupi Shkupit Shkupin",
    "Kukësi": "Kukës Kukësit",
    "Istogu": "Istog Istogut Istogun",
    "Vushtrri": "Vushtrria Vushtrrisë Vushtrrinë",
    "Korça": "Korçë Korçës Korçën",
    "Kruja": "Krujë Krujës Krujën",
    "Frashër": "Frashëri Frashërit",
    "Skënderaj": "Skënderajt Skënderajn Skënderajit",
    "Hazizaj": "Hazizajt Hazizajn Hazizajit Hazizajin Hazizaji",
    "Krasniqi": "Krasniqit Krasniqin Krasniqët",
    "Hadi": "Hadiu Hadin Hadit",
    "Rama": "Ramës Ramën",
    "Gabler": "Gableri Gablerit Gablerin Gabler-it",
    "Manastirliu": "Manastirliut Manastirliun",
    "Balluku": "Ballukut Ballukun",
    "Marko": "Markos Markon Markoja",
    "Lule": "Lulja Lules Lulen",
    "TikTok": "TikToku TikTokut TikTokun TikTok-u TikTok-ut TikTok-un",
    "Facebook": "Facebooku Facebookut Facebook-un",
    "YouTube": "YouTube-it YouTube-i",
    "UNICEF": "UNICEF-i UNICEF-it UNICEFit",
    "Autoriteti": "Autoritetit Autoritetin Autoritet",
    "Agjencia": "Agjencisë Agjencinë Agjenci",
    "Qendra": "Qendrës Qendrën Qendër",
    "Kanada": "Kanadaja Kanadasë Kanadanë Kanadës",
    "Koreja": "Kore Koresë Korenë",
    "Mesdhe": "Mesdheu Mesdheut Mesdheun",
    "Skënderbeu": "Skënderbe Skënderbeut Skënderbeun",
    "Viti": "Vitia Vitisë Vitinë",
    "Uashington": "Uashingtonit Washington Washingtonit Vashingtoni",
    "Lidhja": "Lidhjes Lidhjen Lidhje",
}
NOUNS = {
    "libër": "libri librit librin libra librat librave librash",
    "emër": "emri emrin emra emrat",
    "letër": "letra letrën letrës letrat letrave",
    "fushatë": "fushata fushatën fushatës fushatat fushatave fushatash fushate",
    "gjuhë": "gjuha gjuhën gjuhët gjuhëve",
    "siguri": "siguria sigurisë sigurinë sigurie",
    "mbrojtje": "mbrojtja mbrojtjes mbrojtjen mbrojtjeje",
    "ide": "ideja idenë idesë idetë",
    "grua": "gruaja gruas gruan gra gratë grave",
    "mik": "miku mikut mikun miq miqtë miqve",
    "zog": "zogu zogut zogj zogjtë",
    "plak": "plaku pleq pleqtë",
    "dash": "dashi desh deshtë",
    "djalë": "djali djalit djem djemtë djemve",
    "kalë": "kali kuaj kuajt",
    "derë": "dera dyer dyert dyerve",
    "dorë": "dora duar duart duarve",
    "natë": "nata natës net netët",
    "njeri": "njeriu njeriut njerëz njerëzit njerëzve",
    "vëlla": "vëllai vëllait vëllezër vëllezërit",
    "sy": "syri syrit sytë syve",
    "dru": "druri drurit drurë drunj",
    "krua": "kroi kroit kroje",
    "kushëri": "kushëriri kushërinj kushërinjtë",
    "kufi": "kufiri kufirit kufij kufijtë kufijve",
    "baba": "babai babait baballarë",
    "hero": "heroi heronj heronjtë",
    "popull": "populli popuj popujt popujve",
    "fshat": "fshati fshatra fshatrat",
    "mësues": "mësuesi mësuesit mësuesve",
    "gazetar": "gazetari gazetarë gazetarët gazetarëve",
    "qytet": "qyteti qytetit qytete qytetet",
    "rrezik": "rreziku rrezikun rreziqe rreziqet",
    "algoritëm": "algoritmi algoritmit algoritme",
    "film": "filmi filma filmat",
    "krah": "krahu krahun krahë",
    "mesazh": "mesazhi mesazhin mesazhe",
    "video": "videoja videos videon videot videove",
    "media": "medias median mediat mediave medieve medium",
    "ëndërr": "ëndrra ëndrrën ëndrrat ëndrrave",
    "vjehërr": "vjehrra vjehrrën vjehrrës",
    "dëm": "dëmi dëmit dëmin dëme dëmet dëmeve",
    "rënie": "rënia rënies rënien rënieve",
    "marrëdhënie": "marrëdhënia marrëdhënies marrëdhëniet marrëdhënieve",
    "lagje": "lagjja lagjes lagjen lagjet lagjeve",
    "përgjigje": "përgjigjja përgjigjes përgjigjet",
    "sëmurë": "sëmurët sëmurëve sëmura",
    "valë": "vala valën valët valëve",
    "be": "beja besë benë beje",
    "myfti": "myftiu myftiut myftiun myftinj",
    "veri": "veriu veriut veriun",
    "zotëri": "zotëriu zotëriut zotërinj",
    "krye": "kreu kreut kreun krerë krerët",
    "zot": "zoti zotit zotin",
    "diel": "diela dielës dielën",
    "milion": "milionit milionë milionët miliona",
    "kampion": "kampioni kampionë kampionët kampionëve",
    "arkiv": "arkivi arkiva arkivat",
    "gol": "goli gola golat golave",
    "shpirt": "shpirti shpirtra shpirtrat",
    "çelës": "çelësi çelësa çelësat",
    "muskul": "muskuli muskuj muskujt",
    "det": "deti dete detet",
    "koronavirus": "coronavirus coronavirusi coronavirusit",
    "përdorues": "përdoruesi përdoruesit përdoruesve përdoruese përdorueset",
    "nxënës": "nxënësi nxënësit nxënësve nxënëse",
    "gazetarë": "gazetarët gazetarëve",
    "mjekë": "mjekët mjekëve",
    "pjesë": "pjesa pjesën pjesët pjesëve",
    "fundjavë": "fundjava fundjavën fundjavët",
    "problem": "problemi probleme problemet",
    "vit": "viti vitit vite vitet vjet",
}
IN_PHRASES = {
    "sigurt": "sigurta",
    "digjitale": "dixhitale",
    "digjital": "digjitale digjitalë dixhital",
    "ndershëm": "ndershme ndershmit",
    "rajonale": "rajonal",
    "sociale": "social",
    "përdorshme": "përdorshëm",
    "evropian": "europian europiane",
    "fëmijëve": "fëmijë fëmijët fëmija fëmijës",
    "sigurisë": "siguria siguri sigurinë",
    "mbrojtjen": "mbrojtja mbrojtjes",
    "Ballkanin": "Ballkani Ballkanit Ballkan",
    "vajzat": "vajza vajzave vajzë",
    "djem": "djemtë djemve",
    "mitur": "mituri miturit miturve mitura",
    "agjenda": "agjendë agjendës axhenda axhendës",
    "e": "i të së",
}
UNWANTED = [
    ("Gjermani", TermKind.NAME, "Gjermanët"),
    ("Topi", TermKind.NAME, "Top"),
    ("Tirana", TermKind.NAME, "Tirani"),
    ("polici", TermKind.WORD, "policin"),
    ("arë", TermKind.WORD, "ari"),
    ("burg", TermKind.WORD, "burga"),
    ("mesazh", TermKind.WORD, "mesazhu"),
    ("gjuhë", TermKind.WORD, "gjuhi"),
    ("fund", TermKind.WORD, "fundit"),
    ("arsye", TermKind.WORD, "arsy"),
    ("Vedat", TermKind.NAME, "Vedate"),
    ("Manja", TermKind.NAME, "Mane"),
    ("Azemi", TermKind.NAME, "Azem"),
    ("Beqiri", TermKind.NAME, "Beqir"),
    ("Dardani", TermKind.NAME, "Dardan"),
    ("Viti", TermKind.NAME, "Vitin"),
    ("veçanti", TermKind.WORD, "veçantë"),
    ("ekonomi", TermKind.WORD, "ekonomë"),
    ("astronomi", TermKind.WORD, "astronomë"),
    ("afërsi", TermKind.WORD, "afërs"),
    ("shkollë", TermKind.WORD, "shkollët"),
    ("mësues", TermKind.WORD, "mësuesa"),
    ("mësues", TermKind.WORD, "mësuesë"),
    ("institucion", TermKind.WORD, "instituciona"),
    ("dëm", TermKind.WORD, "dmi"),
    ("mbrojtje", TermKind.WORD, "mbrojtjja"),
    ("rënie", TermKind.WORD, "rënieja"),
    ("be", TermKind.WORD, "bes"),
    ("kritik", TermKind.WORD, "kritika"),
]


def missing(word: str, kind: TermKind, expected: str) -> list[str]:
    found = sq.inflect(word, kind)
    return [form for form in expected.split() if form not in found]


@pytest.mark.parametrize(("typed", "expected"), NAMES.items())
def test_a_name_typed_in_any_of_its_base_forms_has_all_its_forms(typed: str, expected: str) -> None:
    assert missing(typed, TermKind.NAME, expected) == []


@pytest.mark.parametrize(("typed", "expected"), NOUNS.items())
def test_a_noun_has_its_definite_oblique_and_plural_forms(typed: str, expected: str) -> None:
    assert missing(typed, TermKind.WORD, expected) == []


@pytest.mark.parametrize(("typed", "expected"), IN_PHRASES.items())
def test_a_word_of_a_phrase_is_understood_in_the_case_the_phrase_gives_it(typed: str, expected: str) -> None:
    assert missing(typed, TermKind.PHRASE, expected) == []


@pytest.mark.parametrize(("typed", "kind", "unwanted"), UNWANTED)
def test_a_form_that_is_another_word_is_not_made(typed: str, kind: TermKind, unwanted: str) -> None:
    assert unwanted not in sq.inflect(typed, kind)


@pytest.mark.parametrize("form", ["AMA-s", "AMA-ja", "AMA-n", "AMA-në", "AMA-së"])
def test_an_acronym_takes_its_ending_after_a_hyphen(form: str) -> None:
    assert form in sq.inflect("AMA", TermKind.ACRONYM)


@pytest.mark.parametrize("word", ["në", "për", "dhe", "online", "me"])
def test_a_function_word_is_never_inflected(word: str) -> None:
    assert list(sq.inflect(word, TermKind.PHRASE)) == [word]


def test_an_exact_term_has_one_form() -> None:
    assert list(sq.inflect("isigurt", TermKind.EXACT)) == ["isigurt"]


def test_every_form_says_which_rule_made_it() -> None:
    assert sq.inflect("Tirana", TermKind.NAME)["Tiranës"] == "definite genitive, dative or ablative"
    assert all(sq.inflect("libër", TermKind.WORD).values())


@pytest.mark.parametrize(
    ("form", "before", "another"),
    [
        ("hap", "u", True),
        ("hap", "Nuk", True),
        ("përdorim", "ta", True),
        ("hap", "një", False),
        ("hap", "TA", False),
        ("hap", "U", False),
        ("hap", "", False),
    ],
)
def test_after_a_clitic_or_not_every_form_is_a_verb(form: str, before: str, another: bool) -> None:
    assert is_another_word(form, before) is another


@pytest.mark.parametrize(
    ("form", "before", "another"), [("jetë", "të", True), ("jete", "mos", True), ("jetë", "një", False), ("jetës", "të", False)]
)
def test_subjunctive_to_be_is_told_from_the_noun_life_by_the_word_before(form: str, before: str, another: bool) -> None:
    assert is_another_word(form, before) is another


@pytest.mark.parametrize("name", sorted(FIRST_NAMES))
def test_a_surname_does_not_find_the_first_name_it_is_made_of(name: str) -> None:
    surname = name[:-1] + "a" if name.endswith("ë") else name + ("u" if name[-1] in "kgi" else "i")
    assert name.capitalize() not in sq.inflect(surname.capitalize(), TermKind.NAME)


@given(st.text(max_size=12), st.sampled_from(list(TermKind)))
def test_any_text_is_taken_and_kept_as_a_form_of_itself(word: str, kind: TermKind) -> None:
    forms = sq.inflect(word, kind)
    assert next(iter(forms)) == word
    assert "" not in forms or word == ""


@given(st.text(alphabet="abcçdeëghijklmnopqrstuvxyz", min_size=1, max_size=14), st.sampled_from(list(TermKind)))
def test_no_word_has_more_than_a_hundred_forms(word: str, kind: TermKind) -> None:
    assert len(sq.inflect(word, kind)) <= 100
