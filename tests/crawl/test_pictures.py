"""Every picture asked for ends in one outcome, whatever is served under its address; loopback hosts misbehave in every way."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.builders import an_article
from tests.crawl.crawling import NOW, Workspace
from tests.newsroom.press import Newsroom, Way, answer, endless, silence, trickle
from tracker.model import PictureOutcome, WantedPicture
from tracker.store import articles, pictures
from tracker.store.pictures import Asked
from tracker.text.folding import fold

OUTLET, ELSEWHERE, PRIVATE = "127.0.0.21", "127.0.0.22", "127.0.9.23"


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as room:
        yield room


def photo(seed: int = 0, kind: str = "JPEG", **options: object) -> bytes:
    made = Image.new("RGB", (900, 600), (20 * seed % 255, 120, 200))
    ImageDraw.Draw(made).ellipse((100 + 30 * seed, 100, 500, 500), fill="white")
    out = io.BytesIO()
    made.save(out, kind, **options)
    return out.getvalue()


def animation() -> bytes:
    frames = [Image.open(io.BytesIO(photo(seed))) for seed in (1, 5)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def vast_png() -> bytes:
    """20,000 x 20,000 white pixels in 1.2 MB at most: what a few bytes unpack to."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = zlib.compress((b"\0" + b"\xff" * 2500) * 20_000, 1)
    head = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def served(content: bytes, kind: str = "image/jpeg") -> Way:
    return answer(body=content, Content_Type=kind)


class Desk:
    """A workspace in which each picture address belongs to an article of its own."""

    def __init__(self, folder: Path, **given: object) -> None:
        self.workspace = Workspace(folder, **given)

    def ask(self, addresses: list[str], outlets: Callable[[int], str] = lambda number: "klix") -> list[Asked]:
        """How each ended, in their order."""
        for outlet in sorted({outlets(number) for number in range(len(addresses))}):
            self.workspace.watch("http://127.0.0.20:1/feed", outlet)
        self.workspace.register()
        with self.workspace.database.writing() as conn:
            wanted = []
            for number, address in enumerate(addresses):
                url = f"https://press.example/{number}"
                made = an_article(number + 1, outlet_id=outlets(number), requested_url=url, canonical_url=url, image=address)
                (article_id,) = articles.save(conn, [(made, fold(made.title), fold(made.body))], NOW)
                assert article_id is not None
                wanted.append(WantedPicture(article_id, outlets(number), address))
        progress = self.workspace.crawl(poll=False, articles=False, pictures=tuple(wanted))
        assert sum(progress.pictures.values()) == len(addresses)
        with self.workspace.database.reading() as conn:
            found = pictures.asked(conn, [one.article_id for one in wanted])
            self.kept = pictures.of_articles(conn, [one.article_id for one in wanted])
        return [found[one.article_id] for one in wanted]


def test_a_picture_is_kept_small_whoever_serves_it(tmp_path: Path, newsroom: Newsroom) -> None:
    newsroom.serve(OUTLET, "/a.jpg", served(photo(1)))
    newsroom.serve(ELSEWHERE, "/cdn/b", served(photo(2, "PNG"), "application/octet-stream"))
    newsroom.serve(OUTLET, "/c.gif", served(animation(), "text/plain"))
    newsroom.serve(OUTLET, "/moved.jpg", answer("302 Found", Location=newsroom.address(ELSEWHERE, "/d.webp")))
    newsroom.serve(ELSEWHERE, "/d.webp", served(photo(3, "WEBP"), "image/webp"))
    addresses = [
        newsroom.address(host, path)
        for host, path in ((OUTLET, "/a.jpg"), (ELSEWHERE, "/cdn/b"), (OUTLET, "/c.gif"), (OUTLET, "/moved.jpg"))
    ]
    desk = Desk(tmp_path)
    assert [one.outcome for one in desk.ask(addresses)] == ["kept"] * 4
    assert all(one.content.startswith(b"\xff\xd8\xff") and max(one.width, one.height) == 600 for one in desk.kept.values())


FAULTS: dict[str, tuple[Way, str]] = {
    "page in place of a picture": (
        answer(body=b"<!doctype html><html><body>Prijavite se</body></html>", Content_Type="image/jpeg"),
        "not_a_picture",
    ),
    "404": (answer("404 Not Found", b"<html>404</html>"), "not_found"),
    "server in trouble": (answer("500 Internal Server Error", b"x"), "server_error"),
    "refusal": (answer("403 Forbidden", b"x"), "blocked"),
    "nothing at all": (answer(body=b"", Content_Type="image/jpeg"), "empty"),
    "broken off": (served(photo(4)[:-2500]), "broken"),
    "400 million pixels": (served(vast_png(), "image/png"), "too_many_pixels"),
    "svg": (served(b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "image/svg+xml"), "other_format"),
    "more bytes than anybody wants": (endless, "too_large"),
    "slow drip": (trickle, "timeout"),
    "redirect in a circle": (answer("302 Found", Location="/fault"), "redirect_loop"),
    "redirect to a private address": (answer("302 Found", Location=f"http://{PRIVATE}:9/secret.jpg"), "refused_address"),
    "redirect to a file": (answer("302 Found", Location="file:///etc/passwd"), "refused_address"),
}


NO_ADDRESSES = (
    "data:image/png;base64,iVBORw0KGgo=",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://user:word@127.0.0.21/a.jpg",
    f"http://{PRIVATE}:9/a.jpg",
    "http://[::1]/a.jpg",
    "http:///a.jpg",
    "not an address",
    "",
)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Asked]]:
    """One crawl for all faults, each at a host of its own: how each ended. Nothing may be kept of them."""
    with Newsroom() as room:
        addresses = {}
        for number, (name, (way, _)) in enumerate(FAULTS.items(), 30):
            room.serve(f"127.0.0.{number}", "/fault", way)
            addresses[name] = room.address(f"127.0.0.{number}", "/fault")
        addresses |= {address: address for address in NO_ADDRESSES}
        desk = Desk(tmp_path_factory.mktemp("faults"), fetch__allow_networks=["127.0.0.0/24"], fetch__retries=0)
        found = dict(zip(addresses, desk.ask([*addresses.values()]), strict=True))
        assert desk.kept == {}
        yield found


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_served_in_place_of_a_picture_has_an_outcome_and_a_reason(ended: dict[str, Asked], name: str) -> None:
    assert ended[name].outcome == FAULTS[name][1], ended[name]
    assert ended[name].detail


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_an_address_that_is_no_public_web_address_is_not_asked(ended: dict[str, Asked], address: str) -> None:
    assert ended[address].outcome == "refused_address", ended[address]


def test_the_robots_txt_of_the_pictures_own_host_is_obeyed(tmp_path: Path, newsroom: Newsroom) -> None:
    newsroom.serve(ELSEWHERE, "/robots.txt", answer(body=b"User-agent: *\nDisallow: /private/", Content_Type="text/plain"))
    newsroom.serve(ELSEWHERE, "/private/a.jpg", served(photo(1)))
    newsroom.serve(ELSEWHERE, "/open/a.jpg", served(photo(1)))
    ended = Desk(tmp_path).ask([newsroom.address(ELSEWHERE, "/private/a.jpg"), newsroom.address(ELSEWHERE, "/open/a.jpg")])
    assert [one.outcome for one in ended] == ["robots_refused", "kept"]
    assert "/private/a.jpg" not in newsroom.asked(ELSEWHERE)


def test_an_outlets_mark_is_left_out_of_all_its_articles(tmp_path: Path, newsroom: Newsroom) -> None:
    newsroom.serve(OUTLET, "/logo.jpg", served(photo(1)))
    newsroom.serve(OUTLET, "/other-name.jpg", served(photo(1)))
    newsroom.serve(OUTLET, "/news.jpg", served(photo(2)))
    addresses = [newsroom.address(OUTLET, path) for path in ("/logo.jpg", "/logo.jpg", "/other-name.jpg", "/news.jpg", "/logo.jpg")]
    desk = Desk(tmp_path)
    ended = desk.ask(addresses, lambda number: "faktor" if number == 4 else "klix")
    assert [one.outcome for one in ended] == [*[PictureOutcome.OUTLETS_MARK] * 3, "kept", "kept"]
    assert len(desk.kept) == 2


def test_a_host_that_does_not_answer_holds_up_no_other_and_is_not_asked_again_and_again(tmp_path: Path, newsroom: Newsroom) -> None:
    silent = [f"/{number}.jpg" for number in range(6)]
    for path in silent:
        newsroom.serve(OUTLET, path, silence)
    newsroom.serve(ELSEWHERE, "/a.jpg", served(photo(1)))
    addresses = [*(newsroom.address(OUTLET, path) for path in silent), newsroom.address(ELSEWHERE, "/a.jpg")]
    ended = Desk(tmp_path, fetch__delay_seconds=0.01, fetch__obey_robots=False, fetch__timeout_seconds=1).ask(addresses)
    assert [one.outcome for one in ended] == [*["timeout"] * 6, "kept"]
    assert len(newsroom.asked(OUTLET)) <= 2  # the second was on its way when the first was given up
