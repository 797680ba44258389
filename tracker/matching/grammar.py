"""The grammar of queries: text to tree, with the place and reason where that cannot be."""

from __future__ import annotations

import re
from typing import Any

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken
from msgspec.structs import replace

from tracker.matching.query import And, Near, Node, Not, Or, QueryError, Ref, holds_for_nothing

MAX_CHARS = 100_000
"""Hundreds of times the shipped queries; the parser's time grows with the length."""
MAX_DEPTH = 60
"""Parentheses and `not`s inside each other; Python's own recursion limit stands at 1,000 frames."""

_GRAMMAR = r"""
start: or_
or_: and_ (_OR and_)*
and_: near_ (_AND near_)*
near_: unary (NEAR unary)*
?unary: _NOT unary -> not_ | atom
?atom: TERM -> ref | LITERAL -> literal | _TITLE TERM -> title_ref | _TITLE LITERAL -> title_literal | _TITLE "(" or_ ")" -> title_group | "(" or_ ")" -> group
_OR.3: /or(?![\w-])/i
_AND.3: /and(?![\w-])/i
_NOT.3: /not(?![\w-])/i
NEAR.4: /near\/(\d{1,4}|s)(?![\w-])/i
_TITLE.4: /title:\s*/i
TERM.1: /[^\W\d][\w-]*/
LITERAL: /"[^"\n]*"/
%ignore /\s+/
"""
_CURLY = frozenset("\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u00ab\u00bb")
_WORDS = {
    "_OR": "or",
    "_AND": "and",
    "_NOT": "not",
    "NEAR": "near/N",
    "_TITLE": "title:",
    "TERM": "a term",
    "LITERAL": '"quoted words"',
    "LPAR": "(",
    "RPAR": ")",
}
_parsers: list[Lark] = []


def parse(text: str) -> Node:
    """See `parse_query`."""
    _check_size(text)
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _explained(text, error) from None
    node = _build(tree.children[0])
    if holds_for_nothing(node):
        raise QueryError("a query of exclusions only would match every text; name something that must be there", 0)
    return node


def _parser() -> Lark:
    if not _parsers:
        _parsers.append(Lark(_GRAMMAR, parser="lalr", propagate_positions=True, maybe_placeholders=False))
    return _parsers[0]


def _check_size(text: str) -> None:
    if not text.strip():
        raise QueryError("the query is empty; name a term or quote some words", 0)
    if len(text) > MAX_CHARS:
        raise QueryError(f"the query is longer than {MAX_CHARS} characters", MAX_CHARS)
    depth = nots = 0
    for found in re.finditer(r'"[^"\n]*"|[()]|\bnot\b|[^\s()"]+', text, re.IGNORECASE):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        nots = nots + 1 if found[0].lower() == "not" else nots if found[0] == "(" else 0
        if depth + nots > MAX_DEPTH:
            raise QueryError(f"the query is nested deeper than {MAX_DEPTH} levels", found.start())


def _build(tree: Any) -> Node:
    kind, parts = tree.data, tree.children
    if kind in ("ref", "literal", "title_ref", "title_literal"):
        return _reference(parts[0], quoted="literal" in kind, title="title" in kind)
    if kind == "group":
        return _build(parts[0])
    if kind == "title_group":
        return _in_title(_build(parts[0]))
    if kind == "not_":
        return Not(_build(parts[0]))
    if kind == "near_":
        return _build_near(parts)
    children = tuple(_build(part) for part in parts)
    if len(children) == 1:
        return children[0]
    make: type[And] | type[Or] = And if kind == "and_" else Or
    flat = [inner for child in children for inner in (child.children if isinstance(child, make) else (child,))]
    return make(tuple(flat))


def _in_title(node: Node) -> Node:
    """The same question asked of the title alone: `title:(a or b)` is `title:a or title:b`."""
    if isinstance(node, Ref):
        return replace(node, title=True)
    if isinstance(node, Not):
        return Not(_in_title(node.child))
    if isinstance(node, Near):
        return Near(_in_title(node.left), _in_title(node.right), node.words)
    children = tuple(_in_title(child) for child in node.children)
    return And(children) if isinstance(node, And) else Or(children)


def _reference(token: Token, *, quoted: bool, title: bool) -> Ref:
    text = str(token)
    if quoted:
        text = text[1:-1]
        if not re.search(r"\w", text):
            raise QueryError("the quotation marks hold no word", token.start_pos or 0)
    return Ref(text, quoted, title, token.start_pos or 0)


def _build_near(parts: list[Any]) -> Node:
    node = _build(parts[0])
    for token, part in zip(parts[1::2], parts[2::2], strict=True):
        distance = str(token).partition("/")[2].lower()
        right = _build(part)
        if any(_has_not(side) for side in (node, right)):
            raise QueryError("`not` cannot stand beside near: say `a and not (b near/5 c)` instead", token.start_pos)
        node = Near(node, right, None if distance == "s" else int(distance))
    return node


def _has_not(node: Node) -> bool:
    if isinstance(node, Not):
        return True
    if isinstance(node, Ref):
        return False
    return any(_has_not(child) for child in ((node.left, node.right) if isinstance(node, Near) else node.children))


def _explained(text: str, error: UnexpectedInput) -> QueryError:
    offset = error.pos_in_stream if isinstance(error.pos_in_stream, int) else len(text)
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        offset = len(text.rstrip())
    if isinstance(error, UnexpectedEOF):
        offset = len(text.rstrip())
    near = re.match(r"near\b\S*", text[offset:], re.IGNORECASE)
    if near and not re.fullmatch(r"near/(\d{1,4}|s)", near[0], re.IGNORECASE):
        return QueryError(f"{near[0]!r} needs a distance: near/5 for at most 5 words between, near/s for the same sentence", offset)
    if isinstance(error, UnexpectedCharacters):
        expected, found = error.allowed or set(), repr(text[offset : offset + 1])
        if text[offset] == '"':
            return QueryError("the quotation mark is never closed", offset)
        if text[offset] in _CURLY:
            return QueryError(f"{found} cannot stand here; write straight quotation marks", offset)
        if not text[offset].isprintable() and not text[offset].isspace():
            return QueryError("a character that is not seen stands here; type the query anew", offset)
    else:
        token = getattr(error, "token", None)
        expected = getattr(error, "expected", set())
        found = "the end" if token is None or token.type == "$END" else repr(str(token))
    opened = text.count("(", 0, offset) > text.count(")", 0, offset)
    names = sorted({_WORDS[name] for name in expected if name in _WORDS and (opened or name != "RPAR")})
    return QueryError(f"{found} cannot stand here" + (f"; expected one of {', '.join(names)}" if names else ""), offset)
