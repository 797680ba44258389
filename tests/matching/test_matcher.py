"""What counts as an occurrence and what does not, in every script, and where it stands."""

from __future__ import annotations

import gzip
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.linear import grows_linearly
from tracker.matching.matcher import Matcher, find_mention
from tracker.model import AllOf, AnyWord, Article, Campaign, Circle, Depth, IndexQuery, Label, Published, Term, TermEntry, TermKind
from tracker.text.folding import fold

CORPUS = Path(os.environ.get("TRACKER_CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))


def term(identity: str, kind: str, *texts: str, language: str = "any", slop: int = 0) -> Term:
    return Term(identity, TermKind(kind), tuple(TermEntry(text, language) for text in texts), slop)


def campaign(*terms: Term, query: str = "", possessives: bool = True, labels: tuple[Label, ...] = ()) -> Campaign:
    text = query or " or ".join(one.id for one in terms)
    return Campaign(
        id="x",
        name="X",
        countries=("AL",),
        since=date(2024, 10, 1),
        time_zone="Europe/Tirane",
        review="required",
        circles=(Circle("x", "X", "partners", text),),
        terms=terms,
        labels=labels,
        possessives=possessives,
    )


def found(one: Term | Matcher, text: str, language: str = "", title: str = "") -> list[str]:
    matcher = one if isinstance(one, Matcher) else Matcher(campaign(one))
    return [hit.form for hit in matcher.match(body=text, title=title, language=language).hits]


TIKTOK = term("t", "name", "TikTok")
CRCA = term("c", "acronym", "CRCA")
AMA = term("a", "acronym", "AMA")
EXACT = term("e", "exact", "isigurt.al")
ALTIN = term("h", "name", "Altin Hazizaj")
STEP = term("h", "word", "hap", language="sq")
HARM = term("d", "word", "dëm", "dhunë", language="sq")
SAFETY = term("s", "phrase", "siguria e fëmijëve në internet", language="sq", slop=2)

OCCURRENCES = [
    (TIKTOK, "sq", "Në TikTok-ut dhe TikTokun.", ["TikTok-ut", "TikTokun"]),
    (TIKTOK, "sq", "TikToku dhe Tiktokut", ["TikToku", "Tiktokut"]),
    (TIKTOK, "sr", "na TikToku, TikTokom, TikTok-a", ["TikToku", "TikTokom", "TikTok-a"]),
    (TIKTOK, "sr", "на ТикТоку и ТикТока", ["ТикТоку", "ТикТока"]),
    (TIKTOK, "mk", "ТикТок-от и TikTok-от", ["ТикТок-от", "TikTok-от"]),
    (TIKTOK, "sq", "#TikTok dhe #TikTokShqip", ["TikTok", "TikTok"]),
    (TIKTOK, "sq", "„TikTok“ TikTok’ut TikTok–ut", ["TikTok", "TikTok’ut", "TikTok–ut"]),
    (TIKTOK, "en", "Tik\u00adTok Tik\u200bTok TikTок", ["Tik\u00adTok", "Tik\u200bTok", "TikTок"]),
    (TIKTOK, "en", "TIKTOK IS BANNED", ["TIKTOK"]),
    (TIKTOK, "en", "ＴｉｋＴｏｋ", ["ＴｉｋＴｏｋ"]),
    (TIKTOK, "en", "tiktok is small", ["tiktok"]),
    (TIKTOK, "sq", "tiktok.com/@x www.TikTok.com https://TikTok.com/x info@TikTok.al @TikTok.albania", []),
    (TIKTOK, "sr", "tiktoker TikToker TikTokerka", []),
    (TIKTOK, "sq", "Foli për TikTok.Pastaj iku.", ["TikTok"]),
    (term("n", "name", "SAD"), "sr", "SAD su velike. Sad je kasno. U SAD-u.", ["SAD", "SAD-u"]),
    (term("n", "name", "Tim"), "en", "Then Tim came. Sources: Tim spoke.", ["Tim", "Tim"]),
    (term("n", "name", "Will"), "en", "Will it rain? We asked Will. WILL IT RAIN TOMORROW?", ["Will"]),
    (term("k", "name", "Ke$ha"), "sr", "Ke$ha peva, Ke ha ne, Ke! ha", ["Ke$ha", "Ke ha"]),
    (term("k", "name", "Telegrafi.com"), "sq", "shkruan Telegrafi.com sot", ["Telegrafi.com"]),
    (
        term("k", "name", "Nacionalni institut"),
        "hr",
        "Nacionalnog instituta, nacionalnog instituta",
        ["Nacionalnog instituta", "nacionalnog instituta"],
    ),
    (
        term("b", "phrase", "mbyllja TikTok Shqipëri", language="sq"),
        "sq",
        "mbyllja e TikTok-ut Shqipëri, mbyllja TikTok-ut Shqipëri",
        ["mbyllja TikTok-ut Shqipëri"],
    ),
    (STEP, "sq", "Dera u hap. T'u hap rruga. Nuk hap gojë, duke hap.", []),
    (STEP, "sq", "Një hap, pastaj TikTok-u hap rrugën, Microsoft-u hap zyra. U! Hap i ri.", ["hap", "hap", "hap", "Hap"]),
    (HARM, "sq", "Demi pa dem, dëm e dëmin në një fshat.", ["dëm", "dëmin"]),
    (HARM, "sq", "Demi pa nje dem ne fshat.", ["Demi", "dem"]),
    (term("b", "word", "djalë", language="sq"), "sq", "Ata kanë dalë me një djalë.", ["djalë"]),
    (term("b", "word", "gjak", language="sq"), "sq", "Një dak gjak.", ["gjak"]),
    (term("b", "word", "femije", "dhunë", language="sq"), "sq", "Një fëmijë ka parë dhunë.", ["fëmijë", "dhunë"]),
    (term("g", "name", "Gjon"), "sq", "Në Tiranë flasin Don Marku dhe Gjon Marku.", ["Gjon"]),
    (term("g", "name", "Djokovic"), "sq", "Në Tiranë flasin Gjokoviq, Djokoviç dhe Đoković.", ["Gjokoviq", "Djokoviç", "Đoković"]),
    (term("g", "name", "Djokovic"), "sr", "Govorio je Dokovic, pa Đoković.", ["Dokovic", "Đoković"]),
    (CRCA, "sq", "CRCA-ja, CRCA-së; CRCA’në", ["CRCA-ja", "CRCA-së", "CRCA’në"]),
    (CRCA, "sr", "CRCA-om ЦРЦА ЦРЦА-е", ["CRCA-om", "ЦРЦА", "ЦРЦА-е"]),
    (CRCA, "sq", "crca Crca CRCAX XCRCA", []),
    (term("n", "acronym", "NATO"), "sq", "NATO-s, NATO–n", ["NATO-s", "NATO–n"]),
    (term("n", "acronym", "HDZ"), "hr", "HDZ-a i HDZ-ovog", ["HDZ-a", "HDZ-ovog"]),
    (term("n", "acronym", "UNODC"), "sr", "UNODC-ovog izveštaja", ["UNODC-ovog"]),
    (AMA, "sq", "AMA NUK PRANON VENDIMIN E RI", []),
    (AMA, "sq", "AMA NUK PRANON VENDIMIN E RI\nVendimi i AMA-s u publikua sot.", ["AMA", "AMA-s"]),
    (AMA, "sq", "AMA NUK PRANON: çfarë tha shefi për vendimin e ri sot", []),
    (AMA, "sq", "Sipas AMA, CRCA dhe të tjerë", ["AMA"]),
    (EXACT, "sq", "në isigurt.al, www.isigurt.al/raporto dhe info@isigurt.al", ["isigurt.al"] * 3),
    (EXACT, "sq", "ISIGURT.AL isigurt al isigurt.alb xisigurt.al", []),
    (ALTIN, "sq", "Altin Hazizaj, Altin Hazizajt, të Altin Hazizajn", ["Altin Hazizaj", "Altin Hazizajt", "Altin Hazizajn"]),
    (ALTIN, "sr", "Altina Hazizaja, Altinom Hazizajem, Алтину Хазизају", ["Altina Hazizaja", "Altinom Hazizajem", "Алтину Хазизају"]),
    (ALTIN, "sq", "Altin\n Hazizaj; Altin. Hazizaj; Altin dhe Hazizaj", ["Altin\n Hazizaj"]),
    (ALTIN, "sq", "ALTIN HAZIZAJ: DUAM DREJTËSI", ["ALTIN HAZIZAJ"]),
    (ALTIN, "sq", "altin hazizaj", []),
    (SAFETY, "sq", "sigurisë së fëmijëve në internet", ["sigurisë së fëmijëve në internet"]),
    (SAFETY, "sq", "siguria e plotë e të gjithë këtyre fëmijëve në internet", []),
    (SAFETY, "sq", "Siguria e fëmijëve tanë në internet", ["Siguria e fëmijëve tanë në internet"]),
    (SAFETY, "sq", "siguria e femijeve ne internet", ["siguria e femijeve ne internet"]),
    (SAFETY, "sq", "siguria.\n\nE fëmijëve në internet", []),
    (SAFETY, "sq", "në internet siguria e fëmijëve", []),
    (SAFETY, "sq", "#SiguriaEFëmijëveNëInternet", ["SiguriaEFëmijëveNëInternet"]),
    (
        term("p", "phrase", "digital safety", language="en"),
        "en",
        "#DigitalSafety digital-safety Digital  Safety",
        ["DigitalSafety", "digital-safety", "Digital  Safety"],
    ),
    (term("n", "name", "Niš", language="sr"), "sr", "u Nišu, u Nisu, iz Niša; NIS je firma", ["Nišu", "Niša"]),
    (term("n", "name", "Niš", language="sr"), "sr", "u Nisu je lepo, kazu gradani", ["Nisu"]),
    (term("n", "name", "Niš", language="sr"), "sr", "NIS je firma iz Novog Sada, a Nis grad", ["Nis"]),
    (term("n", "name", "NIS"), "sr", "NIS, NIS-a, Niš, u Nišu, NIŠ", ["NIS", "NIS-a"]),
    (
        term("n", "name", "Đorđe Đoković", language="sr"),
        "sr",
        "Djordje Djoković, Dorde Dokovic, Ђорђа Ђоковића",
        ["Djordje Djoković", "Dorde Dokovic", "Ђорђа Ђоковића"],
    ),
    (term("n", "name", "Ljubljana"), "sr", "u Ljubljani i у Љубљани", ["Ljubljani", "Љубљани"]),
    (term("n", "name", "Ќосевски", language="mk"), "mk", "Ќосевски и Kjosevski", ["Ќосевски", "Kjosevski"]),
]


@pytest.mark.parametrize(("one", "language", "text", "forms"), OCCURRENCES)
def test_what_counts_as_an_occurrence(one: Term, language: str, text: str, forms: list[str]) -> None:
    assert found(one, text, language) == forms


def test_a_form_of_another_language_does_not_count() -> None:
    serbian = term("w", "word", "grad", language="sr")
    assert found(serbian, "grada", "sr") == ["grada"]
    assert found(serbian, "grada", "hr") == ["grada"]
    assert found(serbian, "grada grad", "sq") == ["grad"]


def test_without_a_language_the_text_says_which_forms_apply() -> None:
    serbian = term("w", "word", "grad", language="sr")
    assert found(serbian, "Iz grada je stigao, ali nije bio u gradu koji je voleo.") == ["grada", "gradu"]
    assert found(serbian, "grada") == ["grada"]


LONG_SQ = "Banorët e fshatit panë ujin të ngrihej gjatë natës, dhe në mëngjes rruga për në qytet ishte e mbyllur për të gjithë."


@pytest.mark.parametrize("body", [f"{LONG_SQ} TikTok.", LONG_SQ])
@pytest.mark.parametrize(("given", "reported"), [("", "sq"), ("sq", "sq"), ("sr-Latn", "sr-Latn"), ("en", "en")])
def test_the_language_reported_is_the_given_one_else_the_text_s_own(body: str, given: str, reported: str) -> None:
    """With an occurrence in the text and without one."""
    assert Matcher(campaign(TIKTOK)).match(body=body, language=given).language == reported


def test_the_language_reported_is_guessed_from_the_title_too() -> None:
    assert Matcher(campaign(TIKTOK)).match(body="TikTok", title=LONG_SQ).language == "sq"


def test_possessives_can_be_switched_off() -> None:
    assert found(Matcher(campaign(term("h", "name", "Hazizaj"))), "Hazizajev govor", "sr") == ["Hazizajev"]
    assert found(Matcher(campaign(term("h", "name", "Hazizaj"), possessives=False)), "Hazizajev govor", "sr") == []


def test_the_longest_of_overlapping_entries_is_reported_once() -> None:
    one = term("o", "name", "CRCA/ECPAT Albania", "ECPAT Albania")
    assert found(one, "CRCA/ECPAT Albania and ECPAT Albania", "en") == ["CRCA/ECPAT Albania", "ECPAT Albania"]


def test_title_and_body_are_fields_of_their_own() -> None:
    matcher = Matcher(campaign(TIKTOK, CRCA, query="t near/5 c"))
    assert not matcher.match(title="TikTok", body="CRCA").matched
    hits = matcher.match(title="TikTok-u", body="CRCA").hits
    assert [(hit.field, hit.start, hit.form) for hit in hits] == [("title", 0, "TikTok-u"), ("body", 0, "CRCA")]


QUERIES = [
    ("title:t", "TikTok", "", False),
    ("title:t", "", "TikTok", True),
    ("t near/2 c", "TikTok one two CRCA", "", True),
    ("t near/2 c", "CRCA one\ntwo TikTok", "", True),
    ("t near/2 c", "TikTok one two three CRCA", "", False),
    ("t near/0 c", "TikTok CRCA", "", True),
    ("t near/s c", "TikTok, one and CRCA.", "", True),
    ("t near/s c", "TikTok one. Then CRCA.", "", False),
    ("t near/s c", "TikTok one\n\nCRCA", "", False),
    ("t near/s c", "TikTok one\nCRCA", "", True),
    ("t near/s c", "TikTok, dr. Petrović i g. Ilić, CRCA", "", True),
    ("t near/s c", "TikTok Alfa d.o.o. Beograd, sh.p.k. Tirana, CRCA", "", True),
    ("t near/s c", "TikTok u ul. 11. Oktobra br. 5. Kod CRCA", "", True),
    ("t near/s c", "TikTok, A. Hazizaj, Dž. Bijedić, znj. Kola, CRCA", "", True),
    ("t near/s c", "Sve o TikToku\nCRCA je objavila izveštaj o deci i mladima.", "", False),
    ("title:(t and not c)", "CRCA", "TikTok", True),
    ("title:(t and c)", "CRCA", "TikTok", False),
    ("title:(t or c) and a", "AMA", "CRCA", True),
    ("t near/9 t", "TikTok", "", False),
    ("t near/9 t", "TikTok and TikTok", "", True),
    ("(t or c) near/1 a", "AMA says TikTok", "", True),
    ("(t and c) near/1 a", "the CRCA, AMA and TikTok say", "", True),
    ("(t and c) near/1 a", "an AMA, TikTok one two three CRCA", "", False),
    ("t near/1 c near/1 a", "TikTok x CRCA x AMA", "", True),
    ("t and not c", "TikTok", "", True),
    ("t and not c", "TikTok CRCA", "", False),
    ('"digital safety"', "Digital safety first", "", True),
    ('"digital safety" and t', "digital; safety TikTok", "", False),
    ('title:"digital safety"', "digital safety", "Digital Safety", True),
]


@pytest.mark.parametrize(("query", "body", "title", "holds"), QUERIES)
def test_a_query_holds_or_not(query: str, body: str, title: str, holds: bool) -> None:
    assert Matcher(campaign(TIKTOK, CRCA, AMA, query=query)).match(body=body, title=title, language="en").matched is holds


def test_hits_are_reported_where_the_query_does_not_match_and_quoted_words_are_none() -> None:
    seen = Matcher(campaign(TIKTOK, CRCA, query='c and "a b"')).match(body="TikTok a b", language="en")
    assert not seen.matched
    assert [hit.term_id for hit in seen.hits] == ["t"]


def article(body: str, published: datetime | None = None) -> Article:
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    return Article(
        outlet_id="o",
        requested_url="u",
        canonical_url="u",
        title="",
        body=body,
        fetched_at=moment,
        depth=Depth.EXTRACTED,
        language="en",
        id=7,
        published=Published(published) if published else None,
    )


def test_a_mention_carries_circle_labels_and_the_hold() -> None:
    labels = (Label("child", "c", hold=True), Label("other", "a"))
    matcher = Matcher(replace(campaign(TIKTOK, CRCA, AMA, query="t", labels=labels), version="v1"))
    mention = find_mention(article("TikTok and CRCA"), matcher)
    assert mention is not None
    assert (mention.id, mention.circle, mention.labels, mention.held, mention.campaign_version) == ("x-7", "x", ("child",), True, "v1")
    assert find_mention(article("nothing"), matcher) is None


def test_what_was_published_before_the_campaign_is_no_mention() -> None:
    matcher = Matcher(campaign(TIKTOK))
    assert find_mention(article("TikTok", datetime(2024, 9, 30, tzinfo=UTC)), matcher) is None
    assert find_mention(article("TikTok", datetime(2024, 10, 1, tzinfo=UTC)), matcher) is not None


WIDE = Matcher(
    campaign(
        TIKTOK,
        CRCA,
        AMA,
        EXACT,
        ALTIN,
        SAFETY,
        term("n", "name", "Đorđe", "Niš", "Ќосев"),
        term("w", "word", "dijete", language="bs"),
        query=('t near/3 c or title:h or (s and not a) or n or e or w or "digital safety"'),
    )
)
PIECES = st.lists(
    st.sampled_from(
        "TikTok TikTok-ut ТикТок-от TikTок Tik\u00adTok #TikTok CRCA CRCA-së ЦРЦА crca AMA AMA-s isigurt.al ISIGURT.AL Altin Hazizaj Hazizajt Altina Хазизај siguria e "
        "fëmijëve femijeve në internet sigurisë së digital safety Niš Nis Nišu НИШ Đorđe Djordje Dorde Ђорђа Ќосев Kjosev Петровиќ dijete djeteta детета дјеце children . , \n \n\n 😀 "
        "#SiguriaEFëmijëveNëInternet „ “ - ﬁ s\u030c ά tiktok.com @TikTok".split(" ")
    ),
    max_size=14,
)
TEXTS = st.tuples(PIECES, st.sampled_from(["", " ", " ", " "])).map(lambda pair: pair[1].join(pair[0]))
LANGUAGES = st.sampled_from(["", "sq", "sr", "mk", "en", "bs", "de"])


@given(TEXTS | st.text(max_size=40), TEXTS, LANGUAGES)
def test_every_hit_is_cut_out_of_the_text_as_it_stands(body: str, title: str, language: str) -> None:
    for hit in WIDE.match(body=body, title=title, language=language).hits:
        assert (title if hit.field == "title" else body)[hit.start : hit.end] == hit.form != ""


@given(TEXTS, TEXTS, LANGUAGES)
def test_screening_never_misses_what_matching_finds(body: str, title: str, language: str) -> None:
    if WIDE.match(body=body, title=title, language=language).matched:
        assert WIDE.screen(f"{title}\n{body}")


@given(TEXTS, TEXTS, LANGUAGES)
def test_an_article_that_matches_has_a_word_the_index_is_asked_for(body: str, title: str, language: str) -> None:
    if WIDE.match(body=body, title=title, language=language).matched:
        words = {"".join(word) for word in _words(fold(f"{title}\n{body}"))}
        assert _holds(WIDE.index_query(), words)


def _holds(query: IndexQuery, words: set[str]) -> bool:
    if isinstance(query, AnyWord):
        return not words.isdisjoint(query.words)
    return (all if isinstance(query, AllOf) else any)(_holds(part, words) for part in query.parts)


def test_the_index_is_asked_for_words_that_stand_together() -> None:
    names = campaign(term("a", "name", "Arta Lumi"), term("b", "name", "Skopje"), term("c", "name", "Ohrid"), query="a and b and not c")
    query = Matcher(names).index_query()
    assert not _holds(query, {"arta", "skopje"})
    assert not _holds(query, {"arta", "lumi"})
    assert _holds(query, {"artes", "lumi", "skopje"})


def _words(folded: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in folded).split()


def test_an_empty_text_has_nothing() -> None:
    seen = WIDE.match(body="")
    assert (seen.matched, seen.hits, seen.circle) == (False, (), "")
    assert not WIDE.screen("")


@pytest.mark.parametrize("piece", ["TikTok CRCA ", "siguria e ", "#", "a", "\u0301", "TikTok\u0301", "#aB", "Tк"])
def test_the_time_of_a_text_made_to_be_slow_grows_with_its_length(piece: str) -> None:
    def read(text: str) -> None:
        WIDE.match(body=text, language="sq")
        WIDE.screen(text)

    assert grows_linearly(read, lambda chars: "TikTok" + piece * (chars // len(piece)), 160_000)


def test_over_real_articles_every_hit_is_cut_out_as_it_stands() -> None:
    path = CORPUS / "news-albanian" / "articles.jsonl.gz"
    if not path.exists():
        if os.environ.get("TRACKER_REQUIRE_ALL") == "1":
            pytest.fail(f"{path} is required")
        pytest.skip("corpus/news-albanian is not here")
    matcher = Matcher(
        campaign(term("n", "name", "Tirana", "Kosova", "Edi Rama", "Aleksandar Vučić"), term("w", "word", "qeveri", language="sq"), TIKTOK)
    )
    hits = 0
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            title, body = row["title"] or "", row["body"] or ""
            seen = matcher.match(body=body, title=title, language="sq")
            hits += len(seen.hits)
            assert all((title if hit.field == "title" else body)[hit.start : hit.end] == hit.form for hit in seen.hits)
            assert not seen.matched or matcher.screen(f"{title}\n{body}")
    assert hits > 1000
