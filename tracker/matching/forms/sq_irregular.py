"""Albanian words that no ending rule reaches, written down from the grammar: plurals, genders, stems.

Every table line is `word plural plural ...`; definiteness and case are still made by the rules of `sq_nouns`.
"""

from __future__ import annotations


def _lines(table: str) -> dict[str, tuple[str, ...]]:
    rows = (line.split() for line in table.strip().splitlines())
    return {row[0]: tuple(row[1:]) for row in rows}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MASCULINE_PLURALS = _lines(
    """
    agë agallarë
    ajër ajra
    akull akuj
    arkiv arkiva
    armik armiq
    artikull artikuj
    at etër
    atdhe atdhera
    avion avionë
    baba baballarë
    babë baballarë
    bajrak bajraqe bajrakë
    ballë balle
    bar bare barna barëra
    bark barqe
    bej bejlerë
    bërryl bërryla
    bilion bilionë
    bir bij
    bllok blloqe
    blog blogje bloge
    bredh bredha
    breg brigje
    bri brirë
    brumë brumëra
    buall buaj
    bujk bujq
    bulmet bulmetra
    burrë burra
    cjap cjep cjape
    çaj çajra çajëra
    çakall çakaj
    çelës çelësa
    çelik çelikë çeliqe
    dajë dajallarë
    dash desh
    dem dema
    det dete detra
    dhe dhera
    dhëmb dhëmbë
    dhëndër dhëndurë
    dialog dialogë dialogje
    djalë djem
    djathë djathëra
    dokument dokumente dokumenta
    drapër drapërinj drapinj
    dre drerë
    dreq dreqër dreq
    drithë drithëra
    dru drurë drunj
    dyllë dyllëra
    dyqan dyqane
    engjëll engjëj
    espion espionë
    fik fiq
    fill fije
    film filma
    flamur flamurë flamuj
    fre frerë
    fshat fshatra
    ftua ftonj
    gardh gardhe gjerdhe
    gaz gaze gazra
    gisht gishta gishtërinj
    gjak gjakra
    gjalpë gjalpëra
    gjarpër gjarpërinj
    gjel gjela gjelë
    gji gjinj
    gju gjunjë gjunj
    gjysh gjyshër gjysha
    gol gola
    gram gramë
    gur gurë
    hap hapa
    hekur hekura
    hell heje
    hero heronj
    hi hira
    hoxhë hoxhallarë
    hu hunj
    ishull ishuj
    jetim jetimë
    kalë kuaj
    kallëp kallëpe kallëpa
    kamion kamionë
    kampion kampionë
    kapitull kapituj
    katalog katalogë katalogje
    kec keca
    konsull konsuj
    krah krahë
    krem kremra kreme
    krua kroje kronj
    krushk krushq
    kufi kufij kufinj
    kunat kunetër kunata
    kungull kunguj
    kushëri kushërinj
    lepur lepuj
    lesh leshra
    libër libra
    lis lisa
    lot lot lotë
    lumë lumenj
    mall mallra
    mashkull meshkuj
    mbret mbretër
    mëmëdhe mëmëdhera
    miell miellra
    mik miq
    miliard miliardë miliarda
    milion milionë miliona
    mish mishra
    mjek mjekë
    mort mortë
    muaj muaj
    mulli mullinj
    murg murgj
    muskul muskuj
    muskull muskuj
    nip nipër nipa
    njeri njerëz
    objektiv objektiva
    oxhak oxhakë oxhaqe
    park parqe
    parking parkingje parkinga
    pasha pashallarë
    pe penj
    peshk peshq
    pëllumb pëllumba
    përrua përrenj
    plak pleq
    pleh plehra
    plumb plumba
    popull popuj
    portokall portokaj portokalle
    prag pragje
    prift priftërinj
    prind prindër
    pyll pyje
    qark qarqe
    qen qen qene
    qiell qiej
    rob robër
    rregull rregulla
    rreth rrathë rrethe
    rrezik rreziqe
    rrip rripa
    sallon sallone
    shef shefa
    shembull shembuj
    shi shira
    shirit shirita
    shkak shkaqe
    shkëmb shkëmbinj
    shkop shkopinj
    shok shokë
    shpirt shpirtra shpirtëra
    shteg shtigje
    shtrat shtretër
    skllav skllevër
    sy sy
    teatër teatro teatra
    tel tela
    tempull tempuj
    thelb thelpinj
    thes thasë
    thi thi
    thua thonj
    titull tituj
    ton tonë tone
    top topa
    tra trarë
    treg tregje
    trilion trilionë
    trim trima
    tru tru
    truall troje
    turk turq
    tym tymra
    ujë ujëra ujra
    ujk ujq ujqër
    ulli ullinj
    usta ustallarë
    vaj vajra
    vëlla vëllezër
    viç viça
    vit vjet vite
    xhaxha xhaxhallarë
    yll yje
    zë zëra
    zog zogj
    """
)

FEMININE_PLURALS = _lines(
    """
    anë anë
    arkë arka
    baltë balta baltëra
    bukë bukë
    copë copa copëra
    derë dyer
    dhi dhi
    dhomë dhoma
    ditë ditë
    dorë duar
    emtë emta
    erë erëra
    farë fara
    fëmijë fëmijë
    fjalë fjalë
    gjë gjëra
    gjuhë gjuhë
    grua gra
    javë javë
    kafshë kafshë
    këmbë këmbë
    këngë këngë
    kohë kohë kohëra
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

# Feminine, with a plural like the singular: one in fifty of those in -ë, what is composed with them
# (fundjavë, hekurudhë), and adjectives (i sëmurë, të sëmurët).
UNCHANGED_PLURALS = tuple(
    _words(
        """
        anë armë bimë bjeshkë bletë botë brekë brinjë bukë buzë bythë copë dallgë darë degë ditë djersë enë flakë fletë fjalë gojë gradë
        gjuhë gjurmë gjymtyrë herë hundë javë jetë kafshë këmbë këngë këpucë kofshë kohë kokë lëndë lopë mëngë mollë ngjyrë orë palë pashkë
        lëkurë pemë pendë pëllëmbë pjesë plagë punë pushkë qepë radhë rrënjë rrugë shkallë shtatë shtazë stinë udhë valë vezë zorrë
        butë dytë fortë ftohtë gjallë gjatë gjerë lartë lehtë lirë mirë ngrohtë parë rëndë sëmurë tretë urtë
        """
    )
)

# Plurals that hide their singular: typed alone they are declined as they stand.
PLURAL_ONLY = frozenset(
    form
    for plurals in (*MASCULINE_PLURALS.values(), *FEMININE_PLURALS.values())
    for form in plurals
    if form[-1] not in "aeëi" or form in ("duar", "net")
)

PLURALS_IN_DIAERESIS = frozenset(form for plurals in MASCULINE_PLURALS.values() for form in plurals if form[-1] == "ë")

# Masculine though they end in -ë, which is otherwise the mark of the feminine.
MASCULINE_IN_DIAERESIS = _words(
    "babë ballë brumë burrë dajë dhallë dhjamë djalë djathë drithë dyllë gjalpë gjumë grurë hoxhë kalë lëmë lumë mjaltë ujë zë"
)
# Of those, the ones that decline like feminines in the singular: daja, babën.
FEMININE_SINGULAR = _words("agë babë dajë hoxhë")

# Masculine, stressed on the last vowel: the ending follows the vowel (babai, heroi, turneu, njeriu).
MASCULINE_VOWEL = _words(
    """
    aga ari atdhe baba bari bri dhe dre flori fre gjeni gji haxhi hero hi kadi kalli klishe komshi kryemyfti kufi kushëri mëmëdhe mi mulli
    myfti njeri pasha pe qiri rubli shalqi shi spahi terzi thi tra turi turne ulli usta vali veri vëlla xhaxha zotëri
    """
)
# Feminine, stressed on the last vowel: kalaja kalanë, ideja idenë.
FEMININE_STRESSED = _words("be bela byro depo dhi fe grua hata ide kafe kala pallto para re sevda shaka")
# The old stems with -r- before the ending: zë zëri, kufi kufiri, sy syri.
R_STEMS = _words("bri dre dru flori fli fre gji gju hi hu kalli kufi kushëri mulli pe qiri sy tra tru turi ulli zë")

# Feminine though they end in a consonant.
FEMININE_CONSONANT = _words(
    """
    çadër dhelpër femër flutur gjirokastër kodër kuçedër kukull kumbull kthetër lakër letër lodër mjegull motër nofull pikël pupull qendër
    shkodër shpatull vatër vegël vepër vetull vjehërr zemër ëndërr
    """
)
# Masculine with a fleeting ë; others in -ër and -ël may be of either gender.
MASCULINE_FLEETING = _words(
    """
    ajër algoritëm centimetër dhëndër emër filtër gjarpër kadastër kilometër kryeministër kuadër libër litër metër ministër mjeshtër numër ohër
    parametër regjistër ritëm semestër spektakël teatër termometër tigër
    """
)

# A noun of one syllable takes -e; these take -ë (shokë) or -a (filma).
SHORT_WITH_DIAERESIS = _words("arab bjond çam çun dhëmb grek gur krah kroat lek mjek prof rus serb shok")
SHORT_WITH_A = _words("bic brez dem dok film gisht gjel hap kec kep lis nip shef tel theks top trim trup viç")

# Words with several stems, and words that people type in the plural: every form, from every form.
WHOLE_WORDS: dict[str, dict[str, str]] = {}


def _whole(words: str, forms: str, rule: str) -> None:
    for word in words.split():
        WHOLE_WORDS.setdefault(word, {}).update(dict.fromkeys(forms.split(), rule))


_whole(
    "media mediat mediave medias medium mediumi medie medieve mediash",
    """
    media medias median mediat mediave mediash medie medies medien mediet medieve mediesh
    medium mediumi mediumit mediumin mediume mediumet mediumeve
    """,
    "form of media",
)
_whole("kombet kombeve", "komb kombi kombit kombin kombe kombet kombeve kombesh", "form of komb")
_whole("shtetet shteteve", "shtet shteti shtetit shtetin shtete shtetet shteteve shtetesh", "form of shtet")
_whole("gratë grave gra", "grua gruaja gruas gruan gruaje gra gratë grave grash", "form of grua")
_whole("drejtat drejtave", "drejtë drejta drejtën drejtës drejtat drejtave drejtash", "form of e drejtë")
_whole("prindërit prindërve prindër", "prind prindi prindit prindin prindër prindërit prindërve prindërish prindërsh", "form of prind")
_whole("njerëzit njerëzve", "njeri njeriu njeriut njeriun njerëz njerëzit njerëzve njerëzish", "form of njeri")
_whole("fëmijët fëmijëve", "fëmijë fëmija fëmijën fëmijës fëmije fëmijët fëmijëve fëmijësh", "form of fëmijë")
_whole("rrjetet rrjeteve", "rrjet rrjeti rrjetit rrjetin rrjete rrjetet rrjeteve rrjetesh", "form of rrjet")
_whole("zi zeza zezë", "zi zezë zeza zinj ziu ziut ziun zezës zezën zezat zezave zinjtë zinjve", "form of i zi")
_whole("ri re rinj", "ri re reja rinj riu riut riun resë renë rejat rejave rinjtë rinjve", "form of i ri")
_whole("keq keqe", "keq keqe keqen keqes keqja keqi keqit keqin këqij këqija këqijtë këqijat", "form of keq")
_whole(
    "madh madhe",
    "madh madhe madhi madhit madhin madhja madhes madhen mëdhenj mëdha mëdhatë mëdhenjtë mëdhave mëdhenjve",
    "form of i madh",
)
_whole("vogël", "vogël vogla voglën voglës vogli voglit voglin vegjël vegjëlit vegjëlve voglat voglave", "form of i vogël")
_whole("krye kreu", "krye kreu kreut kreun kryet krerë krerët krerëve krerësh", "form of krye")
_whole("zot zoti", "zot zoti zotit zotin zota zotat zotave zotash zotër zotërit zotërve", "form of zot")
_whole("diel", "diel diela dielën dielës diele", "form of e diel")
_whole("natë", "natë nata natën natës nate net netët netëve netësh", "form of natë")

# The linking article agrees with what stands before it, so every one of them may stand for every other.
LINKING_ARTICLES = ("i", "e", "të", "së")
# Never inflected, and never a form of another word.
FUNCTION_WORDS = _words(
    """
    a apo as brenda deri dhe do drejt du duke edhe gjatë jashtë kur ku me mes më midis nga ndaj ndër nën nëpër në nuk online onlajn ose për pa
    para pas po por prej që sa se si te tek u
    """
)
# Spellings that live side by side in the press, by the beginning of the word.
SPELLINGS = (
    ("digjital", "dixhital"),
    ("agjend", "axhend"),
    ("onlajn", "online"),
    ("evrop", "europ"),
    ("koronavirus", "coronavirus"),
    ("uashington", "washington"),
    ("uashington", "vashington"),
    ("washington", "vashington"),
)
# Words so common that a form equal to them after folding says nothing.
STOP_FORMS = _words(
    "është jam janë ishte një ka kam kanë ky kjo ata ato këta këto ai ajo jo tij saj tyre atë këtë ketë gjithë shumë vetëm viti"
)
# Feminine, though they end like a masculine noun in its definite form (telefoni, procesi).
FEMININE_I = _words(
    """
    agronomi anatomi arrati autonomi ceremoni ekonomi epidemi gastronomi gjysmëautonomi harmoni hijesi industri ironi kimi kirurgji kompani
    koloni kryesi melankoli mitropoli monotoni narkomani ndjesi ngjyresi pasuri pediatri pjekuni pneumoni polifoni psikiatri rehati simetri
    simfoni shkëlqesi stomatologji trashëgimi tirani trigonometri ushtri veçanti xheloni
    """
)
# Behind these words a form is another word: `të jetë`, `mos jetë` is "to be".
# Clitics and "not": what follows is a verb (`ta rritë`, `u hap`, `duke parë`), whatever noun it looks like.
BEFORE_VERBS = _words("duke ia nuk ta u ua")
ANOTHER_WORD_AFTER: dict[str, frozenset[str]] = dict.fromkeys(("jetë", "jete"), frozenset({"të", "te", "mos"}))
# Regular forms that in print are nearly always another word: 475 of 487 `fundit` in the Albanian news sample are "last", not "of the end".
NEVER_FORMS: dict[str, frozenset[str]] = {"fund": frozenset({"fundit"})}
