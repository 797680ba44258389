"""Albanian words that no ending rule reaches, written down from the grammar: plurals, genders, stems.

Every table line is `word plural plural ...`; definiteness and case are still made by the rules of `sq_nouns`.
"""

from __future__ import annotations


def _lines(table: str) -> dict[str, tuple[str, ...]]:
    rows = (line.split() for line in table.strip().splitlines())
    return {row[0]: tuple(row[1:]) for row in rows}


MASCULINE_PLURALS = _lines(
    """
    ajër ajra
    akull akuj
    anëtar anëtarë
    armik armiq
    arushan arushanë
    at etër
    baba baballarë
    babë baballarë
    bajrak bajraqe bajrakë
    ballë balle
    bark barqe
    bir bij
    bllok blloqe
    bredh bredha
    breg brigje
    bri brirë
    bujk bujq
    buall buaj buaj
    burrë burra
    bust buste
    cjap cjep cjape
    dash desh
    dem dema
    dhëmb dhëmbë
    dhe dhera
    dhëndër dhëndurë dhëndurë
    djalë djem
    dreq dreqër dreq
    dre drerë
    drejtues drejtues
    dru drurë drunj
    dyqan dyqane
    engjëll engjëj
    fik fiq
    fill fije
    film filma
    fre frerë
    flamur flamurë flamuj
    lepur lepuj
    drapër drapërinj drapinj
    artikull artikuj
    kapitull kapituj
    titull tituj
    ishull ishuj
    shembull shembuj
    tempull tempuj
    muskull muskuj
    çakall çakaj
    konsull konsuj
    rregull rregulla
    dhaskal dhaskalë
    viç viça
    trim trima
    makth makthe
    fshat fshatra
    fshatar fshatarë
    ftua ftonj
    gardh gardhe gjerdhe
    gisht gishta gishtërinj
    gji gjinj
    gju gjunjë gjunj
    gjak gjakra
    gjarpër gjarpërinj
    gjel gjela gjelë
    gjysh gjyshër gjysha
    gjalpë gjalpëra
    gur gurë
    hap hapa
    hell heje
    hero heronj
    hi hira
    hu hunj
    kalë kuaj
    kallëp kallëpe kallëpa
    kandidat kandidatë
    kap kepa
    kec keca
    krah krahë
    krua kroje kronj
    krushk krushq
    kufi kufij kufinj
    kunat kunetër kunata
    kungull kunguj
    kushëri kushërinj
    lesh leshra
    libër libra
    lis lisa
    lot lot lotë
    lumë lumenj
    mall mallra
    mashkull meshkuj
    mbret mbretër
    mik miq
    mish mishra
    mjek mjekë
    mort mortë
    muaj muaj
    mulli mullinj
    murg murgj
    ndihmës ndihmës
    nip nipër nipa
    njeri njerëz
    njerëz njerëz
    oxhak oxhakë oxhaqe
    ofiq ofiqe
    park parqe
    pe penj
    përrua përrenj
    peshk peshq
    plak pleq
    plumb plumba
    pasha pashallarë
    popull popuj
    portokall portokaj portokalle
    prift priftërinj
    prind prindër
    prag pragje
    prill prille
    qark qarqe
    qen qen qene
    qiell qiej
    rreth rrathë rrethe
    rrezik rreziqe
    sallon sallone
    shef shefa
    shkak shkaqe
    shi shira
    shkop shkopinj
    shok shokë
    shteg shtigje
    shtrat shtretër
    skllav skllevër
    sy sy
    teatër teatro teatra
    tel tela
    thes thasë
    thelb thelpinj
    thi thi
    thua thonj
    top topa
    tra trarë
    treg tregje
    tru tru
    tulipan tulipanë
    turk turq
    ujk ujq ujqër
    ujë ujëra ujra
    ulli ullinj
    usta ustallarë
    vaj vajra
    vëlla vëllezër
    vit vjet vite
    xhaxha xhaxhallarë
    yll yje yj
    zë zëra
    zog zogj
    zot zotër zota
    dajë dajallarë
    hoxhë hoxhallarë
    agë agallarë
    """
)

FEMININE_PLURALS = _lines(
    """
    anë anë
    arkë arka
    bukë bukë
    derë dyer
    ditë ditë
    dorë duar
    dhi dhi
    dhomë dhoma
    emtë emta
    erë erëra
    farë fara
    fëmijë fëmijë
    fjalë fjalë
    gjë gjëra
    gjuhë gjuhë
    grua gra
    javë javë
    kohë kohë kohëra
    kafshë kafshë
    këmbë këmbë
    këngë këngë
    lopë lopë
    mollë mollë
    natë net
    nënë nëna
    nuse nuse
    para para
    pelë pela
    punë punë
    rrugë rrugë
    thikë thika
    udhë udhë
    vajzë vajza
    vatër vatra
    verë vera
    vjehrër vjehrra
    """
)

# Masculine though they end in -ë, which is otherwise the mark of the feminine.
MASCULINE_IN_E = frozenset(
    [
        "babë",
        "ballë",
        "brumë",
        "burrë",
        "dajë",
        "dhallë",
        "dhjamë",
        "djalë",
        "djathë",
        "drithë",
        "gjalpë",
        "gjumë",
        "grurë",
        "hoxhë",
        "kalë",
        "lëmë",
        "lumë",
        "miellë",
        "mjaltë",
        "ujë",
        "varrë",
        "zë",
        "atë",
    ]
)
# These two decline like feminines in the singular: daja, babën.
FEMININE_SINGULAR = frozenset({"dajë", "babë", "hoxhë", "agë"})

# Masculine, stressed on the last vowel: the ending follows the vowel (babai, heroi, turneu, njeriu).
MASCULINE_VOWEL = frozenset(
    [
        "baba",
        "xhaxha",
        "vëlla",
        "usta",
        "pasha",
        "aga",
        "tra",
        "hero",
        "njeri",
        "bari",
        "komshi",
        "kufi",
        "shi",
        "mi",
        "ari",
        "hi",
        "kushëri",
        "ulli",
        "mulli",
        "gji",
        "thi",
        "dre",
        "dhe",
        "atdhe",
        "fre",
        "pe",
        "turne",
        "klishe",
        "bri",
        "turi",
        "flori",
        "qiri",
        "kalli",
        "tregtuesi",
        "veri",
        "ari",
        "rubli",
        "mësymë",
        "tatëpi",
    ]
)
FEMININE_STRESSED = frozenset(
    [
        "ide",
        "fe",
        "re",
        "be",
        "grua",
        "kala",
        "hata",
        "shaka",
        "bela",
        "para",
        "sevda",
        "dhi",
        "kafe",
        "xhade",
        "varfri",
        "tra",
        "byro",
        "pallto",
        "depo",
    ]
)

# The old stems with -r- before the ending: zë zëri, kufi kufiri, sy syri.
R_STEMS = frozenset(
    [
        "zë",
        "sy",
        "hi",
        "gju",
        "bri",
        "dru",
        "tru",
        "hu",
        "pe",
        "fre",
        "dre",
        "tra",
        "kufi",
        "kushëri",
        "ulli",
        "mulli",
        "turi",
        "kalli",
        "flori",
        "qiri",
        "hu",
        "fli",
        "gji",
        "mulli",
        "dre",
    ]
)

# Feminine though they end in a consonant.
FEMININE_CONSONANT = frozenset(
    [
        "kumbull",
        "mjegull",
        "vetull",
        "nofull",
        "pupull",
        "flutur",
        "kukull",
        "shpatull",
        "dëllinjë",
        "rregull",
        "hithër",
        "lodër",
        "femër",
        "dhelpër",
        "çadër",
        "kuçedër",
        "kthetër",
        "motër",
        "zemër",
        "letër",
        "vepër",
        "vegël",
        "natën",
        "ëndërr",
        "shpellë",
        "pikëll",
        "ndërr",
        "trathull",
        "kryegjë",
        "hëngër",
        "shtazë",
        "udhëz",
        "fletëz",
        "qendër",
        "kundër",
        "ushtër",
        "krahinor",
        "shkodër",
        "gjirokastër",
        "kodër",
        "vatër",
        "lugëz",
        "vjehrër",
        "dyrr",
        "mënyr",
        "karafil",
    ]
)
MASCULINE_FLEETING = frozenset(
    [
        "libër",
        "emër",
        "emën",
        "metër",
        "numër",
        "ajër",
        "ministër",
        "teatër",
        "mjeshtër",
        "kilometër",
        "centimetër",
        "litër",
        "tigër",
        "zhvillim",
        "ritëm",
        "algoritëm",
        "spektakël",
        "ministër",
        "gjarpër",
        "dhëndër",
        "kryeministër",
        "regjistër",
        "semestër",
        "orkestër",
        "kadastër",
        "parametër",
        "termometër",
        "filtër",
        "kuadër",
        "mëngjes",
        "emër",
        "ohër",
        "dhjetë",
        "meshtër",
        "sinistër",
        "portofol",
        "shtatëmëdhjetë",
    ]
)

# Monosyllables take -e; these few take -ë (shokë) or -a (filma) instead or as well.
SHORT_WITH_E_DIAERESIS = frozenset(
    [
        "shok",
        "mjek",
        "krah",
        "lek",
        "dhëmb",
        "gur",
        "grek",
        "çek",
        "serb",
        "rus",
        "arab",
        "kroat",
        "shkollar",
        "bjond",
        "shkoz",
        "breshk",
        "prof",
        "dok",
        "çun",
        "hungarez",
    ]
)
SHORT_WITH_A = frozenset(
    [
        "film",
        "shef",
        "top",
        "hap",
        "gisht",
        "nip",
        "gjel",
        "tel",
        "lis",
        "kec",
        "dem",
        "bredh",
        "plep",
        "mace",
        "kep",
        "çun",
        "vend",
        "lek",
        "dok",
    ]
)

# Nouns used in the plural and typed so, with the forms no rule can reach from there.
WHOLE_WORDS: dict[str, dict[str, str]] = {}


def _whole(words: str, forms: str, rule: str) -> None:
    for word in words.split():
        WHOLE_WORDS.setdefault(word, {}).update(dict.fromkeys(forms.split(), rule))


_whole(
    "media mediat mediave medias medium mediumi medie medieve mediash",
    "media medias median mediat mediave mediash medie medies medien mediet medieve mediesh medium mediumi mediumit mediumin mediume mediumet mediumeve",
    "form of media",
)
_whole("kombet kombeve", "komb kombi kombit kombin kombe kombet kombeve kombesh", "form of komb")
_whole("shtetet shteteve", "shtet shteti shtetit shtetin shtete shtetet shteteve shtetesh", "form of shtet")
_whole("gratë grave gra", "grua gruaja gruas gruan gruaje gra gratë grave grash", "form of grua")
_whole("drejtat drejtave", "drejtë drejta drejtën drejtës drejtat drejtave drejtash", "form of e drejtë")
_whole("prindërit prindërve prindër", "prind prindi prindit prindin prindër prindërit prindërve prindërish", "form of prind")
_whole("njerëzit njerëzve", "njeri njeriu njeriut njeriun njerëz njerëzit njerëzve njerëzish", "form of njeri")
_whole("fëmijët fëmijëve", "fëmijë fëmija fëmijën fëmijës fëmije fëmijët fëmijëve fëmijësh", "form of fëmijë")
_whole("rrjetet rrjeteve", "rrjet rrjeti rrjetit rrjetin rrjete rrjetet rrjeteve rrjetesh", "form of rrjet")
_whole("zi zeza zezë", "zi zezë zeza zinj ziu ziut ziun zezës zezën zezat zezave zinjtë zinjve", "form of i zi")
_whole("ri re rinj", "ri re reja rinj riu riut riun resë renë rejat rejave rinjtë rinjve", "form of i ri")
_whole("keq keqe", "keq keqe keqen keqes keqja keqi keqit keqin këqij këqija këqijtë këqijat", "form of keq")
_whole(
    "madh madhe", "madh madhe madhi madhit madhin madhja madhes madhen mëdhenj mëdha mëdhatë mëdhenjtë mëdhave mëdhenjve", "form of i madh"
)
_whole("vogël", "vogël vogla voglën voglës vogli voglit voglin vegjël vegjëlit vegjëlve voglat voglave", "form of i vogël")
_whole("natë", "natë nata natën natës nate net netët netëve netësh", "form of natë")

# The linking article agrees with what stands before it, so every one of them may stand for every other.
LINKING_ARTICLES = ("i", "e", "të", "së")
# Never inflected, and never a form of another word.
FUNCTION_WORDS = frozenset(
    [
        "në",
        "për",
        "dhe",
        "me",
        "nga",
        "te",
        "tek",
        "mbi",
        "ndaj",
        "pa",
        "prej",
        "deri",
        "si",
        "apo",
        "ose",
        "por",
        "që",
        "se",
        "sa",
        "kur",
        "ku",
        "nën",
        "ndër",
        "nëpër",
        "gjatë",
        "para",
        "pas",
        "drejt",
        "mes",
        "midis",
        "brenda",
        "jashtë",
        "online",
        "onlajn",
        "më",
        "nuk",
        "s'",
        "as",
        "edhe",
        "po",
        "a",
        "u",
        "do",
        "duke",
        "të",
    ]
)
# Spellings that live side by side in the press.
SPELLINGS = (("digjital", "dixhital"), ("agjend", "axhend"), ("onlajn", "online"))
# Generated forms that folding, or the letters themselves, make equal to the commonest words.
STOP_FORMS = frozenset("është jam janë ishte një do ka kam kanë ky kjo ata ato këta këto ai ajo jo po tij saj tyre atë këtë ketë gjithë shumë vetëm".split())
_ARTICLES = frozenset(LINKING_ARTICLES)
ANOTHER_WORD_AFTER: dict[str, frozenset[str]] = {
    "jetë": frozenset({"të"}),
    "fundit": _ARTICLES,
    "parë": _ARTICLES,
    "vetë": frozenset({"të"}),
}
