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
    armik armiq
    artikull artikuj
    at etër
    atdhe atdhera
    baba baballarë
    babë baballarë
    bajrak bajraqe bajrakë
    ballë balle
    bark barqe
    bërryl bërryla
    bir bij
    bllok blloqe
    blog blogje bloge
    bredh bredha
    breg brigje
    bri brirë
    brumë brumëra
    buall buaj
    bujk bujq
    burrë burra
    cjap cjep cjape
    çakall çakaj
    dajë dajallarë
    dash desh
    dem dema
    dhe dhera
    dhëmb dhëmbë
    dhëndër dhëndurë
    dialog dialogë dialogje
    djalë djem
    djathë djathëra
    drapër drapërinj drapinj
    dre drerë
    dreq dreqër dreq
    drithë drithëra
    dru drurë drunj
    dyllë dyllëra
    dyqan dyqane
    engjëll engjëj
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
    gur gurë
    hap hapa
    hekur hekura
    hell heje
    hero heronj
    hi hira
    hoxhë hoxhallarë
    hu hunj
    ishull ishuj
    kalë kuaj
    kallëp kallëpe kallëpa
    kapitull kapituj
    katalog katalogë katalogje
    kec keca
    konsull konsuj
    krah krahë
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
    mish mishra
    mjek mjekë
    mort mortë
    muaj muaj
    mulli mullinj
    murg murgj
    muskull muskuj
    nip nipër nipa
    njeri njerëz
    oxhak oxhakë oxhaqe
    park parqe
    pasha pashallarë
    pe penj
    peshk peshq
    përrua përrenj
    plak pleq
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
    rregull rregulla
    rreth rrathë rrethe
    rrezik rreziqe
    rrip rripa
    sallon sallone
    shef shefa
    shembull shembuj
    shi shira
    shkak shkaqe
    shkop shkopinj
    shok shokë
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
    top topa
    tra trarë
    treg tregje
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
    zot zotër zota
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

# Plurals that hide their singular: typed alone they are declined as they stand.
PLURAL_ONLY = frozenset(
    form
    for plurals in (*MASCULINE_PLURALS.values(), *FEMININE_PLURALS.values())
    for form in plurals
    if form[-1] not in "aeëi" or form in ("duar", "net")
)

# Masculine though they end in -ë, which is otherwise the mark of the feminine.
MASCULINE_IN_DIAERESIS = _words(
    "babë ballë brumë burrë dajë dhallë dhjamë djalë djathë drithë dyllë gjalpë gjumë grurë hoxhë kalë lëmë lumë mjaltë ujë zë"
)
# Of those, the ones that decline like feminines in the singular: daja, babën.
FEMININE_SINGULAR = _words("agë babë dajë hoxhë")

# Masculine, stressed on the last vowel: the ending follows the vowel (babai, heroi, turneu, njeriu).
MASCULINE_VOWEL = _words(
    """
    aga ari atdhe baba bari bri dhe dre flori fre gji hero hi kalli klishe komshi kufi kushëri mëmëdhe mi mulli njeri pasha pe qiri rubli
    shi thi tra turi turne ulli usta vëlla xhaxha
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
SPELLINGS = (("digjital", "dixhital"), ("agjend", "axhend"), ("onlajn", "online"), ("evrop", "europ"))
# Words so common that a form equal to them after folding says nothing.
STOP_FORMS = _words("është jam janë ishte një ka kam kanë ky kjo ata ato këta këto ai ajo jo tij saj tyre atë këtë ketë gjithë shumë vetëm")
# Behind these words a form is another word: `të jetë`, `mos jetë` is "to be".
ANOTHER_WORD_AFTER: dict[str, frozenset[str]] = dict.fromkeys(("jetë", "jete"), frozenset({"të", "te", "mos"}))
# Regular forms that in print are nearly always another word: 475 of 487 `fundit` in the Albanian news sample are "last", not "of the end".
NEVER_FORMS: dict[str, frozenset[str]] = {"fund": frozenset({"fundit"})}

# Countries and regions typed without the article. Their -i belongs to the feminine word (Gjermani, Gjermania);
# read as masculine it would find the people (Gjermanët) too.
FEMININE_NAMES = _words(
    """
    algjeri angli arabi arbëri argjentini armeni australi austri azi belgji bjellorusi britani bullgari çamëri çeki etiopi europi evropi
    gjeorgji gjermani greqi hungari indi indonezi itali japoni jordani kroaci labëri letoni libi lituani malajzi malësi maqedoni mirditi
    moldavi myzeqi nigeri norvegji poloni rumani rusi serbi siri sllovaki slloveni somali suedi shqipëri tanzani toskëri tunizi turqi zambi
    """
)

# First names, which are other people than the surname made of them: Rexhepi is not Rexhep, Rama not Ramë, Leka not Lekë.
FIRST_NAMES = _words(
    """
    adem agim agron ahmet alban albert arben artan asllan avdyl bajram bardhyl bashkim bekim besim blerim brahim demir dervish
    dritan elez emin enver fadil fatos ferid gazmend gëzim gjergj gjon halil hamit hasan haxhi hysen ibrahim idriz ilir imer isak islam ismail
    ismet jakup jashar jusuf kadri kasem kurt lulëzim luan mahmut mark martin maks mehmet mersin murat musli myrteza nazif nezir nikoll nuhi
    osman petrit pjetër qamil qazim qemal ram ramadan ramiz rashit rexhep rifat rustem sabri sadik sali salih selim selman shaban shefqet
    shkëlqim shpend skënder sulejman tahir talat vehbi vesel vladimir xhafer xhemail xhevat ymer zeqir zenel zenun zef
    dedë gjinë gjokë hoxhë kolë lekë lukë markë metë mirë ndokë nikë palë prekë ramë sadë salë tomë zekë
    """
)
# The office ends like the person who holds it: `Ministria e Arsimit` must not find `Ministri i Arsimit`.
OFFICES = _words(
    "avokati drejtori gazetari kancelari kryeministri kryeprokurori ministri noteri polici prokurori rektori sekretari tregtari zëvendësministri"
)
