"""Invented pages with the structure of outlets that have a rule of their own: words ours, markup as the rules' sources describe it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SERBIAN = (
    "Gradska skupština usvojila je juče plan obnove biciklističke staze uz reku, koja će povezati tri naselja sa centrom grada.",
    "Odbornici su raspravljali više od četiri sata, a najviše primedaba bilo je na troškove i na rokove za završetak radova.",
    "Gradonačelnica je najavila da će prvi radnici na stazu izaći već u aprilu, čim vode reke budu niže nego što su sada.",
    "Stanari naselja kraj mosta traže da se uz stazu posade lipe i postavi rasveta kakva postoji na drugoj obali.",
)
CYRILLIC = (
    "Градска скупштина усвојила је јуче план обнове бициклистичке стазе уз ријеку, која ће повезати три насеља са центром града.",
    "Одборници су расправљали више од четири сата, а највише примједаба било је на трошкове и на рокове за завршетак радова.",
    "Станари насеља крај моста траже да се уз стазу посаде липе и постави расвјета каква постоји на другој обали.",
)
ALBANIAN = (
    "Bashkia e qytetit hapi të premten kanalin e ri që lidh dy brigjet e lumit, pas tre vitesh punimesh dhe dy ndërprerjesh.",
    "Kryetarja tha se shtegu përgjatë ujit do të jetë i hapur për këmbësorët dhe për biçikletat gjatë gjithë vitit.",
    "Banorët e lagjes kërkuan më shumë ndriçim dhe stola, ndërsa inxhinierët premtuan se punimet e fundit mbarojnë në maj.",
)
ENGLISH = (
    "The city council adopted a plan on Friday to rebuild the cycle path along the river that links three districts with the centre.",
    "Councillors argued for more than four hours, and most of the objections were about the cost and the dates of completion.",
    "Residents near the bridge want lime trees planted along the path, and lamps such as those that stand on the other bank.",
)


def _paragraphs(sentences: tuple[str, ...]) -> str:
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


@dataclass(frozen=True)
class OutletPage:
    """A page, its address and outlet, what its article is, and the fields that general methods alone read otherwise."""

    name: str
    url: str
    outlet: dict[str, Any]
    html: str
    title: str
    body: tuple[str, ...]
    published: str
    authors: tuple[str, ...]
    needs: frozenset[str] = field(default_factory=frozenset)


_ELSEWHERE = "Vatrogasci spasili mačku sa krova stare gimnazije"

PAGES = (
    OutletPage(
        name="pangea",
        url="https://www.slobodnaevropa.org/a/staza-uz-reku/33000001.html",
        outlet={"id": "rferl-sh", "country": "XB", "languages": ("bs", "sr")},
        html=(
            '<!doctype html><html lang="sr"><head><title>Skupština usvojila plan staze</title></head><body class="nav-no__body"><div id="page">'
            '<div id="content"><div class="container"><div class="hdr-container"><div class="category js-category"><a href="/z/500">Teme</a></div>'
            '<h1 class="title pg-title">Skupština usvojila plan staze</h1><div class="publishing-details"><div class="published"><span class="date">'
            '<time pubdate="pubdate" datetime="2026-03-13T18:20:00+01:00">13. mart 2026, 18:20</time></span></div>'
            '<div class="links"><ul class="links__list"><li class="links__item"><a class="links__item-link" href="/author/x/1">Jasna Perić</a></li>'
            '<li class="links__item"><a class="links__item-link" href="/author/y/2">Edin Kovač</a></li></ul></div></div></div>'
            '<div class="body-container"><div id="article-content" class="content-floated-wrap"><div class="wsw">'
            f"<p>{SERBIAN[0]}</p><p>{SERBIAN[1]}</p>"
            '<div class="wsw__embed"><div class="media-block also-read"><div class="media-block__content"><p class="media-block__label">U fokusu</p>'
            f'<h4 class="media-block__title">{_ELSEWHERE}</h4><p class="perex">Mačka je na krovu provela dve noći, a spustili su je tek trećeg dana.</p>'
            f"</div></div></div><p>{SERBIAN[2]}</p><p>{SERBIAN[3]}</p></div></div></div></div></div></div></body></html>"
        ),
        title="Skupština usvojila plan staze",
        body=SERBIAN,
        published="2026-03-13T18:20:00+01:00",
        authors=("Jasna Perić", "Edin Kovač"),
        needs=frozenset({"authors"}),
    ),
    OutletPage(
        name="itemview",
        url="https://www.oslobodjenje.ba/vijesti/bih/skupstina-usvojila-plan-staze-1000001",
        outlet={"id": "oslobodjenje", "country": "BA", "languages": ("bs",)},
        html=(
            '<!doctype html><html lang="bs"><head><title>Skupština usvojila plan staze - Oslobođenje</title></head><body><main>'
            '<div class="item"><div class="item__header"><h1 class="item__title">Skupština usvojila plan staze</h1>'
            '<div class="card__meta"><span class="card__time">13/03/2026 u 18:20 h</span></div></div>'
            f'<div class="itemFullText">{_paragraphs(SERBIAN)}</div></div><div class="cards">'
            f'<div class="card"><h3 class="card__title"><a href="/a-1">{_ELSEWHERE}</a></h3><span class="card__time">12/03/2026 u 10:05 h</span></div>'
            '<div class="card"><h3 class="card__title"><a href="/a-2">Most zatvoren do jeseni</a></h3><span class="card__time">02/03/2026 u 08:00 h</span></div>'
            "</div></main></body></html>"
        ),
        title="Skupština usvojila plan staze",
        body=SERBIAN,
        published="2026-03-13T18:20:00+01:00",
        authors=(),
        needs=frozenset({"date_readings"}),
    ),
    OutletPage(
        name="source_ba",
        url="https://www.source.ba/clanak/BiH/600001/Skupstina-usvojila-plan-staze",
        outlet={"id": "source-ba", "country": "BA", "languages": ("bs",)},
        html=(
            '<!doctype html><html><head><title>Source.ba</title></head><body><div class="menu"><a href="/">Naslovna</a></div>'
            '<div class="naslovTekstualnogClanka">Skupština usvojila plan staze</div><div class="vrijemeObjaveClanka">13.3.2026. 18:20</div>'
            f'<div class="tekstTekstualnogClanka">{_paragraphs(SERBIAN)}</div>'
            f'<div class="najnovije"><a href="/clanak/2">{_ELSEWHERE}</a></div></body></html>'
        ),
        title="Skupština usvojila plan staze",
        body=SERBIAN,
        published="2026-03-13T18:20:00+01:00",
        authors=(),
        needs=frozenset({"title"}),
    ),
    OutletPage(
        name="depo_ba",
        url="https://depo.ba/clanak/260001/skupstina-usvojila-plan-staze",
        outlet={"id": "depo", "country": "BA", "languages": ("bs",)},
        html=(
            "<!doctype html><html><head><title>Skupština usvojila plan staze :: DEPO</title></head><body>"
            '<div class="mainText"><h1 class="mainHeader">Skupština usvojila plan staze</h1><p class="writtenBy">Piše: Jasna Perić, 13.03.26, 18:20h</p>'
            f'<div class="articleContent">{_paragraphs(SERBIAN)}</div></div></body></html>'
        ),
        title="Skupština usvojila plan staze",
        body=SERBIAN,
        published="2026-03-13T18:20:00+01:00",
        authors=("Jasna Perić",),
        needs=frozenset({"body"}),
    ),
    OutletPage(
        name="rtrs",
        url="https://www.rtrs.tv/vijesti/vijest.php?id=600001",
        outlet={"id": "rtrs", "country": "BA", "languages": ("sr",)},
        html=(
            '<!doctype html><html><head><title>РТРС, Радио Телевизија Републике Српске</title></head><body><div class="zaglavlje"><h2>Вијести</h2></div>'
            '<h1 class="naslov_vijesti">Скупштина усвојила план стазе</h1><div class="vrijeme-izvor">13/03/2026 | 18:20 ⇒ 19:05 | Извор: РТРС</div>'
            f'<div class="nwzbody">{_paragraphs(CYRILLIC)}</div></body></html>'
        ),
        title="Скупштина усвојила план стазе",
        body=CYRILLIC,
        published="2026-03-13T18:20:00+01:00",
        authors=(),
        needs=frozenset({"title"}),
    ),
    OutletPage(
        name="balkan_insight",
        url="https://balkaninsight.com/2026/03/13/council-adopts-plan-for-path/",
        outlet={"id": "balkan-insight", "country": "XB", "languages": ("en",), "platform": "wordpress"},
        html=(
            '<!doctype html><html lang="en"><head><title>Balkan Insight</title></head><body class="btPageTransitions"><article><header class="header">'
            '<div class="dash"><h1><span class="superheadline">NEWS</span><span class="headline">Council Adopts Plan for River Path</span></h1>'
            '<div class="btSubTitle"><a href="/author/a" class="btArticleAuthor">Ana Leka</a><a class="btArticleCategory" href="/b">Banja Luka</a>'
            '<span class="btArticleDate">March 13, 2026</span><span class="btArticleTime">18:20</span></div></div></header>'
            f'<div class="btArticleExcerpt">A path along the river will be rebuilt, after a debate of four hours in the council.</div>'
            f'<div class="btArticleBody bottomSmallSpaced"><div class="bt_bb_wrapper">{_paragraphs(ENGLISH)}</div></div></article></body></html>'
        ),
        title="Council Adopts Plan for River Path",
        body=("A path along the river will be rebuilt, after a debate of four hours in the council.", *ENGLISH),
        published="2026-03-13T18:20:00+01:00",
        authors=("Ana Leka",),
        needs=frozenset({"title", "authors"}),
    ),
    OutletPage(
        name="tagdiv",
        url="https://telegraf.example/bota/hapet-kanali-i-ri/",
        outlet={"id": "telegraf-al", "country": "AL", "languages": ("sq",), "platform": "wordpress"},
        html=(
            '<!doctype html><html lang="sq"><head><title>Hapet kanali i ri</title></head><body class="single td-standard-pack"><div class="td-main-content">'
            '<article class="post type-post"><div class="td-post-header"><header class="td-post-title"><h1 class="entry-title">Hapet kanali i ri</h1>'
            '<div class="td-module-meta-info"><div class="td-post-author-name"><div class="td-author-by">Nga</div> <a href="/author/ana">Ana Leka</a></div>'
            '<span class="td-post-date td-post-date-no-dot"><time class="entry-date updated td-module-date" datetime="2026-03-13T18:20:00+01:00">'
            '13 Mar 2026</time></span></div></header></div><div class="td-post-content">'
            f"<p>{ALBANIAN[0]}</p><p>{ALBANIAN[1]}</p>"
            '<div class="td_block_wrap td_block_1"><h4>Të fundit</h4><div class="td_module_6"><h3 class="entry-title td-module-title">'
            '<a href="/tjeter/">Zjarrfikësit shpëtuan një mace</a></h3><div class="td-excerpt">Macja kishte mbetur dy netë në çatinë e shkollës së vjetër të qytetit.</div></div></div>'
            f"<p>{ALBANIAN[2]}</p></div></article></div></body></html>"
        ),
        title="Hapet kanali i ri",
        body=ALBANIAN,
        published="2026-03-13T18:20:00+01:00",
        authors=("Ana Leka",),
        needs=frozenset({"body"}),
    ),
)
