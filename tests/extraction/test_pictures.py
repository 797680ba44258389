"""Bytes from anywhere become a small JPEG or a reason."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFile

from tests.linear import grows_linearly
from tracker.extraction.pictures import LARGEST_SIDE, MOST_BYTES, is_named, named_pictures, read_picture
from tracker.model import Picture, PictureOutcome


def scene(width: int = 1200, height: int = 800, mode: str = "RGB") -> Image.Image:
    """A picture with something to see: sky, ground and a house."""
    made = Image.new("RGB", (width, height), "#9fc5e8")
    draw = ImageDraw.Draw(made)
    draw.rectangle((0, height * 2 // 3, width, height), fill="#6aa84f")
    draw.rectangle((width // 4, height // 3, width // 2, height * 2 // 3), fill="#b45f06")
    return made.convert(mode)


def noise(width: int, height: int, seed: int = 7) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(seed).randbytes(width * height * 3))  # no secret


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def animated(kind: str) -> bytes:
    frames = [scene(400, 300), Image.new("RGB", (400, 300), "red")]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises so many pixels and holds a few bytes of them."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 10_000)) + chunk(b"IEND", b"")


def gif_header() -> bytes:
    """A GIF of 65,535 x 65,535 pixels in a few bytes."""
    canvas = struct.pack("<HHBBB", 65_535, 65_535, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"," + struct.pack("<HHHHB", 0, 0, 65_535, 65_535, 0) + b"\x02\x02\x4c\x01\0;"
    return b"GIF89a" + canvas + frame


def kept(content: bytes) -> Picture:
    reading = read_picture(content)
    assert reading.outcome is PictureOutcome.KEPT, reading
    assert reading.picture is not None
    return reading.picture


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(kept(content).content))


SHOWN: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: encoded(scene(), "JPEG"),
    "progressive jpeg": lambda: encoded(scene(), "JPEG", progressive=True),
    "jpeg for print": lambda: encoded(scene(mode="CMYK"), "JPEG"),
    "grey jpeg": lambda: encoded(scene(mode="L"), "JPEG"),
    "png": lambda: encoded(scene(), "PNG"),
    "png with a palette": lambda: encoded(scene(mode="P"), "PNG"),
    "png, 16 bits": lambda: encoded(scene(mode="L").convert("I;16"), "PNG"),
    "png, black and white": lambda: encoded(scene(mode="1"), "PNG"),
    "webp": lambda: encoded(scene(), "WEBP"),
    "webp without loss": lambda: encoded(scene(mode="RGBA"), "WEBP", lossless=True),
    "gif": lambda: encoded(scene(mode="P"), "GIF"),
    "animated gif": lambda: animated("GIF"),
    "animated webp": lambda: animated("WEBP"),
    "animated png": lambda: animated("PNG"),
    "camera's jpeg": lambda: encoded(scene(6000, 4000), "JPEG"),
    "noise, which does not pack": lambda: encoded(noise(900, 900), "PNG"),
    "portrait": lambda: encoded(scene(800, 1200), "JPEG"),
    "small but enough": lambda: encoded(scene(200, 120), "PNG"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_becomes_a_small_jpeg(name: str) -> None:
    picture = kept(SHOWN[name]())
    assert picture.content.startswith(b"\xff\xd8\xff")
    assert len(picture.content) <= MOST_BYTES
    shown = Image.open(io.BytesIO(picture.content))
    assert shown.size == (picture.width, picture.height)
    assert max(shown.size) <= LARGEST_SIDE
    assert shown.mode == "RGB"


def svg(before: str = "") -> bytes:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><script>alert(1)</script></svg>'.encode()


REFUSED: dict[str, tuple[Callable[[], bytes], PictureOutcome]] = {
    "nothing": (lambda: b"", PictureOutcome.NOT_A_PICTURE),
    "a page": (lambda: b"<!doctype html><html><body>404</body></html>", PictureOutcome.NOT_A_PICTURE),
    "a page that calls itself gif": (lambda: b"GIF90a<html></html>", PictureOutcome.NOT_A_PICTURE),
    "pdf": (lambda: b"%PDF-1.4\n%%EOF", PictureOutcome.NOT_A_PICTURE),
    "svg": (svg, PictureOutcome.OTHER_FORMAT),
    "svg behind a declaration": (lambda: svg('<?xml version="1.0"?>\n<!-- made by hand -->\n'), PictureOutcome.OTHER_FORMAT),
    "svg behind a mark": (lambda: b"\xef\xbb\xbf" + svg(), PictureOutcome.OTHER_FORMAT),
    "bmp": (lambda: encoded(scene(), "BMP"), PictureOutcome.OTHER_FORMAT),
    "tiff": (lambda: encoded(scene(), "TIFF"), PictureOutcome.OTHER_FORMAT),
    "icon": (lambda: encoded(scene(64, 64), "ICO"), PictureOutcome.OTHER_FORMAT),
    "avif": (lambda: b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf", PictureOutcome.OTHER_FORMAT),
    "400 million pixels": (lambda: png_header(20_000, 20_000), PictureOutcome.TOO_MANY_PIXELS),
    "40 million pixels of png": (lambda: png_header(8_000, 5_000), PictureOutcome.TOO_MANY_PIXELS),
    "a gif's wide canvas": (gif_header, PictureOutcome.TOO_MANY_PIXELS),
    "tracking pixel": (lambda: encoded(Image.new("RGB", (1, 1)), "GIF"), PictureOutcome.TOO_SMALL),
    "icon as png": (lambda: encoded(scene(96, 96), "PNG"), PictureOutcome.TOO_SMALL),
    "strip": (lambda: encoded(scene(2000, 100), "PNG"), PictureOutcome.TOO_SMALL),
    "one colour": (lambda: encoded(Image.new("RGB", (800, 600), "white"), "PNG"), PictureOutcome.BLANK),
    "nothing but transparency": (lambda: encoded(Image.new("RGBA", (800, 600), (9, 9, 9, 0)), "PNG"), PictureOutcome.BLANK),
    "jpeg, broken off": (lambda: (whole := encoded(noise(800, 600), "JPEG"))[: len(whole) // 2], PictureOutcome.BROKEN),
    "png, broken off": (lambda: (whole := encoded(noise(800, 600), "PNG"))[: len(whole) // 2], PictureOutcome.BROKEN),
    "jpeg of a thousand scans": (lambda: encoded(scene(), "JPEG") + b"\xff\xda" * 1000, PictureOutcome.BROKEN),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_of_the_news_is_refused_with_a_reason(name: str) -> None:
    made, outcome = REFUSED[name]
    reading = read_picture(made())
    assert (reading.outcome, reading.picture) == (outcome, None)
    assert reading.detail


@pytest.mark.parametrize("name", [name for name in REFUSED if name.endswith("broken off")])
def test_a_picture_that_breaks_off_is_refused_after_another_library_told_the_decoder_to_be_lenient(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint does when it is imported
    assert read_picture(REFUSED[name][0]()).outcome is PictureOutcome.BROKEN
    assert ImageFile.LOAD_TRUNCATED_IMAGES, "what the other library wants for itself stands as before"


def with_place_and_author() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = "Arta Lumi"
    exif.get_ifd(0x8825)[2] = (41.0, 19.0, 48.5)
    return encoded(scene(), "JPEG", exif=exif, comment=b"Arta Lumi", icc_profile=b"Arta Lumi" * 20, dpi=(300, 300))


def test_no_note_of_where_and_by_whom_it_was_taken_is_left() -> None:
    content = with_place_and_author()
    assert content.count(b"Arta Lumi") >= 3
    shown = kept(content).content
    assert b"Arta Lumi" not in shown
    assert b"Exif" not in shown
    assert b"ICC_PROFILE" not in shown


def test_a_picture_taken_with_the_camera_held_upright_stands_upright() -> None:
    lying = scene(800, 1200).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    shown = opened(encoded(lying, "JPEG", exif=exif))
    assert shown.size == (400, 600)
    top, bottom = shown.getpixel((200, 10)), shown.getpixel((200, 590))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[2] > top[1] - 20  # sky above, meadow below
    assert bottom[1] > bottom[2]


def test_the_first_frame_of_an_animation_is_shown_and_transparency_is_white() -> None:
    assert opened(animated("GIF")).getpixel((200, 20)) != (254, 0, 0)
    clear = Image.new("RGBA", (600, 400), (0, 0, 0, 0))
    ImageDraw.Draw(clear).rectangle((100, 100, 200, 200), fill="red")
    corner = opened(encoded(clear, "PNG")).getpixel((5, 5))
    assert isinstance(corner, tuple)
    assert min(corner) > 250


def test_the_same_bytes_are_the_same_picture() -> None:
    content = encoded(scene(), "JPEG")
    assert kept(content) == kept(content)
    assert kept(content).digest != kept(encoded(scene(1000, 700), "JPEG")).digest


@given(st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"]), st.data())
def test_bytes_of_any_kind_end_in_one_outcome(kind: str, data: st.DataObject) -> None:
    content = bytearray(encoded(scene(300, 200), kind))
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    reading = read_picture(bytes(content[: data.draw(st.integers(0, len(content)))]))
    assert (reading.picture is None) == (reading.outcome is not PictureOutcome.KEPT)
    assert reading.picture is None or len(reading.picture.content) <= MOST_BYTES


LOGO = "https://cdn.portal.example/media/default.jpg?w=1200&h=630"


@pytest.mark.parametrize(
    ("page", "names"),
    [
        (f'<meta property="og:image" content="{LOGO}">', True),
        (f'<meta content="{LOGO.replace("&", "&amp;")}" property="og:image">', True),
        ('<meta name="twitter:image" content="/media/default.jpg?w=1200&h=630">', True),
        ('{"@type": "NewsArticle", "image": {"url": "https://cdn.portal.example/media/default.jpg?w=1200&h=630"}}', True),
        ('<meta property="og:image" content="https://cdn.portal.example/media/default.jpg?w=1200&h=6300">', False),
        ('<meta property="og:image" content="https://cdn.portal.example/media/other.jpg">', False),
        (f'<p><img src="{LOGO}"> beside other news</p>', False),
        ("", False),
    ],
)
def test_a_page_names_a_picture_as_its_own_or_only_shows_it_somewhere(page: str, names: bool) -> None:
    assert is_named(named_pictures(f"<html><head>{page}</head></html>".encode()), LOGO) is names


def test_an_address_without_a_path_is_no_pages_picture() -> None:
    assert not is_named(b'<meta property="og:image" content="https://portal.example/">', "https://portal.example/")
    assert not is_named(b"x", "http://[")


@pytest.mark.parametrize("piece", ["<meta ", "og:image ", '"image": {', "<"])
def test_what_a_page_says_of_its_picture_is_found_in_time_that_grows_with_the_page(piece: str) -> None:
    assert grows_linearly(lambda text: named_pictures(text.encode()), lambda chars: piece * (chars // len(piece)), chars=300_000)
