"""Common adjectives whose ending does not show that they are one, and names that decline as adjectives. Written from grammars."""

from __future__ import annotations

_REGULAR = """
    nov star mlad velik jak slab čist brz lep lijep crn bel bijel plav žut crven zelen siv smeđ drag tih gust ljut lud bled blijed hrom
    gol bos sit suh suv tvrd mek živ mrtav-mrtv zdrav prav kriv lev lijev desn širok visok dubok dalek strm ravan-ravn prazan-prazn
    dobar-dobr mokar-mokr oštar-oštr hrabar-hrabr bistar-bistr mudar-mudr vedar-vedr bodar-bodr sladak-slatk kratak-kratk tanak-tank
    uzak-usk nizak-nisk blizak-blisk težak-tešk lak redak-retk rijedak-rijetk gladak-glatk gibak-gipk krepak-krepk topao-topl
    okrugao-okrugl nagao-nagl beo-bel mio-mil ceo-cel cijel zao-zl debeo-debel veseo-vesel kiseo-kisel zreo-zrel vreo-vrel smeo-smel
    gnjio-gnjil podao-podl obao-obl dužan-dužn važan-važn siguran-sigurn bezbedan-bezbedn bezbjedan-bezbjedn sam slep slijep glup skup
    jeftin tup grub gladan-gladn žedan-žedn dug bogat poznat prost gotov opšt opć vruć svež svjež tuđ božj budać sledeć sljedeć mal prv
    drug treć četvrt pet šest sedm osm devet deset krupn sitn glavn gornj donj srednj prednj zadnj unutrašnj vanjsk spoljn današnj
    sutrašnj jučerašnj letnj zimsk zapadn istočn severn sjevern južn svet dragocen jedin zajedničk potpun moguć nemoguć hitan-hitn human
    žestok mrk dvostruk trostruk blag strog pun prepun sklon vešt vješt čvrst čest jednak olak svirep škrt pitom spor urban pijan slan
    lagan polagan složen nem gluv gluh čudan-čudn ran hladan-hladn slavan-slavn krasan-krasn jasan-jasn tačan-tačn točan-točn loš
"""

# masculine, short form: stem
BASIC: dict[str, str] = {word: stem or word for word, _, stem in (entry.partition("-") for entry in _REGULAR.split())}

# Names of women and places on -ška, -čka, -ska that are nouns.
NOT_LANDS = frozenset("duška draška miška ruška aljaska nebraska gradiška maska daska laska puška".split())

# Nouns that end like adjectives.
NOUNS = frozenset(
    [
        *("roman", "organ", "restoran", "kapetan", "ocean", "okean", "veteran", "partizan", "uragan", "orkan", "balkan", "ekran", "titan"),
        *("član", "stan", "plan", "klan", "dan", "datum", "magazin", "benzin", "termin", "bazen", "kamen", "prsten", "plamen", "refren"),
        *(
            "student",
            "dokument",
            "projekt",
            "institut",
            "sat",
            "rat",
            "brat",
            "zanat",
            "format",
            "advokat",
            "kandidat",
            "rezultat",
            "mandat",
        ),
        *("profit", "kredit", "deficit", "minut", "statut", "granit", "motiv", "arhiv", "kolektiv", "pogon", "telefon", "region", "balon"),
    ]
)
