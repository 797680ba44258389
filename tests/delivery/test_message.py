"""A letter names its one recipient, is the same every time, and nothing from outside gets into its headers."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.builders import NOW
from tests.delivery.letters import RENDERED, SENDER, an_envelope
from tracker.delivery.addresses import in_ascii, read_address
from tracker.delivery.message import Sender, write_letter, write_note
from tracker.digests.forms.pictures import MOST_MAIL_PICTURE_BYTES
from tracker.errors import ConfigError
from tracker.model import Document, Picture, RenderedDigest

PDF = Document("pdf", "application/pdf", b"%PDF-1.7 \x00\xff")
CSV = Document("csv", "text/csv", "vend,numër\r\nČačak,1\r\n".encode())
HEADERS = {
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "List-Unsubscribe",
    "MIME-Version",
    "Content-Type",
    "Content-Language",
}


def read(letter: bytes) -> EmailMessage:
    return message_from_bytes(letter, policy=policy.default)  # type: ignore[return-value]


def test_a_letter_names_its_recipient_and_nobody_else_and_says_where_to_answer() -> None:
    message = read(write_letter(RENDERED, (), SENDER, an_envelope()))
    assert str(message["To"]) == "Ana <ana@example.org>"
    assert str(message["From"]) == "Štampa <press@ngo.example>"
    assert str(message["Reply-To"]) == "Veze <links@ngo.example>"
    assert (message["Message-ID"], message["Auto-Submitted"], message["Content-Language"]) == ("<abc@ngo.example>", "auto-generated", "sq")
    assert message["Date"].datetime == NOW
    assert {*message.keys()} == HEADERS


@pytest.mark.parametrize(
    ("language", "sender", "name"),
    [
        ("sq", "Press coverage <press@ngo.example>", "Pasqyrimi në media"),
        ("sr-Cyrl", "press@ngo.example", "Објаве у медијима"),
        ("en", "press@ngo.example", "Press coverage"),
        ("mk", "Луми <press@ngo.example>", "Луми"),
    ],
)
def test_the_senders_name_is_the_organisations_or_in_the_readers_language(language: str, sender: str, name: str) -> None:
    letter = read(write_letter(RENDERED, (), Sender(sender), replace(an_envelope(), language=language)))
    assert str(letter["From"].addresses[0].display_name) == name
    assert letter["From"].addresses[0].addr_spec == "press@ngo.example"


def test_a_letter_has_a_text_part_and_an_html_part_or_text_alone() -> None:
    both, alone = (read(write_letter(RENDERED, (), SENDER, an_envelope(), with_html=html)) for html in (True, False))
    assert both.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in both.iter_parts()] == ["text/plain", "text/html"]
    assert alone.get_content_type() == "text/plain"
    assert alone.get_content().replace("\r\n", "\n") == RENDERED.text + "\n"


def test_documents_are_attached_whole_under_names_that_tell_the_edition() -> None:
    message = read(write_letter(RENDERED, (PDF, CSV), SENDER, an_envelope()))
    assert (message.get_content_type(), message["Content-Language"]) == ("multipart/mixed", "sq")
    attached = {part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()}
    assert attached == {"rivers-weekly.pdf": PDF.content, "rivers-weekly.csv": CSV.content}


def test_the_same_letter_is_the_same_bytes() -> None:
    first, second = (write_letter(RENDERED, (PDF, CSV), SENDER, an_envelope()) for _ in range(2))
    assert first == second
    assert first != write_letter(RENDERED, (PDF, CSV), SENDER, an_envelope("bora@example.org"))


def test_a_way_to_sign_off_stands_in_every_letter_with_room_for_one_click() -> None:
    message = read(write_letter(RENDERED, (), SENDER, an_envelope()))
    assert str(message["List-Unsubscribe"]).strip() == "<mailto:links@ngo.example?subject=unsubscribe%20ana%40example.org>"
    assert "List-Unsubscribe-Post" not in message
    sender = Sender("p@ngo.example", unsubscribe_to="out@ngo.example", unsubscribe_url="https://ngo.example/out?who={recipient}")
    mine, again, theirs = (
        read(write_letter(RENDERED, (), sender, an_envelope(email))) for email in ("ana@example.org", "ANA@example.org", "b@example.org")
    )
    assert mine["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url, mailbox = str(mine["List-Unsubscribe"]).strip().split(", ")
    assert url.startswith("<https://ngo.example/out?who=")
    assert "ana" not in url
    assert mailbox.startswith("<mailto:out@ngo.example?")
    assert url in str(again["List-Unsubscribe"])
    assert url not in str(theirs["List-Unsubscribe"])


def test_a_proof_says_that_it_is_one() -> None:
    assert read(write_letter(RENDERED, (), SENDER, an_envelope(is_proof=True)))["Subject"] == "[Proof] Java e lumenjve"


def test_an_address_beyond_ascii_stands_as_it_is() -> None:
    letter = write_letter(RENDERED, (), SENDER, an_envelope("мира@пошта.example", to_name="Мира"))
    assert "Мира <мира@xn--80a1acn3a.example>".encode() in letter


def test_a_note_is_plain_text_to_one_address() -> None:
    message = read(write_note("p@ngo.example", read_address("a@b.example"), "Two lines\r\nBcc: x@y.example", "Së fundi\n", "note-1", NOW))
    assert (message["Subject"], message["To"]) == ("Two lines Bcc: x@y.example", "a@b.example")
    assert "Bcc" not in message
    assert message.get_content() == "Së fundi\r\n"


@pytest.mark.parametrize("sender", ["nobody", "a@b@c", "x\r\nBcc: y@example.org", ""])
def test_a_sender_that_is_no_address_is_a_clear_error(sender: str) -> None:
    with pytest.raises(ConfigError, match=r"digest\.sender is no mail address"):
        write_letter(RENDERED, (), Sender(sender), an_envelope())


ANYTHING = st.text(st.characters() | st.sampled_from("\r\n\0\t\x0b\x1c\x85\u2028\u202e;:,<>@\"'()=?\\"), max_size=300)


@settings(deadline=None)
@given(subject=ANYTHING, name=ANYTHING, text=ANYTHING, html=ANYTHING)
def test_nothing_from_outside_makes_a_header_a_recipient_or_a_part(subject: str, name: str, text: str, html: str) -> None:
    letter = write_letter(RenderedDigest(subject, text, html), (PDF,), SENDER, an_envelope(to_name=name))
    message = read(letter)
    assert {*message.keys()} == HEADERS
    assert [address.addr_spec for address in message["To"].addresses] == ["ana@example.org"]
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    head = letter.split(b"\r\n\r\n", 1)[0]
    assert all(line[:1] in b" \t" or line.split(b":")[0].decode() in HEADERS for line in head.split(b"\r\n"))
    assert b"\r" not in letter.replace(b"\r\n", b"")
    assert b"\n" not in letter.replace(b"\r\n", b"")
    assert letter.isascii()
    assert all(len(line) <= 998 for line in letter.split(b"\r\n"))


@pytest.mark.parametrize(
    "subject",
    [
        "A Digital Safety Agenda in Western Balkans: 61 items in 20 outlets, 14–20 October 2024",
        "Агенда за дигитална безбедност на Западен Балкан: 61 објава во 20 медиуми, 14–20 октомври 2024 (Само: Србија)",
        "Plain: 3 items",
        "😀" * 60,
    ],
)
def test_a_subject_comes_back_as_it_was_and_no_encoded_word_of_it_is_empty(subject: str) -> None:
    letter = write_letter(replace(RENDERED, subject=subject), (), SENDER, an_envelope())
    assert read(letter)["Subject"] == subject
    head = letter.split(b"Subject: ")[1].split(b"\r\nDate")[0]
    assert all(len(line) <= 78 for line in head.split(b"\r\n"))
    assert not [word for word in head.split() if word.endswith(b"??=")]
    assert subject.isascii() or all(word.startswith(b"=?utf-8?") for word in head.split())


PICTURES = tuple(Picture(f"{number:032x}", 600, 400, b"\xff\xd8\xff" + bytes(40_000 - 3)) for number in (1, 2))
PICTURED = replace(
    RENDERED,
    html="".join(f'<img src="cid:{picture.digest}@pictures.invalid" alt="Slika">' for picture in PICTURES),
    pictures=PICTURES,
)


def test_pictures_travel_with_the_html_that_names_them() -> None:
    letter = write_letter(PICTURED, (PDF,), SENDER, an_envelope())
    message = read(letter)
    assert message.get_content_type() == "multipart/mixed"
    both, attached = message.iter_parts()
    assert attached.get_content_type() == "application/pdf"
    text, related = both.iter_parts()
    assert (text.get_content_type(), related.get_content_type()) == ("text/plain", "multipart/related")
    page, *shown = related.iter_parts()
    assert [f"cid:{part['Content-ID'][1:-1]}" in page.get_content() for part in shown] == [True, True]
    assert [(part.get_content_type(), part.get_content_disposition()) for part in shown] == [("image/jpeg", "inline")] * 2
    assert [part.get_content() for part in shown] == [picture.content for picture in PICTURES]
    assert letter == write_letter(PICTURED, (PDF,), SENDER, an_envelope())


def test_pictures_add_at_most_150_kb_to_a_letter_and_nothing_to_one_of_text() -> None:
    full = tuple(replace(picture, content=bytes(MOST_MAIL_PICTURE_BYTES // 2)) for picture in PICTURES)
    lengths = [
        len(write_letter(one, (), SENDER, an_envelope())) for one in (replace(PICTURED, pictures=full), replace(PICTURED, pictures=()))
    ]
    assert 0 < lengths[0] - lengths[1] <= 150_000
    alone = [write_letter(one, (), SENDER, an_envelope(), with_html=False) for one in (PICTURED, replace(PICTURED, pictures=()))]
    assert [read(one).get_content_type() for one in alone] == ["text/plain"] * 2


@given(st.text("abzAB09.-", max_size=140) | st.text(max_size=40))
def test_a_domain_in_ascii_is_what_the_codec_answers(domain: str) -> None:
    def asked(of: Callable[[str], str]) -> str | None:
        try:
            return of(domain)
        except UnicodeError:
            return None

    assert asked(in_ascii) == asked(lambda name: name.encode("idna").decode("ascii"))
