"""What an SPF record says of a number: the RFC's examples and limits, and what the doctor makes of it for the mail server's own numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.maintenance.fake_dns import FakeDns
from tests.maintenance.test_mail_domain import Records
from tracker.maintenance.dns_lookups import DnsLookup
from tracker.maintenance.mail_domain import LookupFailed, Sending, check_spf
from tracker.maintenance.spf_rules import Answer, answer_for

ZONE: dict[str, tuple[str, ...] | None] = {
    "MX example.com": ("mail-a.example.com", "mail-b.example.com"),
    "A example.com": ("192.0.2.10", "192.0.2.11"),
    "A mail-a.example.com": ("192.0.2.129",),
    "A mail-b.example.com": ("192.0.2.130",),
    "AAAA mail-b.example.com": ("2001:db8::130",),
    "MX example.org": ("mail-c.example.org",),
    "A mail-c.example.org": ("192.0.2.140",),
    "PTR 10.2.0.192.in-addr.arpa": ("example.com",),
    "PTR 65.2.0.192.in-addr.arpa": ("amy.example.com",),
    "A amy.example.com": ("192.0.2.65",),
    "PTR 66.2.0.192.in-addr.arpa": ("liar.example.com",),
    "A liar.example.com": ("192.0.2.1",),
    "strict.example": ("v=spf1 ip4:192.0.2.10 -all",),
    "soft.example": ("v=spf1 ip4:192.0.2.10 ~all",),
    "broken.example": ("v=spf1 ip4:192.0.2 -all",),
    "two.example": ("v=spf1 -all", "v=spf1 +all"),
    "loop.example": ("v=spf1 include:loop.example -all",),
    "down.example": None,
    "A 10.2.0.192.listed.example": ("127.0.0.2",),
    "A com.postmaster.listed.example": ("127.0.0.2",),
    "A 1.0.0.0.0.0.0.0.listed6.example": ("127.0.0.2",),
    "many.example": ("v=spf1 mx -all",),
    "MX many.example": tuple(f"m{number}.example" for number in range(11)),
}


def answer(record: str, number: str = "192.0.2.10") -> Answer:
    return answer_for(number, "postmaster@example.com", Records({**ZONE, "example.com": (record,)}))


@pytest.mark.parametrize(
    ("record", "number", "expected"),
    [
        ("v=spf1 +all", "192.0.2.10", Answer.PASS),
        ("v=spf1 a -all", "192.0.2.10", Answer.PASS),
        ("v=spf1 a -all", "192.0.2.20", Answer.FAIL),
        ("v=spf1 a/24 -all", "192.0.2.20", Answer.PASS),
        ("v=spf1 a:example.org -all", "192.0.2.10", Answer.FAIL),
        ("v=spf1 mx -all", "192.0.2.129", Answer.PASS),
        ("v=spf1 MX:example.org -ALL", "192.0.2.140", Answer.PASS),
        ("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.131", Answer.PASS),
        ("v=spf1 mx/30//64 -all", "2001:db8::1", Answer.PASS),
        ("v=spf1 mx/30 -all", "2001:db8::1", Answer.FAIL),
        ("v=spf1 mx -all", "2001:db8::130", Answer.PASS),
        ("v=spf1 ptr -all", "192.0.2.65", Answer.PASS),
        ("v=spf1 ptr -all", "192.0.2.66", Answer.FAIL),
        ("v=spf1 ptr -all", "192.0.2.140", Answer.FAIL),
        ("v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.129", Answer.PASS),
        ("v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.65", Answer.FAIL),
        ("v=spf1 ip6:2001:db8::/32 ?all", "2001:db8::5", Answer.PASS),
        ("v=spf1 ip6:2001:db8::/32 ?all", "192.0.2.5", Answer.NEUTRAL),
        ("v=spf1 ip4:192.0.2.1", "192.0.2.5", Answer.NEUTRAL),
        ("v=spf1 ~all", "192.0.2.5", Answer.SOFT_FAIL),
        ("v=spf1 -ip4:192.0.2.10 +all", "192.0.2.10", Answer.FAIL),
        ("v=spf1 include:strict.example ~all", "192.0.2.10", Answer.PASS),
        ("v=spf1 include:strict.example ~all", "192.0.2.11", Answer.SOFT_FAIL),
        ("v=spf1 redirect=strict.example", "192.0.2.11", Answer.FAIL),
        ("v=spf1 redirect=strict.example ?all", "192.0.2.11", Answer.NEUTRAL),
        ("v=spf1 exists:%{ir}.listed.example -all", "192.0.2.10", Answer.PASS),
        ("v=spf1 exists:%{ir}.listed.example -all", "192.0.2.11", Answer.FAIL),
        ("v=spf1 exists:%{d1}.%{L}.listed.example -all", "192.0.2.11", Answer.PASS),
        ("v=spf1 exists:%{ir8}.listed6.example -all", "2001:db8::1", Answer.FAIL),
        ("v=spf1 x-note=hello exp=why.%{d} -all", "192.0.2.10", Answer.FAIL),
        ("v=spf1 a:none.example mx:none2.example -all", "192.0.2.10", Answer.FAIL),
        # what counts as no record
        ("v=spf1 include:none.example -all", "192.0.2.10", Answer.FAULTY),
        ("v=spf1 redirect=none.example", "192.0.2.10", Answer.FAULTY),
        ("v=spf1 include:broken.example -all", "192.0.2.10", Answer.FAULTY),
        ("v=spf1 include:two.example -all", "192.0.2.10", Answer.FAULTY),
        ("v=spf1 include:loop.example -all", "192.0.2.10", Answer.FAULTY),
        ("v=spf1 incldue:strict.example -all", "192.0.2.10", Answer.FAULTY),
        ("v=spf1 ip4:2001:db8::1/200 -all", "192.0.2.10", Answer.FAULTY),
        ("v=spf1 a:n1.example a:n2.example a:n3.example -all", "192.0.2.10", Answer.FAULTY),
        ("v=spf1 include:many.example -all", "192.0.2.10", Answer.FAULTY),
        ("v=spf1 " + "include:soft.example " * 11 + "-all", "192.0.2.99", Answer.FAULTY),
        ("v=spf1 " + "include:soft.example " * 10 + "-all", "192.0.2.99", Answer.FAIL),
    ],
)
def test_a_record_says_of_a_number_what_the_rfc_says(record: str, number: str, expected: Answer) -> None:
    assert answer(record, number) is expected


def test_a_domain_without_a_record_says_nothing() -> None:
    assert answer_for("192.0.2.1", "postmaster@nothing.example", Records({})) is Answer.NONE


def test_what_cannot_be_looked_up_is_not_taken_for_missing() -> None:
    with pytest.raises(LookupFailed):
        answer("v=spf1 include:down.example -all")


@given(st.text("%{}sldiphv.:/-+~0123456789abcx= ", max_size=80))
def test_any_record_has_an_answer(record: str) -> None:
    assert answer(f"v=spf1 {record}") in Answer


# --- what the doctor says of the mail server of the settings

OWN, OTHER, SIX = "5.9.17.4", "88.198.3.3", "2a01:4f8::4"


def said(record: str, host: str = "smtp.ngo.example", **zone: tuple[str, ...]) -> tuple[bool, str, str]:
    records: dict[str, tuple[str, ...] | None] = {"ngo.example": (record,), "A smtp.ngo.example": (OWN,), "A smtp.relay.example": (OTHER,)}
    found = check_spf(
        Sending("ngo.example", host=host), Records(records | {name.replace("__", " "): value for name, value in zone.items()})
    )
    return found.well, found.finding, found.advice


def test_a_server_that_the_record_allows_is_named_with_its_numbers() -> None:
    assert said(f"v=spf1 ip4:{OWN} -all")[:2] == (True, f"allows smtp.ngo.example ({OWN})")
    assert said(f"v=spf1 ip4:{OWN} -all", OWN)[:2] == (True, f"allows {OWN} ({OWN})")


def test_a_server_that_it_does_not_allow_is_told_with_the_record_to_publish() -> None:
    well, finding, advice = said("v=spf1 mx -all", MX__ngo=())
    assert not well
    assert finding == f"the SPF record does not allow {OWN}, which is smtp.ngo.example"
    assert 'publish: ngo.example TXT "v=spf1 mx a:smtp.ngo.example ~all"' in advice
    assert f'"v=spf1 mx ip4:{OTHER} ~all"' in said("v=spf1 mx -all", OTHER)[2]


def test_a_number_of_the_newer_kind_that_was_forgotten_is_told() -> None:
    well, finding, _ = said(f"v=spf1 ip4:{OWN} -all", **{"AAAA__smtp.ngo.example": (SIX,)})
    assert not well
    assert SIX in finding
    assert OWN not in finding


def test_a_provider_that_the_record_names_may_send_from_other_numbers() -> None:
    zone = {"spf.relay.example": ("v=spf1 ip4:88.198.9.0/24 -all",)}
    well, finding, _ = said("v=spf1 include:spf.relay.example -all", "smtp.relay.example", **zone)
    assert well
    assert "names relay.example" in finding
    assert not said("v=spf1 include:spf.relay.example -all", "smtp.ngo.example", **zone)[0]


@pytest.mark.parametrize("number", ["192.168.1.2", "127.0.0.1", "fd00::1"])
def test_a_number_inside_the_house_tells_nothing(number: str) -> None:
    well, finding, _ = said("v=spf1 mx -all", number)
    assert (well, "not seen from here" in finding) == (True, True)


def test_a_record_that_leads_to_a_fault_counts_as_none() -> None:
    well, finding, _ = said("v=spf1 include:bad.example -all", **{"bad.example": ("v=spf1 ip4:1.2 -all",)})
    assert (well, "has a fault" in finding) == (False, True)


def test_the_real_resolver_gives_every_kind_of_record() -> None:
    others = {
        ("ngo.example", "MX"): ["20 b.ngo.example.", "10 a.ngo.example."],
        ("a.ngo.example", "A"): ["192.0.2.1"],
        ("a.ngo.example", "AAAA"): ["2001:db8::1"],
        ("1.2.0.192.in-addr.arpa", "PTR"): ["a.ngo.example."],
    }
    with FakeDns({"ngo.example": [["v=spf1 mx -all"]], "a.ngo.example": [["x"]]}, others=others) as server:
        lookup = DnsLookup(server.address)
        assert lookup("ngo.example", "MX") == ("a.ngo.example", "b.ngo.example")
        assert lookup("1.2.0.192.in-addr.arpa", "PTR") == ("a.ngo.example",)
        assert answer_for("192.0.2.1", "postmaster@ngo.example", lookup) is Answer.PASS
        assert answer_for("2001:db8::1", "postmaster@ngo.example", lookup) is Answer.PASS
