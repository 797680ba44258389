"""Keys that stay, signatures as RFC 9421 has them, and the page for outlets."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from scrapy import Request

from tests.builders import an_outlet
from tests.cli.running import run
from tests.crawl.crawling import Workspace
from tests.newsroom.press import Newsroom, answer, feed, page
from tracker.crawl.middlewares.signatures import Signatures
from tracker.crawl.request_state import OF_A_NET, RequestState, set_state
from tracker.errors import ConfigError
from tracker.identity.keys import Key, key_file, key_of, make_key, read_key, thumbprint
from tracker.identity.signing import HEADERS, Signer, authority_of, signature_base
from tracker.model import LANGUAGES

RFC_KEY = b"""-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----
"""
"""RFC 9421, B.1.4."""


def _signer() -> Signer:
    return Signer(key_of(RFC_KEY, Path("test")), "https://coverage.example", 300)


def _holds(key: Key, headers: dict[str, str], authority: str) -> bool:
    """A verifier of its own: the base is put together from what was sent, by the letter of RFC 9421, 2.5."""
    parameters = headers["Signature-Input"].removeprefix("sig1=")
    names = re.findall(r'"([^"]+)"', parameters[1 : parameters.index(")")])
    sent = {"@authority": authority, "signature-agent": headers["Signature-Agent"]}
    base = "".join(f'"{name}": {sent[name]}\n' for name in names) + f'"@signature-params": {parameters}'
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key.x + "="))
    try:
        public.verify(base64.b64decode(headers["Signature"].removeprefix("sig1=:").removesuffix(":")), base.encode())
    except InvalidSignature:
        return False
    return True


def test_the_rfcs_own_example_comes_out_as_printed_there() -> None:
    """RFC 9421, B.2.6."""
    components = [
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("@method", "POST"),
        ("@path", "/foo"),
        ("@authority", "example.com"),
        ("content-type", "application/json"),
        ("content-length", "18"),
    ]
    names = " ".join(f'"{name}"' for name, _ in components)
    base = signature_base(components, f'({names});created=1618884473;keyid="test-key-ed25519"')
    printed = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    assert base64.b64encode(key_of(RFC_KEY, Path("test")).sign(base)).decode() == printed


def test_a_key_is_named_as_rfc_8037_names_its_own() -> None:
    assert thumbprint("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo") == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_signature_holds_for_its_host_alone() -> None:
    signer = _signer()
    headers = signer.headers("https://Lajme.example:443/a?b", 1_800_000_000.9, "once")
    assert _holds(signer.key, headers, "lajme.example")
    assert not _holds(signer.key, headers, "other.example")
    assert 'created=1800000000;expires=1800000300;keyid="' in headers["Signature-Input"]
    assert headers["Signature-Input"].endswith('alg="ed25519";nonce="once";tag="web-bot-auth"')


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://A.example/x", "a.example"),
        ("http://a.example:8080/", "a.example:8080"),
        ("http://[::1]:80/", "[::1]"),
        ("ftp://a.example/", ""),
        ("data:text/plain,x", ""),
        ("https://ëndërr.example/", ""),
        ("https://a.example:99999/", ""),
    ],
)
def test_only_web_addresses_are_signed(url: str, authority: str) -> None:
    assert authority_of(url) == authority
    assert bool(_signer().headers(url, 0, "n")) == bool(authority)


def test_a_redirect_is_signed_anew_and_what_is_no_outlets_not_at_all() -> None:
    signer = _signer()
    middleware = Signatures(signer, lambda: 1_800_000_000.0)
    first = set_state(Request("https://a.example/"), RequestState(outlet=an_outlet()))
    middleware.process_request(first)
    second = first.replace(url="https://b.example/")
    middleware.process_request(second)
    sent = [{name: request.headers[name].decode() for name in HEADERS} for request in (first, second)]  # type: ignore[union-attr]
    assert [_holds(signer.key, headers, host) for headers, host in zip(sent, ("a.example", "b.example"), strict=True)] == [True, True]
    assert sent[0]["Signature-Input"] != sent[1]["Signature-Input"]
    net = set_state(second.copy(), RequestState(outlet=an_outlet(id=OF_A_NET)))
    for middleware_, request in ((Signatures(None), second), (middleware, set_state(second.copy(), RequestState())), (middleware, net)):
        middleware_.process_request(request)
        assert not {*HEADERS} & {name.decode() for name in request.headers}


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    assert [make_key(tmp_path), make_key(tmp_path)] == [True, False]
    path = key_file(tmp_path)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert read_key(tmp_path).name == read_key(tmp_path).name
    path.chmod(0o640)
    with pytest.raises(ConfigError, match="read by others"):
        read_key(tmp_path)


@pytest.mark.parametrize("content", [b"", b"no key", RFC_KEY[:40]])
def test_what_is_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ConfigError, match="no private key"):
        key_of(content, tmp_path)
    with pytest.raises(ConfigError, match="tracker identity"):
        read_key(tmp_path)


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    other = generate_private_key(65537, 1024).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(ConfigError, match="Ed25519"):
        key_of(other, tmp_path)


def test_the_command_writes_directory_and_pages_and_no_secret(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").write_text(
        '[fetch]\nuser_agent = "Coverage<b>/1 (+mailto:desk@ngo.example)"\n[identity]\nsign = true\nagent_url = "https://ngo.example"\n'
        '[digest]\nsender = "NGO & Co <coverage@ngo.example>"\n'
    )
    outcome = run("identity", "--page", "--json", "--workspace", str(tmp_path))
    assert (outcome.code, outcome.err) == (0, "")
    told = json.loads(outcome.out)
    listed = json.loads(Path(told["directory"]).read_text())
    assert [*listed["keys"][0]] == ["kty", "crv", "x", "kid", "alg", "use"]
    assert listed["keys"][0]["kid"] == told["key"]
    assert len(told["pages"]) == len(LANGUAGES)
    for path in told["pages"]:
        html = Path(path).read_text("utf-8")
        assert "desk@ngo.example" in html
        assert "<b>" not in html
        assert "NGO &amp; Co" in html
        assert told["key"] in html
    again = json.loads(run("identity", "--json", "--workspace", str(tmp_path)).out)
    assert (again["made"], again["key"]) == (False, told["key"])
    private = Ed25519PrivateKey.from_private_bytes(read_key(tmp_path).private.private_bytes_raw()).private_bytes_raw()
    everything = b"".join(file.read_bytes() for file in (tmp_path / "outbox").rglob("*") if file.is_file())
    assert base64.urlsafe_b64encode(private).rstrip(b"=") not in everything
    assert private.hex().encode() not in everything


def test_scrapys_settings_carry_the_signer_through_their_copies() -> None:
    from scrapy.settings import Settings as ScrapySettings

    signer = _signer()
    copied = ScrapySettings({"TRACKER_SIGNER": signer}).copy()["TRACKER_SIGNER"]
    assert copied.headers("https://a.example/", 0, "n") == signer.headers("https://a.example/", 0, "n")


def test_a_next_key_is_named_before_it_signs_and_the_one_before_after_it(tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").touch()

    def listed(*options: str) -> tuple[str, list[str]]:
        told = json.loads(run("identity", *options, "--json", "--workspace", str(tmp_path)).out)
        names = [key["kid"] for key in json.loads(Path(told["directory"]).read_text())["keys"]]
        assert names == [told["key"], *told["others"]]
        return told["key"], told["others"]

    first, none = listed()
    assert none == []
    assert run("identity", "--rotate", "--workspace", str(tmp_path)).code == 2
    same, (second,) = listed("--next")
    assert (same, listed("--next")) == (first, (first, [second]))
    assert listed("--rotate") == (second, [first])
    third = listed("--next")[1][0]
    assert listed("--rotate") == (third, [second])
    assert {path.stat().st_mode & 0o777 for path in key_file(tmp_path).parent.iterdir()} == {0o600}


def test_a_crawl_is_signed_for_each_host_as_the_published_directory_proves(tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        workspace = Workspace(tmp_path, identity__sign=True, identity__agent_url="https://ngo.example", nets__gdelt__enabled=False)
        told = json.loads(run("identity", "--json", "--workspace", str(tmp_path)).out)
        (published,) = json.loads(Path(told["directory"]).read_text())["keys"]
        article = newsroom.serve("127.0.8.2", "/most", page("Most"))
        newsroom.serve("127.0.8.1", "/old", answer("301 Moved", Location=article))
        workspace.watch(
            newsroom.serve("127.0.8.1", "/feed", feed([newsroom.address("127.0.8.1", "/old")])), "portal", moved_hosts=("127.0.8.2",)
        )
        assert workspace.crawl().pages == {"fetched": 1}
        seen = [(request.host, request.path, request.headers) for request in newsroom.requests]
        port = newsroom.address("127.0.8.1", "/").rpartition(":")[2].strip("/")
    assert {path for _, path, _ in seen} >= {"/feed", "/old", "/most", "/robots.txt", "/.well-known/tdmrep.json"}
    nonces = set()
    for host, path, headers in seen:
        sent = {
            "Signature-Agent": headers["signature-agent"],
            "Signature-Input": headers["signature-input"],
            "Signature": headers["signature"],
        }
        key = Key(None, published["x"], published["kid"])  # type: ignore[arg-type]
        assert f'keyid="{published["kid"]}"' in sent["Signature-Input"], path
        assert _holds(key, sent, f"{host}:{port}"), path
        assert not _holds(key, sent, "127.0.8.9"), path
        nonces.add(re.findall(r'nonce="([^"]+)"', sent["Signature-Input"])[0])
    assert len(nonces) == len(seen)


def test_a_crawl_without_a_readable_key_asks_nobody_and_says_why(tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        workspace = Workspace(tmp_path, identity__sign=True, identity__agent_url="https://ngo.example")
        workspace.watch(newsroom.serve("127.0.8.1", "/feed", feed(["/a"])), "portal")
        workspace.database.close()
        outcome = run("nightly", "--workspace", str(tmp_path))
        assert outcome.code != 0
        assert "tracker identity" in outcome.out + outcome.err
        assert "Traceback" not in outcome.out + outcome.err
        assert newsroom.requests == []
