"""Words by which a notice of a correction or an update and a moving line are known, in the region's languages. Those of removals, faults and
walls stand in `extraction.vocabulary`."""

from __future__ import annotations

import re

from tracker.extraction import vocabulary
from tracker.extraction.boilerplate import MAX_PROMPT_CHARS, is_boilerplate_line
from tracker.extraction.vocabulary import compiled

MAX_NOTICE_CHARS = 900
"""A notice is a paragraph at most; the word deep inside a long text tells of somebody else's correction."""
NOTICE_HEAD_CHARS = 90
"""Within so many first characters a notice names itself."""
SHORT_LINE_WORDS = 5
"""A new line of fewer words that is no sentence is a mark of the template: "an hour ago", "Photo: agency"."""
MOVING_WORDS = 8
"""A counter or a date has a few words beside its numbers: "Pregleda: 1.204 | Objavljeno pre 3 sata"."""

COUNTER_WORDS = 3
"""A counter of words that are not known: "Besøk i dag: 17"."""

_COUNTING = re.compile(
    r"\b(?:pregled|prikaz|(?:pro)?čita|(?:pro)?cita|lexu|shik|views?\b|readers?\b|reads?\b|komentar|koment|comment|shares?\b|shpërnda|podel|podijel|lajk|likes?\b|reakcij|glasova|glasalo|vota|votes|"
    r"прегле|приказ|(?:про)?чита|комента|сподел|подел|лајк|реакци|гласова|гласало|min(?:uta?|uti|ute|utes?|s)?\b|sat[ia]?\b|h\b|orë\b|ditë|dana?\b|days?\b|hours?|seconds?\b|sekond|минут|час|сат[иа]?\b|дана?\b|ден(?:а|ови)?\b|"
    r"ago\b|pr(?:ij)?e\b|para\b|пред?\b|прије\b|objav|ažur|azur|publik|përditës|postua|updat|posted|published|dated|објав|ажур|публик|foto|фото|eur\b|usd\b|"
    r"janar|januar|јануар|siječ|feb|фебр|velj|mars\b|mart|март|ožuj|prill|april|април|trav|maja?\b|мај|svib|qershor|jun[ai]?\b|јун|lipn|korrik|jula?\b|јул|srpn|gusht|avgust|kolov|август|авг|aug|shtator|sept|септ|rujn|tetor|okt|окт|"
    r"oct|listopad|nëntor|novemb|ноем|новем|studen|dhjetor|decem|децем|prosin|e? ?hënë|martë|mërkur|enjte|premte|shtunë|diel|ponedel|ponedjel|utorak|utorka|sreda|sred[eu]|srijed|četvrt|petak|petka|subot|nedel|nedjel|понед|вторн|утор|"
    r"сред[аеу]\b|сриј|четврт|пет(?:ок|ак)|саб|субот|недел|недј|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|\d{1,2}[.:]\d{2}|\d{1,2}\.\s?\d{1,2}\.|\b(?:19|20)\d\d\b|[©°%]",
    re.I,
)
_CORRECTION = re.compile(
    r"\b(?=[^\W\d_])(?:"  # all begin with a letter: a number is not tried with a hundred words
    r"isprav(?:ka|ke|ku|ak|ka|ci|ljen[aoi]?|ljamo|ili smo)|demant(?:i|ij|ija|ovan\w*|uje\w*|ira\w*)?|izvinjenj[ea]|izvinjava(?:mo)? se|se izvinjava|ispričavamo se|isprika|pojašnjenj[ea]|"
    r"redakcijska ispravka|napomena redakcije|napomena uredništva|"
    r"исправк[аеу]|исправљен[аои]?|исправено|исправка|коригиран[оаи]|корекциј[аи]|деманти?|демантира\w*|извињењ[еа]|извињава(?:мо)? се|се извињава|извинување|се извинуваме|појашњењ[еа]|појаснување|напомена (?:редакције|на редакцијата)|"
    r"korrigjim(?:i|e|et|in)?|korigjim(?:i|e|et|in)?|përgënjeshtrim(?:i|e|in)?|përgenjeshtrim\w*|demanti?\w*|kërkojmë (?:falje|ndjesë)|kërkim falje|ndjesë|sqarim(?:i)?|saktësim(?:i)?|shënim i redaksisë|ripërpunuar|"
    r"correction|corrections|corrected|clarification|clarifies|an earlier version|editor['’]?s['’]? note|erratum|retraction|retracted|we apologi[sz]e|(?:article|story|report|text|headline) (?:was|has been) (?:amended|corrected|changed)|"
    r"korrektur|berichtigung|richtigstellung|correctif|rectificatif|rectification|correcci[oó]n|rectificaci[oó]n|rettifica|popravek|popravek|поправка|корекция|helyreigazítás|düzeltme|rectificare|erată"
    r")(?!\w)",
    re.I,
)
_UPDATE = re.compile(
    r"^\W*(?:updated?|përditësim(?:i)?|u përditësua|ažurirano|ažuriranje|dopunjeno|dopuna|дополнето|дополнување|ажурирано|ажурирање|допуњено|допуна)\b"
    r"(?:\W+[^\W\d_]+){3}",
    re.I,
)
_PROMPT = re.compile(
    r"^\W*(?:shih(?:ni)? (?:edhe|gjithashtu)|lexo(?:ni)? (?:edhe|gjithashtu|më shumë)|(?:pro)?čitaj(?:te)? (?:još|i|više)|pogledaj(?:te)? (?:još|i)|"
    r"(?:про)?читај(?:те)? (?:и|још|више|повеќе|уште)|погледни(?:те)? (?:и|уште)|погледај(?:те)? (?:и|још)|read (?:also|more|next)|see also)(?P<rest>.*)$",
    re.I | re.S,
)
_SIGN_UP = re.compile(
    r"^\W*(?:abonohu(?:ni)?|regjistrohu(?:ni)?|pretplatite se|претплат(?:и|ете|ите) се|зачлен(?:и|ете) се|sign up|subscribe)\b[^.!?]*"
    r"(?:buletin|newsletter|bilten|билтен|kanal|канал|channel)",
    re.I,
)
_SPONSORED = re.compile(
    r"^\W*(?:sponzorisan\w{0,2}|sponzoriran\w{0,2}|sponsored|sponsorizuar|promo|promocija|reklam[aëe]|oglas\w{0,2}|marketing|advertisement|advertorial|plaćen\w{0,2} (?:oglas|sadržaj)|"
    r"спонзорисан\w{0,2}|спонзорирано|промо|промоција|реклама|оглас\w{0,2}|маркетинг|плаћен\w{0,2} (?:оглас|садржај)|платен\w{0,2} (?:оглас|содржина))\s*[:|–—-]",
    re.I,
)
_MEDIA = re.compile(
    r"(?:(?:video|foto|photo|audio|live|uživo|drejtpërdrejt|фото|видео|во живо|уживо|(?:foto)?galer\w+|(?:фото)?галери\w+|gallery)(?!\w)|\W)*",
    re.I,
)
_REMOVED = compiled(
    rf"{vocabulary.absent()}|{vocabulary.THINGS['albanian']}\s+{vocabulary.ANY_WORDS}nuk është më|{vocabulary.TAKEN_DOWN_ALONE}"
)
_NOT_FOUND = compiled(vocabulary.NOT_FOUND_ANYWHERE)
_PASSING = compiled(vocabulary.PASSING)
_PAYWALL = compiled(vocabulary.PAYWALLS)
_SUBSCRIBING = compiled(vocabulary.SUBSCRIBING)
_THE_REST = compiled(vocabulary.THE_REST)
_NEWS_BY_MAIL = compiled(vocabulary.NEWS_BY_MAIL)
MAX_WALL_CHARS = 300
"""What stands in place of the rest of a text asks for a subscription in a sentence or two."""
_AD = re.compile(
    r"(?:^|[\s_-])(?:ad|ads|adv|advert\w*|adsbygoogle|banner\w*|reklam\w*|oglas\w*|promo\w*|sponsor\w*|related\w*|recommend\w*|read-?(?:also|more|next)|also-?read|more-?news|most-?read|popular\w*|trending|teaser\w*|"
    r"counter\w*|views?|view-?count\w*|hits|stats|shares?|share-\w+|sharebar|sharethis|addthis|social\w*|comment\w*|komentar\w*|cookie\w*|consent|gdpr|newsletter\w*|subscribe\w*|widget\w*|sidebar\w*|breadcrumb\w*|menu|nav\w*|footer|"
    r"date|time|timestamp|datetime|published|updated|modified|meta|byline|weather|vremenska|kurs\w*|ticker\w*|slider|carousel|tags?|rating\w*|poll|anketa|outbrain|taboola|latest|najnovij\w*|najcitanij\w*|slicn\w*|povezan\w*|vezan\w*|te-?ngjashme|lexo-?\w+|procitaj\w*|dont-?miss)(?=$|[\s_-])",
    re.I,
)
_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+")


def says_correction(text: str) -> bool:
    """Whether a paragraph is an outlet's notice that it corrected, clarified, denied or apologised."""
    found = _CORRECTION.search(text)
    return found is not None and found.start() <= NOTICE_HEAD_CHARS and len(text) <= MAX_NOTICE_CHARS


def says_notice(text: str) -> bool:
    """Whether a paragraph is an outlet's notice of a correction or of an update, with what is new in it."""
    return says_correction(text) or (len(text) <= MAX_NOTICE_CHARS and _UPDATE.match(text) is not None and not is_moving_line(text))


def is_mark_of_media(text: str) -> bool:
    """Whether words beside a headline say what goes with it: "VIDEO", "(FOTO)"; also none at all."""
    return _MEDIA.fullmatch(text) is not None


def says_removed(text: str) -> bool:
    """Whether a short text says that the article was taken down or cannot be found."""
    return _REMOVED.search(text) is not None or _NOT_FOUND.search(text) is not None


def says_passing(text: str) -> bool:
    """Whether a page tells of a fault that will pass: maintenance, a database, a server in trouble."""
    return _PASSING.search(text) is not None


def says_paywall(text: str) -> bool:
    """Whether a text asks to subscribe or to log in for the rest, and not for a newsletter."""
    return _PAYWALL.search(text) is not None and _NEWS_BY_MAIL.search(text) is None


def stands_for_the_rest(text: str) -> bool:
    """Whether a short text asks to subscribe or to log in, and speaks of the rest or of who may read it: for use where the rest is gone."""
    short = len(text) <= MAX_WALL_CHARS and _NEWS_BY_MAIL.search(text) is None
    return short and _SUBSCRIBING.search(text) is not None and _THE_REST.search(text) is not None


def names_a_box(names: str) -> bool:
    """Whether classes and ids name what stands beside an article: ads, related links, counters, dates, comments, cookies."""
    return _AD.search(names) is not None


def is_prompt(text: str) -> bool:
    """Whether a line leads elsewhere, asks to share, or is a mark of an advertisement."""
    if len(text) > MAX_PROMPT_CHARS:
        return False
    found = _PROMPT.match(text)
    leads = found is not None and (found["rest"].lstrip().startswith((":", "-", "–", "|", "»", ">")) or not is_sentence(text))
    return leads or _SIGN_UP.match(text) is not None or _SPONSORED.match(text) is not None or is_boilerplate_line(text)


def is_moving_line(text: str) -> bool:
    """Whether a short line is a counter, a date or a time: numbers with a few words that go with them, and no sentence. With more than
    COUNTER_WORDS one of the words must be a counter's or a date's: "School in the lower valley, 210 pupils" is a line of a list."""
    if not _DIGITS.search(text) or text.rstrip().endswith((".", "!", "?", '"', "”", "»")):
        return False
    words = len(_WORDS.findall(text))
    return words <= COUNTER_WORDS or (words <= MOVING_WORDS and _COUNTING.search(text) is not None)


def without_numbers(text: str) -> str:
    """The text with every number as one sign: what of a counter stays."""
    return _DIGITS.sub("#", text)


def few_words(text: str) -> bool:
    """Whether a line has as few words as a counter or a date."""
    return len(_WORDS.findall(text)) <= MOVING_WORDS


def is_sentence(text: str) -> bool:
    """Whether a text ends as sentences do."""
    return text.rstrip("\"'»”“’)] ").endswith((".", "!", "?", "…", ":"))


def is_short_line(text: str, key: str) -> bool:
    """Whether a line has a few words and is no sentence. `key`: its `blocks.key_of`."""
    return key.count(" ") < SHORT_LINE_WORDS - 1 and not is_sentence(text)
