"""An article as a page, in the five kinds of markup that regional sites are made of."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape

from msgspec import Struct

from tracker.demo.press.press import PressArticle, PressOutlet

SECTIONS = 4
"""Entries of a page's menu."""


class Layout(Struct, frozen=True):
    """What a page shows besides its article."""

    outlet: PressOutlet
    base: str
    canonical: str
    published_at: datetime
    related: Sequence[tuple[str, str]]  # address, headline
    picture: str = ""

    def word(self, name: str, otherwise: str = "") -> str:
        """The outlet's own word for a part of its page, escaped."""
        return escape(self.outlet.words.get(name, otherwise))

    @property
    def menu(self) -> str:
        """The outlet's sections as list items."""
        sections = dict.fromkeys(article.section for article in self.outlet.articles)
        return "".join(f'<li><a href="/{escape(name)}">{escape(name.capitalize())}</a></li>' for name in list(sections)[:SECTIONS])

    @property
    def related_items(self) -> str:
        return "".join(f'<li><a href="{escape(address)}">{escape(headline)}</a></li>' for address, headline in self.related)


def render(article: PressArticle, layout: Layout) -> str:
    """The page's HTML, as text."""
    return MARKUPS[layout.outlet.markup](article, layout)


def _structured(article: PressArticle, layout: Layout) -> str:
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "description": article.lead,
        "datePublished": layout.published_at.isoformat(),
        "author": {"@type": "Person", "name": article.author},
        "publisher": {"@type": "Organization", "name": layout.outlet.name},
        "mainEntityOfPage": layout.canonical,
        "image": {"@type": "ImageObject", "url": layout.picture},
    }
    ld = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    lead = f'<p class="lead"><strong>{escape(article.lead)}</strong></p>' if article.lead else ""
    return f"""<!doctype html><html lang="{_language(layout)}"><head>{_charset(layout)}
<title>{escape(article.headline)} - {escape(layout.outlet.name)}</title><link rel="canonical" href="{layout.canonical}">
{_open_graph(article, layout)}<script type="application/ld+json">{ld}</script></head>
<body><header><a href="/">{escape(layout.outlet.name)}</a><nav><ul>{layout.menu}</ul></nav></header>
<main><article><h1>{escape(article.headline)}</h1><p class="byline">{escape(article.author)}</p>{lead}{_paragraphs(article)}</article></main>
<aside><h3>{layout.word("related")}</h3><ul>{layout.related_items}</ul></aside>
<footer><p>{layout.word("footer")}</p></footer></body></html>"""


def _open_graphed(article: PressArticle, layout: Layout) -> str:
    lead = f'<p class="excerpt">{escape(article.lead)}</p>' if article.lead else ""
    return f"""<!doctype html><html lang="{_language(layout)}"><head>{_charset(layout)}<title>{escape(article.headline)} | {escape(layout.outlet.name)}</title>
<link rel="canonical" href="{layout.canonical}">{_open_graph(article, layout)}
<meta property="article:published_time" content="{layout.published_at.isoformat()}"><meta name="author" content="{escape(article.author)}"></head>
<body class="single-post"><div id="masthead"><ul class="menu">{layout.menu}</ul></div><div id="content"><div class="post">
<h1 class="entry-title">{escape(article.headline)}</h1><div class="entry-meta"><span class="author">{escape(article.author)}</span></div>
<div class="entry-content">{lead}{_paragraphs(article)}</div></div>
<div class="related-posts"><h3>{layout.word("related")}</h3><ul>{layout.related_items}</ul></div></div>
<div id="footer">{layout.word("footer")}</div></body></html>"""


def _divisions(article: PressArticle, layout: Layout) -> str:
    lead = f'<div class="lead">{escape(article.lead)}</div>' if article.lead else ""
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs)
    return f"""<html lang="{_language(layout)}"><head>{_charset(layout)}<title>{escape(layout.outlet.name)} :: {escape(article.headline)}</title></head>
<body><div id="top"><div class="menu"><ul>{layout.menu}</ul></div></div><div class="wrap"><div class="news-item">
<div class="headline"><h1>{escape(article.headline)}</h1></div><div class="meta"><span class="date">{layout.published_at:%d.%m.%Y %H:%M}</span>
<span class="author">{escape(article.author)}</span></div>{lead}<div class="txt">{text}</div></div>
<div class="sidebar"><b>{layout.word("related")}</b><ul>{layout.related_items}</ul></div></div>
<div class="bottom">{layout.word("footer")}</div><div id="cookie">{layout.word("cookies")}</div></body></html>"""


def _tables(article: PressArticle, layout: Layout) -> str:
    """An old site: tables, line breaks instead of paragraphs, no structured data."""
    parts = [f"<b>{escape(article.lead)}</b>"] if article.lead else []
    text = "<br><br>\n".join([*parts, *(escape(paragraph) for paragraph in article.paragraphs)])
    return f"""<html><head>{_charset(layout)}<title>{escape(article.headline)}</title></head><body bgcolor="#ffffff">
<table width="980"><tr><td colspan="3"><ul>{layout.menu}</ul></td></tr><tr><td width="600"><h1>{escape(article.headline)}</h1>
<small>{layout.published_at:%d.%m.%Y. %H:%M}</small> <i>{escape(article.author)}</i><div class="tekst">{text}</div></td>
<td><b>{layout.word("related")}</b><ul>{layout.related_items}</ul></td></tr><tr><td colspan="3">{layout.word("footer")}</td></tr></table></body></html>"""


def _microdata(article: PressArticle, layout: Layout) -> str:
    lead = f'<p itemprop="description">{escape(article.lead)}</p>' if article.lead else ""
    return f"""<!doctype html><html lang="{_language(layout)}"><head>{_charset(layout)}<title>{escape(article.headline)} – {escape(layout.outlet.name)}</title>
<meta name="description" content="{escape(article.lead or article.paragraphs[0])}"><meta name="twitter:image" content="{escape(layout.picture)}"></head>
<body><nav><ul>{layout.menu}</ul></nav><div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">{escape(article.headline)}</h1>
<time itemprop="datePublished" datetime="{layout.published_at.isoformat()}">{layout.published_at:%d/%m/%Y}</time>
<span itemprop="author">{escape(article.author)}</span>{lead}<section itemprop="articleBody">{_paragraphs(article)}</section></div>
<section class="more"><h2>{layout.word("related")}</h2><ul>{layout.related_items}</ul></section><footer>{layout.word("footer")}</footer></body></html>"""


MARKUPS: dict[str, Callable[[PressArticle, Layout], str]] = {
    "structured": _structured,
    "opengraph": _open_graphed,
    "divisions": _divisions,
    "tables": _tables,
    "microdata": _microdata,
}


def _open_graph(article: PressArticle, layout: Layout) -> str:
    values = {"title": article.headline, "description": article.lead or article.paragraphs[0], "type": "article", "url": layout.canonical}
    values["site_name"] = layout.outlet.name
    if layout.outlet.markup == "opengraph":  # the others name it in their structured data
        values["image"] = layout.picture
    return "".join(f'<meta property="og:{name}" content="{escape(value)}">' for name, value in values.items())


def _charset(layout: Layout) -> str:
    return f'<meta charset="{layout.outlet.charset}">' if layout.outlet.declared else ""


def _language(layout: Layout) -> str:
    return {"cnr": "sr-ME"}.get(layout.outlet.languages[0], layout.outlet.languages[0])


def _paragraphs(article: PressArticle) -> str:
    return "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in article.paragraphs)
