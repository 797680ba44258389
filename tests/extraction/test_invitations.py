"""Lines in which an outlet asks to be followed: known wherever they stand, in every language, and told from advice and news."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_page, an_outlet
from tests.linear import grows_linearly
from tracker.extraction import invitations
from tracker.extraction.article import extract_article
from tracker.extraction.boilerplate import without_boilerplate
from tracker.extraction.invitations import MAX_CHARS, invites_to_follow
from tracker.model import Article

INVITATIONS = (
    "Bëhu pjesë e kanalit tonë në WhatsApp dhe merr lajmet i pari.",
    "Na ndiqni edhe në TikTok dhe Instagram!",
    "👉 Bashkohuni me ne në kanalin tonë në Telegram",
    "Lejo njoftimet dhe merr lajmet më të fundit",
    "Pratite nas i na Viberu, budite prvi koji saznaju najvažnije vijesti.",
    "Zapratite nas na TikToku: @portal",
    "Pridružite nam se u našoj Viber zajednici na kanalu",
    "Preuzmite našu mobilnu aplikaciju za Android i iOS.",
    "Pratite Dnevni glas na našem Viber kanalu",
    "Budite u toku – pratite nas na Google vijestima",
    "Пратите нас на Фејсбуку, Инстаграму, ТикТоку",
    "Дозволите обавештења и сазнајте прво најважније вести.",
    "Следете нè и на Фејсбук за најнови вести.",
    "Преземете ја нашата апликација",
    "Приклучете се на нашиот Вибер канал",
    "Sign up to our newsletter and never miss a story.",
    "Follow us on X, Facebook and TikTok",
    "Turn on notifications to be the first with breaking news",
)
TEXT = (
    "Preuzmite aplikaciju eUprava i prijavite problem.",
    "Pratite savjete stručnjaka o sigurnosti djece na TikToku.",
    "Uključite roditeljski nadzor na TikToku i Instagramu.",
    "Ndiqni këshillat e ekspertëve për TikTok.",
    "Merrni masa për sigurinë e fëmijëve në Instagram, thanë ekspertët.",
    "Следете го напредокот на детето, препорачуваат експертите за ТикТок.",
    "Пратите савете стручњака о безбедности на ТикТоку.",
    "Follow the guidelines of TikTok on screen time.",
    "Turn on parental controls on TikTok to protect your child.",
    "Join the campaign against bullying on Facebook, the ministry said.",
    "Our children follow strangers on TikTok, teachers say.",
    "Follow us, the children said. They went to the river. Nobody on Facebook knew of it.",
    "",
)


@pytest.mark.parametrize("line", INVITATIONS)
def test_an_invitation_to_the_outlets_channels_is_one_in_capitals_too(line: str) -> None:
    assert invites_to_follow(line)
    assert invites_to_follow(line.upper())


@pytest.mark.parametrize("line", TEXT)
def test_advice_and_news_about_a_network_are_no_invitation(line: str) -> None:
    assert not invites_to_follow(line)


def test_an_invitation_in_the_middle_of_a_text_does_not_stay_in_it() -> None:
    text = "\n".join(("Policia njoftoi sot.", *INVITATIONS, *TEXT[:3], *["Fjali e zakonshme e lajmit."] * 9))
    assert without_boilerplate(text, []).split("\n") == ["Policia njoftoi sot.", *TEXT[:3], *["Fjali e zakonshme e lajmit."] * 9]


def test_comments_below_a_heading_that_counts_them_are_no_text() -> None:
    news = "".join(
        f"<p>Komuna njoftoi sot se ura numër {n} do të hapet pas punimeve që zgjatën dy muaj në rrugën e vjetër.</p>" for n in range(8)
    )
    for heading in ("Komente (3)", "3 komentara", "КОМЕНТАРИ: 3", "Comments (3)"):
        said = "".join(
            f"<div><b>Lexuesi {n}</b><p>Turp për komunën që vonoi kaq shumë, askush nuk e beson më këtë premtim!</p></div>"
            for n in range(3)
        )
        page = f"<html><body><h1>Hapet ura e re</h1><div>{news}</div><div class='r1'><h3>{heading}</h3>{said}</div></body></html>"
        found = extract_article(a_page(body=page.encode(), content_type="text/html; charset=utf-8"), an_outlet())
        assert isinstance(found, Article)
        assert "ura numër 7" in found.body
        assert "Turp" not in found.body


def test_an_opinion_under_the_heading_comment_stays() -> None:
    news = "".join(
        f"<p>Ura numër {n} u hap pas punimeve që zgjatën dy muaj, dhe kjo tregon sa ngadalë ecën komuna jonë.</p>" for n in range(8)
    )
    page = f"<html><body><h1>Hapet ura e re</h1><div><h3>Koment</h3>{news}</div></body></html>"
    found = extract_article(a_page(body=page.encode(), content_type="text/html; charset=utf-8"), an_outlet())
    assert isinstance(found, Article)
    assert "Ura numër 7" in found.body


@given(st.text(max_size=400))
def test_any_line_is_answered_and_a_long_one_is_no_invitation(line: str) -> None:
    assert not (invites_to_follow(line) and len(line) > MAX_CHARS)


@pytest.mark.parametrize("name", sorted(name for name, value in vars(invitations).items() if isinstance(value, re.Pattern)))
@pytest.mark.parametrize("sign", [" ", ".", "na ", "follow ", "ndiqni ", "\n", "x "])
def test_no_expression_goes_back_over_a_long_line(name: str, sign: str) -> None:
    for look in (getattr(invitations, name).match, getattr(invitations, name).findall):
        assert grows_linearly(look, lambda chars: sign * (chars // len(sign)), chars=24_000)
