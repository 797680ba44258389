"""Words of Bosnian, Croatian, Montenegrin and Serbian whose class or stem their ending does not show. Written from grammars, lower case, Latin."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _words("""
    i a u o s k na za od do iz sa ka po pri pod nad pred bez kod kroz oko među protiv prema preko zbog radi osim nakon posle poslije pre prije
    ili ali nego već da ne li je su se bi će si smo ste sam to ta taj ti te ga mu joj ih im me mi vi on ona ono oni one kao što šta ko tko kad
    kada kako gde gdje jer dok pa ni niti the of and for in on to et de la le di von van der den al el bin da dos y e
""")

# Feminine nouns on a consonant; -ost and -est are a rule.
FEMININE_CONSONANT = _words("""
    stvar reč riječ noć ponoć moć nemoć pomoć vlast čast slast strast mast kost ljubav krv smrt večer jesen stran zver zvijer glad žeđ mati kći
    obitelj sol so misao zamisao pomisao peć laž raž čeljad mladež bolest vest vijest povest povijest pripovest pripovijest svest svijest
    nesvest nesvijest mast nit pamet savest savjest zavist korist nenavist mržnja ćud kap prsti grudi oblast propast čast napast strast
    grozd zapovest zapovijed ispovest ispovijed propoved propovijed narav ljubav pojava kob zob ruž ruh plijesan plesan bojazan pesan sablazan
    kazan smeša sluz čađ rđ glad jed plod pređ lađ žuč paprat čar masnoć večernj obuć gar utvar krijepost narav zelen kokoš uš vaš miš
    utrobad pečat nit pučin ravan obitelj duž crven hrpt postelj sen sjen ćerk mladost starost pregršt postaj zabit pogibelj kupelj
    dubrav telad unučad siročad pilad momčad čeljad živad burad obad klopč sprat svrh zasad kćer mater stvarnost cijev cev splav ozledi glazb
    zvijeri doći pošast hripavac bit srž pest pesnic rijet niti varoš čest česti vodomast sreć oporav jetr žal
""") - _words("obad mržnja prsti grudi kazan miš plod jed čar pečat postaj zvijeri doći niti česti zasad sprat smeša pojava hripavac")

# One syllable, short plural.
SHORT_PLURAL = _words("""
    dan konj mrav zub gost prst crv pas sat rus grk srb čeh turk mrak vlah gral puž keks žmarac trak drvo fin poen den bask kelt got hun skit rom tisak
""")
BOTH_PLURALS = _words("""
    sat vuk znak zrak crv glas most rad-a vetar vjetar golub labud jastreb kamen slučaj običaj položaj pojas galeb kralj gavran jelen plamen
    rukav vitez stric otac pritisak-a ugao ugal orao kotao posao čavao kabao ovan lakat nokat san lav vrabac jarac ždralj karanfil kovčeg oblak
    žulj centar metar oganj ugalj jaram
""")
# Both stems of every word here lose the vowel before their last consonant.
FLEETING = _words("""
    pas san ovan lakat nokat jaram ritam algoritam logaritam oganj ugalj ugal češalj kašalj šupalj lisac vosak mozak pesak pijesak kosac
    petar aleksandar pavao ovas pasalj bubanj svibanj lipanj srpanj siječanj rujan travanj studenac ožujak bakar vetar vjetar metar litar
    centar cedar kedar sokol-a svekar tabor-a šećer-a teatar cilindar kalendar-a filtar registar magistar ministar premijer-a arbitar
    kadar kedar lepar član-a fosfor-a meštar majstor-a monstrum-a nadzor-a kotar-a odar dabar bobar rebar jastreb-a jarbol-a ešalon-a
    decembar novembar oktobar septembar cenzor-a ventilator-a barometar kilometar centimetar milimetar parametar dijametar termometar
    pandan-a takat žižak ručak pepeo konac lanac novac venac vijenac prsten-a čekić-a zajam najam pojam ujam snimak odlomak točak
    akademac ugarak smak-a muzej-a pojam sajam prijam prijem-a potres-a osinjak-a smisao tekst-a projekat objekat subjekat aspekat efekat
    prospekat defekat kontekst-a koncepat recepat adapter-a inspekat mandat-a talenat cement-a procenat patenat dokumenat-a akcenat
    talas-a parlamenat-a koncerat eksperat trakt-a kontakat konflikat produkat insekat arhitekat subjekt-a perfekat kolektiv-a rast-a
    ekran-a lučanj sužanj stršljen-a mačak kolac palac vrabac jarac vepar gušter-a nevolj-a šipak lijevak-a malčice-a
""")
FLEETING = frozenset(word for word in FLEETING if "-" not in word)
NOT_FLEETING = _words("""
    junak čovek čovjek oblak slovak poljak rođak pešak pješak divljak seljak ljudak vojak prosjak veseljak tabak durak kozak čičak bivak
    duhak luđak mesečnik zemljak vodnjak kolosek sumrak pomrak dečak dječak mlečnjak pojačak jezičak svečak prodak lajdak mujezin
    cirak bačvar mačkar barjak ćirak ortak sanjak bajrak košmar tuljak bosnjak bošnjak čudak ribnjak težak mrak šumrak kazak varvarin bardak kavak
    omaškar poštar zidar čuvar stolar tramvaj sekretar notar lekar liječar ljekar car dar kvar šar par var bar žar mar tovar
    znalac-a radar kotar altar-a kuhar kuvar dinar denar čamac-a
""")
# nominative singular: (stem, extra plural stem or "")
MASCULINE_STEMS: dict[str, tuple[str, ...]] = {
    "posao": ("posl",), "ugao": ("ugl",), "orao": ("orl",), "kotao": ("kotl",), "pakao": ("pakl",), "čavao": ("čavl",), "kabao": ("kabl",),
    "pepeo": ("pepel",), "anđeo": ("anđel",), "deo": ("del",), "dio": ("dijel",), "predeo": ("predel",), "predio": ("predjel",),
    "udeo": ("udel",), "udio": ("udjel",), "sto": ("stol",), "vo": ("vol",), "do": ("dol",), "smisao": ("smisl",), "ugal": ("ugl",),
    "pavao": ("pavl",), "pas": ("ps",), "san": ("sn",), "lav": ("lav",), "odeo": ("odel",), "odio": ("odjel",), "videlac": ("videoc",),
    "čitalac": ("čitaoc",), "ministar": ("ministr",), "stolac": ("stolc",), "kolac": ("kolc", "koc"), "palac": ("palc",), "tkalac": ("tkalc",),
    "sitao": ("sitl",), "misao": ("misl",), "vitao": ("vitl",), "petao": ("petl",), "kobao": ("kobl",), "krao": ("kral",), "raonik": ("raonik",),
    "krečnjak": ("krečnjak",), "prasac": ("prasc",), "šav": ("šav",), "žbir": ("žbir",), "arhanđeo": ("arhanđel",), "razdeo": ("razdel",),
    "mediteran": ("mediteran",),
}  # fmt: skip
# Neuters whose stem grows in the oblique cases.
NEUTER_STEMS: dict[str, tuple[str, ...]] = {
    "ime": ("imen",), "prezime": ("prezimen",), "vreme": ("vremen",), "vrijeme": ("vremen",), "pleme": ("plemen",), "seme": ("semen",),
    "sjeme": ("sjemen",), "breme": ("bremen",), "rame": ("ramen",), "teme": ("temen",), "tjeme": ("tjemen",), "vime": ("vimen",),
    "nevreme": ("nevremen",), "nevrijeme": ("nevremen",), "dete": ("detet",), "dijete": ("djetet",), "jaje": ("jajet", "jaj"),
    "pile": ("pilet",), "tele": ("telet",), "štene": ("štenet",), "mače": ("mačet",), "jagnje": ("jagnjet",), "janje": ("janjet",),
    "siroče": ("siročet",), "unuče": ("unučet",), "momče": ("momčet",), "devojče": ("devojčet",), "djevojče": ("djevojčet",),
    "dugme": ("dugmet",), "uže": ("užet", "uz"), "ćebe": ("ćebet",), "tane": ("tanet",), "drvo": ("drvet", "drv"), "bure": ("buret",),
    "pseto": ("pset",), "zvono": ("zvon",), "prase": ("praset",), "ždrebe": ("ždrebet",), "grlo": ("grl",), "podne": ("podnev",),
    "tijelo": ("tijel", "tjeles"), "telo": ("tel", "teles"), "nebo": ("neb", "nebes"), "čudo": ("čud", "čudes"), "udo": ("ud",),
    "uho": ("uh",), "uvo": ("uv",), "oko": ("ok",), "more": ("mor",), "veče": ("večer",), "doba": ("dob",), "kube": ("kubet",),
    "sirće": ("sirćet",), "pašče": ("paščet",), "klupče": ("klupčet",), "parče": ("parčet",), "kuče": ("kučet",), "ždrijebe": ("ždrebet",),
    "mladunče": ("mladunčet",), "novorođenče": ("novorođenčet",), "odojče": ("odojčet",), "tronošče": ("tronošcet",), "škembe": ("škembet",),
    "đule": ("đulet",), "jare": ("jaret",), "dojenče": ("dojenčet",), "nahoče": ("nahočet",), "gotovo": ("gotov",), "dvoje": ("dvoj",),
}  # fmt: skip
# Other forms of a word, with the rule in words.
SUPPLETION: dict[str, dict[str, str]] = {
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
    "cvijeće": {},
    "pas": {"psi pse psima pasa psetu": "plural"},
    "rame": {"ramena": "plural"},
    "gospođa": {"gđa gđe": "abbreviation"},
    "doktor": {},
    "krv": {"krvlju krvi": "instrumental singular"},
    "ljubav": {"ljubavlju": "instrumental singular"},
    "bog": {"bože bozi": "vocative singular"},
    "turčin": {"turci turaka turcima turke": "plural of turčin"},
    "turska": {},
    "tko": {"koga kome kim": "oblique cases"},
    "dva": {"dvije dve dvoje dvaju dvama dviju dvjema dvema": "gender and case"},
    "tri": {"triju trima": "case"},
    "oba": {"obje obe obaju objema obema obiju": "gender and case"},
    "sav": {"sva sve sve svega svemu svim svih svi svu svoj svom": "gender and case"},
    "kolega": {"kolege kolegi kolegu kolegom kolegama": "case"},
    "mošnja": {},
    "san": {"snova snovi snovima snove": "plural stem"},
    "stric": {"stričevi stričeva": "plural stem"},
    "knez": {"kneževi kneževa knežev kneže": "plural stem"},
    "zec": {"zečevi zečeva zečeve zečevima": "plural stem"},
    "vitez": {"vitezovi vitezova vitezovima": "plural stem"},
    "mis": {},
    "beograđanin": {},
}
PERSON_VOCATIVES = _words(
    "majka žena mama baba sestra devojka djevojka gospođa teta strina ujna kuma drugarica braća deca djeca gospoda zemlja domovina vila"
)
PERSON_SUFFIXES = ("nik", "telj", "lac", "anin", "anac", "ist", "olog", "graf", "ant", "džija", "ičar", "arac")

STOP_FORMS = _words("""
    radi rade sada sadi time tome toga toj tom timu kada kade stoga koje koji koja kojim kojom kojih svoje svoja svoj svom sve svi svih mora more
    vole voli traje traži treba žele želi ima ime imam imao bilo bila bili bio biti budu bude bude ide idu dao dala dali dobro dobra dobri
    novi nova novo nove novu novim novih staro stare stara malo mala male mali sami sama samo same samom prava pravo prave pravi pravu
    drugi druga druge drugo drugu kasno rano dugo danas juče jučer sutra uvek uvijek nikad nikada niko nitko ništa nešto neko netko oba obe
    obje dve dvije dva tri posle pre blizu vrlo vrla više manje najviše oni ono ona one njih njim njima njoj nju meni tebi sebi sebe tebe
    mene nama vama nas vas nam vam moj moja moje moji tvoj tvoja tvoje naš naša naše naši vaš vaša vaše vaši ovaj ova ovo ove ovi ovog ovom
    ovih ovim onaj taj te ta ti tih tim tu tamo ovde ovdje onde nego jako lako lepo lijepo dalje bolje gore dole dolje unutra van izvan često
    biće bit mogu može možemo hoće neće nije nisu jesu smo ste sam čim zato zatim potom pak ipak još tek baš čak naime gotovo celo cijelo
    mire mira-a sati-a tako ovako onako veoma oko okolo duž usred umesto umjesto mesto mjesto tokom tijekom povodom kraj kraju kod pored
    prošle prošlog prošlo sledeće sljedeće bivši bivša kaže kažu reče reći rekao rekla navodi navode pita pitaju vodi vode govori govore
    plati plate prati prate misli misle stoji stoje sedi sjedi drži drže leži uči uče piše pišu zove zovu nosi nose gubi gube živi žive
    vidi vide slavi slave krije kriju seli tvrdi tvrde služi služe čini čine deli dele dijeli dijele meri mere mjeri cene ceni cijeni
    javi javni javno javna javne stvarno stvarni jasno jasna jasne jasni glavno glavni glavna glavne bori bore stiže stižu smeta brine brinu
    borio vrati vrate skoro skora svakako sigurno naravno brzo polako hitno tiho glasno dana-a kazao dodao dodala nade-a volju-a
""") - _words("ime more mesto mjesto kraj kraju vode mira nade")
STOP_FORMS = frozenset(word for word in STOP_FORMS if "-" not in word)
MASCULINE_ON_OST = _words("most gost rost post hvost trost doprinost test protest kvest šiljest tomost aktivnost-a")
ETHNIC_ON_IN = _words(
    "srbin bugarin arapin turčin tatarin ciganin musliman muslimanin domaćin-a čifutin jermenin jevrejin latin rimljanin armenin mletčanin jugović-a"
)
BOTH_STEMS = _words("mačak ručak točak čičak šipak lak tak")
FEMININE_FLEETING = _words("plijesan plesan bojazan sablazan pesan")
LONG_PLURAL_STEM = {"knez": "knež", "zec": "zeč", "stric": "strič", "otac": "oč"}
MASCULINE_FOREIGN_O = _words("biro depo kazino bifeo dispo tempo")
WITH_PLURAL_ON_I = _words("evro euro auto kino video radio studio foto dinamo torzo konto kilo depozito embrio folio torpedo")
