"""Words of Bosnian, Croatian, Montenegrin and Serbian whose class or stem their ending does not show. Written from grammars, lower case, Latin."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _words("""
    i a u o s k na za od do iz sa ka po pri pod nad pred bez kroz među protiv prema preko zbog radi osim nakon posle poslije pre prije
    ili ali nego već da ne li je su se bi će si smo ste sam to ta taj ti te ga mu joj ih im me mi vi on ona ono oni one kao što šta ko
    tko kad kada kako gde gdje jer dok pa ni niti
    the of and for in on to et de la le di von van der den al el bin da dos y e
""")

# Feminine nouns on a consonant; -ost, -vest and -vijest are a rule.
FEMININE_CONSONANT = _words("""
    stvar reč riječ noć ponoć moć nemoć pomoć vlast oblast čast počast slast strast mast kost ljubav krv smrt večer jesen zver zvijer
    glad žeđ mati kći kćer obitelj sol so misao zamisao pomisao laž raž čeljad mladež bolest vest vijest svest svijest nit pamet savest
    savjest zavist korist nekorist nenavist ćud kap propast napast pošast zapovest zapovijed ispovijed propoved propovijed pripovest
    narav kob zob plijesan plesan bojazan pesan sablazan sluz čađ žuč paprat krijepost zelen kokoš uš ravan duž sen sjen pregršt
    pogibelj kupelj telad unučad siročad momčad živad cijev cev bit srž čest  dob peć bol nesvest nesvijest
    perad đubrad obest objest povijest povest pripovijest zvjerad
""")
# Feminine and masculine.
BOTH_GENDERS = _words("bol večer glad splav")
FEMININE_FLEETING = _words("plijesan plesan bojazan pesan sablazan ravan")
MASCULINE_ON_OST = _words("most gost rost post hvost trost kvest")

# Short plural although the stem has one syllable.
SHORT_PLURAL = _words("""
    dan konj mrav zub gost prst crv pas đak rus grk srb čeh kurd mrak keks trak fin poen kelt got hun skit
""")
BOTH_PLURALS = _words("""
    sat vuk znak zrak zvuk glas vetar vjetar golub labud jastreb kamen slučaj običaj položaj pojas galeb gavran jelen plamen rukav vitez otac
    ugao ugal orao kotao posao čavao kabao ovan lakat nokat san jarac ždralj kovčeg žulj centar metar oganj ugalj jaram
""")
LONG_PLURAL_STEM = {"knez": "knež", "zec": "zeč", "stric": "strič", "princ": "prinč", "otac": "oč"}

# The vowel before the last consonant falls out.
FLEETING = _words("""
    tivat egipat pas san ovan lakat nokat jaram oganj ugalj ugal češalj kašalj vosak pesak pijesak petar aleksandar ovas pasalj bubanj svibanj
    lipanj srpanj siječanj rujan travanj studenac ožujak bakar vetar vjetar metar litar centar cedar kedar svekar teatar cilindar filtar
    registar magistar ministar arbitar kadar odar dabar bobar rebar decembar novembar oktobar septembar kilometar centimetar milimetar
    parametar dijametar termometar žižak ručak konac lanac venac vijenac zajam dojam najam pojam ujam sajam prijam snimak odlomak točak
    projekat objekat subjekat aspekat efekat prospekat defekat koncepat recepat talenat procenat patenat akcenat koncerat kontakat
    konflikat insekat arhitekat perfekat sužanj kolac palac tjedan momak predak potomak početak podatak zadatak dodatak ostatak
    nedostatak gubitak dobitak trenutak dolazak odlazak prolazak ulazak izlazak nalazak boravak razvitak napredak poredak višak manjak
    trošak petak četvrtak utorak ponedeljak ponedjeljak doručak zaključak priključak izuzetak imetak sastanak rastanak nastanak opstanak
    prestanak postanak ustanak članak stanak san češanj žrvanj stupanj ražanj lokvanj
""")
# Both stems are made for words on these that stand in no list.
FLEETING_ENDINGS = (
    "izam",
    "azam",
    "itam",
    "ak",
    "ntar",
    "star",
    "ktar",
    "mbar",
    "obar",
    "jatar",
    "etar",
    "itar",
    "ndar",
    "kat",
    "nat",
    "anj",
    "alj",
    "dar",
)
NOT_FLEETING = _words("""
    madrac irak junak čovek čovjek oblak slovak poljak rođak pešak pješak divljak seljak vojak prosjak veseljak durak kozak bivak luđak zemljak
    kolosek sumrak dečak dječak svečak  barjak ćirak ortak sanjak bajrak čudak ribnjak bošnjak šumrak bardak kavak
    korak barak pomak čardak kajak tabak lekar ljekar dar sekretar notar denar dinar senat karat format mandat magnat kombinat internat
    kanat ornat rat kolar gusar medaljar bolničar poštar zidar čuvar stolar novinar predavač prevrat povrat zanat kat bogataš komesar
""")

# nominative singular: its stems
MASCULINE_STEMS: dict[str, tuple[str, ...]] = {
    "posao": ("posl",),
    "ugao": ("ugl",),
    "orao": ("orl",),
    "kotao": ("kotl",),
    "pakao": ("pakl",),
    "čavao": ("čavl",),
    "kabao": ("kabl",),
    "pepeo": ("pepel",),
    "anđeo": ("anđel",),
    "deo": ("del",),
    "dio": ("dijel",),
    "predeo": ("predel",),
    "predio": ("predjel",),
    "udeo": ("udel",),
    "udio": ("udjel",),
    "sto": ("stol",),
    "vo": ("vol",),
    "soko": ("sokol",),
    "do": ("dol",),
    "smisao": ("smisl",),
    "ugal": ("ugl",),
    "pavao": ("pavl",),
    "pas": ("ps",),
    "san": ("sn",),
    "odeo": ("odel",),
    "odio": ("odjel",),
    "stolac": ("stolc", "stoc"),
    "kolac": ("kolc", "koc"),
    "palac": ("palc",),
    "tkalac": ("tkalc",),
    "mozak": ("mozg",),
    "besmisao": ("besmisl",),
    "petao": ("petl",),
    "arhanđeo": ("arhanđel",),
    "razdeo": ("razdel",),
}
# Neuters whose stem grows in the oblique cases.
NEUTER_STEMS: dict[str, tuple[str, ...]] = {
    "ime": ("imen",),
    "prezime": ("prezimen",),
    "vreme": ("vremen",),
    "vrijeme": ("vremen",),
    "pleme": ("plemen",),
    "seme": ("semen",),
    "sjeme": ("sjemen",),
    "breme": ("bremen",),
    "rame": ("ramen",),
    "teme": ("temen",),
    "tjeme": ("tjemen",),
    "vime": ("vimen",),
    "nevreme": ("nevremen",),
    "nevrijeme": ("nevremen",),
    "dete": ("detet",),
    "dijete": ("djetet",),
    "jaje": ("jajet", "jaj"),
    "pile": ("pilet",),
    "tele": ("telet",),
    "štene": ("štenet",),
    "mače": ("mačet",),
    "jagnje": ("jagnjet",),
    "janje": ("janjet",),
    "siroče": ("siročet",),
    "unuče": ("unučet",),
    "momče": ("momčet",),
    "devojče": ("devojčet",),
    "djevojče": ("djevojčet",),
    "dugme": ("dugmet",),
    "uže": ("užet", "uz"),
    "ćebe": ("ćebet",),
    "tane": ("tanet",),
    "drvo": ("drvet", "drv"),
    "bure": ("buret",),
    "prase": ("praset",),
    "ždrebe": ("ždrebet",),
    "podne": ("podnev",),
    "popodne": ("popodnev",),
    "poslijepodne": ("poslijepodnev",),
    "poslepodne": ("poslepodnev",),
    "prijepodne": ("prijepodnev",),
    "prepodne": ("prepodnev",),
    "međuvreme": ("međuvremen",),
    "međuvrijeme": ("međuvremen",),
    "tijelo": ("tijel", "tjeles"),
    "telo": ("tel", "teles"),
    "nebo": ("neb", "nebes"),
    "čudo": ("čud", "čudes"),
    "udo": ("ud",),
    "uho": ("uh",),
    "uvo": ("uv",),
    "oko": ("ok",),
    "more": ("mor",),
    "veče": ("večer",),
    "doba": ("dob",),
    "kube": ("kubet",),
    "sirće": ("sirćet",),
    "pašče": ("paščet",),
    "klupče": ("klupčet",),
    "parče": ("parčet",),
    "kuče": ("kučet",),
    "ždrijebe": ("ždrebet",),
    "mladunče": ("mladunčet",),
    "novorođenče": ("novorođenčet",),
    "odojče": ("odojčet",),
    "škembe": ("škembet",),
    "đule": ("đulet",),
    "jare": ("jaret",),
    "dojenče": ("dojenčet",),
    "nahoče": ("nahočet",),
}
# Other forms of a word, with the rule in words.
SUPPLETION: dict[str, dict[str, str]] = {
    "banja": {"banjoj": "dative or locative, as in Banjoj Luci"},
    "čovek": {"ljudi ljude ljudima": "plural of čovek"},
    "čovjek": {"ljudi ljude ljudima": "plural of čovjek"},
    "ljudi": {"ljude ljudima": "plural"},
    "dete": {"deca dece deci decu decom deco": "collective plural of dete"},
    "dijete": {"djeca djece djeci djecu djecom djeco": "collective plural of dijete"},
    "deca": {"dete deteta detetu detetom": "singular of deca"},
    "djeca": {"dijete djeteta djetetu djetetom": "singular of djeca"},
    "brat": {"braća braće braći braću braćom braćo": "collective plural of brat"},
    "gospodin": {"gospoda gospode gospodi gospodu gospodom gospodo": "collective plural of gospodin"},
    "vlastelin": {"vlastela vlastele vlasteli vlastelu vlastelom": "collective plural of vlastelin"},
    "uho": {"uši ušiju ušima": "plural of uho"},
    "uvo": {"uši ušiju ušima": "plural of uvo"},
    "oko": {"oči očiju očima": "plural of oko"},
    "mati": {"mater matere materi materom materama majka": "oblique cases of mati"},
    "kći": {"kćer kćeri kćerju kćerima kćerka": "oblique cases of kći"},
    "ćerka": {"kći kćer kćeri": "short form"},
    "otac": {"očevi očeva očevima očeve oče": "plural stem"},
    "prijatelj": {"prijatelja": "genitive plural"},
    "list": {"lišće lišća lišću lišćem": "collective"},
    "drvo": {"drveće drveća drveću drvećem": "collective"},
    "cvet": {"cveće cveća cveću cvećem": "collective"},
    "cvijet": {"cvijeće cvijeća cvijeću cvijećem": "collective"},
    "kamen": {"kamenje kamenja kamenju kamenjem": "collective"},
    "grana": {"granje": "collective"},
    "novorođenče": {"novorođenčad novorođenčadi": "collective"},
    "uže": {"užad": "collective"},
    "dečko": {"dečki dečke dečkima dečaka": "plural of dečko"},
    "veče": {"večeri večer večerima": "feminine"},
    "unuče": {"unučad unučadi": "collective"},
    "pile": {"pilad piladi pilići piliće pilića": "collective"},
    "tele": {"telad teladi": "collective"},
    "siroče": {"siročad siročadi": "collective"},
    "ruka": {"ruku ruci": "genitive plural"},
    "noga": {"nogu nozi": "genitive plural"},
    "sluga": {"slugu": "genitive plural"},
    "gost": {"gostiju": "genitive plural"},
    "nokat": {"noktiju": "genitive plural"},
    "prst": {"prstiju": "genitive plural"},
    "kost": {"kostiju košću": "genitive plural"},
    "vaš": {"vašiju": "genitive plural"},
    "dan": {"dani dana danima dane": "plural"},
    "sat": {"sati": "genitive plural"},
    "mesec": {"meseci": "genitive plural"},
    "mjesec": {"mjeseci": "genitive plural"},
    "minut": {"minuta minuti": "genitive plural"},
    "put": {"puta putem": "instrumental singular"},
    "tisuća": {"tisuću": "accusative singular"},
    "godina": {"god": "abbreviation"},
    "pas": {"psi pse psima pasa psetu": "plural"},
    "rame": {"ramena": "plural"},
    "gospođa": {"gđa gđe": "abbreviation"},
    "krv": {"krvlju krvi": "instrumental singular"},
    "ljubav": {"ljubavlju": "instrumental singular"},
    "bog": {"bože bozi": "vocative singular"},
    "turčin": {"turci turaka turcima turke": "plural of turčin"},
    "tko": {"koga kome kim": "oblique cases"},
    "dva": {"dvije dve dvoje dvaju dvama dviju dvjema dvema": "gender and case"},
    "tri": {"triju trima": "case"},
    "oba": {"obje obe obaju objema obema obiju": "gender and case"},
    "sav": {"sva sve sve svega svemu svim svih svi svu svoj svom": "gender and case"},
    "kolega": {"kolege kolegi kolegu kolegom kolegama": "case"},
    "san": {"snova snovi snovima snove": "plural stem"},
    "stric": {"stričevi stričeva": "plural stem"},
    "knez": {"kneževi kneževa knežev kneže": "plural stem"},
    "zec": {"zečevi zečeva zečeve zečevima": "plural stem"},
    "vitez": {"vitezovi vitezova vitezovima": "plural stem"},
}
PERSON_VOCATIVES = _words(
    "majka žena mama baba sestra devojka djevojka gospođa teta strina ujna kuma drugarica braća deca djeca gospoda zemlja domovina vila"
)
ETHNIC_ON_AN = _words("talijan musliman amerikan australijan indijan meksikan")
ETHNIC_ON_IN = _words("srbin jevrejin bugarin arapin tatarin ciganin muslimanin čifutin jermenin")
PLURALS_ON_A = _words("vrata leđa usta pluća kola prsa kliješta klešta drva nosila kolica jasla")
# Men's names whose genitive is Ive, Pere; not Vlado, whose is vlade.
HYPOCORISTICS = _words(
    "ivo pero mato jozo joso frano stipo anto niko božo jovo luko jure ante mate franjo mujo meho huso haso ibro suljo avdo mišo"
)
MASCULINE_FOREIGN_O = _words("biro depo nivo plato metro šato")
WITH_PLURAL_ON_I = _words("evro euro auto kino video radio studio foto torzo konto embrio folio torpedo")
FOREIGN_NOUNS = _words("""
    taksi debi žiri hobi viski alibi derbi bikini safari tsunami cunami kivi rali rugbi ragbi hokej šou intervju meni bebi emu tabu zebu kanu
    iglu haiku kari hipi pankeri suši ski zombi lobi dendi reli mini
""")
PLURAL_NAMES = _words("filipini maldivi emirati karpati dinaridi tuzi laktaši")
FOREIGN_ON_E = _words("site image game frame store update page airline smartphone mobile cache template zone house")
PLURAL_NAME_ENDINGS = ("ići", "ovi", "evi", "ani", "nci", "vci", "ari", "ati", "osti", "esti", "dani")

# Nouns first, although an adjective is spelt the same (debt and long, world and holy).
NOUNS_TOO = _words("dug svet")
# Institutions that the press writes with and without a capital.
EITHER_CASE = _words("""
    vlada sabor skupština parlament predsedništvo predsjedništvo ministarstvo skupstina predsednistvo predsjednistvo ustav policija
    tužilaštvo tužiteljstvo tuziteljstvo tuzilastvo crkva bog internet web univerzitet sveučilište akademija opština općina županija senat kongres
    влада собрание парламент министерство устав полиција црква интернет универзитет академија општина обвинителство
""")

# Frequent words that a form of another word may equal.
STOP_FORMS = _words("""
    radi rade sada sadi time tome toga toj tom  kada kade stoga koje koji koja kojim kojom kojih svoje svoja svoj svom sve svi svih
    mora vole voli traje traži traže treba žele želi ima imam imao bilo bila bili bio biti budu bude ide idu dao dala dali dobro dobra
    dobri novi nova novo nove novu novim novih staro stare stara malo mala male mali sami sama samo same samom  pravo prave pravi
     drugi druga druge drugo drugu kasno rano dugo danas juče jučer sutra uvek uvijek nikad nikada niko nitko ništa nešto neko
    netko oba obe obje dve dvije dva tri posle poslije pre prije blizu vrlo vrla više manje najviše oni ono ona one njih njim njima njoj
    nju meni tebi sebi sebe tebe mene nama vama nas vas nam vam moj moja moje moji tvoj tvoja tvoje naš naša naše naši vaš vaša vaše
    vaši ovaj ova ovo ove ovi ovog ovom ovih ovim onaj taj te ta ti tih tim tu tamo ovde ovdje onde nego jako lako lepo lijepo dalje
    bolje bolju boljim boljima gore dole dolje unutra van izvan često biće bit mogu može možemo hoće neće nije nisu jesu smo ste sam čim
    zato zatim potom pak ipak još tek baš čak naime gotovo celo cijelo tako ovako onako veoma okolo usred umesto umjesto tokom tijekom
    povodom početkom sredinom putem koncem većinom sobom kod pored prošle prošlog prošlo sledeće sljedeće bivši bivša kaže kažu reče
    reći rekao rekla navodi navode pita pitaju vodi govori govore   prati prate misli misle stoji stoje sedi sjedi drži drže
    leži uči uče piše pišu zove zovu nosi nose gubi gube živi žive vidi vide slavi krije kriju tvrdi tvrde služi služe čini čine dijeli
    dijele javi javni javno javna javne stvarno stvarni jasno jasna jasne jasni glavno glavni glavna glavne bori bore stiže stižu smeta
    brine brinu borio vrati vrate skoro skora svakako sigurno naravno brzo polako hitno tiho glasno kazao dodao dodala izgleda tjedno
    nedeljno pomogne iznosi iznose napravi napravim naprave pusti puste
""")
