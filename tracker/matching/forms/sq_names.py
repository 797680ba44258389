"""Albanian names that no ending rule reaches: lands, people, and what a name is not to be read as."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Countries, regions and towns typed without the article. Their -i belongs to the feminine word (Gjermani, Gjermania);
# read as masculine it would find the people (Gjermanët) too.
FEMININE_NAMES = _words(
    """
    algjeri andaluzi angli arabi arbëri argjentini armeni australi austri azi bavari belgji bjellorusi bolivi britani bullgari çamëri
    çekosllovaki çeki dalmaci dardani estoni etiopi europi evropi gjeorgji gjermani greqi hungari indi indonezi irlandi istri itali japoni
    jordani jugosllavi kaliforni kamboxhi kili kolumbi kroaci labëri letoni libi lituani malajzi malësi maqedoni mauritani mirditi moldavi
    mongoli myzeqi namibi nigeri norvegji poloni prusi rumani rusi sardenji serbi siberi sicili siri skandinavi skoci slloveni sllovaki
    sllavoni somali suedi shqipëri tanzani thesali toskëri tunizi turqi viti zambi
    """
)
# Feminine, stressed on the last vowel: Kanadaja, Kanadasë, Koreja, Koresë.
STRESSED_NAMES = _words("ankara guine kanada kore krime panama")
# Masculine in a stressed vowel: Mesdheu, Mesdheut.
MASCULINE_NAMES = _words("mesdhe skënderbe")

# First names, which are other people than the surname made of them: Rexhepi is not Rexhep, Rama not Ramë, Leka not Lekë.
FIRST_NAMES = _words(
    """
    adem adnan afrim agim agron ahmet alban albert albin ali altin anton arben ardian arian arif arianit armend arsim artan asllan astrit
    avdi avdyl avni azem bajram bardhyl bashkim behar behxhet bekim beqir besim besnik betim blend blerim brahim bujar burim dalip daut
    demir dervish dritan dukagjin edmond eduard elez elmaz emin enver eqrem erion ermal esat fadil faik fatmir fatos fehmi ferid ferit
    fitim flamur florian gani gazmend gent gezim gëzim gjergj gjin gjon hajdar hajredin hajrulla halil halim halit hamdi hamit hamza hasan
    hashim haxhi hysen ibrahim idriz ilir imer isa isak isen islam ismail ismet isuf jahja jakup jashar jeton jonuz jusuf kadri kasem kastriot
    klodian kol kujtim kurt ledion leonard liman lulëzim lulzim luan luigj mahmut maliq mark martin maks mehmet mentor mersin migjen muhamet
    muharrem murat musa musli mustafa myrteza naim nazif nazmi nezir nexhat nexhip nikoll nuhi nuredin osman përparim petrit pjetër qamil
    qazim qemal qerim ragip rakip ram ramadan ramiz ramush rasim rashit refik remzi rexhep rexhë rifat rrahman rrustem rustem rushit sabri
    sadik sadri salih salih sali sefer sejdi sejfi selim selman shaban shaip shaqir shefki shefqet shemsi sherif shkëlqim shkëlzen shpend
    shpëtim sinan skënder sulejman sylejman tafil tahir taip talat taulant vangjel vasil vehbi veli vesel visar vladimir vullnet xhafer
    xhavit xheladin xhelal xhelil xhemail xhemal xhevat xhevdet ymer zamir zef zeqir zenel zenun zija
    dedë gjinë gjokë hoxhë kolë lekë lukë markë metë mirë ndokë nikë palë prekë ramë sadë salë tomë zekë
    """
)
# The office ends like the person who holds it: `Ministria e Arsimit` must not find `Ministri i Arsimit`.
OFFICES = _words(
    "avokati drejtori gazetari kancelari kryeministri kryeprokurori ministri noteri polici prokurori rektori sekretari tregtari zëvendësministri"
)
