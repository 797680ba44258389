"""What somebody wrote themselves, above what their mail quotes; and what a forwarded mail brings. Pure."""

from __future__ import annotations

import re

from tracker.text.folding import fold

MOST_CHARS = 20_000
_QUOTE_BEGINS = re.compile(
    r"^\s*(?:"
    r"-{2,}\s*(?:original message|forwarded message|originalna poruka|izvorna poruka|proslijedjena poruka|prosledjena poruka|mesazhi origjinal|mesazh i percjelle|originalna poraka|prepratena poraka|preposlana poruka).*"
    r"|_{8,}\s*|begin forwarded message:.*|(?:on|dana|dne|me|na|u|ne|den)\b.{4,160}(?:wrote|napisao|napisala|napisao/la|pise|je napisao.{0,12}|shkroi|napisha|napisa|pishuva)\s*(?:je)?\s*:?\s*"
    r"|.{0,120}<[^<>\s]+@[^<>\s]+>.{0,60}(?:wrote|napisao|napisala|pise|shkroi|napisha|napisa|je napisao.{0,12}|ka shkruar)\s*:\s*"
    r"|(?:from|od|nga|posiljalac|posiljatelj|salje|derguar nga)\s*:\s.{0,200}@.{0,200}"
    r")$"
)
_FORWARD = re.compile(r"^\s*(?:fwd?|fw|i|pd|prosl(?:edjeno|ijedjeno)|preposlano|percjelle|prepratena?|proslj?)\s*:")
_SIGNATURE = re.compile(r"^(?:--|—|__)\s*$|^\s*(?:sent from my|get outlook|poslato sa|poslano s|derguar nga|ispratено|isprateno od)\b")


def own_words(text: str) -> str:
    """What the writer says: without quoted lines, what follows the head of a quotation, and the signature."""
    kept = []
    for line in text[:MOST_CHARS].splitlines():
        plain = fold(line)
        if _QUOTE_BEGINS.match(plain) or _SIGNATURE.match(plain):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    return "\n".join(kept).strip()


def is_forwarded(subject: str, text: str) -> bool:
    """Whether the mail hands another one on."""
    if _FORWARD.match(fold(subject)):
        return True
    return bool(re.search(r"(?m)^\s*(?:-{2,}\s*forwarded message|begin forwarded message:)", text[:MOST_CHARS], re.IGNORECASE))
