"""Forms of Bosnian, Croatian, Montenegrin and Serbian words, as a person who reads the press would list them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.matching.forms import describes_next, either_case, hbs, is_land_name, stop_forms, word_forms
from tracker.matching.forms.hbs_letters import latin
from tracker.model import TermKind

NAMES = {
    "Hazizaj": "Hazizaja Hazizaju Hazizajem Hazizajom Hazizajev Hazizajeva Hazizajevoj Hazizajevim",
    "Gabler": "Gablera Gableru Gablerom Gablerov Gablerove",
    "Łukasz": "Łukasza Łukaszu Łukaszom Łukaszem",
    "Milinović": "Milinovića Milinoviću Milinovićem Milinovići Milinovićev",
    "Draško": "Draška Drašku Draškom Draškov",
    "Krasnići": "Krasnićija Krasnićiju Krasnićijem",
    "Thaci": "Thacija Thacija Thaciju Thaciem",
    "Kennedy": "Kennedyja Kennedyju Kennedyjem Kennedyjev",
    "Fehmiu": "Fehmiua Fehmiuu Fehmiuom",
    "Zoe": "Zoje Zoji",
    "Marko": "Marka Marku Markom Markov Markove",
    "Pavle": "Pavla Pavlu Pavlom Pavlov",
    "Mile": "Mileta Miletu Mila Milu",
    "Ivo": "Iva Ive Ivi Ivu Ivom",
    "Đorđe": "Đorđa Đorđu Đorđem Đorđev",
    "Mario": "Maria Marija Mariju Mariom Mariov",
    "Petar": "Petra Petru Petrom Petrov",
    "Vuk": "Vuka Vuku Vukom Vuče Vukov",
    "Milica": "Milice Milici Milicu Milicom Miličin Miličina",
    "Ivana": "Ivane Ivani Ivanu Ivanom Ivanin",
    "Nikola": "Nikole Nikoli Nikolu Nikolom Nikolin",
    "Amerika": "Amerike Americi Ameriku Amerikom",
    "Hrvatska": "Hrvatske Hrvatskoj Hrvatsku Hrvatskom",
    "Gruevski": "Gruevskog Gruevskom Gruevskim Gruevskih",
    "Novi": "Novog Novoga Novom Novim",
    "Zapadni": "Zapadnog Zapadnom Zapadnome Zapadnim",
    "Bela": "Bele Beloj Belu Belom Bijela Bijeloj",
    "Sad": "Sada Sadu Sadom",
    "Niš": "Niša Nišu Nišem",
    "Beograd": "Beograda Beogradu Beogradom",
    "Šabac": "Šapca Šapcu Šapcem",
    "Čačak": "Čačka Čačku Čačkom",
    "Zadar": "Zadra Zadru Zadrom",
    "Kragujevac": "Kragujevca Kragujevcu Kragujevcem",
    "Bosanac": "Bosanca Bosanci Bosanaca Bosancima",
    "Srbin": "Srbina Srbi Srba Srbima Srbe",
    "Beograđanin": "Beograđanina Beograđani Beograđana Beograđanima",
    "Jevrejin": "Jevreji Jevreja Jevrejima",
    "Skenderaj": "Skenderaja Skenderaju Skenderajem",
    "Skoplje": "Skoplja Skoplju Skopljem",
    "Tokio": "Tokija Tokiju Tokijom",
    "Tivat": "Tivta Tivtu Tivtom",
    "Stolac": "Stoca Stolca Stocu",
    "Vinkovci": "Vinkovaca Vinkovcima Vinkovce",
    "Plužine": "Plužina Plužinama",
    "Tuzi": "Tuza Tuzima",
    "Kakanj": "Kaknja Kaknju",
    "Bush": "Busha Bushu Bushom Bushov",
    "Egipat": "Egipta Egiptu Egiptom",
    "Ujedinjene": "Ujedinjenih Ujedinjenim",
    "Emirati": "Emirata Emiratima Emirate",
    "Vijesti": "Vijestima",
    "TikTok": "TikToka TikToku TikTokom TikTok-a TikTok-u TikTokove",
    "HDZ": "HDZ-a HDZ-u HDZ-om HDZ-ov HDZ-ove",
    "UNODC": "UNODC-a UNODC-ovog UNODC-om",
    "Google": "Googlea Googleu Googleom Googla",
    "Annanov": "Annanovo Annanovih Annanovim",
}
WORDS = {
    "čovek": "čoveka ljudi ljude ljudima čovjek čovjeka",
    "čovjek": "čovjeka ljudi ljudima čovek",
    "dete": "deteta detetu detetom deca dece deci decu decom djeca dijete djeteta",
    "dijete": "djeteta djetetom djeca djeci dete deteta deca",
    "deca": "dece deci decu decom djeca",
    "brat": "brata braća braći braćom",
    "uho": "uha uši ušima",
    "oko": "oka oči očima",
    "gospodin": "gospodina gospoda gospodi",
    "građanin": "građanina građani građana građanima",
    "posao": "posla poslu poslovi poslova",
    "sto": "stola stolu stolovi",
    "deo": "dela delu delovi delova",
    "dio": "dijela dijelu dijelovi dijelova",
    "lijek": "lijeka lijekovi lijekova",
    "vetar": "vetra vetru vetrovi vjetar vjetra",
    "momak": "momka momci momcima momke momaka",
    "predak": "pretka preci predaka",
    "sudac": "suca suci sudaca sucima",
    "prodavac": "prodavca prodavci prodavaca",
    "čitalac": "čitaoca čitaoci čitalaca",
    "vrabac": "vrapca vrapci",
    "pas": "psa psi psima",
    "komunizam": "komunizma komunizmu",
    "grad": "grada gradovi gradova gradovima",
    "kralj": "kralja kraljem kraljevi",
    "učenik": "učenika učeniče učenici učenicima učenike",
    "dan": "dana dani danima",
    "zec": "zeca zečevi zečeva",
    "sestra": "sestre sestri sestara sestrama",
    "zemlja": "zemlje zemlji zemalja",
    "majka": "majke majci majko",
    "politika": "politike politici",
    "škola": "škole školi školama",
    "noć": "noći noćima noću",
    "radost": "radosti radošću",
    "stvar": "stvari stvarima stvarju",
    "krv": "krvi krvlju",
    "misao": "mislima",
    "ime": "imena imenu imenima",
    "jaje": "jajeta jaja jajima",
    "drvo": "drveta drva drveće",
    "pismo": "pisma pismu pisama pismima",
    "polje": "polja polju poljem poljima",
    "preduzeće": "preduzeća preduzećem preduzećima",
    "mleko": "mleka mleku mlijeko mlijeka",
    "bezbednost": "bezbednosti bezbednošću bezbjednost bezbjednosti bezbjednošću",
    "savjet": "savjeta savet saveti savjeti",
    "taksi": "taksija taksijem taksiji",
    "nivo": "nivoa nivou nivoi",
    "vrata": "vratima",
    "siguran": "sigurna sigurno sigurni sigurnog sigurnoj sigurnim",
    "dobar": "dobra dobro dobrog dobrim",
    "zadovoljan": "zadovoljni zadovoljna",
    "pedijatar": "pedijatra pedijatri",
    "vršnjak": "vršnjaka vršnjaci vršnjacima",
    "svjestan": "svjesna svjesni svjesnog",
    "hrvatski": "hrvatska hrvatskog hrvatskoj hrvatskim",
    "sjutra": "śutra",
}
PHRASE_WORDS = {
    "digitalna": "digitalne digitalnoj digitalnu digitalnom digitalnih",
    "društvena": "društvenim društvenih društvenoj",
    "roditelji": "roditelja roditeljima roditelje",
    "nastavnici": "nastavnika nastavnicima nastavnike",
    "veštine": "veština veštinama vještina vještinama",
    "prava": "pravima",
    "dece": "djece deca deci",
    "nove": "novih novim",
}
# word: forms it must not have, for they are other words
NEVER = {
    "rad": "radi rade",
    "tim": "time",
    "posao": "posle",
    "put": "putem",
    "govor": "govori govore",
    "soba": "sobom",
    "voda": "vodi",
    "početak": "početkom",
    "ekran": "ekrni ekranoj",
    "vršnjak": "vršnjka",
    "pravo": "prave pravi",
    "iznos": "iznosi",
    "dug": "dugi",
}
letters = st.text(alphabet="abcčćdđeghijklmnoprsštuvzž-' АБВГабвгдеЈљњџ.1", min_size=1, max_size=14)


@pytest.mark.parametrize("word", NAMES)
def test_a_name_has_all_its_forms(word: str) -> None:
    assert set(NAMES[word].split()) - set(word_forms(word, TermKind.NAME, "hbs")) == set()


@pytest.mark.parametrize("word", WORDS)
def test_a_word_has_all_its_forms(word: str) -> None:
    assert set(WORDS[word].split()) - set(word_forms(word, TermKind.WORD, "hbs")) == set()


@pytest.mark.parametrize("word", PHRASE_WORDS)
def test_a_word_of_a_phrase_may_be_typed_as_plural_or_adjective(word: str) -> None:
    assert set(PHRASE_WORDS[word].split()) - set(word_forms(word, TermKind.PHRASE, "hbs")) == set()


@pytest.mark.parametrize("word", NEVER)
def test_a_word_has_no_form_that_is_a_more_frequent_word(word: str) -> None:
    assert set(NEVER[word].split()) & set(word_forms(word, TermKind.WORD, "hbs")) == set()


@pytest.mark.parametrize(
    ("cyrillic", "typed"), [("Хазизај", "Hazizaj"), ("Љубљана", "Ljubljana"), ("Џенана", "Dženana"), ("Нови", "Novi"), ("Ђорђе", "Đorđe")]
)
def test_a_word_typed_in_cyrillic_has_the_forms_of_its_latin_spelling(cyrillic: str, typed: str) -> None:
    assert latin(cyrillic) == typed
    assert set(word_forms(cyrillic, TermKind.NAME, "hbs")) - {cyrillic} == set(word_forms(typed, TermKind.NAME, "hbs"))


def test_a_name_in_capitals_has_its_forms_in_capitals() -> None:
    assert "ZAGREBA" in word_forms("ZAGREB", TermKind.NAME, "hbs")


@pytest.mark.parametrize("name", ["Hazizaj", "Nikola", "Marko", "Pavle", "Mario", "Tik-Tok"])
def test_possessives_can_be_switched_off_and_nothing_else_goes_with_them(name: str) -> None:
    forms = word_forms(name, TermKind.NAME, "hbs")
    without = word_forms(name, TermKind.NAME, "hbs", possessives=False)
    assert without.keys() < forms.keys()
    assert all("possessive" in forms[form] for form in forms.keys() - without.keys())
    assert not [form for form, rule in without.items() if "possessive" in rule]


def test_a_countrys_possessive_and_masculine_forms_are_left_to_the_adjective() -> None:
    forms = word_forms("Hrvatska", TermKind.NAME, "hbs")
    assert {"Hrvatski", "Hrvatskin", "Hrvatskog", "Hrvatskih"} & set(forms) == set()


@pytest.mark.parametrize("word", ["na", "za", "de", "von", "i", "да"])
def test_function_words_stay_as_they_are(word: str) -> None:
    assert set(word_forms(word, TermKind.PHRASE, "hbs")) <= {word, latin(word)}


def test_an_acronym_takes_endings_after_a_hyphen_only() -> None:
    forms = set(word_forms("CRCA", TermKind.ACRONYM, "hbs"))
    assert {"CRCA-e", "CRCA-om", "CRCA-ina"} <= forms
    assert all(form == "CRCA" or form.startswith("CRCA-") for form in forms)


def test_the_last_word_of_a_hyphenated_name_inflects() -> None:
    assert "Tik-Toka" in word_forms("Tik-Tok", TermKind.NAME, "hbs")


@pytest.mark.parametrize(
    ("form", "following", "start", "expected"),
    [
        ("Hrvatska", ["narodna", "banka"], False, True),
        ("Hrvatske", ["narodne", "banke"], False, True),
        ("Hrvatska", ["vojska", "je"], True, True),
        ("Хрватска", ["војска", "је"], True, True),
        ("Hrvatska", ["je", "prošle"], True, False),
        ("Hrvatska", ["mora", "brže"], True, False),
        ("Hrvatska", ["pokušava", "smanjiti"], True, False),
        ("Hrvatske", ["poslije", "izbora"], False, False),
        ("Hrvatska", [], True, False),
        ("Beograda", ["narodna", "banka"], True, False),
    ],
)
def test_a_countrys_name_is_told_from_its_adjective(form: str, following: list[str], start: bool, expected: bool) -> None:
    assert describes_next(form, following, sentence_start=start) is expected


def test_lands_and_institutions_are_known() -> None:
    assert is_land_name("Hrvatska")
    assert is_land_name("Бугарска")
    assert not is_land_name("hrvatska")
    assert not is_land_name("Duška")
    assert either_case("Vlada")
    assert not either_case("Zagreb")
    assert {"sada", "time", "novi"} <= stop_forms("hbs")


@given(letters, st.sampled_from(TermKind))
def test_whatever_is_typed_gets_forms_that_hold_it(word: str, kind: TermKind) -> None:
    forms = word_forms(word, kind, "hbs")
    assert forms[word] == "as typed"
    assert all(form and rule for form, rule in forms.items())


@given(letters)
def test_the_same_word_gets_the_same_forms(word: str) -> None:
    assert hbs.inflect(word, TermKind.NAME) == hbs.inflect(word, TermKind.NAME)
