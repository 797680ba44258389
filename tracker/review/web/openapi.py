"""What programs are told of the interface at /api/v1: an OpenAPI 3.1 document. `docs/openapi.json` is the same; a test compares them."""

from __future__ import annotations

from typing import Any

from tracker.model import ARTICLE_LANGUAGES, OUTLET_COUNTRIES, Medium, Prominence, Tone
from tracker.review.accepted import MOST_ITEMS

MOST_VALUES = 20
"""Of one parameter that may be repeated."""
_DAY = {"type": "string", "format": "date", "pattern": r"^(19[9]\d|20\d\d|21\d\d)-\d{2}-\d{2}$"}
_WORD = {"type": "string"}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _choice(values: Any) -> dict[str, Any]:
    return {"type": "string", "enum": [str(value) for value in values]}


def _parameter(name: str, schema: dict[str, Any], told: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": told, "schema": schema}


def _several(name: str, schema: dict[str, Any], told: str) -> dict[str, Any]:
    schema = {"type": "array", "items": schema, "maxItems": MOST_VALUES}
    return {**_parameter(name, schema, f"{told} May be repeated."), "style": "form", "explode": True}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


_OUTLET = _object({"id": _WORD, "name": _WORD, "country": _choice(OUTLET_COUNTRIES), "tier": {"type": "integer", "minimum": 0}})
_REACH = _object({"value": {"type": "integer", "minimum": 0}, "source": _WORD, "day": _WORD})
_MENTION = _object(
    {
        "id": {**_WORD, "description": "of the mention; the same for ever"},
        "campaign": _WORD,
        "circle": _WORD,
        "audience": {**_choice(("partners", "staff")), "description": "for whom the circle is"},
        "headline": {**_WORD, "description": "as a person corrected it, where one did"},
        "headline_en": _or_null(_WORD),
        "link": _or_null({"type": "string", "format": "uri"}),
        "outlet": {"$ref": "#/components/schemas/Outlet"},
        "published": {**_or_null(_WORD), "description": "a day, or a moment with the outlet's own offset; null: no date is known"},
        "authors": {"type": "array", "items": _WORD},
        "language": {**_or_null(_WORD), "description": "of the article"},
        "medium": _choice(Medium),
        "story": {**_or_null(_WORD), "description": "items with the same one are one story"},
        "tone": _or_null(_choice(Tone)),
        "prominence": _or_null(_choice(Prominence)),
        "key_messages": {**_or_null({"type": "array", "items": _WORD}), "description": "that a person confirmed; null: not assessed"},
        "reach": _or_null(_REACH),
        "accepted_at": {"type": "string", "format": "date-time"},
    }
)
_PAGE = _object(
    {
        "items": {"type": "array", "items": {"$ref": "#/components/schemas/Mention"}, "maxItems": MOST_ITEMS},
        "next": {**_or_null(_WORD), "description": "give it as `after` for the next page; null: this is the last"},
    }
)
_ERROR = {"type": "object", "properties": {"error": _WORD}, "required": ["error"]}


def _answer(told: str, schema: str) -> dict[str, Any]:
    return {"description": told, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Accepted press coverage",
        "version": "1",
        "description": "What a person has accepted or entered, of the campaigns that the token's owner may see. Nothing that may identify a child.",
    },
    "security": [{"token": []}],
    "paths": {
        "/api/v1/mentions": {
            "get": {
                "operationId": "mentions",
                "summary": "Accepted items, in the order of campaign and item, a page at a time",
                "parameters": [
                    _several("campaign", {"type": "string", "minLength": 1}, "Only these campaigns, by id."),
                    _several("country", _choice(OUTLET_COUNTRIES), "Only items of outlets of this country."),
                    _several("language", _choice(ARTICLE_LANGUAGES), "Only items in this language."),
                    _several("outlet", {"type": "string", "minLength": 1}, "Only items of this outlet, by id."),
                    _parameter("from", _DAY, "First day of publication, in the campaign's zone."),
                    _parameter("to", _DAY, "Last day of publication, included."),
                    _parameter(
                        "limit", {"type": "integer", "minimum": 1, "maximum": MOST_ITEMS, "default": 50}, "Items of a page, at most."
                    ),
                    _parameter("after", {"type": "string", "minLength": 1}, "`next` of the page before."),
                ],
                "responses": {
                    "200": _answer("A page.", "Page"),
                    "400": _answer("A parameter is not understood; the error says which.", "Error"),
                    "401": _answer("Without a token, or with one that has ended.", "Error"),
                    "404": _answer("No such outlet or campaign, or the campaign is not for you.", "Error"),
                },
            }
        }
    },
    "components": {
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "`tracker user token NAME` prints one."}},
        "schemas": {"Mention": _MENTION, "Outlet": _OUTLET, "Page": _PAGE, "Error": _ERROR},
    },
}
