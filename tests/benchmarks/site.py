"""A press of many pages on loopback, for benchmarks: `python -m tests.benchmarks.site OUTLETS PAGES` prints a port and serves until its input closes.

Pages are about 80 KB of usual portal markup around invented text; about 3 in 100 mention the campaign.
"""

from __future__ import annotations

import asyncio
import io
import random
import sys

CANDIDATES_PER_100 = 3
_LANGUAGES = (
    "opština budžet škola saobraćaj kultura vreme rezultat sednica odluka građani projekat razvoj ulica predstava utakmica put most reka pijaca".split(),
    "bashkia shkolla qytetarët projekti vendimi kultura moti ndeshja rruga zhvillimi ura lumi tregu këshilli buxheti".split(),
    "општина граѓани проект одлука училиште култура буџет совет улица натпревар време мост река пазар седница".split(),
)
_MENTION = "CRCA/ECPAT Shqipëria dhe TikTok nisën fushatën për sigurinë e fëmijëve në internet, tha Altin Hazizaj."


def address(outlet: int) -> str:
    """The loopback address of an outlet."""
    return f"127.20.{outlet // 200}.{outlet % 200 + 1}"


def is_candidate(outlet: int, number: int) -> bool:
    """Whether the page mentions the campaign: 3 in 100 over all outlets."""
    return (outlet * 37 + number) % 100 < CANDIDATES_PER_100


def photo(outlet: int, number: int) -> bytes:
    """A picture of 1200 x 630 as portals name them: 200 KB that do not pack well, others for each page."""
    from PIL import Image

    width, height, chance = 1200, 630, random.Random(outlet * 1009 + number)
    shapes = Image.frombytes("RGB", (60, 32), chance.randbytes(60 * 32 * 3)).resize((width, height), Image.Resampling.BICUBIC)
    grain = Image.frombytes("RGB", (width // 2, height // 2), chance.randbytes(width // 2 * (height // 2) * 3)).resize((width, height))
    out = io.BytesIO()
    Image.blend(shapes, grain, 0.18).save(out, "JPEG", quality=85)
    return out.getvalue()


def page(outlet: int, number: int) -> bytes:
    """One article page; the same for the same arguments."""
    chance = random.Random(outlet * 100_003 + number)
    words = _LANGUAGES[outlet % len(_LANGUAGES)]
    paragraphs = [" ".join(chance.choices(words, k=70)).capitalize() + "." for _ in range(12)]
    if is_candidate(outlet, number):
        paragraphs.insert(2, _MENTION)
    title = " ".join(chance.choices(words, k=9)).capitalize() + f" {outlet}-{number}"
    menu = "".join(
        f'<li class="menu-item menu-{n}"><a href="/category/{n}/" data-track="nav-{n}">{words[n % len(words)]}</a></li>' for n in range(60)
    )
    cards = "".join(
        f'<div class="card card-{n}"><a href="/a/{(number + n) % 500}"><img data-src="/img/{n}.jpg" alt="" class="lazy"><h4>{" ".join(chance.choices(words, k=7))}</h4></a><div class="meta"><span class="time">10:{n % 60:02d}</span> <span class="section"><a href="/category/{n % 9}/">{words[n % len(words)]}</a></span></div></div>'
        for n in range(150)
    )
    script = "<script>window.settings=" + str([chance.random() for _ in range(700)]) + ";</script>"
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f'<!doctype html><html lang="sr"><head><meta charset="utf-8"><title>{title} - Portal</title><meta property="og:title" content="{title}">'
        f'<meta property="og:image" content="/photo/{number}.jpg"><meta property="og:type" content="article"><meta property="article:published_time" content="2026-11-22T10:00:00+01:00">{script}</head><body><nav><ul>{menu}</ul></nav>'
        f"<main><article><h1>{title}</h1>{body}</article></main><aside>{cards}</aside><footer><ul>{menu}</ul></footer></body></html>"
    ).encode()


def sitemap(outlet: int, pages: int, port: int) -> bytes:
    """The outlet's news sitemap: all its pages."""
    base = f"http://{address(outlet)}:{port}"
    rows = "".join(f"<url><loc>{base}/a/{n}</loc><lastmod>2026-11-22T10:00:00+01:00</lastmod></url>" for n in range(pages))
    return f'<?xml version="1.0" encoding="utf-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()


async def _answer(
    outlet: int, pages: int, port: int, cache: dict[str, bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    try:
        while line := await reader.readline():
            path, conditional = line.split()[1].decode(), False
            while (header := await reader.readline()).strip():
                conditional = conditional or header.lower().startswith(b"if-none-match")
            status, kind, body = "200 OK", "text/html; charset=utf-8", b""
            if path == "/sitemap-news.xml" and conditional:
                status = "304 Not Modified"
            elif path == "/sitemap-news.xml":
                kind, body = "application/xml", cache.setdefault(path, sitemap(outlet, pages, port))
            elif path.startswith("/a/"):
                body = cache[path]
            elif path.startswith("/photo/") and path in cache:
                kind, body = "image/jpeg", cache[path]
            else:
                status = "404 Not Found"
            writer.write(f'HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nETag: "1"\r\nContent-Length: {len(body)}\r\n\r\n'.encode() + body)
            await writer.drain()
    except (ConnectionError, IndexError, ValueError):
        pass
    finally:
        writer.close()


async def serve(outlets: int, pages: int) -> None:
    """Serves until standard input closes."""
    # 40 different pages an outlet are enough; made before the clock runs, so that the site never is what is measured
    shared = {"port": 0}
    for outlet in range(outlets):
        distinct = [page(outlet, n) for n in range(60) if not is_candidate(outlet, n)][:40]
        photos = {f"/photo/{n}.jpg": photo(outlet, n) for n in range(pages) if is_candidate(outlet, n)}
        cache = photos | {f"/a/{n}": page(outlet, n) if is_candidate(outlet, n) else distinct[n % len(distinct)] for n in range(pages)}

        def answer(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter, outlet: int = outlet, cache: dict[str, bytes] = cache
        ) -> asyncio.Task[None]:
            return asyncio.ensure_future(_answer(outlet, pages, shared["port"], cache, reader, writer))

        server = await asyncio.start_server(answer, address(outlet), shared["port"])
        shared["port"] = server.sockets[0].getsockname()[1]
    print(shared["port"], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2])))
