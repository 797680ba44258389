"""An edition as a letter to one recipient: composed once for all who read the same, then addressed to each alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct

from tracker.config.sections import is_mailbox
from tracker.delivery import correcting, message, publish
from tracker.delivery.addresses import MailAddress
from tracker.delivery.letter_tokens import return_address
from tracker.delivery.message import Envelope, Sender, sender_address
from tracker.delivery.recipients import Recipient
from tracker.digests.editions import hidden_in
from tracker.digests.forms.correction import render_correction
from tracker.digests.forms.html import with_page
from tracker.errors import UsageError
from tracker.model import Audience, Document, RenderedDigest, Scope
from tracker.settings import OWN_MAILBOX, Settings
from tracker.store import digests, verdicts
from tracker.store.database import Database
from tracker.store.digests import Edition
from tracker.workspace import shipped_folder

Composed = tuple[RenderedDigest, tuple[Document, ...]]


class Compose(Protocol):
    """An edition's mail and documents for an audience, in a language, for some countries, in some forms."""

    def __call__(
        self, edition_id: int, audience: Audience, language: str, countries: Sequence[str], formats: Sequence[str], /
    ) -> Composed: ...


class Standing(Struct, frozen=True):
    """`newest_verdict` grows with every verdict; `hidden` are the edition's articles that are in no letter as of now."""

    newest_verdict: int
    hidden: frozenset[int]


class LetterWriter:
    """Writes letters. `tokens` gives each letter's token by its Message-ID; empty: none. `pages` gives the address of a reader's own page by the key of the mail address; empty: there is none. What was composed is kept while it lives, for the next recipient who reads the same; so are the editions."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        zones: Mapping[str, str],
        compose: Compose,
        pages: Callable[[str], str] = lambda key: "",
        tokens: Callable[[str], str] = lambda message_id: "",
    ) -> None:
        self._database, self._settings, self._zones, self._compose, self._pages = database, settings, zones, compose, pages
        self._tokens = tokens
        self._composed: dict[tuple[object, ...], Composed] = {}
        self._composed_at = -1
        self._editions: dict[int, tuple[Edition, dict[Audience, datetime]]] = {}

    @property
    def sender(self) -> MailAddress:
        """Whom the mail server is told. Raises ConfigError when `digest.sender` is no address."""
        return message.sender_address(self._settings.digest.sender)

    def sender_of(self, message_id: str) -> MailAddress:
        """Whom the mail server is told to report to about the letter with this Message-ID. Raises as `sender`."""
        return return_address(self._settings, self._tokens(message_id)) or self.sender

    def message_id(self, identity: str) -> str:
        """The Message-ID of a letter with this identity."""
        return message.message_id(identity, self._settings.digest.sender)

    def edition(self, edition_id: int) -> Edition:
        """The edition. Raises UsageError when there is none."""
        return self._known(edition_id)[0]

    def may_read(self, edition_id: int, audience: Audience) -> bool:
        """Whether the edition is released to the audience."""
        return audience in self._known(edition_id)[1]

    def stem(self, edition_id: int, audience: Audience) -> str:
        """The beginning of the names of the edition's files."""
        edition = self.edition(edition_id)
        return publish.stem_of(edition, self._zones.get(edition.campaign_id, "UTC"), audience)

    def standing(self, edition_id: int, audience: Audience) -> Standing:
        """What a letter's words rest on beside the frozen edition; they may be others when it has changed."""
        with self._database.reading() as conn:
            newest = verdicts.newest_id(conn)
        return Standing(newest, hidden_in(self._database, self.edition(edition_id), audience))

    def write(
        self, edition_id: int, recipient: Recipient, identity: str, *, audience: Audience | None = None, is_proof: bool = False
    ) -> bytes:
        """The letter with this Message-ID; the same bytes every time. Raises TrackerError when it cannot be composed."""
        reading = audience or recipient.role.audience
        standing = self.standing(edition_id, reading)
        if standing.newest_verdict != self._composed_at:
            # what a person calls sensitive while a mailing goes on is in no letter after that
            self._composed.clear()
            self._composed_at = standing.newest_verdict
        key = (edition_id, reading, recipient.language, recipient.countries, recipient.documents, standing)
        if key not in self._composed:
            self._composed[key] = self._whole(edition_id, reading, recipient)
        rendered, documents = self._composed[key]
        page = self._pages(recipient.address.key)
        digest, mail = self._settings.digest, self._settings.mail
        return message.write_letter(
            with_page(rendered, page, shipped_folder("templates"), recipient.language),
            documents,
            Sender(digest.sender, digest.reply_to, self._sign_off_to, mail.unsubscribe_url),
            Envelope(
                recipient.name,
                recipient.address,
                identity,
                self._known(edition_id)[1][reading],
                recipient.language,
                self.stem(edition_id, reading),
                is_proof,
                page,
                self._list_id(edition_id),
                "" if is_proof else self._tokens(identity),
            ),
            with_html=recipient.wants_html,
        )

    def write_correction(self, correction_id: int, edition_id: int, recipient: Recipient, identity: str) -> bytes:
        """The letter of a correction; the same bytes every time, unless a verdict falls. Raises TrackerError when it cannot be composed."""
        digest, mail = self._settings.digest, self._settings.mail
        said = correcting.notice(self._database, correction_id, recipient, publish.sign_off_address(self._settings))
        mask = self._settings.masked
        made = render_correction(said, shipped_folder("templates"), recipient.language)
        rendered = RenderedDigest(mask(made.subject), mask(made.text), mask(made.html))
        page = self._pages(recipient.address.key)
        stem = self.stem(edition_id, recipient.role.audience)
        return message.write_letter(
            with_page(rendered, page, shipped_folder("templates"), recipient.language),
            (),
            Sender(digest.sender, digest.reply_to, self._sign_off_to, mail.unsubscribe_url),
            Envelope(
                recipient.name,
                recipient.address,
                identity,
                said.approved_at,
                recipient.language,
                stem,
                preferences=page,
                list_id=self._list_id(edition_id),
                token=self._tokens(identity),
            ),
            with_html=recipient.wants_html,
        )

    @property
    def _sign_off_to(self) -> str:
        """Where `List-Unsubscribe` leads: as the settings say, else to the mailbox that is read, so that it is done without a person."""
        mail, mailbox = self._settings.mail, self._settings.mailbox
        own = mailbox.username or mail.username
        is_read = bool(mailbox.host) and is_mailbox(own) and own != sender_address(OWN_MAILBOX).key
        return mail.unsubscribe_to or (own if is_read else "")

    def _list_id(self, edition_id: int) -> str:
        edition = self.edition(edition_id)
        return message.list_id_of(edition.campaign_id, edition.kind, self._settings.digest.sender)

    def _whole(self, edition_id: int, audience: Audience, recipient: Recipient) -> Composed:
        """The letter's content; with the report where the mail had to leave items to it and no other form has them."""
        forms = recipient.documents
        composed = self._compose(edition_id, audience, recipient.language, recipient.countries, forms)
        if composed[0].shortened and not {"report", "pdf"} & {document.ending for document in composed[1]}:
            composed = self._compose(edition_id, audience, recipient.language, recipient.countries, ("report", *forms))
        return composed

    def _known(self, edition_id: int) -> tuple[Edition, dict[Audience, datetime]]:
        if edition_id not in self._editions:
            with self._database.reading() as conn:
                edition, released = digests.get(conn, edition_id), digests.released_at(conn, edition_id)
            if edition is None:
                raise UsageError(f"no edition {edition_id}; `tracker digest list` shows them")
            self._editions[edition_id] = edition, released
        return self._editions[edition_id]


class PublishedComposer:
    """Composes from the database. A PDF that this machine cannot make is left out; `left_out` says why. With `settings`
    it masks, shows pictures and tells where to sign off as they say."""

    def __init__(self, database: Database, settings: Settings | None = None) -> None:
        self._database = database
        self._given: dict[str, Any] = publish.composing(settings) if settings else {}
        self.left_out: dict[str, None] = {}

    def __call__(self, edition_id: int, audience: Audience, language: str, countries: Sequence[str], formats: Sequence[str], /) -> Composed:
        from tracker.digests.forms.pdf import MissingLibraries

        try:
            return publish.compose(self._database, edition_id, audience, language, Scope(tuple(countries)), formats, **self._given)
        except MissingLibraries as error:
            self.left_out[str(error)] = None
            others = [form for form in formats if form != "pdf"]
            return publish.compose(self._database, edition_id, audience, language, Scope(tuple(countries)), others, **self._given)
