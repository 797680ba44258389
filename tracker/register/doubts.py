"""What in a register is allowed and probably a slip: unknown languages, one homepage or feed twice. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.model.languages import MEANT_LANGUAGES
from tracker.register.catalog import Catalogue
from tracker.urls.canonical import normalise

LANGUAGES = frozenset(
    (
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi "
        "fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw "
        "ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro "
        "ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi "
        "yo za zh zu cnr rom rup"
    ).split()
)
"""ISO 639-1 complete, and of ISO 639-2 Montenegrin, Romani and Aromanian, which have no shorter code."""
NOT_HERE = {"ba": "Bashkir", "ks": "Kashmiri", "si": "Sinhala", "ko": "Korean"}
"""Languages whose code is a country's or a people's here: somebody meant another."""


def doubts(catalogue: Catalogue) -> list[str]:
    """Each in a line, by kind: languages, homepages, addresses of sources."""
    return [*_languages(catalogue), *_homepages(catalogue), *_addresses(catalogue)]


def _languages(catalogue: Catalogue) -> Iterator[str]:
    wrong: dict[str, list[str]] = {}
    for outlet in catalogue.outlets:
        for language in outlet.languages:
            if language not in LANGUAGES or language in NOT_HERE:
                wrong.setdefault(language, []).append(outlet.id)
    for language, outlets in wrong.items():
        code = MEANT_LANGUAGES.get(language)
        meant = f"; write {code}" if code else "; write an ISO 639-1 code such as sq, sr, bs, mk or en"
        more = f" and {len(outlets) - 1} more" if len(outlets) > 1 else ""
        what = NOT_HERE.get(language, "no known language")
        yield f"languages: {language!r} of {outlets[0]}{more} is {what}{meant}"


def _homepages(catalogue: Catalogue) -> Iterator[str]:
    first: dict[str, str] = {}
    for outlet in catalogue.outlets:
        key = normalise(outlet.homepage)
        if key in first:
            yield f"homepage: {outlet.id} and {first[key]} have the same, {outlet.homepage}; is one of them a copy?"
        first.setdefault(key, outlet.id)


def _addresses(catalogue: Catalogue) -> Iterator[str]:
    first: dict[tuple[str, str], str] = {}
    for source in catalogue.sources:
        key = (source.kind, normalise(source.address) or source.address)
        if key in first:
            yield f"{source.kind}: {source.id} and {first[key]} are the same address, {source.address}; it would be polled twice"
        first.setdefault(key, source.id)
