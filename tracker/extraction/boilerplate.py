"""What stands inside article texts and is none of it: links to other articles, tags, sign-ups, cookie lines, the headline again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from lxml.html import HtmlElement

from tracker.extraction.invitations import invites_to_follow

MAX_PROMPT_CHARS = 260
"""A prompt with the headline it leads to: the longest gold title of the corpus (175 characters) and a few words before it."""
TAIL_LINES = 8
"""How many of the last lines may be boilerplate that would be text elsewhere."""

_ELSEWHERE = (
    r"lexo(?:ni)? (?:edhe|m[eë] shum[eë]|gjithashtu|m[eë] tej|artikullin|k[eë]tu)|mund t[eë]? lexoni|t[eë] ngjashme|artikuj t[eë] (?:ngjashëm|lidhur)|"
    r"(?:pro)?[čc]itaj(?:te)? (?:još|i|više|takođe[r]?|jos|vise)|pročitajte|opširnije|opsirnije|povezan[ei] (?:vijesti|vesti|članci|tekstovi|sadržaj)|povezano|"
    r"vezan[ei] (?:vijesti|vesti|članci|tekst\w*)|više o ovoj temi|vidi još|pogledajte (?:još|i)|možda će vas zanimati|preporučujemo|"
    r"(?:про)?читај(?:те)? (?:још|и|више|уште|повеќе|такође)|прочитајте|прочитај|опширније|повезан[еи] (?:вести|текстови)|поврзани? (?:вести|содржини)|поврзано|"
    r"погледајте (?:још|и)|слични (?:вести|содржини)|"
    r"(?:also )?read(?: also| next| more(?: on this)?| the full story)|also read|see (?:also|more)|related(?: (?:articles?|stories|story|news|content|posts?))?|"
    r"don['’]t miss|you may also like|you might also like|more on this(?: story)?|recommended(?: reading| for you)?|most read(?: in \w+)?|keep reading|"
    r"lesen sie auch|lesen sie mehr|auch interessant|mehr zum thema|mehr dazu|zum thema|les også|lees ook|lire aussi|à lire aussi|lee también|"
    r"te puede interesar|leia (?:também|mais)|leggi anche|läs (?:också|även)|læs også|lue myös|czytaj (?:także|też|również)|přečtěte si|preberite (?:še|tudi)|"
    r"preberi (?:še|tudi)|olvassa el|haberin devamı|i̇?lginizi çekebilir|ayrıca bkz|вижте още|прочетете (?:още|и)|читайте (?:также|ещё)"
)
_PROMPT = re.compile(rf"^[\s\W]*(?:{_ELSEWHERE})\b", re.I)
_PROMPT_LINE = re.compile(rf"^[\s\W]*(?:{_ELSEWHERE})\s*(?::|\||-|–|—|>|»|\.\.\.|…|!|$)", re.I)
_TAIL = re.compile(
    r"^\W*(?:tags?|tagged|oznake|ključne reči|ključne riječi|etiket[ae]?(?:t|r)?|etiketler|fjal[eë]t? kyçe?|тагови|ознаке|клучни зборови|кључне речи|теми|keywords?|"
    r"schlagw(?:o|ö)rte?r?|topics?|share|shares?|shpërndaje?|shpërndani|podijeli(?:te)?|podeli(?:te)?|подели(?:те)?|comments?|komentar[ie]?|koment(?:e|et)|коментари?|"
    r"leave a (?:comment|reply)|ostavi(?:te)? komentar|lini një koment|advertisement|oglas|reklama|reklamë|marketing|оглас|реклама|"
    r"follow (?:us|me|\w+) on|na ndiqni|ndiqni|pratite nas|prati nas|пратите нас|следете нè|следете не|zaprati|"
    r"(?:sign|join) up (?:for|to)|subscribe|newsletter|abonohu|pretplati(?:te)? se|претплати(?:те)? се|prijavi(?:te)? se|"
    r"[^.!?]{0,60}mo(?:ž|z)ete pratiti (?:i )?(?:putem|preko|na|u)|[^.!?]{0,60}можете пратити (?:и )?(?:путем|преко|на|у)|"
    r"[^.!?]{0,60}може(?:те)? да (?:нè |ги )?(?:следите|читате) (?:и )?(?:преко|на)|(?:na )?(?:ndiqni|bashkohuni|lexoni) (?:edhe )?në (?:facebook|instagram|viber|google)|"
    r"(?:get|download|click here to get) (?:the|our) (?:\w+ ){0,3}(?:app|newsletter|updates?)|preuzmite (?:našu )?aplikaciju|shkarko(?:ni)? aplikacionin|"
    r"(?:copyright|all rights reserved|sva prava zadržana|sva prava pridržana|të gjitha të drejtat|сите права|сва права)|"
    r"ova (?:web )?stranica koristi (?:kolačiće|cookies)|ovaj sajt koristi|kjo faqe përdor|(?:this|our) (?:web)?site uses cookies|we use cookies|"
    r"оваа страница користи|овај сајт користи|an error has occurred|you must (?:be logged in|confirm)|log in or create|our standards:|"
    r"print this|order reprints|have a tip\?|write to \w+ \w+ at)\b.*$",
    re.I,
)
_HASHTAGS = re.compile(r"^\W*(?:#[\w-]+[\s,]*)+$|^\s*(?:©|\(c\)).*$", re.I)
_SHORT_PROMPTS = re.compile(
    r"^(?:video|foto|photo|фото|видео|audio|live|advertisement|reklama|reklamë|oglas|loading\.{0,3}|play|share|tweet|pin|email|print|facebook|twitter|whatsapp|viber)\W*$",
    re.I,
)
_LAYOUT_SIGNS = ("h1", "h2", "form", "nav", "table", "article", "iframe")
_DATE_LINE = re.compile(
    r"^\W*(?:(?:objavljeno|ažurirano|datum|publikuar|përditësuar|објављено|објавено|published|posted|updated|stand)\W+)?(?:\w{3,11},?\s+)?"
    r"(?:\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{4}\.?|\d{4}-\d\d-\d\d|\d{1,2}\.?\s+[^\W\d]{3,12}\.?,?\s+\d{4}\.?)"
    r"(?:[\sT,|@-]*(?:u\s+|në\s+|at\s+|в[о]?\s+)?\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:h|uhr|am|pm)?)?\W*$",
    re.I,
)
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_WORDS = re.compile(r"\w+")
_CONTAINERS = ("div", "section", "ol", "ul", "aside", "blockquote", "p", "article")
MIN_MARK_CHARS = 6  # the shortest of the names below
MAX_MARK_CHARS = 300
"""Shorter class names say nothing, longer ones are lists of a style sheet's tools."""

LINKED = 0.5
"""Share of linked text from which an element named as a pointer to other articles is one, however long."""

LINKED_IN_BOX = 0.15  # seen: a quarter, on a page of the corpus from Bulgaria
MAX_BOX_CHARS = 500
"""A box of one other article: its headline is linked, its first sentences are not."""

_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comment-?(?:s|list|section|area|body|wrapper)|komentar(?:i|et|ite)?|koment(?:e|et)|коментари(?:те)?|disqus_thread|fb-comments)(?:$|[\s_-])",
    re.I,
)
_COMMENTS_HEADING = re.compile(
    r"\W*(?:(?:komente?t?|komentar[ie]?|коментари?(?:те)?|comments?)\W{1,3}\d{1,5}|\d{1,5}\s(?:komente?|komentar[ai]?|коментара?и?|comments?))\W*",
    re.I,
)
"""With their number: "Koment" alone heads opinion pieces."""
_POINTER = re.compile(
    r"(?:^|[\s_-])(?:read[_-]?also|also[_-]?read|see[_-]?also|lexo[_-]?(?:edhe|gjithashtu)|te[_-]?ngjashme|procitaj(?:te)?(?:[_-](?:jos|i))?|vezan[ei]|"
    r"povezan[eio](?:[_-]\w+)?|relat(?:ed|ion)s?[_-]?(?:box|articles?|posts?|news|stor(?:y|ies)|links?)|slicne?[_-]vijesti|поврзани|слични)(?:$|[\s_-])",
    re.I,
)


def prune(tree: HtmlElement) -> None:
    """Takes comments, lists of links and prompts to read something else out of a tree. Tables that only lay out a page become blocks."""
    kept = [*tree.iter()]  # as long as somebody holds them lxml makes no new objects at each walk
    for node in [*tree.iter(*_CONTAINERS)]:
        if node.getparent() is not None and _is_beside_the_article(node):
            _drop(node)
    for table in [*tree.iter("table")]:
        if any(True for _ in table.iterdescendants(*_LAYOUT_SIGNS)):
            for node in table.iter("table", "tbody", "thead", "tfoot", "tr", "td", "th"):
                node.tag = "div"
    parents = dict.fromkeys(parent for item in tree.iter("li") if (parent := item.getparent()) is not None)
    for node in parents:
        if _is_link_list(node):
            _drop(node)
    for node in [*tree.iter("p", "div", "h2", "h3", "h4", "h5", "h6", "li", "strong", "span", "blockquote", "section", "aside")]:
        if node.getparent() is not None and _is_prompt(node):
            _drop(node)
    kept.clear()


def without_boilerplate(text: str, titles: Iterable[str]) -> str:
    """The lines of a text less the headline at its head, prompts to read other articles, and tags or sign-ups at its end."""
    keys = {key for title in titles if (key := _key(title))}
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    while lines and (_is_headline(lines[0], keys) or _DATE_LINE.match(lines[0])):
        del lines[0]
    if (
        len(lines) > 2
        and (place := next((n for n, line in enumerate(lines[:5]) if _is_headline(line, keys)), None)) is not None
        and len(" ".join(lines[:place])) < 200
    ):
        lines = lines[place + 1 :]
    while lines and _DATE_LINE.match(lines[0]):
        del lines[0]
    kept = [line for line in lines if not _leads_away(line)]
    end = len(kept)
    body, tail = kept[: max(1, end - TAIL_LINES)], kept[max(1, end - TAIL_LINES) :]
    return "\n".join(
        [*body, *(line for line in tail if not (len(line) <= MAX_PROMPT_CHARS and (_TAIL.match(line) or _HASHTAGS.match(line))))]
    )


def is_boilerplate_line(line: str) -> bool:
    """Whether a line, wherever it stands, is a prompt to read something else or to follow the outlet, tags, a sign-up, a mark of an
    advertisement or a date."""
    return any(pattern.match(line) for pattern in (_PROMPT_LINE, _TAIL, _HASHTAGS, _SHORT_PROMPTS, _DATE_LINE)) or invites_to_follow(line)


def _leads_away(line: str) -> bool:
    """Whether a line is none of the text, wherever it stands in it."""
    if len(line) <= MAX_PROMPT_CHARS and _PROMPT_LINE.match(line):
        return True
    return _SHORT_PROMPTS.match(line) is not None or invites_to_follow(line)


def _is_headline(line: str, titles: set[str]) -> bool:
    key = _key(line)
    return any(key == title or (key.endswith(title) and len(title) > 20 and len(key) < len(title) + 40) for title in titles)


def _is_link_list(node: HtmlElement) -> bool:
    if node.tag in ("body", "html", "main", "article") or len(node.findall("li")) < 2:
        return False
    whole = len(" ".join(node.text_content().split()))
    linked = sum(len(" ".join(link.text_content().split())) for link in node.iter("a"))
    return whole > 0 and linked >= 0.9 * whole


def _is_beside_the_article(node: HtmlElement) -> bool:
    """Whether an element is marked as comments, or as a pointer to other articles and holds hardly more than links."""
    if "comment" in (node.get("itemprop") or "").lower().split() or _is_headed_as_comments(node):
        return True
    names = f"{node.get('class') or ''} {node.get('id') or ''}"
    if len(names) < MIN_MARK_CHARS or len(names) > MAX_MARK_CHARS:
        return False
    if _COMMENTS.search(names):
        return not any(True for _ in islice(node.iter("h1"), 1))
    if not _POINTER.search(names):
        return False
    whole = len(" ".join(node.text_content().split()))
    linked = sum(len(" ".join(link.text_content().split())) for link in node.iter("a"))
    return linked >= (LINKED_IN_BOX if whole <= MAX_BOX_CHARS else LINKED) * whole and linked > 0


def _is_headed_as_comments(node: HtmlElement) -> bool:
    """Whether an element begins with a heading that counts comments, and goes on."""
    head = node[0] if len(node) > 1 and not (node.text or "").strip() else None
    if head is None or head.tag not in _HEADINGS:
        return False
    return _COMMENTS_HEADING.fullmatch(head.text_content()[:MAX_MARK_CHARS]) is not None and not any(
        True for _ in islice(node.iter("h1"), 1)
    )


def _is_prompt(node: HtmlElement) -> bool:
    start = (node.text or "").strip() or " ".join(node.text_content().split())[:60]
    if not _PROMPT.match(start):
        return False
    text = " ".join(node.text_content().split())
    linked = sum(len(" ".join(link.text_content().split())) for link in node.iter("a"))
    return len(text) <= MAX_PROMPT_CHARS and (linked >= 0.5 * len(text) or (bool(_PROMPT_LINE.match(text)) and linked > 0))


def _drop(node: HtmlElement) -> None:
    if node.getparent() is not None:
        node.drop_tree()


def _key(text: str) -> str:
    return "".join(_WORDS.findall(text.casefold()))
