"""Whom and what the sample editions speak of. All names and texts are invented."""

from __future__ import annotations

from tracker.model import (
    KeyMessage,
    Medium,
    Objective,
    Outcome,
    Spokesperson,
)

MESSAGES = (
    KeyMessage(
        "safe-space",
        "A digital space where children and young people are safe",
        "x",
        (
            ("sq", "Një hapësirë digjitale ku fëmijët dhe të rinjtë janë të sigurt"),
            ("sr-Latn", "Digitalni prostor u kome su deca i mladi bezbedni"),
            ("mk", "Дигитален простор во кој децата и младите се безбедни"),
        ),
    ),
    KeyMessage(
        "local-partners",
        "The platform works with local partners on safety and moderation",
        "x",
        (
            ("sq", "Platforma punon me partnerë vendorë për sigurinë dhe moderimin"),
            ("sr-Latn", "Platforma sa lokalnim partnerima radi na bezbednosti i moderaciji"),
            ("mk", "Платформата работи со локални партнери на безбедност и модерација"),
        ),
    ),
    KeyMessage(
        "literacy",
        "Digital literacy for parents and teachers",
        "x",
        (
            ("sq", "Edukimi digjital për prindërit dhe mësuesit"),
            ("sr-Latn", "Digitalna pismenost za roditelje i nastavnike"),
            ("mk", "Дигитална писменост за родители и наставници"),
        ),
    ),
    KeyMessage("exchange", "Exchange among authorities, civil society, industry and media", "x"),
)
PEOPLE = (
    Spokesperson("Arben Dushku", ("dushku",), "Executive Director, Lumi Foundation", (("sq", "drejtor ekzekutiv, Fondacioni Lumi"),)),
    Spokesperson("Katarzyna Nowik", ("nowik",), "Public Policy Manager", (("sr-Latn", "menadžerka za javne politike"),)),
)
OBJECTIVES = (
    Objective("Coverage in leading outlets of every country", (("sq", "Publikime në mediat kryesore të çdo vendi"),), "tier_1_items", 12),
    Objective(
        "Parents know where to report",
        (("sq", "Prindërit dinë ku të raportojnë"),),
        outcomes=(
            Outcome("Parents who name a reporting channel", "41 %", "Omnibus survey, n = 1,004", "2026-11-12"),
            Outcome("Calls to the helpline", "312", "Helpline's monthly count", "2026-11-01"),
        ),
    ),
)

OUTLETS = {
    "korabi": ("Gazeta Korabi", "AL", "daily", 1, "sq"),
    "ura": ("Televizioni Ura", "AL", "broadcaster", 1, "sq"),
    "vala": ("Portali Vala", "AL", "portal", 2, "sq"),
    "bregu": ("Bregu i Ri", "AL", "local", 3, "sq"),
    "drina": ("Glas Drine", "BA", "daily", 1, "bs"),
    "bosut": ("Portal Bosut", "BA", "portal", 2, "bs"),
    "vrbas": ("Радио Врбас", "BA", "radio", 3, "sr"),
    "sharri": ("Gazeta Sharri", "XK", "daily", 1, "sq"),
    "ibri": ("Ibri Live", "XK", "portal", 2, "sq"),
    "moraca": ("Dnevni list Morača", "ME", "daily", 1, "cnr"),
    "tara": ("Portal Tara", "ME", "portal", 2, "cnr"),
    "vardar": ("Весник Вардарец", "MK", "daily", 1, "mk"),
    "treska": ("Портал Треска", "MK", "portal", 2, "mk"),
    "pollogu": ("Pollogu Sot", "MK", "local", 3, "sq"),
    "kolubara": ("Dnevnik Kolubara", "RS", "daily", 1, "sr"),
    "timok": ("Тимочке новине", "RS", "weekly", 3, "sr"),
    "danica": ("Agencija Danica", "RS", "agency", 1, "sr"),
    "balkan": ("Balkan Ledger", "XB", "regional", 2, "en"),
}

LAUNCH = {
    "sq": (
        "Nis fushata rajonale për sigurinë digjitale të fëmijëve",
        "Fondacioni Lumi dhe platforma hapën të martën në Tiranë fushatën rajonale për sigurinë digjitale. Drejtori Arben Dushku tha se prindërit dhe mësuesit do të marrin trajnime në gjashtë vende, ndërsa të rinjtë do të kenë një hapësirë më të sigurt në internet.",
    ),
    "sr": (
        "Počela regionalna kampanja za digitalnu bezbednost dece",
        "Fondacija Lumi i platforma otvorile su u utorak u Tirani kampanju za digitalnu bezbednost. Izvršni direktor Arben Dushku rekao je da će roditelji i nastavnici u šest zemalja dobiti obuke, a mladi bezbedniji prostor na internetu.",
    ),
    "bs": (
        "Pokrenuta regionalna kampanja za digitalnu sigurnost djece",
        "Fondacija Lumi i platforma otvorile su u utorak u Tirani kampanju za digitalnu sigurnost. Izvršni direktor Arben Dushku rekao je da će roditelji i nastavnici u šest zemalja dobiti obuke.",
    ),
    "cnr": (
        "Počela regionalna kampanja za digitalnu bezbjednost djece",
        "Fondacija Lumi i platforma otvorile su u Tirani kampanju za digitalnu bezbjednost. Direktor Arben Dushku kazao je da će roditelji i nastavnici u šest zemalja dobiti obuke.",
    ),
    "mk": (
        "Почна регионална кампања за дигитална безбедност на децата",
        "Фондацијата Луми и платформата ја отворија во вторникот во Тирана кампањата за дигитална безбедност. Директорот Арбен Душку рече дека родителите и наставниците во шест земји ќе добијат обуки, а младите побезбеден простор на интернет.",
    ),
    "cyr": (
        "Почела регионална кампања за дигиталну безбедност деце",
        "Фондација Луми и платформа отвориле су у уторак у Тирани кампању за дигиталну безбедност. Извршни директор Арбен Душку рекао је да ће родитељи и наставници у шест земаља добити обуке.",
    ),
    "en": (
        "Regional push for children’s digital safety starts in Tirana",
        "The Lumi Foundation and the platform opened their campaign for digital safety in Tirana on Tuesday. Executive director Arben Dushku said parents and teachers in six countries would be trained, and Katarzyna Nowik promised more local moderation.",
    ),
}
SCHOOLS = {
    "sq": (
        "Mësuesit e Prizrenit: trajnimet për sigurinë digjitale duhen në çdo shkollë",
        "Mbi dyzet mësues morën pjesë në trajnimin e fushatës për sigurinë digjitale. Ata kërkojnë që programi të shtrihet në çdo shkollë deri në pranverë.",
    ),
    "sr": (
        "Nastavnici traže obuke o digitalnoj bezbednosti u svakoj školi",
        "Više od četrdeset nastavnika bilo je na obuci kampanje za digitalnu bezbednost. Traže da program do proleća stigne u svaku školu.",
    ),
    "bs": (
        "Nastavnici traže obuke o digitalnoj sigurnosti u svakoj školi",
        "Više od četrdeset nastavnika bilo je na obuci kampanje za digitalnu sigurnost i traže da program stigne u svaku školu.",
    ),
    "cnr": (
        "Nastavnici traže obuke o digitalnoj bezbjednosti u svakoj školi",
        "Više od četrdeset nastavnika bilo je na obuci kampanje za digitalnu bezbjednost i traže da program stigne u svaku školu.",
    ),
    "mk": (
        "Наставниците бараат обуки за дигитална безбедност во секое училиште",
        "Повеќе од четириесет наставници беа на обуката на кампањата за дигитална безбедност. Бараат програмата да стигне во секое училиште.",
    ),
    "cyr": (
        "Наставници траже обуке о дигиталној безбедности у свакој школи",
        "Више од четрдесет наставника било је на обуци кампање за дигиталну безбедност. Траже да програм до пролећа стигне у сваку школу.",
    ),
}
ROWS = (  # outlet, story, day, hour, headline and text, script
    ("korabi", "launch", 1, 9, LAUNCH, ""),
    ("vala", "launch", 1, 10, LAUNCH, ""),
    ("bregu", "launch", 1, 18, LAUNCH, ""),
    ("ura", "schools", 3, 17, SCHOOLS, ""),
    ("drina", "launch", 1, 12, LAUNCH, ""),
    ("bosut", "launch", 1, 13, LAUNCH, ""),
    ("vrbas", "schools", 4, 8, SCHOOLS, "cyr"),
    ("sharri", "launch", 1, 10, LAUNCH, ""),
    ("ibri", "schools", 3, 15, SCHOOLS, ""),
    ("moraca", "launch", 1, 14, LAUNCH, ""),
    ("tara", "schools", 4, 9, SCHOOLS, ""),
    ("vardar", "launch", 1, 11, LAUNCH, ""),
    ("treska", "launch", 2, 7, LAUNCH, ""),
    ("pollogu", "schools", 3, 20, SCHOOLS, ""),
    ("danica", "launch", 1, 9, LAUNCH, ""),
    ("kolubara", "launch", 1, 11, LAUNCH, ""),
    ("timok", "schools", 5, 6, SCHOOLS, "cyr"),
    ("balkan", "launch", 2, 6, LAUNCH, ""),
)
HAND = (  # outlet, medium, programme, place, headline, reach
    ("ura", Medium.TELEVISION, "Edicioni i lajmeve", "19:30", "Fëmijët dhe rrjetet: çfarë ndryshon me fushatën", 184_000),
    ("vrbas", Medium.RADIO, "Јутарњи програм", "08:15", "Гост: како разговарати с децом о мрежама", None),
    ("kolubara", Medium.PRINT, "", "str. 7", "Škola bez straha od ekrana", 23_500),
    ("vardar", Medium.PRINT, "", "стр. 3", "Родителите учат од своите деца", None),
    ("tara", Medium.SOCIAL, "", "", "Video: srednjoškolci o pravilima na mrežama", None),
    ("sharri", Medium.SOCIAL, "", "", "Prindër, lexojeni me fëmijët tuaj", None),
)
