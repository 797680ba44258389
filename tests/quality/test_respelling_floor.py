"""Recall and precision of respelt names on news texts: every name typed alone in its own spelling, as staff would.

Gold is what a person read as the name in the word list of the corpora: the stems below with any ending. Measured 2026-11-26 over 101
names and 33,000 texts: 12,536 places found, 2,003 of them in other spellings than the typed one; recall 98.9, precision 99.8. Without
respellings recall is 83. Most of what is missed is glued to a site's name, or short and at the start of a sentence (Mesi).
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tracker.matching.matcher import Matcher
from tracker.model import Campaign, Circle, Term, TermEntry, TermKind
from tracker.text.folding import latin

CORPUS = Path(__file__).parent.parent.parent.parent / "shared" / "corpus"
RECALL, PRECISION = 0.98, 0.985
pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of news texts is not beside this checkout")

# the name as typed, and the stems of all its spellings in Latin letters with diacritics; an ending may follow
GOLD = """
Schmidt schmid?t šmid?t shmid?t; Biden b(i|aj)den; Borrell borr?ell? borr?elj; Lajčák laj[cčç][aá]k; Macron ma[ck]ron; Scholz scholz šolc sh?olz
Zelenskyy zelensk; Escobar es[ck]obar; Leyen leyen l[ae]jen; Erdoğan erdo[gğ]?an; Trump tr[ua]mp; Clinton [ck]linton; Zuckerberg zuckerberg zakerberg
Johnson johnson džonson; Truss truss tras; Cameron [ck]ameron; Murphy mur?phy marfi; Sullivan sull?ivan saliven; Albright albright olbrajt
Steinmeier steinmeier šta?jnmaj?er stajnmaer; Baerbock baerbock berbok; Schallenberg schallenberg šalenberg; Nehammer neham+er; Inzko in[zc]c?ko
Petritsch petritsch petrič; Schröder schroder šreder; Weber weber veber; Sarkozy sarkoz[yi]; Berlusconi berlus[ck]oni; Sánchez s[aá]n[cč]h?ez
Guterres guterr?e[sš]; Barroso barr?os; Zakharova zak?harov; Shoigu shoigu šojgu; Lukashenko luka(sh|š)enk; Papandreou papandreo?u
Szijjártó szijj?[aá]rt[oó] sijarto; Várhelyi v[aá]rhel[yj]i; Çavuşoğlu [çčc]avu[sş]o[gğ]lu; Davutoğlu davuto[gğ]lu; Pellegrini pell?egrini
Netanyahu netan[yj]ahu; William will?iam vil+ij?am; Churchill churchill čerčil; Kennedy kenn?ed[yi]; Musk musk; Messi mess?i; Neymar ne[yj]mar
Mbappé mbapp?[eé]; Guardiola g[uv]ardiol; Mourinho mourinh murinj; Lewandowski le[wv]ando[wv]sk; Washington [wuv]ash?ington vašington
Facebook facebook fejsbuk; YouTube youtub jutjub; Google googl gugl; Twitter t[wv]itt?er; Netflix netflix netfliks; Microsoft microsoft majkrosoft
Pfizer pfizer fajzer; Reuters reuters rojters; Bloomberg bl(oo|u)mberg; EULEX eule(x|ks); Vučić vu[cčç]i[cćçq]; Đukanović (đ|dj|gj)ukanovi[cćçq]
Dačić da[cčç]i[cćçq]; Brnabić b[eë]?rnabi[cćçq]; Milošević mill?o(s|š|sh)evi[cćçq]; Thaçi th?a[çcč]i; Krasniqi krasni[qćčḱ]i; Plenković plenkovi[cćq]
Berisha beri(sh|š)a?; Gashi ga(sh|š)i; Basha ba(sh|š)[aë]; Pacolli pacoll?i; Beckham bec?kh?am; Chelsea chelsea čelsi; Liverpool liverp(oo|u)l
Manchester man(ch|č|ç)ester; Bayern ba[yj]ern; Leipzig l(ei|aj)p[zc]ig; Borissov bori(s|ss)ov; Navalny naval[lj]?n[yi]; Floyd flo[yj]d; Yeltsin yeltsin jeljcin
Ashdown ashdown ešdaun; Orbán orb[aá]n; Bush bush; Toyota to[yj]ot; Nokia nokij?a?; Kerry kerr?[yi]; Sunak sunak; Blinken blinken; Stoltenberg stoltenberg
Merkel merkel; Lavrov lavrov; Putin putin; Kurti kurti; Haradinaj haradinaj; Dodik dodik; Izetbegović izetbegovi[cćq]; Meloni meloni; Starmer starmer; Rutte rutte? rute
"""
NOT_THE_NAME = re.compile(
    r"williams|vil+ij?ams|mess?i[cćj]|ga(š|sh)i[ćc]|youtuber|jutjuber|tviter(a?š|aj)|petriči|bašar|gugli|tras[hn]|tra(ša|ss)|bushaj|kurt(is|esh)|masaž|kerin|trumpet"
    r"|vučićevi|.*(nn|mm|një|për|dhe|sipas|shumë|numri|iqiane|bazuar|sapo|më)$"
)
"""Other words with such a beginning, and words that the page joined (Thaçipër)."""
FIRST_LETTER = re.compile(r"\b\w")
_SAME = str.maketrans("ðҫḱǵö", "đçćđo")


def _texts() -> Iterator[tuple[str, str]]:
    with gzip.open(CORPUS / "news-albanian" / "articles.jsonl.gz", "rt", encoding="utf-8") as file:
        yield from (("sq", f"{row['title']}\n{row['body']}") for row in map(json.loads, file))
    for path in sorted((CORPUS / "news-bosnia-posts").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield from (
                ("bs", "\n".join(row[key] or "" for key in ("headline", "description", "message"))) for row in map(json.loads, file)
            )
    with gzip.open(CORPUS / "news-sentences" / "dslcc.tsv.gz", "rt", encoding="utf-8") as file:
        yield from ((language, text) for language, _, text in (line.rstrip("\n").partition("\t") for line in file) if language != "bg")


def _gold() -> dict[str, re.Pattern[str]]:
    rows = [row.split() for row in GOLD.replace("\n", ";").split(";") if row.strip()]
    return {name: re.compile(rf"(?:{'|'.join(stems)})\w{{0,5}}", re.IGNORECASE) for name, *stems in rows}


def test_foreign_and_regional_names_are_found_in_every_spelling_of_the_press() -> None:
    gold = _gold()
    names = list(gold)
    terms = tuple(Term(f"t{number}", TermKind.NAME, (TermEntry(name),)) for number, name in enumerate(names))
    query = " or ".join(term.id for term in terms)
    matcher = Matcher(
        Campaign("c", "C", ("AL",), date(2020, 1, 1), "Europe/Tirane", "optional", (Circle("c", "C", "staff", query),), terms)
    )
    anything = re.compile(rf"(?:{'|'.join(pattern.pattern for pattern in gold.values())})\b", re.IGNORECASE)
    right, respelt = 0, 0
    false, missed = Counter[tuple[str, str]](), Counter[str]()
    for language, text in _texts():
        hits = {hit.start: hit for hit in matcher.match(body=text, language=language).hits}
        for hit in hits.values():
            name = names[int(hit.term_id[1:])]
            is_right = gold[name].match(latin(hit.form).translate(_SAME)) is not None
            right += is_right
            respelt += is_right and hit.rule.startswith("respelling")
            if not is_right:
                false[name, hit.form] += 1
        spelled = latin(text).translate(_SAME)
        if len(spelled) == len(text):
            missed.update(
                place.group()
                for first in FIRST_LETTER.finditer(spelled)
                if text[first.start()].isupper()
                and first.start() not in hits
                and (place := anything.match(spelled, first.start()))
                and not NOT_THE_NAME.match(place.group())
            )
    recall, precision = right / (right + missed.total()), right / (right + false.total())
    print(
        f"{right} found, {respelt} respelt, recall {recall:.4f}, precision {precision:.4f}",
        missed.most_common(60),
        false.most_common(40),
        sep="\n",
    )
    assert missed.total() > 0  # some always are: gold that finds nothing would measure nothing
    assert respelt > 1500
    assert recall >= RECALL, missed.most_common(20)
    assert precision >= PRECISION, false.most_common(20)
