"""Words by which the press of the region says who speaks, folded. Written by hand; add what `tests/matching/test_quotes.py` lacks."""

from __future__ import annotations

from tracker.text.folding import fold


def _folded(words: str) -> frozenset[str]:
    return frozenset(map(fold, words.split()))


VERBS = _folded(
    """
    rekao rekla reče kaže kazao kazala izjavio izjavila izjavljuje izjavi istakao istakla istaknuo istaknula ističe poručio poručila poručuje
    naveo navela navodi dodao dodala dodaje naglasio naglasila naglašava objasnio objasnila objašnjava upozorio upozorila upozorava ocenio
    ocenila ocjenio ocijenio ocijenila ocjenjuje ocenjuje smatra ukazao ukazala ukazuje zaključio zaključila zaključuje podsetio podsetila
    podsjetio podsjetila podseća podsjeća potvrdio potvrdila potvrđuje najavio najavila najavljuje odgovorio odgovorila odgovara tvrdi tvrdio
    tvrdila saopštio saopštila saopćio saopćila priopćio priopćila pojasnio pojasnila pojašnjava veli primetio primetila primijetio primijetila
    komentarisao komentarisala komentirao komentirala napisao napisala apelovao apelovala apelirao apelirala upitao upitala pita priča prenio
    preneo prenijela prenela
    рече вели кажа кажува изјави изјавува истакна истакнува нагласи нагласува додаде додава додаваше порача порачува објасни објаснува смета
    потенцира потенцираше укажа укажува потсети потсетува предупреди предупредува најави најавува заклучи заклучува потврди потврдува одговори
    напиша информира соопшти соопштува оцени оценува посочи посочува апелира праша
    tha thotë thoshte thënë deklaroi deklaron deklaruar shprehet shpreh shprehej shprehur shtoi shton shtuar theksoi thekson theksuar nënvizoi
    nënvizon nënvizuar sqaroi sqaron sqaruar shpjegoi shpjegon shpjeguar pohoi pohon pohuar paralajmëroi paralajmëron përgjigj përgjigjet
    komentoi apeloi apelon njoftoi konfirmoi konfirmon vlerësoi vlerëson vlerësuar pyeti shkroi shkruan kujtoi
    said says stated states told added adds explained explains noted notes stressed stresses emphasised emphasized warned warns insisted
    adding dodajući dodavši додавајќи argued argues commented replied replies declared declares remarked concluded wrote writes asked tells
    """
)
ACCORDING = _folded("according sipas prema rečima riječima според зборовите")
"""Before a name in any case: the words are that person's."""
PREPOSITIONS = _folded(
    """
    s sa uz od do za o u na k ka kod prema pred protiv poslije nakon posle preko bez između oko zbog
    со на од до за кон кај пред по без меѓу околу поради
    me nga për te tek mbi në pas para pa ndaj drejt rreth i e të së
    with to about by from of for at on near after before against between and than
    """
)
"""A name behind one of them is not who speaks; Albanian particles join a name to the noun before it."""
FILLERS = _folded(
    """
    je su on ona i takođe također još na kraju dalje zatim potom pritom ovom prilikom ovim povodom između ostalog za naš portal i to u utorak
    е тој таа исто така уште на крајот понатаму притоа
    ai ajo ka u më tej gjithashtu po ashtu në fund edhe duke shtuar ndër të tjera
    he she has also later then further in the end at
    da i a se dhe and that дека и
    """
)
"""May stand beside a verb of speech that names nobody: the speaker is the one named before."""
TITLED = _folded(
    """
    film filmu filma filmom knjiga knjigu knjizi knjige knjigom serija seriju seriji serije emisija emisiju emisiji emisije dokumentarac
    dokumentarca dokumentarcu predstava predstavu predstavi izložba izložbu izložbi projekat projekta projektu projektom projekt kampanja
    kampanju kampanji kampanje kampanjom panel panelu panela konferencija konferenciju konferenciji konferencije radionica radionicu radionici
    radionice program programu programa programom aplikacija aplikaciju aplikaciji pesma pesmu pjesma pjesmu nazivom nazvan nazvana nazvanoj
    naslovom temu temom naslov slogan sloganom geslom parolom
    филм филмот филмови книга книгата серија серијата емисија емисијата документарец проект проектот кампања кампањата панел панелот
    конференција конференцијата работилница работилницата програма програмата наслов насловена наречена тема слоган слоганот
    film filmin filmi filmit libër libri librin librit serial seriali emision emisioni emisionin fushata fushatën fushatës projekt projekti
    projektin projektit program programi programin programit panel paneli panelin konferenca konferencën konferencës punëtoria punëtorinë
    roman romani titull titulluar titullin temë temën quajtur moton moto motos
    movie book series show campaign project conference workshop programme titled called entitled named slogan motto theme
    """
)
"""Before quotation marks: what stands in them is a name."""
PRONOUNS = _folded("on ona ai ajo тој таа he she")
"""Beside a verb of speech: who was named before speaks."""
CLAUSE_BREAKS = _folded("ndërsa kurse dok a ali dhe while but додека а но")
