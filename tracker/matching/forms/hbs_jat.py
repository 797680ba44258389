"""Ekavian and ijekavian spellings of one form (mleko, mlijeko; bezbednost, bezbjednost), and the Montenegrin letters ś and ź."""

from __future__ import annotations

import re
from collections.abc import Iterator

# ekavian root:ijekavian root, from grammars; "$" ends the word, the longest root that fits decides.
_PAIRS = """
beda$:bijeda bede$:bijede bedn:bijedn bedu$:bijedu bela$:bijela bele$:bijele belešk:bilješk beležn:bilježn beli$:bijeli belih$:bijelih
belim$:bijelim belo$:bijelo belog$:bijelog beloj$:bijeloj belom$:bijelom belu$:bijelu beo$:bijel besed:besjed bezbed:bezbjed
bezbedn:bezbjedn bled:blijed blesak:blijesak breg$:brijeg brega$:brijega cela$:cijela cele$:cijele celi$:cijeli celih$:cijelih
celim$:cijelim celin:cjelin celo:cijelo celo$:cijelo celog$:cijelog celoj$:cijeloj celom$:cijelom celu$:cijelu cena$:cijena
cenama$:cijenama cene$:cijene ceni$:cijeni cenom$:cijenom cenovn:cjenovn cenu$:cijenu ceo$:cio cev$:cijev cevi:cijevi crev:crijev
crevo:crijevo cvet$:cvijet cveta$:cvijeta cvetn:cvjetn cvetov:cvjetov cvetu$:cvijetu cveć:cvijeć deca$:djeca dece$:djece deci$:djeci
deco$:djeco decom$:djecom decu$:djecu dela$:djela delatn:djelatn delima$:djelima delimič:djelimič delo$:djelo delom$:djelom delov:dijelov
delov$:djelov delovanj:djelovanj delu$:djelu deluj:djeluj deo$:dio desetleć:desetljeć dete$:dijete detet:djetet detinj:djetinj
devojak:djevojak devojk:djevojk devojč:djevojč dečac:dječac dečak:dječak dečij:dječij dečj:dječj dodel:dodjel dve$:dvije dvesta:dvjesta
gde$:gdje gnev:gnjev gnezd:gnijezd greh$:grijeh greha$:grijeha hleb:hljeb ispoved:ispovijed izmen:izmjen izvešt:izvješt kolen:koljen
kolevk:kolijevk koren:korijen lek$:lijek leka$:lijeka lekar:ljekar lekarsk:ljekarsk lekom$:lijekom lekov:ljekov leku$:lijeku lep:lijep
lepot:ljepot leta$:ljeta leti$:ljeti letn:ljetn letnj:ljetnj leto$:ljeto letopis:ljetopis letov:ljetov letu$:ljetu leva$:lijeva
leve$:lijeve levi$:lijevi levic:ljevic levih$:lijevih levim$:lijevim levičar:ljevičar levo$:lijevo levog$:lijevog levoj$:lijevoj
levom$:lijevom levu$:lijevu leč:liječ lečnik:liječnik maloletan:maloljetan maloletn:maloljetn medved:medvjed mehur:mjehur menjač:mjenjač
mera:mjera meram:mjeram mere$:mjere meren:mjeren merenj:mjerenj meri$:mjeri merom$:mjerom meru$:mjeru mesec:mjesec mesečn:mjesečn
mesn:mjesn mest:mjest mešan:miješan mešavin:mješavin mešov:mješov mešt:mješt mešten:mješten mleka$:mlijeka mlekar:mljekar mleko$:mlijeko
mlekom$:mlijekom mleku$:mlijeku mlečn:mliječn namen:namjen namer:namjer nasled:nasljed nedelj:nedjelj nemac$:nijemac nemač:njemač
nemc:nijemc nemca$:nijemca nepobed:nepobjed neuspe:neuspje nevest:nevjest nevreme$:nevrijeme nežn:nježn obavest:obavijest obavešt:obavješt
obaveštajn:obavještajn obed:objed ocen:ocjen odel:odijel odeljenj:odjeljenj odeć:odjeć odoleva:odolijeva odsek:odsjek osetlj:osjetlj
osećaj:osjećaj osećanj:osjećanj osmeh:osmijeh ovde$:ovdje ozled:ozljed ozlede:ozljede pesak$:pijesak pesam:pjesam pesk:pijesk
peska$:pijeska pesm:pjesm pesnic:pjesnic pesnik:pjesnik pevanj:pjevanj pevač:pjevač peš:pješ pešac:pješac pešak:pješak pešač:pješač
pobed:pobjed pobednik:pobjednik podel:podjel ponedelj:ponedjelj posed:posjed poset:posjet posete:posjete posetil:posjetil posle$:poslije
posled:posljed poveren:povjeren poverenj:povjerenj povesn:povijesn povest$:povijest povesti$:povijesti pre$:prije predel:predjel
predlog:prijedlog predsed:predsjed prelaz:prijelaz prenos:prijenos presek:presjek preseč:presječ presto:prijesto prestup:prijestup
pretnj:prijetnj prevod:prijevod prevoz:prijevoz primer:primjer pripoved:pripovijed pripovest:pripovijest procen:procjen proleć:proljeć
promen:promjen propoved:propovijed prosvet:prosvjet punolet:punoljet raspodel:raspodjel rasvet:rasvjet razmen:razmjen razmer:razmjer
razrešenj:razrješenj razumevanj:razumijevanj reci$:rijeci redak$:rijedak reka$:rijeka rekama$:rijekama reke$:rijeke rekom$:rijekom
reku$:rijeku retk:rijetk reč$:riječ reči$:riječi rečima$:riječima rečit:rječit rečju$:riječju rečn:riječn rečnik:rječnik rešav:rješav
rešen$:riješen rešena$:riješena rešenj:rješenj rešeno$:riješeno savet:savjet sedel:sjedjel sediš:sjediš sednic:sjednic seme:sjeme
semen:sjemen sen$:sjen senk:sjenk sever:sjever sećanj:sjećanj sečanj:siječanj sled:sljed sledeć:sljedeć slep:slijep smeh$:smijeh
smeha$:smijeha smen:smjen snabdev:snabdijev sneg$:snijeg snega$:snijega snegom$:snijegom snegov:snjegov snegu$:snijegu sneži:snježi
snežn:snježn sprečav:sprječav sreda$:srijeda srede$:srijede sredom$:srijedom sredu$:srijedu starešin:starješin stena$:stijena
stene$:stijene steni$:stijeni stenu$:stijenu stoleć:stoljeć strel:strijel strelac:strijelac sused:susjed svedo:svjedo svest$:svijest
svesti$:svijesti svet$:svijet sveta$:svijeta svete$:svijete svetil:svjetil svetl:svjetl svetom$:svijetom svetov:svjetov svetsk:svjetsk
svetu$:svijetu sveć:svijeć svešću$:sviješću tela$:tijela teles:tjeles telima$:tijelima telo$:tijelo telom$:tijelom telu$:tijelu
tesn:tijesn trezn:trijezn udel:udjel umeren:umjeren umerenost:umjerenost umetn:umjetn unapređ:unaprjeđ usmer:usmjer uspeh:uspjeh
uspel:uspjel uspes:uspjes uspeš:uspješ uteh:utjeh uvek:uvijek uver:uvjer vek$:vijek veka$:vijeka vekom$:vijekom vekov:vjekov veku$:vijeku
venac$:vijenac venc:vijenc venca$:vijenca vencu$:vijencu vera$:vjera vere$:vjere veri$:vjeri vern:vjern verolom:vjerolom verom$:vjerom
verovat:vjerovat versk:vjersk veru$:vjeru vesnik:vjesnik vest$:vijest vesti$:vijesti vestima$:vijestima vetar$:vjetar vetr:vjetr
veća$:vijeća veće$:vijeće većem$:vijećem većnic:vijećnic većnik:vijećnik veću$:vijeću vešal:vješal vešt:vješt veštač:vještač
veštin:vještin vešću$:viješću vežb:vježb videl:vidjel vrede:vrijeđe vredn:vrijedn vrednost:vrijednost vreme$:vrijeme zabelež:zabilješ
zahtev:zahtjev zamen:zamjen zapoved:zapovijed zapovedn:zapovjedn zapovest:zapovijest zasedanj:zasjedanj zaver:zavjer zavet:zavjet
zdel:zdjel zenic:zjenic zver$:zvijer zveri:zvijeri zvezd:zvijezd zvezdan:zvjezdan čovek:čovjek čoveč:čovječ ždreb:ždrijeb ždrebe:ždrijebe
živel:živjel
"""
_PREFIXES = ("naj", "ne", "po", "pod", "raz", "ras", "pre", "za", "pra", "bez", "među", "iz", "u", "o", "od", "na", "su", "do")


def respelt(form: str) -> Iterator[tuple[str, str]]:
    """Other spellings of a lower-case form, each with a note for the rule that made the form."""
    for pattern, roots, note in _TABLES:
        if fit := pattern.match(form):
            whole = f"{fit.group(2)}$" if fit.end() == len(form) else ""
            root = roots.get(whole) or roots.get(fit.group(2), "")
            if root:
                yield fit.group(1) + root + form[fit.end() :], note
    for two, one in (("sj", "ś"), ("zj", "ź")):
        if two in form:
            yield form.replace(two, one), f", Montenegrin with {one}"
        elif one in form:
            yield form.replace(one, two), f", spelt with {two}"


def _compiled(pairs: list[tuple[str, str]]) -> tuple[re.Pattern[str], dict[str, str]]:
    roots = dict(pairs)
    alternatives = sorted((re.escape(root.rstrip("$")) + "$" * root.endswith("$") for root in roots), key=len, reverse=True)
    return re.compile(f"((?:{'|'.join(_PREFIXES)})??)({'|'.join(alternatives)})"), roots


_pairs = [(ekavian, ijekavian) for ekavian, _, ijekavian in (pair.partition(":") for pair in _PAIRS.split())]
_back = [(f"{ijekavian}$" if ekavian.endswith("$") else ijekavian, ekavian.rstrip("$")) for ekavian, ijekavian in _pairs]
_TABLES = ((*_compiled(_pairs), ", ijekavian"), (*_compiled(_back), ", ekavian"))
