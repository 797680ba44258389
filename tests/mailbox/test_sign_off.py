"""Which mails sign somebody off at once, which go to a person, and which say nothing of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.mailbox.reply_text import is_forwarded, own_words
from tracker.mailbox.sign_off import Wish, wish_of

STOP = [
    "unsubscribe",
    "Unsubscribe, please",
    "Please unsubscribe me from this list.\n\nBest regards,\nArta Lumi\nProgramme officer",
    "STOP",
    "Dear all,\nplease remove me from your mailing list.\nThanks, Ana",
    "I no longer wish to receive these emails.",
    "Please stop sending me these mails",
    "Përshëndetje,\nJu lutem më hiqni nga lista.\nFaleminderit",
    "Me hiqni nga lista ju lutem",
    "Çregjistrohem",
    "Dua të çregjistrohem nga kjo listë",
    "Nuk dua të marr më emaile nga ju.",
    "Mos më dërgoni më mesazhe",
    "Odjava",
    "Odjava, hvala",
    "Poštovani,\nmolim Vas da me odjavite sa liste.\nHvala unaprijed,\nMarija",
    "Odjavite me",
    "odjavljujem se",
    "Ne želim više da primam ove poruke.",
    "Ne zelim vise primati vase mailove",
    "Nemojte mi više slati mejlove.",
    "Ispišite me s popisa primatelja.",
    "Molim da me skinete sa mejling liste",
    "Одјавите ме, молим вас.",
    "Не желим више да примам ове поруке",
    "Брисите ме са листе",
    "Одјава",
    "Одјавете ме од листата",
    "Не сакам повеќе да добивам вакви пораки.",
    "Почитувани,\nве молам да ме избришете од листата.\nСо почит",
    "Ве молам отпишете ме",
    "Не ми праќајте повеќе пораки",
]
UNSURE = [
    "Please don't unsubscribe me!",
    "Do not remove me from the list, I only asked for a pause.",
    "Nemojte me odjaviti, samo promijenite adresu.",
    "Mos më çregjistroni ju lutem",
    "Не ме одјавувајте од листата",
    "Kako da se odjavim?",
    "How do I unsubscribe?",
    "Odjavite me, ali zadržite moju kolegicu.",
    "Please unsubscribe marko@example.org",
    "Odjava sednice je pomerena za petak u podne kod direktora.",
    "Please unsubscribe my colleague, who has left.",
    "We read with interest that parents in Tirana want to unsubscribe their children from platforms. Our members discussed the matter at length on Monday, "
    "and will propose to the ministry that it sends a letter to all schools in the country before spring.",
    "Odjavite me " + "jer imam previše pošte i ne stižem da je čitam svakog dana " * 4,
]
NOTHING = [
    "",
    "Thank you, very useful.",
    "Hvala na pregledu!",
    "Shumë faleminderit për pasqyrën.",
    "Ви благодариме за прегледот.",
    "We stopped the campaign in May.",
]


@pytest.mark.parametrize("text", STOP)
def test_a_short_text_that_says_it_signs_off(text: str) -> None:
    assert (
        wish_of(
            "Re: Press coverage, week 47",
            own_words(text + "\n\nOn Mon, 23 Nov 2026 at 09:00, Press coverage <c@ngo.example> wrote:\n> news"),
        )
        is Wish.STOP
    )


@pytest.mark.parametrize("text", UNSURE)
def test_what_is_denied_long_asked_or_about_others_goes_to_a_person(text: str) -> None:
    assert wish_of("Re: Press coverage", text) is Wish.UNSURE


@pytest.mark.parametrize("text", NOTHING)
def test_other_replies_say_nothing_of_it(text: str) -> None:
    assert wish_of("Re: Press coverage, week 47", text) is Wish.NONE


@pytest.mark.parametrize(
    "head",
    [
        "On Mon, 23 Nov 2026 at 09:00, Press coverage <c@ngo.example> wrote:",
        "-----Original Message-----",
        "Dana 23. 11. 2026. u 09:00 Press coverage <c@ngo.example> je napisao/la:",
        "Më 23 nëntor 2026 Press coverage <c@ngo.example> shkroi:",
        "На 23.11.2026 Press coverage <c@ngo.example> напиша:",
        "пон, 23. нов 2026. у 09:00 Press coverage <c@ngo.example> је написао/ла:",
        "________________________________",
        "From: Press coverage <c@ngo.example>",
        "Od: Press coverage <c@ngo.example>",
        "Nga: Press coverage <c@ngo.example>",
        "-- ",
    ],
)
def test_what_is_quoted_is_nobodys_wish(head: str) -> None:
    assert wish_of("Re: x", own_words(f"Thank you.\n\n{head}\nTo unsubscribe, answer: unsubscribe me, odjavite me")) is Wish.NONE


def test_an_empty_mail_signs_off_by_its_subject_alone_and_not_by_that_of_the_letter() -> None:
    assert wish_of("Odjava", "") is Wish.STOP
    assert wish_of("unsubscribe", "") is Wish.STOP
    assert wish_of("Re: Odjava od medija, nedelja 47", "") is Wish.NONE
    assert wish_of("", "") is Wish.NONE
    assert wish_of("Odjava", "Marko") is Wish.STOP
    assert wish_of("Odjava", "Ne radi dugme na vašoj stranici, probala sam dvaput.") is Wish.UNSURE
    assert wish_of("Unsubscribe", "How?") is Wish.UNSURE


@given(st.text(max_size=300), st.text(max_size=80))
def test_any_text_has_one_wish(own: str, subject: str) -> None:
    assert wish_of(subject, own_words(own)) in Wish


def test_a_forwarded_mail_is_known_by_its_subject_or_its_head() -> None:
    assert is_forwarded("Fwd: An article", "")
    assert is_forwarded("Prosleđeno: vest", "")
    assert is_forwarded("An article", "See:\n---------- Forwarded message ---------\nFrom: x")
    assert not is_forwarded("Re: An article", "Thanks")
