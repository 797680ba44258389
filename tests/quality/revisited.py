"""Pages served twice: with other counters, dates, ads and links each time, and with planted edits and removals."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, fromstring, tostring

from tracker.model import Article
from tracker.revisions.blocks import key_of
from tracker.text.charsets import decode

HEADLINES = (
    "Qeveria miraton buxhetin e ri", "Ministri najavio nove mere", "Нов закон за безбедност", "Fire crews called to the harbour",
    "Cene goriva od ponoći", "Ulje cijena na pumpama", "Reprezentacija pobedila sa 3:1", "Parashikimi i motit për nesër",
    "Судот донесе пресуда", "Council approves new cycle lanes",
)  # fmt: skip
ADS = ("Buy one, get one free this weekend only", "Porosit tani dhe kurse 50%", "Naruči odmah, dostava besplatna", "Купи сега со попуст")
COMMENTS = (
    "Bravo!",
    "Ne slažem se sa autorom ovog teksta, mislim da nije u pravu.",
    "Shumë mirë e ke thënë.",
    "I read it twice.",
    "Точно така.",
)
PROMPTS = ("Lexo edhe:", "Pročitajte još:", "Прочитај и:", "Read also:", "Vezane vijesti:", "Прочитајте још:")
COOKIES = ("We use cookies to give you the best experience.", "Ova stranica koristi kolačiće.", "Kjo faqe përdor cookies.")
CORRECTIONS = (
    "Ispravka: u ranijoj verziji teksta pogrešno je naveden broj učesnika.",
    "Korrigjim: në versionin e mëparshëm emri i ministrit ishte shkruar gabim.",
    "Исправка: во претходната верзија погрешно беше наведена годината.",
    "Исправка: у ранијој верзији текста погрешно је наведено име.",
    "Correction: an earlier version of this article misstated the number of schools.",
    "Ispravak: u prethodnoj verziji teksta pogrešno je navedena funkcija.",
    "Demant: Ministarstvo je saopštilo da navodi iz teksta nisu tačni.",
    "Sqarim: redaksia kërkon falje për gabimin në titull.",
)
SENTENCES = (
    "Odluka stupa na snagu narednog mjeseca, saopšteno je danas.",
    "Vendimi hyn në fuqi muajin e ardhshëm, u tha sot.",
    "Одлуката стапува во сила следниот месец, соопштено е денеска.",
    "The decision takes effect next month, officials said.",
)


@dataclass(frozen=True)
class Served:
    """A page's tree, to be changed and written out."""

    tree: HtmlElement

    def page(self) -> bytes:
        return tostring(self.tree, encoding="utf-8", doctype="<!DOCTYPE html>")


def parsed(raw: bytes, content_type: str = "text/html") -> Served | None:
    """The page as UTF-8; None where it cannot be parsed."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(raw, content_type).text)
    text = re.sub(r"(<meta[^>]{0,80}charset\s*=\s*[\"']?)[\w-]+", r"\1utf-8", text, flags=re.I)
    try:
        tree = fromstring(text.encode("utf-8", "ignore"), parser=HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError):
        return None
    return Served(tree) if tree.tag == "html" and tree.find("body") is not None else None


def paragraphs(tree: HtmlElement, article: Article) -> list[HtmlElement]:
    """The article's paragraphs, in order."""
    body = f" {key_of(article.body)} "
    found = []
    for node in tree.iter("p"):
        key = key_of(node.text_content())
        if len(key) > 60 and f" {key} " in body and not any(True for _ in node.iterancestors("aside", "nav", "footer")):
            found.append(node)
    return found


def with_noise(served: Served, rng: random.Random, article: Article) -> Served:
    """The page with what moves on every page: at its head, within the text, beside and below."""
    tree = copy.deepcopy(served.tree)
    body = tree.find("body")
    own = paragraphs(tree, article)
    _counter(tree, rng)
    for kind in (_ad, _related, _prompt_line):
        if own and rng.random() < 0.7:
            _after(rng.choice(own), kind(rng))
    body.insert(0, _of(f'<div class="cookie-notice">{rng.choice(COOKIES)}</div>'))
    body.append(_of(_related_html(rng, "sidebar-latest")))
    body.append(
        _of(
            f'<section class="comments"><h3>{rng.randint(1, 90)} komentara</h3>'
            + "".join(f"<p>{rng.choice(COMMENTS)}</p>" for _ in range(rng.randint(1, 5)))
            + "</section>"
        )
    )
    return Served(tree)


def with_light_noise(served: Served, rng: random.Random, article: Article) -> Served:
    """The page with counters, dates, links and scripts that changed, and no running text beside the article's."""
    tree = copy.deepcopy(served.tree)
    own = paragraphs(tree, article)
    _counter(tree, rng)
    if own:
        _after(rng.choice(own), _prompt_line(rng))
    tree.find("body").append(_of(_related_html(rng, "sidebar-latest")))
    tree.find("body").append(_of(f"<script>var seen = {rng.randint(1, 10**9)};</script>"))
    return Served(tree)


def _counter(tree: HtmlElement, rng: random.Random) -> None:
    head = next(iter(tree.iter("h1")), None)
    if head is None or head.getparent() is None:
        return
    minutes, seen = rng.randint(1, 59), rng.randint(100, 99999)
    line = rng.choice(
        [
            f"{seen} pregleda | pre {minutes} minuta",
            f"Lexuar {seen} herë",
            f"Објавено пред {minutes} минути",
            f"Views: {seen}",
            f"27.11.2026 {minutes % 24}:{minutes:02d}",
        ]
    )
    _after(head, _of(f'<div class="meta-info"><span class="views">{line}</span></div>'))


def _ad(rng: random.Random) -> HtmlElement:
    return _of(f'<div class="{rng.choice(["ad-slot", "banner", "adsbygoogle", "reklama"])}">{rng.choice(ADS)} {rng.randint(1, 99)}</div>')


def _related(rng: random.Random) -> HtmlElement:
    return _of(_related_html(rng, rng.choice(["related", "read-more", "te-ngjashme", "vezane-vijesti"])))


def _related_html(rng: random.Random, name: str) -> str:
    items = "".join(f'<li><a href="/{rng.randint(1, 9999)}">{one}</a></li>' for one in rng.sample(HEADLINES, 3))
    return f'<div class="{name}"><h4>{rng.choice(PROMPTS)}</h4><ul>{items}</ul></div>'


def _prompt_line(rng: random.Random) -> HtmlElement:
    return _of(f'<p><strong>{rng.choice(PROMPTS)}</strong> <a href="/{rng.randint(1, 9999)}">{rng.choice(HEADLINES)}</a></p>')


def _of(markup: str) -> HtmlElement:
    return fromstring(markup)


def _after(node: HtmlElement, new: HtmlElement) -> None:
    new.tail, node.tail = node.tail, None
    node.addnext(new)


# --- edits: each changes a page's tree in place and says whether it could


Edit = Callable[[HtmlElement, random.Random, Article], bool]


def _in_text(node: HtmlElement, pattern: str, new: Callable[[re.Match[str]], str]) -> bool:
    """Changes the first place in an element's own text nodes."""
    for part in node.iter():
        for where in ("text", "tail"):
            if part is node and where == "tail":
                continue
            text = getattr(part, where)
            if text and (found := re.search(pattern, text)):
                setattr(part, where, text[: found.start()] + new(found) + text[found.end() :])
                return True
    return False


def number(tree: HtmlElement, rng: random.Random, article: Article) -> bool:
    return any(_in_text(node, r"\d+", lambda found: str(int(found[0]) + 7)) for node in _shuffled(tree, rng, article))


def name(tree: HtmlElement, rng: random.Random, article: Article) -> bool:
    return any(
        _in_text(node, r"(?<=[a-zа-яë] )[A-ZČŠŽĐЃЅЈЏ-Я][\w-]{3,}", lambda found: "Radovanović") for node in _shuffled(tree, rng, article)
    )


def word(tree: HtmlElement, rng: random.Random, article: Article) -> bool:
    return any(_in_text(node, r"(?<= )[^\W\d_]{5,}(?= )", lambda found: "navodno") for node in _shuffled(tree, rng, article))


def headline_word(tree: HtmlElement, rng: random.Random, article: Article) -> bool:
    words = article.title.split()
    if len(words) < 3:
        return False
    old, new = article.title, " ".join([*words[:-1], "povučeno"])
    changed = False
    for node in tree.iter("h1", "title"):
        if key_of(old) and f" {key_of(old)} " in f" {key_of(node.text_content())} ":
            for child in list(node):
                node.remove(child)
            node.text, changed = new, True
    for node in tree.iter("meta"):
        if (node.get("content") or "").strip() == old:
            node.set("content", new)
    return changed


def headline(tree: HtmlElement, rng: random.Random, article: Article) -> bool:
    heads = [node for node in tree.iter("h1") if f" {key_of(article.title)} " in f" {key_of(node.text_content())} " and article.title]
    for node in heads:
        for child in list(node):
            node.remove(child)
        node.text = "Sasvim drugi naslov o istom događaju"
    return bool(heads)


def paragraph_removed(tree: HtmlElement, rng: random.Random, article: Article) -> bool:
    own = paragraphs(tree, article)
    if len(own) < 4:
        return False
    node = rng.choice(own)
    node.drop_tree()
    return True


def paragraph_added(tree: HtmlElement, rng: random.Random, article: Article) -> bool:
    own = paragraphs(tree, article)
    if len(own) < 3:
        return False
    new = _of("<p></p>")
    new.text = f"{rng.choice(SENTENCES)} {rng.choice(SENTENCES)}"
    for key, value in own[0].attrib.items():
        new.set(key, value)
    _after(rng.choice(own), new)
    return True


def sentence_added(tree: HtmlElement, rng: random.Random, article: Article) -> bool:
    own = paragraphs(tree, article)
    if not own:
        return False
    node = rng.choice(own)
    last = node[-1] if len(node) else None
    if last is None:
        node.text = f"{node.text or ''} {rng.choice(SENTENCES)}"
    else:
        last.tail = f"{last.tail or ''} {rng.choice(SENTENCES)}"
    return True


def correction(tree: HtmlElement, rng: random.Random, article: Article) -> bool:
    own = paragraphs(tree, article)
    if not own:
        return False
    line = rng.choice(CORRECTIONS)
    markup = rng.choice(["<p><em>{}</em></p>", "<p>{}</p>", '<div class="note">{}</div>', "<p><strong>{}</strong></p>"])
    new = _of(markup.format(line))
    if rng.random() < 0.3:
        own[0].addprevious(new)
    else:
        _after(own[-1], new)
    return True


def quote_changed(tree: HtmlElement, rng: random.Random, article: Article) -> bool:
    return any(
        _in_text(node, r"[„“\"»«][^„“”\"»«]{15,}?(?= [^\W\d_]{4,})", lambda found: found[0] + " nikada")
        for node in _shuffled(tree, rng, article)
    )


EDITS: dict[str, Edit] = {
    "number": number, "name": name, "word": word, "headline word": headline_word, "headline": headline, "paragraph removed": paragraph_removed,
    "paragraph added": paragraph_added, "sentence added": sentence_added, "correction": correction, "quote changed": quote_changed,
}  # fmt: skip


def _shuffled(tree: HtmlElement, rng: random.Random, article: Article) -> list[HtmlElement]:
    own = paragraphs(tree, article)
    rng.shuffle(own)
    return own


# --- removals: what stands at the address afterwards


def soft_404(served: Served, rng: random.Random, article: Article) -> bytes:
    """The outlet's own page around a notice."""
    tree = copy.deepcopy(served.tree)
    notice = rng.choice(
        ["Stranica nije pronađena", "Faqja nuk u gjet", "Страницата не е пронајдена", "Page not found", "Страница није пронађена", "404"]
    )
    _emptied(
        tree,
        article,
        notice,
        rng.choice(
            [
                "Tražena stranica ne postoji.",
                "Na vijmë keq, faqja që kërkoni nuk ekziston.",
                "Sorry, nothing here.",
                "Ова содржина повеќе не е достапна.",
            ]
        ),
    )
    return Served(tree).page()


def removed_notice(served: Served, rng: random.Random, article: Article) -> bytes:
    tree = copy.deepcopy(served.tree)
    notice = rng.choice(
        [
            "Članak je uklonjen",
            "Artikulli është fshirë",
            "Статијата е избришана",
            "This article has been removed",
            "Чланак је уклоњен",
            "Vijest je obrisana",
        ]
    )
    _emptied(tree, article, notice, notice + ".", keep_title=rng.random() < 0.5)
    return Served(tree).page()


def paywalled(served: Served, rng: random.Random, article: Article) -> bytes:
    tree = copy.deepcopy(served.tree)
    own = paragraphs(tree, article)
    wall = rng.choice(
        [
            "Sadržaj je dostupan samo za pretplatnike. Prijavite se.",
            "Vetëm për abonentë. Abonohuni për të vazhduar leximin.",
            "Само за претплатници. Најавете се.",
            "This content is for subscribers only. Subscribe to continue reading.",
        ]
    )
    for node in own[1:]:
        node.drop_tree()
    if own:
        _after(own[0], _of(f'<div class="paywall"><p>{wall}</p></div>'))
    return Served(tree).page()


def front_page(served: Served, rng: random.Random, article: Article) -> bytes:
    items = "".join(f'<article><h2><a href="/{n}">{one}</a></h2></article>' for n, one in enumerate(HEADLINES * 3))
    return f"<html><head><title>Portal</title></head><body><nav><a href='/'>Naslovna</a></nav><main>{items}</main></body></html>".encode()


REMOVALS = {"soft 404": soft_404, "removed": removed_notice, "paywalled": paywalled, "front page": front_page}


def _emptied(tree: HtmlElement, article: Article, title: str, notice: str, *, keep_title: bool = False) -> None:
    """Takes the article's text out, puts a notice in its place and, unless it stays, the notice's title in the headline's."""
    own = paragraphs(tree, article)
    if own:
        _after(own[0], _of(f'<p class="notice">{notice}</p>'))
    for node in own:
        if node.getparent() is not None:
            node.drop_tree()
    for node in tree.iter("p", "div", "span", "td", "li", "h2", "h3", "blockquote", "pre"):
        if node.get("class") != "notice" and not len(node) and len(key := key_of(node.text or "")) > 20 and key in key_of(article.body):
            node.text = ""
    if not keep_title:
        _retitled(tree, key_of(article.title), title)


def _retitled(tree: HtmlElement, old: str, title: str) -> None:
    for node in tree.iter("h1", "title"):
        for child in list(node):
            node.remove(child)
        node.text = title
    for node in tree.iter("meta"):
        if old and old in key_of(node.get("content") or ""):
            node.set("content", title)
