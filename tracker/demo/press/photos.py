"""Invented pictures for invented articles: a hall, a town or a lake, drawn anew for each story and always the same."""

from __future__ import annotations

import colorsys
import io
import random
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

SIZE = (1280, 720)
Colour = tuple[int, int, int]


@lru_cache(maxsize=64)
def photo(name: str, kind: str = "JPEG") -> bytes:
    """The picture of a story, encoded as `kind`."""
    dice = random.Random(name)  # the same picture each time
    picture = dice.choice((_lake, _town, _hall))(dice)
    return _encoded(picture, kind)


@lru_cache(maxsize=8)
def logo(name: str) -> bytes:
    """An outlet's mark, as some sites name it for every article."""
    from PIL import Image, ImageDraw

    dice = random.Random(name)  # the same mark each time
    picture = Image.new("RGB", (600, 600), "white")
    draw, ink = ImageDraw.Draw(picture), _colour(dice.random(), 0.8, 0.5)
    draw.ellipse((90, 90, 510, 510), fill=ink)
    draw.polygon(((180, 400), (300, 180), (420, 400)), fill="white")
    return _encoded(picture, "PNG")


def _encoded(picture: Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, quality=85)
    return out.getvalue()


def _colour(hue: float, saturation: float, value: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(255 * red), round(255 * green), round(255 * blue)


def _graded(top: Colour, bottom: Colour) -> tuple[Image, ImageDraw]:
    """A canvas that goes from one colour above to another below."""
    from PIL import Image, ImageDraw

    strip = Image.new("RGB", (1, 2))
    strip.putdata([top, bottom])
    picture = strip.resize(SIZE, Image.Resampling.BICUBIC)
    return picture, ImageDraw.Draw(picture)


def _ridge(dice: random.Random, height: float, roughness: float) -> list[tuple[float, float]]:
    """The line of a range of hills, by halving."""
    points = [height, height]
    while len(points) < 65:
        between = [(one + other) / 2 + dice.uniform(-roughness, roughness) for one, other in pairwise(points)]
        points = [value for pair in zip(points, between, strict=False) for value in pair] + points[-1:]
        roughness *= 0.55
    return [(number * SIZE[0] / (len(points) - 1), value) for number, value in enumerate(points)]


def _lake(dice: random.Random) -> Image:
    hue = dice.choice((0.04, 0.08, 0.55, 0.6))
    picture, draw = _graded(_colour(0.6, 0.35, 0.85), _colour(hue, 0.3, 0.98))
    sun = dice.randint(200, 1080)
    draw.ellipse((sun - 50, 250, sun + 50, 350), fill=_colour(0.13, 0.3, 1.0))
    for step in range(4):
        line = _ridge(dice, 330 + 50 * step, 150 - 25 * step)
        draw.polygon([*line, (SIZE[0], 520), (0, 520)], fill=_colour(0.56 - 0.05 * step, 0.3 + 0.08 * step, 0.72 - 0.13 * step))
    draw.rectangle((0, 520, *SIZE), fill=_colour(0.55, 0.35, 0.6))
    for _ in range(60):
        x, y, length = dice.randint(-50, SIZE[0]), dice.randint(530, 715), dice.randint(30, 220)
        draw.line((x, y, x + length, y), fill=_colour(0.55, 0.25, dice.uniform(0.55, 0.8)), width=dice.randint(1, 3))
    return picture


def _town(dice: random.Random) -> Image:
    picture, draw = _graded(_colour(0.58, 0.3, 0.9), _colour(0.1, 0.25, 0.97))
    draw.polygon([*_ridge(dice, 330, 130), (SIZE[0], 720), (0, 720)], fill=_colour(0.58, 0.25, 0.62))
    left = -20
    while left < SIZE[0]:
        width, top = dice.randint(70, 150), dice.randint(330, 480)
        wall = _colour(dice.uniform(0.03, 0.12), dice.uniform(0.15, 0.45), dice.uniform(0.7, 0.95))
        draw.rectangle((left, top, left + width, 640), fill=wall)
        draw.polygon(((left - 8, top), (left + width / 2, top - 55), (left + width + 8, top)), fill=_colour(0.03, 0.6, 0.6))
        for x in range(left + 15, left + width - 20, 32):
            for y in range(top + 20, 610, 48):
                draw.rectangle((x, y, x + 15, y + 24), fill=_colour(0.13, dice.uniform(0.1, 0.6), dice.uniform(0.3, 1.0)))
        left += width + dice.randint(-6, 10)
    draw.rectangle((0, 640, *SIZE), fill=_colour(0.08, 0.1, 0.45))
    return picture


def _hall(dice: random.Random) -> Image:
    hue = dice.random()
    picture, draw = _graded(_colour(hue, 0.55, 0.28), _colour(hue, 0.4, 0.5))
    draw.rectangle((340, 90, 940, 400), fill=_colour(hue + 0.45, 0.12, 0.97))
    for number in range(3):
        draw.rectangle((390, 150 + 60 * number, dice.randint(620, 880), 172 + 60 * number), fill=_colour(hue, 0.5, 0.65))
    draw.rectangle((180, 430, 1100, 500), fill=_colour(0.08, 0.45, 0.45))
    for number in range(dice.randint(3, 5)):
        _person(draw, 260 + 180 * number + dice.randint(-15, 15), 380, 34, dice)
    for row in range(3):
        for x in range(-40 + 45 * (row % 2), SIZE[0] + 60, 130 + 15 * row):
            _person(draw, x + dice.randint(-12, 12), 555 + 70 * row, 40 + 8 * row, dice, shade=0.32 - 0.08 * row)
    return picture


def _person(draw: ImageDraw, x: int, y: int, size: int, dice: random.Random, shade: float = 0.55) -> None:
    """Somebody seen from afar: a head and shoulders."""
    draw.ellipse((x - size * 1.1, y + size * 0.6, x + size * 1.1, y + size * 3.4), fill=_colour(dice.random(), 0.45, shade))
    draw.ellipse((x - size * 0.55, y - size * 0.75, x + size * 0.55, y + size * 0.6), fill=_colour(0.07, 0.4, shade + 0.15))
