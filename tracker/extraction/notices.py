"""Notices in an article's place on pages as long as any other: a removed page, a fault, a guard or a login within the outlet's whole template.

A page counts as one only where it holds hardly any running text. Menus, lists of headlines and footers have short lines, however many; an
article has paragraphs. A real page that is taken for a notice is asked for again, and named when it stays so.
"""

from __future__ import annotations

import re

from tracker.extraction.screen import ScreenedPage, one_line
from tracker.model import Skipped, SkipReason

PARAGRAPH_CHARS = 90
"""A line of running text; headlines in lists have fewer (99 of 100 in the corpus)."""
PROSE_CHARS = 330
"""Less running text than one paragraph of news; a footer has about 200."""
LINE_CHARS = 130
"""A notice is one line."""
TITLE_CHARS = 90
WHOLE_CHARS = 1200
"""A page that shows more has the outlet's template around it: there forms of comments ask whether one is a robot, too."""
MOST_LINES = 3000
"""A bound on the work."""

_SORRY = (
    r"(?:(?:oops|ups|uups|sorry|error|gabim|greška|greska|pogreška|грешка|obavijest|obaveštenje|njoftim|žao nam je|nažalost|izvinite|oprostite|kërkojmë ndjesë|na vjen keq|na falni|fatkeqësisht|"
    r"упс|жао нам је|нажалост|извините|жал ни е|за жал|се извинуваме|we(?:'|’)re sorry|we are sorry|unfortunately|404|410)\W{1,9}){0,2}(?:ali |но |but |por |dhe )?"
)
_MOST = r"(?:[\w'’]+\s+){0,6}?"
_LATIN = r"(?:ova |ovaj |tražen[aio] |trazen[aio] |željen[aio] )?(?:član(?:ak|ci)|clanak|artikal|tekst|vijest|vest|sadržaj|objava|stranica|strana|prilog|materijal|link|adresa)"
_CYRILLIC = (
    r"(?:ова |овај |оваа |овој |тражен[аио] |бараната |бараниот )?(?:члан(?:ак|ци)|чланок(?:от)?|артикал|текст(?:от)?|вијест|вест(?:а)?|садржај|објава(?:та)?|страниц[ае](?:та)?|"
    r"стран(?:а|ата)|прилог(?:от)?|материјал(?:от)?|статија(?:та)?|содржина(?:та)?|напис(?:от)?|линк(?:от)?|адреса(?:та)?)"
)
_ALBANIAN = r"(?:ky |kjo )?(?:artikulli|artikull|lajmi|lajm|faqja|faqe|përmbajtja|përmbajtje|postimi|postim|shkrimi|shkrim|teksti|materiali|lidhja|adresa)"
_ENGLISH = r"(?:the |this |that |requested )*(?:article|page|story|content|post|item|link|url)"
_ABSENT = re.compile(
    rf"^\W{{0,9}}{_SORRY}(?:"
    rf"{_LATIN}\s+{_MOST}(?:uklonjen\w*|obrisan\w*|povučen\w*|izbrisan\w*|sklonjen\w*|premješten\w*|premešten\w*|(?:više )?nije (?:više )?(?:dostup|aktiv|pronađ|nađen|objavljen)\w*|(?:više )?ne postoji|ne može (?:se |biti )?pronađ\w*)|"
    rf"{_CYRILLIC}\s+{_MOST}(?:уклоњен\w*|обрисан\w*|повучен\w*|избришан\w*|отстранет\w*|преместен\w*|премештен\w*|премјештен\w*|(?:више )?није (?:више )?(?:доступ|актив|пронађ|нађен|објављен)\w*|"
    r"(?:повеќе )?не е (?:повеќе )?(?:достап|актив|пронајд|најден|објавен)\w*|(?:повеќе |више )?не постои|(?:више )?не постоји|не може да се (?:најде|пронајде)|не може (?:се |бити )?пронађ\w*)|"
    rf"{_ALBANIAN}\s+{_MOST}(?:u hoq|u fshi|u largua|u tërhoq|është (?:hequr|fshirë|larguar|tërhequr|zhvendosur)|nuk ekziston|nuk gjendet|nuk u gjet|nuk (?:mund )?t[ëe] (?:gjendet|hapet)|"
    r"nuk është (?:më )?(?:(?:i|e|në) )?(?:disponueshëm|disponueshme|dispozicion|arritshëm|arritshme|aktiv\w*|gjetur|publikuar))|"
    rf"{_ENGLISH}\s+{_MOST}(?:removed|deleted|withdrawn|taken down|no longer (?:available|exists?|online)|(?:not|can(?:'|’)?t|cannot) be found|not found|not available|unavailable|does(?:n['’]t| not) exist|has moved)|"
    r"(?:we )?(?:could(?:n['’]t| not)|can(?:'|’)?t|cannot) find (?:the|that|this|what)|it looks like nothing was found|"
    r"(?:ne možemo|nismo mogli|nismo uspjeli|nismo uspeli) (?:da )?(?:pronaći|naći|pronađemo|nađemo)|(?:ne mozemo) (?:pronaći|naći)|nije pronađeno\W*$|ništa nije pronađeno\W*$|"
    r"(?:не можемо|нисмо могли) (?:да )?(?:пронаћи|наћи|пронађемо|нађемо)|не можеме да ја најдеме|не ја најдовме|није пронађено\W*$|ништа није пронађено\W*$|"
    r"nuk (?:e |mund ta )?(?:gjetëm|gjejmë)|nuk u gjet faqja|s['’]?u gjet faqja|nuk u gjet\W*$|not found\W*$|"
    r"(?:error|greška|gabim|gabimi|грешка|http)?\W*(?:404|410)\W*$"
    r")",
    re.I,
)
_NO_RESULTS = re.compile(
    r"^\W{0,9}(?:nothing (?:was |has been )?found|no (?:results|posts|articles) (?:were )?found|(?:rezultati pretrage\W{1,9})?nema (?:rezultata|objava|članaka|vijesti|vesti)\b|"
    r"нема (?:резултат\w*|објав\w*|членци)\b|asgjë nuk u gjet|nuk u gjet (?:asgjë|asnjë)|nuk ka (?:rezultate|postime|artikuj))",
    re.I,
)
"""Many templates hold these words for their search, out of sight."""
_FAULT = re.compile(
    rf"^\W{{0,9}}{_SORRY}(?:error establishing a database|database (?:connection )?error|internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|"
    r"(?:the )?(?:web ?)?server is (?:down|overloaded|busy|temporarily)|(?:the |this )?(?:web ?)?site is (?:offline|down|currently|temporarily|under maintenance)|(?:this )?account (?:has been |is )?suspended|"
    r"(?:greška|problem) (?:pri|prilikom|u|sa|s) (?:povezivanj|konekcij|pristup|bazi|bazom|serveru)\w*|gabim (?:gjatë|në) (?:lidhj|server|baz)\w*|"
    r"(?:грешка|проблем) (?:при|приликом|со|са|у|во) (?:повезувањ|повезивањ|конекциј|поврзувањ|базата|базом|серверот|серверу)\w*|"
    r"(?:naš |naša |ovaj )?(?:web ?)?(?:sajt|portal|stranica|server)\s+(?:je|su)\s+(?:trenutno |privremeno )*(?:nedostup|nedostupn|van funkcije|preopterećen|u fazi|u izradi|ne radi)\w*|"
    r"(?:naš )?(?:sajt|portal|server)\s+(?:trenutno|privremeno) (?:ne radi|nije dostup\w*)|"
    r"(?:нашиот |наш |овој |овај )?(?:веб ?)?(?:сајт(?:от)?|портал(?:от)?|страница(?:та)?|сервер(?:от)?)\s+(?:е|је)\s+(?:моментално |привремено |тренутно )*(?:недостап|недоступ|надвор од функција|ван функције|преоптоварен|преоптерећен)\w*|"
    r"(?:kjo )?(?:faqja|portali|serveri|uebsajti|sajti)\s+(?:ynë )?është (?:përkohësisht |momentalisht )*(?:jashtë|i padisponuesh|e padisponuesh|në mirëmbajtje|i mbingarkuar|e mbyllur|offline)\w*)",
    re.I,
)
_GUARD = re.compile(
    rf"^\W{{0,9}}{_SORRY}(?:access (?:is |to this page (?:has been |is ))?denied|too many requests|(?:your )?(?:ip|request) (?:address )?(?:has been |was |is )?(?:blocked|denied|rejected)|you (?:have been|are) blocked|"
    r"checking (?:your browser|if the site)|verify(?:ing)? (?:that )?you(?:r browser)?\b(?: are)?|please (?:verify|complete|confirm) (?!your e?-?mail)|one moment|just a moment|attention required|security check|are you (?:a )?(?:human|robot)|"
    r"request unsuccessful|pristup (?:je )?(?:odbijen|zabranjen|blokiran)|(?:po)?tvrdite da (?:niste|vi niste) robot|potvrdite da niste robot|da li ste robot|provjeravamo|proveravamo|previše zahtjeva|previše zahteva|vaša ip|"
    r"приступ (?:је )?(?:одбијен|забрањен|блокиран)|потврдите да нисте робот|проверавамо|пристапот (?:е|ви е) (?:одбиен|забранет|блокиран)|(?:потврдете|провери|проверете) дека не с(?:и|те) робот|премногу барања|превише захтева|"
    r"(?:qasja|hyrja) (?:juaj )?(?:është |u )?(?:bllokuar|bllokua|refuzuar|refuzua|mohuar|mohua|ndaluar)|verifiko(?:ni|het)? (?:që|se) (?:je|jeni)|konfirmoni (?:që|se) nuk jeni robot|shumë kërkesa|adresa juaj ip)",
    re.I,
)
_LOGIN = re.compile(
    r"^\W{0,9}(?:log ?in|sign in|login|register|prijavi(?:te)? se|prijava|uloguj(?:te)? se|registruj(?:te)? se|registriraj(?:te)? se|hyni|hyr|kyçu(?:ni)?|identifikohu(?:ni)?|regjistrohu(?:ni)?|"
    r"пријави(?:те)? се|пријава|улогуј(?:те)? се|најав[аи](?:те)?(?: се)?|најавете се|регистрирај(?:те)? се|региструј(?:те)? се)"
    r"(?:\s+(?:to|in|on|na|për|për të|në|за|на|u|у|за да|da|kako|your|svoj|svoju|vaš|llogarinë|tuaj|account|nalog|profil|lexuar|vazhduar|nastavili|nastavite|продолжите|профил|налог|account)\w*){0,6}\W*$",
    re.I,
)


def notice(screened: ScreenedPage, *hints: str) -> Skipped | None:
    """The notice that a page shows in an article's place; None where it has running text, or shows none. `hints`: what the list on which
    the page stood said of it."""
    if not is_bare(screened, *hints):
        return None
    titles = [title for title in (screened.heading, screened.title, screened.page_title) if title and len(title) <= LINE_CHARS]
    shown = screened.text[: screened.visible_chars].split("\n", MOST_LINES)[:MOST_LINES]
    lines = [*titles, *(line for line in shown if len(line) <= LINE_CHARS)]
    own = lines if screened.visible_chars < WHOLE_CHARS else titles
    for expression, where, reason, what in (
        (_GUARD, own, SkipReason.BOT_WALL, "the outlet's guard against robots answered instead of the article"),
        (_NO_RESULTS, own, SkipReason.ERROR_PAGE, "a search without results in place of the article"),
        (_ABSENT, lines, SkipReason.ERROR_PAGE, "a notice in place of the article"),
        (_FAULT, lines, SkipReason.ERROR_PAGE, "a fault of the server in place of the article"),
    ):
        if found := next((line for line in where if expression.match(line)), ""):
            return Skipped(reason, f'{what}: "{found[:80]}"')
    if found := next((title for title in titles if len(title) <= TITLE_CHARS and _LOGIN.match(title)), ""):
        return Skipped(SkipReason.LOGIN_WALL, f'a login instead of the article: "{found}"')
    return None


def is_bare(screened: ScreenedPage, *hints: str) -> bool:
    """Whether a page holds hardly any running text of its own, shown or in its data: lines as long as paragraphs that hold a sentence."""
    told = {one_line(hint) for hint in hints}
    prose = 0
    for line in screened.text.split("\n"):
        if len(line) >= PARAGRAPH_CHARS and ("." in line or "!" in line or "?" in line) and line not in told:
            prose += len(line)
            if prose >= PROSE_CHARS:
                return False
    return True
