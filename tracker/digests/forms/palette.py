"""A campaign's colour as text and areas can bear it: dark enough on white, light enough on dark, by the contrast of WCAG 2."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable

from msgspec import Struct

DEFAULT_COLOUR = "#0b4f6c"
AA_TEXT = 4.5
"""Least contrast of text against its ground (WCAG 2.2, 1.4.3)."""
WHITE, DARK_SHEET = "#ffffff", "#16212a"
_STEP = 0.02
"""Lightness is changed by 2 % until the contrast suffices: a finer step is not seen."""


class Palette(Struct, frozen=True):
    """`band` is the campaign's colour as it was given, `on_band` the text that it bears. `brand` is the colour as text on white and on
    `tint`, and bears white text; `bright` is text and bars on dark ground."""

    band: str
    on_band: str
    brand: str
    tint: str
    bright: str


def palette(colour: str = "") -> Palette:
    """The colours made of a campaign's, `#rrggbb`; of our own where it has none."""
    base = colour.lower() if re.fullmatch(r"#[0-9a-fA-F]{6}", colour) else DEFAULT_COLOUR
    tint = _mixed(base, WHITE, 0.06)
    brand = _shaded(base, -_STEP, lambda shade: contrast(shade, tint) >= AA_TEXT + 0.5)
    return Palette(
        band=base,
        on_band=text_on(base),
        brand=brand,
        tint=tint,
        bright=_shaded(_softened(base), _STEP, lambda shade: contrast(shade, _mixed(WHITE, DARK_SHEET, 0.1)) >= AA_TEXT + 0.5),
    )


def text_on(ground: str) -> str:
    """White where it can be read on the colour, else near black; black where that is not dark enough either."""
    return next((ink for ink in (WHITE, DARK_SHEET) if contrast(ink, ground) >= AA_TEXT), "#000000")


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour))
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def _shaded(colour: str, step: float, fits: Callable[[str], bool]) -> str:
    hue, light, saturation = colorsys.rgb_to_hls(*_parts(colour))
    shade = colour.lower()
    while not fits(shade):  # ends: white and black fit
        light = min(1.0, max(0.0, light + step))
        shade = _hex(*colorsys.hls_to_rgb(hue, light, saturation))
    return shade


def _softened(colour: str) -> str:
    """Less glaring on dark ground."""
    hue, light, saturation = colorsys.rgb_to_hls(*_parts(colour))
    return _hex(*colorsys.hls_to_rgb(hue, light, saturation * 0.6))


def _mixed(colour: str, ground: str, share: float) -> str:
    return _hex(*(share * one + (1 - share) * other for one, other in zip(_parts(colour), _parts(ground), strict=True)))


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(*parts: float) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
