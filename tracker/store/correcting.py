"""An item as a person corrected it, with what the outlet says kept beside it. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from tracker.model import DATE_UNCERTAIN, Article, AsFound, ItemState, Mention


def as_corrected(mention: Mention, article: Article, state: ItemState | None) -> tuple[Mention, Article, AsFound | None]:
    """The mention and its article as they are printed, and what was found; None where nobody corrected anything.

    A date that a person gave is sure. A hit in a headline that reads otherwise now is left out: it marks other words.
    """
    if state is None or not state.corrections:
        return mention, article, None
    said = state.corrections
    found = AsFound(article.title, article.outlet_id, article.published, article.authors, said.names)
    if said.headline:
        mention = replace(
            mention, hits=tuple(hit for hit in mention.hits if hit.field != "title" or said.headline[hit.start : hit.end] == hit.form)
        )
    if said.published is not None:
        mention = replace(mention, labels=tuple(label for label in mention.labels if label != DATE_UNCERTAIN))
        article = replace(article, published=said.published, date_readings=())
    article = replace(
        article,
        title=said.headline or article.title,
        outlet_id=said.outlet_id or article.outlet_id,
        authors=article.authors if said.authors is None else said.authors,
    )
    return mention, article, found
