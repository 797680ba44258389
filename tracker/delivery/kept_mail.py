"""An edition's mail as it was kept, shown without reading the edition: for pages that people wait for."""

from __future__ import annotations

from tracker.delivery import publish
from tracker.digests import editions
from tracker.digests.forms.pictures import named_in
from tracker.model import Audience, RenderedDigest, Scope
from tracker.settings import Settings
from tracker.store import digests
from tracker.store.database import Database
from tracker.store.digests import Edition


def mail_of(database: Database, edition: Edition, audience: Audience, language: str, scope: Scope, settings: Settings) -> RenderedDigest:
    """The mail that `publish.compose` gives. Where its text is kept, names no picture, and nothing was taken out of the edition since, the
    items are not read for it. Raises what `compose` raises."""
    with database.reading() as conn:
        is_released = audience in digests.released_at(conn, edition.id)
        kept = digests.rendering(conn, edition.id, audience, language, scope.countries) if is_released else None
    if (
        kept is None
        or scope.languages
        or scope.outlets
        or named_in(kept.html, ()) is None
        or editions.hidden_in(database, edition, audience)
    ):
        return publish.compose(database, edition.id, audience, language, scope, **publish.composing(settings))[0]
    mask = settings.masked
    return RenderedDigest(mask(kept.subject), mask(kept.text), mask(kept.html), kept.shortened)
