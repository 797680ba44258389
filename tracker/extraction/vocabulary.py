"""What pages say that are no article: removed, not found, a fault, a guard, a login, a payment, in the region's languages.

The one home of these words. Parts of expressions, in small letters with their marks; who looks for them composes what it needs, says where
in a text it may stand, and compiles it with `compiled`, which finds letters without their marks too.
"""

from __future__ import annotations

import re

_WITHOUT_MARKS = {"č": "[čc]", "ć": "[ćc]", "š": "[šs]", "ž": "[žz]", "đ": "(?:đ|dj?)", "ë": "[ëe]", "ç": "[çc]", "’": "['’]"}
"""How a letter of an expression may be written. No set of characters in an expression may hold one."""


def compiled(expression: str, flags: int = 0) -> re.Pattern[str]:
    """An expression of these words, in any letters' size, with or without the letters' marks."""
    return re.compile("".join(_WITHOUT_MARKS.get(sign, sign) for sign in expression), re.I | flags)


SORRY = (
    r"(?:(?:oops|ups|uups|sorry|error|gabim|gabimi|greška|pogreška|napaka|грешка|obavijest|obaveštenje|njoftim|žao nam je|nažalost|izvinite|oprostite|ispričavamo se|"
    r"kërkojmë ndjesë|kërkojmë falje|na vjen keq|na falni|fatkeqësisht|упс|жао нам је|нажалост|извините|жал ни е|за жал|се извинуваме|"
    r"we’re sorry|we are sorry|unfortunately|404|410)\W{1,9}){0,2}(?:ali |но |but |por |dhe )?"
)
"""What may stand before a notice."""
ANY_WORDS = r"(?:(?!and\b|but\b)[\w'\u2019]+\s+){0,6}?"
"""What may stand between a thing and what became of it."""

THINGS = {
    "latin": r"(?:ova |ovaj |ovo |tražen[aio] |željen[aio] )?(?:član(?:ak|ci)|artikal|tekst|vijest|vest|sadržaj|objava|stranica|strana|prilog|priča|materijal|link|adresa)",
    "cyrillic": r"(?:ова |овај |оваа |овој |тражен[аио] |бараната |бараниот )?(?:члан(?:ак|ци)|чланок(?:от)?|артикал|текст(?:от)?|вијест|вест(?:а)?|садржај|објава(?:та)?|страниц[ае](?:та)?|"
    r"стран(?:а|ата)|прилог(?:от)?|прич[ае]|материјал(?:от)?|статија(?:та)?|содржина(?:та)?|напис(?:от)?|линк(?:от)?|адреса(?:та)?)",
    "albanian": r"(?:ky |kjo )?(?:artikulli|artikull|lajmi|lajm|faqja|faqe|përmbajtja|përmbajtje|postimi|postim|shkrimi|shkrim|teksti|materiali|lidhja|adresa)",
    "english": r"(?:the |this |that |requested )*(?:article|page|story|content|post|item|link|url|document|file)",
}
_TAKEN_DOWN = {
    "latin": r"uklonjen\w*|obrisan\w*|povučen\w*|izbrisan\w*|sklonjen\w*|skinut\w*|premješten\w*|premešten\w*",
    "cyrillic": r"уклоњен\w*|обрисан\w*|повучен\w*|избришан\w*|отстранет\w*|тргнат\w*|склоњен\w*|преместен\w*|премештен\w*|премјештен\w*",
    "albanian": r"u hoq|u fshi|u largua|u tërhoq|(?:është|qenka) (?:hequr|fshirë|larguar|tërhequr|zhvendosur)",
    "english": r"removed|deleted|withdrawn|taken down|(?:has |was |been |is )moved|moved (?:to|permanently)",
}
_NOT_THERE = {
    "latin": r"(?:više )?nije (?:više )?(?:dostup|aktiv|pronađ|nađen|objavljen)\w*|(?:više )?ne postoji|ne može (?:se |biti )?pronađ\w*|se ne može pronaći",
    "cyrillic": r"(?:више )?није (?:више )?(?:доступ|актив|пронађ|нађен|објављен)\w*|(?:повеќе )?не (?:е|беше) (?:повеќе )?(?:достап|актив|пронајд|најден|објавен)\w*|"
    r"(?:повеќе |више )?не постои|(?:више )?не постоји|не може да се (?:најде|пронајде)|не може (?:се |бити )?пронађ\w*|се не може пронаћи",
    "albanian": r"nuk ekziston|nuk gjendet|nuk u gjet|nuk (?:mund )?të (?:gjendet|hapet)|nuk mund ta gjejmë|"
    r"nuk është (?:më )?(?:(?:i|e|në) )?(?:disponueshëm|disponueshme|dispozicion|arritshëm|arritshme|aktiv\w*|gjetur|publikuar)",
    "english": r"no longer (?:available|exists?|online)|(?:not|can’?t|cannot|could not) be found|not (?:be )?(?:found|available)|unavailable|does(?:n’?t| not) exist",
}


def absent(between: str = ANY_WORDS, *, taken_down: bool = True) -> str:
    """That an article, or whatever else stands for one, is not there. `between`: what may stand between the two. Without `taken_down`
    only that nothing is found: a headline may say of somebody else's article that it was removed."""
    said = ({family: f"{_TAKEN_DOWN[family]}|{words}" for family, words in _NOT_THERE.items()}) if taken_down else _NOT_THERE
    return "|".join(rf"{thing}\s+{between}(?:{said[family]})" for family, thing in THINGS.items())


NOT_FOUND = (
    r"(?:we )?(?:could(?:n’?t| not)|can’?t|cannot) find (?:the|that|this|what)|it looks like nothing was found|"
    r"(?:ne možemo|nismo mogli|nismo uspjeli|nismo uspeli) (?:da )?(?:pronaći|naći|pronađemo|nađemo)|"
    r"(?:не можемо|нисмо могли|нисмо успели) (?:да )?(?:пронаћи|наћи|пронађемо|нађемо)|не можеме да ја најдеме|не ја најдовме|не успеавме да (?:ја |го )?најдеме|"
    r"nuk (?:e |mund ta )?(?:gjetëm|gjejmë)|nuk u gjet faqja|s’?u gjet faqja"
)
"""The same with "we"."""
ONLY_NOT_FOUND = r"nije pronađeno|ništa nije pronađeno|није пронађено|ништа није пронађено|nuk u gjet|not found|(?:error|greška|gabimi?|грешка|http)?\W{0,9}(?:404|410)"
"""The same as a whole line."""
NOT_FOUND_ANYWHERE = (
    r"\b(?:404|410)\b|not found|nije pronađen\w*|nije nađen\w*|није пронађен\w*|није нађен\w*|не е пронајден\w*|не е најден\w*|не постои|ne postoji|не постоји|"
    r"nuk (?:u gjet|ekziston|gjendet|mund të gjendet)|oops|ups\b|упс"
)
"""The same within a few words, where an article is missed already."""
TITLES_OF_ERRORS = (
    r"(?:the |this )?(?:requested )?(?:page|url|document|article|file|content) has been removed|nothing (?:was )?found|nema rezultata|нема резултата|nuk u gjet asgjë|"
    r"stran(?:i)? ni(?:smo)? (?:bila )?(?:mogoče )?(?:najdena|našli|najti)|страницата не е намерена|"
    r"account suspended|this account has been suspended|(?:this )?domain (?:is )?(?:for sale|parked|expired)|index of /|default web site page|welcome to nginx|apache2? \w+ default page|"
    r"(?:(?:site|website|sajt|stranica|faqja|сајтот|сајт)\s+)?(?:is )?(?:under (?:maintenance|construction)|u izradi|u pripremi|në mirëmbajtje|në ndërtim|во изработка|у изради)|maintenance mode|scheduled maintenance"
)
"""Whole titles, or their first part: no headline is any of them, also above a long text."""
ASKED_FOR = (
    r"(?:(?:was|is|could|can|has|you requested|koju tražite|коју тражите|што ја барате|e kërkuar|që kërkuat|që kërkoni|që po kërkoni)\s+)?"
)
"""What stands between in a title."""
TAKEN_DOWN_ALONE = r"\b(?:uklonjeno|obrisano|уклоњено|обрисано|отстрането|избришано|e fshirë|e hequr)\b"
NO_RESULTS = (
    r"nothing (?:was |has been )?found|no (?:results|posts|articles) (?:were )?found|(?:rezultati pretrage\W{1,9})?nema (?:rezultata|objava|članaka|vijesti|vesti)\b|"
    r"нема (?:резултат\w*|објав\w*|членци|чланака)\b|asgjë nuk u gjet|nuk u gjet (?:asgjë|asnjë)|nuk ka (?:rezultate|postime|artikuj)"
)
"""Many templates hold these words for their search, out of sight."""

SERVER_FAULTS = r"internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|error establishing (?:a )?database(?: connection)?|database (?:connection )?error"
"""As servers and their programs name them, in English everywhere."""
FAULTS = (
    rf"{SERVER_FAULTS}|(?:the )?(?:web ?)?server is (?:down|overloaded|busy|temporarily)|(?:the |this )?(?:web ?)?site is (?:offline|down|currently|temporarily|under maintenance)|"
    r"(?:this )?account (?:has been |is )?suspended|"
    r"(?:greška|problem) (?:pri|prilikom|u|sa|s|na) (?:povezivanj|konekcij|pristup|bazi|bazom|serveru)\w*|(?:došlo je do|dogodila se) grešk\w+ (?:na serveru|u bazi|u sistemu|u sustavu|prilikom povezivanja)|gabim (?:gjatë|në) (?:lidhj|server|baz)\w*|"
    r"(?:грешка|проблем) (?:при|приликом|со|са|у|во|на) (?:повезувањ|повезивањ|конекциј|поврзувањ|базата|базом|серверот|серверу)\w*|"
    r"(?:naš |naša |ovaj )?(?:web ?)?(?:sajt|portal|stranica|server)\s+(?:je|su)\s+(?:trenutno |privremeno )*(?:nedostup|van funkcije|preopterećen|u fazi|u izradi|ne radi)\w*|"
    r"(?:naš )?(?:sajt|portal|server)\s+(?:trenutno|privremeno) (?:ne radi|nije dostup\w*)|"
    r"(?:нашиот |наш |овој |овај )?(?:веб ?)?(?:сајт(?:от)?|портал(?:от)?|страница(?:та)?|сервер(?:от)?)\s+(?:е|је)\s+(?:моментално |привремено |тренутно )*(?:недостап|недоступ|надвор од функција|ван функције|преоптоварен|преоптерећен)\w*|"
    r"(?:kjo )?(?:faqja|portali|serveri|uebsajti|sajti)\s+(?:ynë )?është (?:përkohësisht |momentalisht )*(?:jashtë|[ei] (?:padisponuesh|mbingarkuar|mbyllur)|në mirëmbajtje|offline)\w*"
)
_SITE = r"(?:site|website|web ?site|page|portal|sajt|stranica|portali?|faqja|сајт(?:от)?|страница(?:та)?|портал(?:от)?)"
PROGRAM_FAULTS = (
    r"there has been a critical error on|(?:došlo je do|dogodila se) (?:kritičn|fataln)\w+ grešk|дошло је до критичне грешке|настана критична грешка|gabim kritik në këtë|"
    r"sqlstate\[|(?:could not|cannot|can'?t|unable to|failed to) connect to (?:the |local )?(?:mysql|mariadb|postgresql|database|db\b|redis)|too many connections|"
    r"(?:database|db) (?:connection )?(?:failed|error|is (?:down|unavailable))|connection failed:|"
    r"\b(?:fatal|parse) error\b.{0,300}(?: in /|on line \d)|\bwarning\b: .{0,300}on line \d|server error in '/|an application error occurred on the server|"
    r"unexpected error\. please try again|something went wrong\b.{0,40}$|"
    r"briefly unavailable for|we(?:'|’| wi)ll be back (?:soon|shortly|online)|performing (?:some |scheduled |routine )?maintenance|maintenance mode|"
    rf"\b{_SITE} (?:\w+ ){{0,3}}(?:under|undergoing|down for|unavailable (?:due to|for)) (?:\w+ )?maintenance|"
    rf"\b{_SITE} (?:je|е|је|është|po) (?:\w+ ){{0,3}}(?:u fazi|zbog|radi|у фази|због|ради|поради|në|për shkak të|për arsye) (?:održav|одржав|одржув|mirëmbajt)|"
    r"resource limit is reached|bandwidth limit exceeded|connection timed out|rate limit exceeded|please contact your hosting provider|"
    r"domain (?:name )?(?:may be|is) for sale|(?:need|have) to enable javascript to run this app|please enable javascript before you are allowed|"
    r"making sure you.{1,9} not a bot|access to this site has been limited|провер(?:авамо|уваме) (?:го )?ваш\w+ пре|proveravamo vaš|"
    r"^\{ ?\"(?:error|success|status|code|message|ok)\" ?:"
)
"""What programs of a site say of themselves, anywhere on a short page."""
PASSING = (
    rf"\b50[0-4]\b|{SERVER_FAULTS}|database connection|error establishing|"
    r"maintenance|mirëmbajtje|održavanj|одржава|одржув|under construction|u izradi|во изработка|у изради|në ndërtim|u pripremi|temporarily|privremeno|привремено|përkohësisht|"
    r"try again later|pokušajte (?:ponovo )?kasnije|покушајте (?:поново )?касније|обидете се (?:повторно )?подоцна|provoni (?:përsëri )?më vonë"
)
"""A fault within a few words, where an article is missed already."""

CHALLENGES = (
    r"just a moment|attention required|checking (?:if the site|your browser)|ddos-guard|are you (?:a )?(?:robot|human)|(?:please )?verify (?:that )?you are (?:a )?human|"
    r"verifying you are human|human verification|robot check|security check|request unsuccessful|(?:sorry, )?you have been blocked|bot verification|"
    r"performing security verification|request rejected|pardon our interruption|enable javascript and cookies|one moment,? please"
)
"""A guard's own titles."""
CHALLENGES_ALONE = r"please wait|captcha|403 forbidden|forbidden|access (?:to this page has been )?denied"
"""Titles of a guard on pages that show hardly anything else."""
GUARDS = (
    rf"{CHALLENGES}|access (?:is |to this page (?:has been |is ))?denied|too many requests|(?:your )?(?:ip|request) (?:address )?(?:has been |was |is )?(?:blocked|denied|rejected)|you (?:have been|are) blocked|"
    r"verify(?:ing)? (?:that )?you(?:r browser)?\b(?: are)?|please (?:verify|complete|confirm) (?!your e?-?mail)|(?:confirm|prove) (?:that )?you(?:’re| are) (?:human|(?:not )?a (?:ro)?bot)|i(?:’m| am) not a robot|one moment|unusual (?:traffic|activity)|suspicious (?:traffic|activity)|"
    r"pristup (?:vam )?(?:je )?(?:odbijen|zabranjen|blokiran|ograničen|onemogućen)|(?:molimo(?: vas)?,? )?(?:po)?tvrdite da (?:niste|vi niste|ste|nisi)\b|dokažite da (?:niste|ste)|nisam robot|da li ste (?:robot|čovjek|čovek)|jeste li (?:robot|čovjek|čovek)|"
    r"provjeravamo|proveravamo|provjera (?:preglednika|sigurnosti)|provera (?:pregledača|bezbednosti)|(?:sigurnosna|bezbednosna|bezbjednosna) prov(?:j)?era|previše (?:zahtjeva|zahteva|upita)|(?:vaša|tvoja) ip|vaš (?:zahtjev|zahtev) je (?:odbijen|blokiran)|neuobičajen\w* (?:promet|saobraćaj|aktivnost)|"
    r"приступ (?:вам )?(?:је )?(?:одбијен|забрањен|блокиран|ограничен|онемогућен)|(?:молимо(?: вас)?,? )?(?:по)?тврдите да (?:нисте|сте)\b|докажите да (?:нисте|сте)|нисам робот|да ли сте (?:робот|човек|човјек)|проверавамо|провјеравамо|провера (?:прегледача|безбедности)|безбедносна провер[ак]\w*|(?:ваша|вашата) ип|"
    r"ваш захт(?:ј)?ев је (?:одбијен|блокиран)|пристапот (?:е|ви е) (?:одбиен|забранет|блокиран|ограничен|оневозможен)|(?:потврдете|провери|проверете|докажете) дека (?:не )?с(?:и|те)\b|не сум робот|дали сте (?:робот|човек)|"
    r"ве проверуваме|го проверуваме|проверка на (?:прелистувачот|безбедноста)|премногу барања|превише захт(?:ј)?ева|вашето барање е (?:одбиено|блокирано)|невообичаен\w* (?:сообраќај|активност)|"
    r"(?:qasja|hyrja|aksesi) (?:juaj )?(?:është |ju është |u |ju u )?(?:bllokuar|bllokua|refuzuar|refuzua|mohuar|mohua|ndaluar|kufizuar|kufizua)|(?:ju lutem(?:i)?,? )?(?:verifiko(?:ni|het)?|konfirmo(?:ni)?|vërteto(?:ni)?) (?:që|se) (?:nuk )?(?:je|jeni)\b|"
    r"unë nuk jam robot|a jeni (?:robot|njeri)|po (?:verifikojmë|kontrollojmë) (?:shfletuesin|nëse|që|lidhjen)|kontroll(?:i)? (?:i )?sigurisë|(?:shumë|tepër) (?:shumë )?kërkesa|adresa juaj ip|kërkesa juaj (?:u|është) (?:bllokua|bllokuar|refuzua|refuzuar)|trafik i pazakontë"
)
GUARD_TEXTS = (
    r"enable javascript and cookies to continue|checking if the site connection is secure|completing the captcha|verify you are (?:a )?human|ray id:?\s*[0-9a-f]{8}|"
    r"incapsula incident id|unusual traffic from your|your request has been blocked|needs to review the security of your connection|provera da niste robot"
)
"""Words that stand nowhere but in a guard's text."""
COOKIES = r"cookies?\b|kolačić|колачић|kukit|biskot|колачињ|gdpr|(?:privacy|consent)\b|privatnost|privatësi|приватност|biskov"
COOKIE_TITLES = r"before you continue|your privacy|we value your privacy|cookies?(?: consent| policy| settings)?|consent|privatësia juaj|vaša privatnost|вашата приватност|ваша приватност"

PARTNERS = (
    r"\bwe and our (?:\d+ )?partners|\bmi i naši (?:\d+ )?partner|\bми и наши(?:те)? (?:\d+ )?партнер|\bne dhe (?:\d+ )?partnerët tanë"
)
"""A question of advertising partners."""

LOGINS = r"log ?in|sign ?in|prijavi(?:te)? se|prijava|uloguj(?:te)? se|hyni|hyr|kyçu(?:ni)?|identifikohu(?:ni)?|пријави(?:те)? се|пријава|улогуј(?:те)? се|најав[аи](?:те)?(?: се)?|најавете се"
REGISTRATIONS = (
    r"register|registruj(?:te)? se|registriraj(?:te)? se|regjistrohu(?:ni)?|регистрирај(?:те)? се|региструј(?:те)? се|регистрирајте се"
)
SUBSCRIPTIONS = r"subscribe|pretplata|претплата|abonohu"
LOGIN_OBJECTS = (
    r"to|in|on|na|për|për të|në|за|на|u|у|за да|da|kako|your|svoj|svoju|vaš|llogarinë|tuaj|account|nalog|profil|lexuar|vazhduar|nastavili|nastavite|продолжите|профил|налог|"
    r"biste|бисте|свој|наставили|вашата|вашиот|сметка|continue|reading|čitanj|pročita|читањ|прочита|корисничк|korisničk|račun|рачун|leximin"
)
"""Words that go on from a login's: to what, and what for."""
FIRST_PAYWALLS = (
    r"(?:subscribe|log ?in|sign in|register) (?:now )?(?:to|and) (?:read|continue|view|access)|(?:only|exclusively) for subscribers|subscribers only|"
    r"(?:samo|dostupn\w*|dostupan) za pretplatnike|pretplatite se (?:da|kako)|prijavite se (?:da|kako|za)|(?:само|достап\w*|доступн\w*) за претплатниц?и|претплатете се за|најавете се за|"
    r"vetëm për abonentët|abonohu(?:ni)? për të|kyçu(?:ni)? për të|nastavak (?:teksta )?(?:je )?dostupan (?:samo )?(?:pretplatnicima|uz pretplatu)|ostatak teksta .{0,40}pretplat"
)
"""Words so plain that a short page with them is no article; of a page seen for the first time."""
PAYWALLS = (
    r"(?:(?:samo|isključivo|ekskluzivno) (?:za )?(?:pretplatni[ck]|registriran|registrovan|prijavljen)|za pretplatnike|pretplatite se|prijavite se|postanite pretplatnik|nastavite (?:s )?čitanj|ostatak (?:teksta|članka|vijesti|vesti)|sadržaj je zaključan|da biste (?:na)?stavili|registrujte se|registrirajte se|"
    r"(?:само )?за претплатници|(?:само|искључиво|исклучиво) (?:за )?(?:претплатни[кцч]|регистр|пријављен|најавен)|претплатите се|претплатете се|најавете се|пријавите се|региструјте се|продолжете со читање|наставите читање|за претплатнике|"
    r"vetëm për (?:abonent|anëtar|të (?:abonuar|regjistruar)|përdorues)|duke u (?:abonuar|regjistruar|identifikuar)|abonohu(?:ni)?|për të vazhduar leximin|identifikohu(?:ni)?|hyni në llogari|kyçuni|regjistrohu(?:ni)?|"
    r"subscribers? only|for subscribers|subscribe to (?:read|continue|unlock)|to continue reading|continue reading (?:this|with|by)|log ?in to (?:read|continue)|sign in to (?:read|continue)|already a subscriber|premium (?:content|članak|artikull|sadržaj)|members only|register to (?:read|continue)|please (?:log|sign) in|create (?:a free |an )?account to|subscribe (?:now )?to keep reading)"
)
"""Words that a template may hold too: of a page that did not have them before."""
SUBSCRIBING = (
    r"pretplat|претплат|abonent|abonoh|abonim|abonuar|anëtarës|subscri|log ?in|sign ?in|prijavi(?:te|ti)|prijavljen|пријави(?:те|ти)|пријављен|најави|најаве|kyçu|kyçe|logged in|register (?:for|now|to)|for members|members only|registrirani\b|registrovani\b|регистрирани\b|регистровани\b|identifiko|\bhyni\b|uloguj|улогуј|registriraj|registrujte|регистрирај|региструј|registracij|"
    r"regjistro|премиум|premium|članstv|чланств|членств"
)
THE_REST = (
    r"nastav|настав|продолж|vazhd|\brest\b|continue|ostatak|остат|pjesën tjetër|\bcijel|\bceo\b|\bcel[aiou]|\bцео\b|\bцел[аиоу]|\bцијел|plotë|plote|\bfull\b|\bentire\b|samo\b|само\b|isključivo|искључиво|исклучиво|vetëm|\bonly\b|"
    r"dostup|доступ|достап|disponuesh|qasje|availab|potreb|потреб|nevojit|kërkohet|requir|unlock|otključ|отклуч|откључ|zhblloko"
)
ACCOUNTS = r"account|nalog|profil\b|račun|llogari|налог|профил|рачун|сметка"
NEWS_BY_MAIL = r"newsletter|bilten|buletin|билтен|\bkanal|\bканал|channel|njoftime|obav(?:j)?eštenj|обав(?:ј)?ештењ|известувањ"
"""A subscription that is none to read by."""
COMMENTS = r"koment|коментар|коментир|comment|diskusij|дискусиј|anket|анкет|glasa|гласа|vote"
"""What readers do under an article, for which they are asked to log in or whether they are human."""
READING = r"qasje|za pristup|за приступ|за пристап|full access|bez ograničenja|без ограничењ|lexo|lexu|lexim|čita|чита|\bread|\bview\b|sadržaj|содржин|садржај|përmbajtj|content|article|artikull|člank?a|чланк?а|\bstory\b|vijesti|\btekst|\bтекст|стати"
"""What a login is for, in place of the rest."""

_ROBOTS = r"robot|робот|\bbot(?:ova|s)?\b|\bбот(?:ова)?\b|captcha|njeri\b|human|real person|čovjek|čovek|\bosob|човек|човјек|\bособ|\blice\b|\bлице\b"
_CHECKS = r"verif|confirm|prove|check|prov(?:j)?er|potvrd|dokaž|vërtet|konfirm|kontroll|потврд|докаж|пров(?:ј)?ер|верифи"
_BROWSERS = r"your connection|vašu vezu|lidhjen tuaj|вашу везу|вашата врска|pretraživač|preglednik|shfletues|прелистувач|прегледач|browser"
_ACCESS = r"\bpristup|aksesi|qasja|\bhyrja|приступ|пристап|\baccess|zahtjev|zahtev|kërkesa|захтев|барање|\brequest"
_REFUSED = r"ogranič|zabranj|odbijen|blokiran|onemoguć|kufizua|bllokua|refuzua|mohua|ndalua|огранич|забран|одбијен|одбиен|блокиран|онемогућ|оневозмож|denied|blocked|limited|restricted|rejected"
_YOURS = r"\bvam\b|\bvaš|\bjuaj|\bju\b|\bви\b|\bвам\b|\bваш|\byour?\b|site owner|(?:ovoj|toj) stranici|kësaj faqeje|kësaj faqe|оваа страница|овој страници|sistem|систем|this (?:page|site)"
_STRANGE = r"sumnjiv|neuobičaj|dyshimt|pazakont|сомнител|сумњив|невообича|неуобича|suspicious|unusual"
_TRAFFIC = r"aktivnost|promet|saobraćaj|aktivitet|trafik|активност|сообраќај|саобраћај|activity|traffic"
GUARD_PAIRS = ((_ROBOTS, _CHECKS), (_BROWSERS, _CHECKS), (_STRANGE, _TRAFFIC))
"""What a guard speaks of, wherever in a line and in whatever form: both words of a pair."""
ADDRESSED_PAIRS = ((_ACCESS, _REFUSED, _YOURS),)
"""The same, of whoever reads it: news tell of the access of others."""
ASIDE = r"©|rights reserved|prava (?:pridržana|zadržana|su)|права (?:задржана|се задрж)|të drejtat e rezerv"
"""An outlet's notice of its rights, which is no article's text."""
