"""What a domain says of its mail, in words, with the record to publish; what cannot be looked up is never taken for missing."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.maintenance.fake_dns import FakeDns
from tests.oauth.accounts import key_pem
from tracker.delivery.signing import public_key
from tracker.mail_settings import Dkim, read_resolver
from tracker.maintenance.dns_lookups import DnsLookup
from tracker.maintenance.mail_arrival import check_arrival
from tracker.maintenance.mail_domain import Found, LookupFailed, Sending, check_dkim, check_domain, check_spf
from tracker.maintenance.mail_services import SERVICES, service_of
from tracker.settings import Digest, Mail, Settings

KEY, OTHER_KEY, SHORT_KEY = (b64encode(bytes([number]) * size).decode() for number, size in ((1, 294), (2, 294), (3, 94)))
MICROSOFT = service_of("smtp.office365.com")
OURS = Sending("ngo.example", MICROSOFT, reports_to="press@ngo.example")
GOOD = {
    "ngo.example": ("v=spf1 include:spf.protection.outlook.com -all", "unrelated=1"),
    "selector1._domainkey.ngo.example": (f"v=DKIM1; k=rsa; p={KEY}",),
    "_dmarc.ngo.example": ("v=DMARC1; p=none; rua=mailto:press@ngo.example",),
}


class Records:
    """A resolver over a dictionary; LookupFailed for a name whose records are None."""

    def __init__(self, records: dict[str, tuple[str, ...] | None]) -> None:
        self.records, self.asked = records, list[str]()

    def __call__(self, name: str, kind: str = "TXT", /) -> tuple[str, ...]:
        self.asked.append(name)
        found = self.records.get(name if kind == "TXT" else f"{kind} {name}", ())
        if found is None:
            raise LookupFailed("the DNS server could not find out (SERVFAIL)")
        return found


def found(sending: Sending = OURS, **changes: tuple[str, ...] | None) -> dict[str, Found]:
    records = {**GOOD, **{name.replace("__", "."): value for name, value in changes.items()}}
    return {one.name: one for one in check_domain(sending, Records(records))}


def test_a_domain_that_is_well_says_so_in_four_lines() -> None:
    assert {name: one.well for name, one in found().items()} == dict.fromkeys(("SPF", "DKIM", "DMARC", "alignment"), True)
    assert found()["alignment"].finding == "ngo.example by DKIM and SPF"


SPF = "v=spf1 include:spf.protection.outlook.com"
TEN = tuple(f"include:s{number}.example" for number in range(11))


@pytest.mark.parametrize(
    ("records", "finding", "advice"),
    [
        ((), "no SPF record", f'publish: ngo.example TXT "{SPF} ~all"'),
        (("v=spf10 -all",), "no SPF record", "publish"),
        ((f"{SPF} -all", "v=spf1 mx a -all"), "2 SPF records", f'TXT "{SPF} mx a ~all", and take the others out'),
        (("v=spf1 mx -all",), "does not name Microsoft 365", 'TXT "v=spf1 mx include:spf.protection.outlook.com ~all"'),
        ((f"{SPF} +all",), "forbids nobody", f'TXT "{SPF} ~all"'),
        ((f"{SPF} all",), "forbids nobody", f'TXT "{SPF} ~all"'),
        ((f"{SPF} ?all",), "forbids nobody", f'TXT "{SPF} ~all"'),
        ((SPF,), "forbids nobody", f'TXT "{SPF} ~all"'),
        ((f"{SPF} incldue:x.example -all",), "a term that is none: 'incldue:x.example'", "mend it"),
        ((" ".join(["v=spf1", *TEN, "-all"]),), "more than 10 look-ups", "take out"),
    ],
)
def test_each_fault_of_spf_has_its_words_and_its_record(records: tuple[str, ...], finding: str, advice: str) -> None:
    one = found(ngo__example=records)["SPF"]
    assert not one.well
    assert finding in one.finding
    assert advice in one.advice


@pytest.mark.parametrize(
    "records",
    [
        (f"{SPF} ~all",),
        (f"V=SPF1 {SPF.removeprefix('v=spf1 ')} -ALL",),
        ("v=spf1 include:all.example -all",),
        ("v=spf1 redirect=all.example",),
        (f"{SPF} ip4:192.0.2.0/24 ip6:2001:db8::/32 a:mx.example/24 exists:%{{i}}.x.example exp=why.example -all",),
    ],
)
def test_spf_that_names_the_service_here_or_in_what_it_includes_is_well(records: tuple[str, ...]) -> None:
    assert found(ngo__example=records, all__example=(f"{SPF} -all",))["SPF"].well


def test_spf_that_includes_itself_ends() -> None:
    loop = Records({"ngo.example": ("v=spf1 include:b.example -all",), "b.example": ("v=spf1 include:ngo.example include:b.example -all",)})
    assert "does not name" in check_spf(OURS, loop).finding
    assert len(loop.asked) < 5


@pytest.mark.parametrize(
    ("records", "finding"),
    [
        ((), "no key at selector1._domainkey.ngo.example or selector2"),
        (("v=DKIM1; p=",), "was revoked"),
        (("v=DKIM1; p=abc",), "cut or damaged"),
        ((f"v=DKIM1; k=rsa; p={SHORT_KEY}",), "too short"),
        ((f"v=DKIM1; p={KEY}", f"v=DKIM1; p={OTHER_KEY}"), "2 records"),
    ],
)
def test_each_fault_of_dkim_has_its_words(records: tuple[str, ...], finding: str) -> None:
    one = found(selector1___domainkey__ngo__example=records)["DKIM"]
    assert not one.well
    assert finding in one.finding
    assert "Defender portal" in one.advice


def test_our_own_key_is_held_against_the_record() -> None:
    ours = replace(OURS, service=service_of("mail.ngo.example"), selector="t26", public_key=KEY)
    there = {"t26._domainkey.ngo.example": (f"v=DKIM1; p={KEY[:100]} {KEY[100:]}",)}
    assert check_dkim(ours, Records({**there})).well
    other = check_dkim(replace(ours, public_key=OTHER_KEY), Records({**there}))
    assert other.finding.endswith("has another key than mail.dkim.key_file")
    assert other.advice == f'publish: t26._domainkey.ngo.example TXT "v=DKIM1; k=rsa; p={OTHER_KEY}"'


def test_without_a_name_the_key_cannot_be_looked_for() -> None:
    one = check_dkim(replace(OURS, service=service_of("mail.ngo.example")), Records({**GOOD}))
    assert (one.well, one.is_known, one.advice) == (True, False, "set mail.dkim.selector to the name that your mail server gives")


@pytest.mark.parametrize(("host", "well"), [("mail.ngo.example", True), ("email-smtp.eu-central-1.amazonaws.com", False)])
def test_a_key_that_nobody_named_does_not_speak_for_the_sender(host: str, well: bool) -> None:
    assert found(replace(OURS, service=service_of(host)))["alignment"].well is well


@pytest.mark.parametrize(
    ("records", "well", "told"),
    [
        ((), False, 'publish: _dmarc.ngo.example TXT "v=DMARC1; p=none; rua=mailto:press@ngo.example"'),
        (("v=DMARC1; p=none", "v=DMARC1; p=reject"), False, "leave one of them"),
        (("v=DMARC1; p=maybe",), False, "publish"),
        (("v=DMARC1",), False, "publish"),
        (("v=DMARC1;p=Reject;",), True, "policy reject"),
    ],
)
def test_dmarc_wants_one_record_with_a_policy(records: tuple[str, ...], well: bool, told: str) -> None:
    one = found(_dmarc__ngo__example=records)["DMARC"]
    assert (one.well, told in one.finding + one.advice) == (well, True)


def test_a_name_below_the_registered_one_has_its_dmarc() -> None:
    below = replace(OURS, domain="news.ngo.org.mk")
    records = Records({"_dmarc.ngo.org.mk": ("v=DMARC1; p=reject",)})
    assert {one.name: one.well for one in check_domain(below, records)}["DMARC"]
    assert "_dmarc.org.mk" not in records.asked


@pytest.mark.parametrize(
    ("host", "signer", "dmarc", "dkim_there", "well", "told"),
    [
        ("smtp.office365.com", "", "p=none", False, True, "by SPF"),
        ("smtp-relay.brevo.com", "", "p=none", False, False, "Brevo has its own address on the envelope"),
        ("smtp-relay.brevo.com", "", "p=none", True, True, "by DKIM"),
        ("smtp-relay.brevo.com", "mail.ngo.example", "p=none", True, True, "by DKIM"),
        ("smtp-relay.brevo.com", "mail.ngo.example", "p=none; adkim=s", True, False, "signed by mail.ngo.example"),
        ("smtp-relay.brevo.com", "relay.test", "p=none", True, False, "signed by relay.test"),
    ],
)
def test_alignment_is_the_senders_own_domain_in_signature_or_envelope(
    host: str, signer: str, dmarc: str, dkim_there: bool, well: bool, told: str
) -> None:
    sending = replace(OURS, service=service_of(host), selector="s1", signer=signer)
    key = {f"s1._domainkey.{signer or 'ngo.example'}": (f"v=DKIM1; p={KEY}",)} if dkim_there else {}
    records = {**GOOD, "_dmarc.ngo.example": (f"v=DMARC1; {dmarc}",)} | key
    one = {each.name: each for each in check_domain(sending, Records({**records}))}["alignment"]
    assert (one.well, told in one.finding) == (well, True), one


def test_what_cannot_be_looked_up_is_not_called_missing() -> None:
    nothing = found(ngo__example=None, selector1___domainkey__ngo__example=None, _dmarc__ngo__example=None)
    assert {*nothing} == {"SPF", "DKIM", "DMARC"}
    assert all(not one.well and "SERVFAIL" in one.finding and "publish" not in one.advice for one in nothing.values())


@given(records=st.lists(st.text(st.sampled_from('v=spf1DKMARC;: pall~?-+includ.e"0')), max_size=4))
def test_whatever_is_published_ends_in_findings(records: list[str]) -> None:
    texts = tuple(records)
    names = ("ngo.example", "selector1._domainkey.ngo.example", "selector2._domainkey.ngo.example", "_dmarc.ngo.example")
    assert [one.name for one in check_domain(OURS, Records(dict.fromkeys(names, texts)))] == ["SPF", "DKIM", "DMARC", "alignment"]


def test_services_are_known_by_the_end_of_their_hosts() -> None:
    assert [service_of(f"smtp.{one.hosts[0]}").name for one in SERVICES] == [one.name for one in SERVICES]
    assert service_of("notgoogle.com").name == service_of("").name == "your mail server"


# --- over the network: a server of ours, the library's real resolver


def test_a_record_in_several_strings_is_one_text_and_a_missing_name_is_none() -> None:
    with FakeDns({"ngo.example": [["v=spf1 include:a.ex", "ample -all"], ["other"]], "a.b.example": [["x"]]}) as server:
        lookup = DnsLookup(server.address)
        assert sorted(lookup("ngo.example")) == ["other", "v=spf1 include:a.example -all"]
        assert (lookup("none.example"), lookup("b.example")) == ((), ())


def test_a_server_that_fails_or_is_silent_is_named_and_not_waited_for_twice() -> None:
    with FakeDns(fails=frozenset({"bad.example"}), silent=frozenset({"slow.example"})) as server:
        lookup = DnsLookup(server.address, patience_seconds=0.2)
        with pytest.raises(LookupFailed, match="SERVFAIL"):
            lookup("bad.example")
        with pytest.raises(LookupFailed, match="in time"):
            lookup("slow.example")
        before = len(server.asked)
        with pytest.raises(LookupFailed, match="in time"):
            lookup("other.example")
        assert len(server.asked) == before


@pytest.mark.parametrize("name", ["a..example", f"{'x' * 64}.example", f"{'x.' * 130}example"])
def test_a_name_that_is_none_is_no_traceback(name: str) -> None:
    with pytest.raises(LookupFailed, match="no name"):
        DnsLookup("127.0.0.1:9")(name)


def settings(host: str = "smtp.office365.com", sender: str = "Press <press@ngo.example>", **mail: object) -> Settings:
    return Settings(digest=Digest(sender=sender), mail=Mail(host=host, **mail))  # type: ignore[arg-type]


def test_the_doctor_says_it_in_lines_of_its_own() -> None:
    strings = {name: [[text[:200], text[200:]] for text in texts] for name, texts in GOOD.items()}
    with FakeDns(strings) as server:
        checks = list(check_arrival(settings(resolver=server.address)))
    assert [(check.name, check.well) for check in checks] == [(f"mail {name}", True) for name in ("SPF", "DKIM", "DMARC", "alignment")]


@pytest.mark.parametrize("given", [settings(host=""), settings(sender=Digest().sender), settings(), settings(sender="press@ngo.test")])
def test_nothing_is_looked_up_where_there_is_nothing_to_find(given: Settings) -> None:
    assert list(check_arrival(given)) == []


def test_a_key_of_ours_that_others_can_read_or_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "dkim.pem"
    path.write_bytes(key_pem())
    path.chmod(0o644)
    ours = settings("mail.ngo.example", dkim=Dkim(selector="t26", key_file=str(path)))
    checks = {check.name: check for check in check_arrival(ours, Records({}))}
    assert checks["mail DKIM key"].advice == f"chmod 600 {path}"
    assert f"p={public_key(str(path))}" in checks["mail DKIM"].advice
    path.write_bytes(b"none")
    (check,) = check_arrival(ours, Records({}))
    assert not check.well
    assert "mail.dkim.key_file" in check.finding


@pytest.mark.parametrize(
    ("text", "place"),
    [("9.9.9.9", ("9.9.9.9", 53)), ("127.0.0.1:5300", ("127.0.0.1", 5300)), ("::1", ("::1", 53)), ("[::1]:5300", ("::1", 5300))],
)
def test_a_dns_server_is_a_number_with_a_port_or_without(text: str, place: tuple[str, int]) -> None:
    assert read_resolver(text) == place


@pytest.mark.parametrize("text", ["dns.example", "9.9.9", "9.9.9.9:x", "9.9.9.9:99999", "[::1", "https://9.9.9.9"])
def test_what_is_no_number_is_no_dns_server(text: str) -> None:
    assert read_resolver(text) is None
