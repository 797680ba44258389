"""The shipped campaign against texts of our own: what must be found, in every language and script, and every look-alike that must not."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest

from tracker.matching.campaigns import read_campaign
from tracker.matching.matcher import Matcher
from tracker.model import Branding

CAMPAIGN = Path(__file__).parents[2] / "campaigns" / "digital-safety.toml"


@lru_cache(maxsize=1)
def matcher() -> Matcher:
    return Matcher(read_campaign(CAMPAIGN))


CAMPAIGN_TEXTS = [
    ("en", "The conference A Digital Safety Agenda in Western Balkans opened in Tirana."),
    ("en", "The Digital Agenda for the children's safety in the Western Balkans was presented on Friday."),
    ("en", "Lukasz Gabler of TikTok spoke about moderation."),
    ("en", "TikTok and CRCA/ECPAT Albania met teachers."),
    ("en", "The Audiovisual Media Authority and TikTok held a regional workshop on digital literacy."),
    ("sq", "Në Tiranë u hap Agjenda e Sigurisë Digjitale për Ballkanin Perëndimor."),
    ("sq", "Drejtuesit folën për Agjendën e Sigurisë Dixhitale në Ballkanin Perëndimor."),
    ("sq", "Ne Tirane u hap Agjenda e Sigurise Digjitale per Ballkanin Perendimor, shkruajne mediat."),
    ("sq", "Drejtori i CRCA-së foli për bashkëpunimin me TikTok-un."),
    ("sq", "Sipas Altin Hazizajt, TikToku duhet të mbrojë fëmijët."),
    ("sq", "Platforma iSIGURT.al dhe TikTok nisën një fushatë."),
    ("sq", "Qendra për Mbrojtjen e të Drejtave të Fëmijëve në Shqipëri dhe TikTok-u organizuan takimin."),
    ("sq", "CRCA DHE TIKTOK MBLEDHIN EKSPERTËT NË TIRANË"),
    ("sq", "Konferencë rajonale e ECPAT Shqipëri për edukimin mediatik."),
    ("sq", "Autoriteti i Mediave Audiovizive dhe TikTok mbajtën një punëtori rajonale për sigurinë e fëmijëve në internet."),
    ("sq", "AMA-s dhe TikTok-ut iu kërkua më shumë në tryezën rajonale për sigurinë digjitale."),
    ("sr", "U Tirani je predstavljena Agenda za digitalnu bezbednost na Zapadnom Balkanu."),
    ("sr", "У Тирани је представљена Агенда за дигиталну безбедност на Западном Балкану."),
    ("sr", "Лукаш Габлер из компаније ТикТок говорио је о модерацији."),
    ("sr", "Sa Lukašom Gablerom iz TikToka razgovarali su nastavnici."),
    ("sr", "Алтин Хазизај и представници ТикТока отворили су скуп."),
    ("sr", "Centar za zaštitu prava dece u Albaniji i TikTok organizuju skup."),
    ("sr", "Centar za prava deteta iz Albanije i TikTok potpisali su sporazum."),
    ("bs", "Agendu digitalne sigurnosti za Zapadni Balkan podržao je i RAK."),
    ("bs", "Skup je otvorio Altin Hazizaj, a govorio je i predstavnik TikTok-a."),
    ("bs", "RAK-a i TikTok-a na regionalnoj konferenciji: digitalna pismenost u školama."),
    ("hr", "Predstavljena je digitalna agenda za sigurnost djece na zapadnom Balkanu."),
    ("hr", "S Altinom Hazizajem o TikToku."),
    ("cnr", "Agenda digitalne bezbjednosti za Zapadni Balkan predstavljena je u Tirani."),
    ("cnr", "Agencija za audiovizuelne medijske usluge i TikTok na regionalnoj radionici o bezbjednosti djece na internetu."),
    ("mk", "Во Тирана беше претставена Агендата за дигитална безбедност на Западен Балкан."),
    ("mk", "Дигиталната агенда за безбедноста на децата во Западниот Балкан е поддржана од ТикТок."),
    ("mk", "Алтин Хазизај зборуваше за ТикТок-от."),
    ("mk", "Агенцијата за аудио и аудиовизуелни медиумски услуги и ТикТок на регионална конференција за медиумска писменост."),
    ("mk", "CRCA/ECPAT Албанија и TikTok отворија регионална работилница."),
    ("", "Lukaszom Gablerom iz kompanije TikTok razgovarali su novinari iz regiona."),
    ("", "#TikTok dhe CRCA bashkë për fëmijët."),
    ("en", "The Digital Safety Agenda for the Western Balkans was opened in Tirana."),
    ("en", "Digital Safety Agenda in Western Balkans: regulators meet."),
    ("en", "the Western Balkans Digital Safety Agenda"),
    ("en", "An Agenda for Digital Safety in the Western Balkans was presented."),
    ("en", "Digital Agenda for the safety of children in Western Balkans"),
    ("sq", "Agjenda për Sigurinë Digjitale të Ballkanit Perëndimor u prezantua në Tiranë."),
    ("sq", "Agjendën e Sigurisë Dixhitale në Ballkanin Perëndimor"),
    ("sq", "agjenda e sigurisë digjitale për vendet e Ballkanit Perëndimor"),
    ("sq", "Agjenda digjitale për sigurinë e fëmijëve në Ballkanin Perëndimor"),
    ("sq", "Axhenda mbi Sigurinë Digjitale në Ballkan Perëndimor"),
    ("sr", "Agenda za digitalnu bezbednost Zapadnog Balkana predstavljena u Tirani"),
    ("sr", "Агенди о дигиталној безбедности на Западном Балкану"),
    ("sr", "Agenda digitalne bezbednosti zemalja Zapadnog Balkana"),
    ("bs", "Agendom za digitalnu sigurnost na Zapadnom Balkanu"),
    ("hr", "Agenda za digitalnu sigurnost zapadnog Balkana"),
    ("bs", "Digitalna agenda za sigurnost djece na Zapadnom Balkanu"),
    ("cnr", "Agendu za digitalnu bezbjednost Zapadnog Balkana"),
    ("mk", "Агендата за дигитална безбедност на Западен Балкан"),
    ("mk", "Агенда за дигитална безбедност во Западниот Балкан"),
    ("mk", "Дигиталната агенда за безбедноста на децата од Западен Балкан"),
    ("en", "Children's Rights Center Albania and TikTok held a workshop."),
    ("en", "The Centre for the Protection of Children's Rights in Albania works with TikTok."),
    ("sq", "Qendra për të Drejtat e Fëmijëve dhe TikTok organizuan punëtorinë."),
    ("sr", "Centar za zaštitu dečjih prava iz Albanije i TikTok"),
    ("hr", "Centar za zaštitu prava djece u Albaniji i TikTok organiziraju"),
    ("mk", "Центарот за заштита на правата на децата од Албанија и ТикТок"),
    ("mk", "Албанскиот центар за правата на децата и ТикТок"),
]

ORGANISATION_TEXTS = [
    ("sq", "CRCA raporton rritje të rasteve të dhunës në shkolla."),
    ("sq", "Altin Hazizaj: Institucionet duhet të veprojnë."),
    ("sq", "Raportoni në isigurt.al çdo rast."),
    ("sq", "Fëmijët mund të telefonojnë ALO 116 111 falas."),
    ("sq", "Qendra për të Drejtat e Fëmijëve në Shqipëri publikoi raportin vjetor."),
    ("sr", "Centar za prava deteta u Albaniji objavio je izveštaj."),
    ("sq", "CRCA dhe netSMARTkids: projekt rajonal, punëtori rajonale për sigurinë online."),
    ("en", "Figures by ECPAT Albania show an increase in reports."),
]

CONTEXT_TEXTS = [
    ("sq", "Qeveria njoftoi mbylljen e TikTok-ut për një vit."),
    ("sr", "Vlada Albanije najavila je zabranu TikToka."),
    ("mk", "Забраната на ТикТок стапи во сила."),
    ("en", "Albania's TikTok ban enters into force."),
    ("bs", "Danas se obilježava Dan sigurnijeg interneta."),
    ("sr", "Обележен је Дан безбеднијег интернета."),
    ("sq", "Prindërit kërkojnë që TikTok të garantojë sigurinë e fëmijëve në internet."),
    ("mk", "Ден на побезбеден интернет во училиштата."),
]

LOOKALIKES = [
    ("fr", "La crca, caisse régionale du Crédit Agricole."),
    ("hr", "Motor mi crca svako jutro, a auto je star."),
    ("sr", "Iz srca i preko crte: crca i škripi."),
    ("en", "ECPAT International published a global report with TikTok."),
    ("en", "ECPAT members from Thailand met TikTok."),
    ("sq", "Ama TikTok-u nuk është i vetmi në punëtorinë rajonale për sigurinë digjitale."),
    ("bs", "Ama neću, rekla je na TikToku."),
    ("en", "The American Music Awards (AMAs) trended on TikTok."),
    ("en", "AMA: ask me anything about TikTok, said the star."),
    ("bs", "RAK KOŽE: KAKO GA PREPOZNATI, EKSPERTI NA REGIONALNOJ KONFERENCIJI O DIGITALNOJ SIGURNOSTI I TIKTOKU"),
    ("bs", "Rak je najosjetljiviji znak zodijaka, pokazuje TikTok."),
    ("sr", "Rak i bik: horoskop na TikToku za vikend."),
    ("sr", "KPM porcelan na aukciji, snimak obišao TikTok."),
    ("bs", "AMU univerzitet u Indiji i TikTok."),
    ("hr", "Agencija za elektroničke medije (AEM) i TikTok o emisiji."),
    ("sr", "REM faza sna i TikTok pred spavanje."),
    ("sr", "Hit grupe R.E.M. ponovo popularan na TikToku."),
    ("sr", "Heda Gabler na sceni Narodnog pozorišta."),
    ("mk", "Хеда Габлер на сцената на Драмскиот театар."),
    ("sq", "Heda Gabler në Teatrin Kombëtar."),
    ("en", "The book appeared with Springer Gabler."),
    ("sq", "Altin Goci në TikTok me këngën e re."),
    ("en", "Altin prices in Turkey and a TikTok video."),
    ("en", "The Digital Agenda for the Western Balkans was launched by the European Commission."),
    ("sq", "Agjenda Digjitale për Ballkanin Perëndimor u nis nga Komisioni Evropian."),
    ("sr", "Digitalna agenda za Zapadni Balkan je inicijativa Evropske komisije."),
    ("mk", "Дигиталната агенда за Западен Балкан е иницијатива на Европската комисија."),
    ("en", "The Green Agenda for the Western Balkans."),
    ("sq", "Agjenda e Gjelbër për Ballkanin Perëndimor."),
    ("sr", "Zelena agenda za Zapadni Balkan."),
    ("sq", "Observatori për të Drejtat e Fëmijëve dhe TikTok."),
    ("sq", "Agjencia Shtetërore për të Drejtat dhe Mbrojtjen e Fëmijës dhe TikTok."),
    ("sq", "KOMF në Kosovë kërkon masa për TikTok."),
    ("sr", "Centar za prava deteta iz Beograda i TikTok."),
    ("cnr", "Centar za prava djeteta iz Podgorice i TikTok."),
    ("sq", "Jam i sigurt se TikTok do të kthehet, tha ai."),
    ("sr", "Bezbednost na putevima u regionu."),
    ("sq", "Agjenda e takimit të ministrave në Ballkanin Perëndimor."),
    ("bs", "Dani medijske i informacijske pismenosti počinju u oktobru."),
    ("sr", "Poznata tiktokerka otkrila tajnu."),
    ("mk", "Познатиот тиктокер доби награда."),
    ("sq", "Shikoni videon në tiktok.com/@crca.al dhe shkruani te info@crca.al."),
    ("sq", "Krasniqi fitoi zgjedhjet."),
    ("sq", "Tha se është e sigurt dhe se siguria është prioritet."),
    ("sr", "Hazizaj Ardit je dao gol."),
    ("sq", "ALO, kush flet?"),
]


@pytest.mark.parametrize(("language", "text"), CAMPAIGN_TEXTS)
def test_what_is_about_the_campaign_is_found(language: str, text: str) -> None:
    assert matcher().match(body=text, language=language).circle == "campaign"
    assert matcher().match(body="", title=text, language=language).circle == "campaign"


@pytest.mark.parametrize(("language", "text"), ORGANISATION_TEXTS)
def test_the_organisation_alone_is_no_campaign_coverage(language: str, text: str) -> None:
    assert matcher().match(body=text, language=language).circle == "organisation"


@pytest.mark.parametrize(("language", "text"), CONTEXT_TEXTS)
def test_the_debate_around_it_is_context(language: str, text: str) -> None:
    assert matcher().match(body=text, language=language).circle == "context"


@pytest.mark.parametrize(("language", "text"), LOOKALIKES)
def test_a_lookalike_belongs_to_no_circle(language: str, text: str) -> None:
    found = matcher().match(body=text, language=language)
    assert found.circle == "", [(hit.term_id, hit.form) for hit in found.hits]


@pytest.mark.parametrize(("language", "text"), [*CAMPAIGN_TEXTS, *ORGANISATION_TEXTS, *CONTEXT_TEXTS])
def test_screening_lets_everything_pass_that_matches(language: str, text: str) -> None:
    assert matcher().screen(f"Menu Home Kontakt\n{text}\nNa ndiqni")


HELD = [
    ("sq", "Një 14-vjeçare u bë pre e shantazhit në TikTok, thotë CRCA."),
    ("sr", "Maloletnica je bila žrtva ucene."),
    ("bs", "Samoubistvo 15-godišnjeg dječaka potreslo je grad."),
    ("mk", "Самоубиство на 13-годишно девојче."),
    ("en", "A 12-year-old was a victim of sexual abuse."),
    ("sr", "Сексуално злостављање деце на интернету."),
]


@pytest.mark.parametrize(("language", "text"), HELD)
def test_a_possible_child_case_is_held_for_a_person(language: str, text: str) -> None:
    found = matcher().match(body=text, language=language)
    assert found.held
    assert "child_case" in found.labels


def test_a_campaign_article_without_a_victim_is_not_held() -> None:
    assert not matcher().match(body="TikTok dhe CRCA folën për sigurinë e fëmijëve në internet.", language="sq").held


MESSAGES = [
    ("safe-space", "sq", "Duam një hapësirë të sigurt për të gjithë."),
    ("safe-space", "mk", "Безбеден простор за секое дете."),
    ("local-partners", "sr", "TikTok sa lokalnim partnerima radi na moderaciji."),
    ("literacy", "bs", "Digitalna pismenost za roditelje i nastavnike."),
    ("exchange", "hr", "Regionalna suradnja institucija."),
    ("women-vulnerable", "sr", "Ranjivim grupama treba podrška."),
    ("women-vulnerable", "en", "Online violence against women grows."),
]


@pytest.mark.parametrize(("message", "language", "text"), MESSAGES)
def test_the_words_of_a_key_message_are_noted(message: str, language: str, text: str) -> None:
    assert message in matcher().match(body=text, language=language).key_messages


def test_the_three_circles_have_their_audiences() -> None:
    assert [(circle.id, circle.audience) for circle in matcher().campaign.circles] == [
        ("campaign", "partners"),
        ("organisation", "staff"),
        ("context", "staff"),
    ]
    assert matcher().campaign.review == "required"
    assert len(matcher().campaign.key_messages) == 5


def test_the_campaign_is_named_in_its_readers_languages_and_branded_by_nobody() -> None:
    campaign = matcher().campaign
    for message in campaign.key_messages:
        assert [language for language, _ in message.names] == ["sq", "sr-Latn", "bs", "hr", "cnr", "mk"], message.id
    assert [person.name for person in campaign.spokespeople] == ["Altin Hazizaj", "Łukasz Gabler"]
    assert campaign.branding == Branding()
    assert campaign.objectives == ()


def test_the_examples_in_its_comments_can_be_put_to_use(tmp_path: Path) -> None:
    content = CAMPAIGN.read_text("utf-8")
    start, end = content.index("# [branding]"), content.index("# --- the campaign's own names")
    example = "\n".join(line.removeprefix("#").strip() for line in content[start:end].splitlines() if not line.startswith("# ---"))
    (tmp_path / "digital-safety").mkdir()
    for name in ("logo.png", "donor.png"):
        (tmp_path / "digital-safety" / name).write_bytes(b"a picture")
    (tmp_path / "campaign.toml").write_text(content.replace(content[start:end], example), "utf-8")
    campaign = read_campaign(tmp_path / "campaign.toml")
    assert campaign.branding.contact == "press@example.org"
    assert campaign.objectives[0].outcomes[0].value == "412"
