"""Whether letters will arrive: what the sender's domain says of its mail (SPF, DKIM, DMARC), and the record to publish. Pure.

A look-up is passed in. `()`: there is no such record.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from functools import lru_cache
from ipaddress import ip_address

from msgspec import Struct

from tracker.locale.said import Said
from tracker.maintenance.mail_services import UNKNOWN, Service
from tracker.maintenance.spf_rules import MODIFIER, MOST_LOOKUPS, RECORD, TERM, Answer, Lookup, answer_for

FEWEST_KEY_BYTES, GOOD_KEY_BYTES = 140, 280
"""Of an RSA key as it is published: 1024 bits take 162, 2048 take 294."""
_LOOKED_UP = re.compile(r"[+?~-]?(?:include:(?P<include>\S+)|(?:a|mx|ptr|exists)(?:[:/]\S*)?$)|redirect=(?P<redirect>\S+)", re.IGNORECASE)


class LookupFailed(Exception):
    """It is not known what the record is: the DNS did not answer, or not well. The text says how."""


class Found(Struct, frozen=True):
    """What was looked at, how it stands, and the record to publish or what else to do. `is_known`: not, where nothing could be looked up."""

    name: str
    well: bool
    finding: str
    advice: str = ""
    is_known: bool = True


class Sending(Struct, frozen=True):
    """Who sends and signs. `selector`, `signer` and `public_key` are empty where nothing is known of them. `host`: the mail server that
    letters are handed to."""

    domain: str
    service: Service = UNKNOWN
    selector: str = ""
    signer: str = ""
    public_key: str = ""
    reports_to: str = ""
    host: str = ""


def check_domain(sending: Sending, lookup: Lookup) -> Iterator[Found]:
    """SPF, DKIM, DMARC and alignment, in this order. What cannot be looked up is said, and never taken for missing."""
    spf = _asked("SPF", lambda: check_spf(sending, lookup))
    signed = _asked("DKIM", lambda: check_dkim(sending, lookup))
    yield from (spf, signed)
    try:
        record = _dmarc_of(sending.domain, lookup)
    except LookupFailed as error:
        yield _not_known("DMARC", error)
        return
    yield check_dmarc(sending, record)
    yield check_alignment(sending, record[0] if record else "", spf_well=spf.well, dkim_well=signed.well and signed.is_known)


def check_spf(sending: Sending, lookup: Lookup) -> Found:
    """One record that names the service and closes the door on others."""
    wanted = sending.service.spf
    by_host = "" if sending.service.own_envelope else f"mx a:{sending.host}" if _is_name(sending.host) else "mx"
    ideal = " ".join(filter(None, ["v=spf1", wanted or by_host, "~all"]))
    records = [text for text in lookup(sending.domain) if RECORD.match(text)]
    if not records:
        return Found("SPF", False, f"{sending.domain} has no SPF record", _publish(sending.domain, ideal))
    if len(records) > 1:
        terms = dict.fromkeys(term for text in records for term in text.split()[1:] if not re.fullmatch(r"[+?~-]?all", term, re.IGNORECASE))
        advice = _publish(sending.domain, " ".join(["v=spf1", *terms, "~all"])) + ", and take the others out"
        return Found("SPF", False, f"{sending.domain} has {len(records)} SPF records, which count as none", advice)
    terms_ = records[0].split()[1:]
    if wrong := [term for term in terms_ if not TERM.fullmatch(term) and not MODIFIER.fullmatch(term)]:
        return Found(
            "SPF", False, f"the SPF record has a term that is none: {wrong[0][:60]!r}", "mend it: a record with a fault counts as none"
        )
    named, asked = _walk(sending.domain, records[0], lookup, wanted)
    if asked > MOST_LOOKUPS:
        return Found(
            "SPF",
            False,
            f"the SPF record needs more than {MOST_LOOKUPS} look-ups and counts as none",
            "take out services that are not used any more",
        )
    if wanted and not named:
        better = re.sub(r"\s+[+?~-]?all\s*$", "", records[0])
        return Found(
            "SPF", False, f"the SPF record does not name {sending.service.name}", _publish(sending.domain, f"{better} {wanted} ~all")
        )
    ending = next((term for term in terms_ if re.fullmatch(r"[+?~-]?all", term, re.IGNORECASE)), "")
    if ending[:1] in ("+", "?", "a", "A") or (not ending and not any(term.lower().startswith("redirect=") for term in terms_)):
        better = re.sub(r"\s+[+?~-]?all\s*$", "", records[0])
        return Found("SPF", False, "the SPF record forbids nobody", _publish(sending.domain, f"{better} ~all"))
    if named:
        return Found("SPF", True, f"names {sending.service.name}")
    if sending.service.own_envelope:
        return Found("SPF", True, f"is there; {sending.service.name} sends with an envelope of its own")
    return _by_number(sending, records[0], lookup)


def _by_number(sending: Sending, record: str, lookup: Lookup) -> Found:
    """Whether the record lets the numbers of the mail server send, as far as that can be known: a server may send from others."""
    open_ = Found("SPF", True, "is there; whether it names your server's number is not seen from here")
    numbers = [number for number in _numbers(sending.host, lookup) if ip_address(number).is_global]
    if not numbers:
        return open_
    answers = {number: answer_for(number, f"postmaster@{sending.domain}", lookup) for number in numbers}
    if Answer.FAULTY in answers.values():
        return Found("SPF", False, "the SPF record, or one that it names, has a fault and counts as none", "mend it, term by term")
    closed = [number for number, answer in answers.items() if answer is not Answer.PASS]
    if not closed:
        return Found("SPF", True, f"allows {sending.host} ({', '.join(numbers)})")
    theirs = registrable(sending.host)
    if any(registrable(name) == theirs != registrable(sending.domain) for name in _names_in(record)):
        return Found("SPF", True, f"names {theirs}; whether it sends from other numbers than {', '.join(closed)} is not seen from here")
    better = re.sub(r"\s+[+?~-]?all\s*$", "", record)
    term = f"a:{sending.host}" if _is_name(sending.host) else f"ip{ip_address(sending.host).version}:{sending.host}"
    advice = _publish(sending.domain, f"{better} {term} ~all") + "; where your provider names a term for SPF, take that one"
    return Found("SPF", False, f"the SPF record does not allow {', '.join(closed)}, which is {sending.host}", advice)


def _numbers(host: str, lookup: Lookup) -> tuple[str, ...]:
    if host and not _is_name(host):
        return (host,)
    return tuple(number for kind in ("A", "AAAA") for number in lookup(host, kind)) if host else ()


def _is_name(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return bool(host)
    return False


def _names_in(record: str) -> Iterator[str]:
    """Names of others in a record's terms, without macros."""
    for term in record.split()[1:]:
        found = TERM.fullmatch(term) or MODIFIER.fullmatch(term)
        if found and found["value"] and "%" not in found["value"] and found["name"].lower() in ("include", "a", "mx", "exists", "redirect"):
            yield found["value"].lower().rstrip(".")


def _walk(domain: str, record: str, lookup: Lookup, wanted: str) -> tuple[bool, int]:
    """Whether a term stands in the record or in what it includes, and how many look-ups it needs; not more than the most are made."""
    waiting, seen, named, asked = [record], {domain.lower()}, not wanted, 0
    while waiting and asked <= MOST_LOOKUPS:
        for term in waiting.pop(0).split()[1:]:
            named = named or term.lower().lstrip("+") == wanted
            found = _LOOKED_UP.fullmatch(term)
            if not found:
                continue
            asked += 1
            name = (found["include"] or found["redirect"] or "").lower().rstrip(".")
            if name and "%" not in name and name not in seen and asked <= MOST_LOOKUPS:
                seen.add(name)
                waiting += [text for text in lookup(name) if text.lower().startswith("v=spf1")][:1]
    return named if wanted else False, asked


def check_dkim(sending: Sending, lookup: Lookup) -> Found:
    """A key that can be believed, under one of the names that are known."""
    selectors = (sending.selector,) if sending.selector else sending.service.selectors
    domain = sending.signer or sending.domain
    if not selectors:
        advice = f"set mail.dkim.selector to the name that {sending.service.name} gives"
        return Found("DKIM", True, "not looked at: it is not known under which name letters are signed", advice, is_known=False)
    faults = []
    for selector in selectors:
        name = f"{selector}._domainkey.{domain}"
        records = [text for text in lookup(name) if "p=" in text.replace(" ", "").lower()]
        if records and not (fault := _key_fault(records, sending)):
            weak = "" if len(_key(records[0]) or b"") >= GOOD_KEY_BYTES or "k=ed25519" in records[0] else "; a key of 2048 bits is better"
            return Found("DKIM", True, f"{name} has a key{weak}")
        if records:
            faults.append(f"{name} {fault}")
    how = sending.service.how_to_sign or f"publish what {sending.service.name} names for DKIM"
    if sending.public_key:
        how = _publish(f"{selectors[0]}._domainkey.{domain}", f"v=DKIM1; k=rsa; p={sending.public_key}")
    looked = " or ".join(f"{selector}._domainkey.{domain}" for selector in selectors)
    return Found("DKIM", False, faults[0] if faults else f"there is no key at {looked}", how)


def _key_fault(records: list[str], sending: Sending) -> str:
    """What is wrong with a key's records, to follow the name; empty where nothing is."""
    if len(records) > 1:
        return f"has {len(records)} records, which count as none"
    value = _tags(records[0]).get("p", "")
    key = _key(records[0])
    if not value:
        return "has an empty key: it was revoked"
    if key is None:
        return "has a key that is cut or damaged"
    if "k=ed25519" not in records[0].replace(" ", "") and len(key) < FEWEST_KEY_BYTES:
        return "has a key that is too short"
    if sending.public_key and value != sending.public_key:
        return "has another key than mail.dkim.key_file"
    return ""


def _key(record: str) -> bytes | None:
    try:
        return b64decode(_tags(record).get("p", ""), validate=True)
    except ValueError:
        return None


def _dmarc_of(domain: str, lookup: Lookup) -> tuple[str, ...]:
    """The domain's DMARC records, else those of the domain above it that somebody registered."""
    for name in dict.fromkeys([domain, registrable(domain)]):
        if records := tuple(text for text in lookup(f"_dmarc.{name}") if re.match(r"v\s*=\s*DMARC1\s*(;|$)", text)):
            return records
    return ()


def check_dmarc(sending: Sending, records: tuple[str, ...]) -> Found:
    """One record with a policy."""
    name = f"_dmarc.{registrable(sending.domain)}"
    ideal = "; ".join(filter(None, ["v=DMARC1", "p=none", f"rua=mailto:{sending.reports_to}" if sending.reports_to else ""]))
    if not records:
        return Found("DMARC", False, f"{name} has no DMARC record", _publish(name, ideal))
    if len(records) > 1:
        return Found("DMARC", False, f"{name} has {len(records)} DMARC records, which count as none", "leave one of them")
    policy = _tags(records[0]).get("p", "").lower()
    if policy not in ("none", "quarantine", "reject"):
        return Found("DMARC", False, "the DMARC record has no policy that is one", _publish(name, ideal))
    return Found("DMARC", True, f"policy {policy}")


def check_alignment(sending: Sending, dmarc: str, *, spf_well: bool, dkim_well: bool) -> Found:
    """Whether DMARC can find the sender's own domain in a signature or on the envelope."""
    tags, signer = _tags(dmarc), sending.signer or sending.domain
    by_dkim = dkim_well and _aligned(signer, sending.domain, strict=tags.get("adkim", "r").lower() == "s")
    by_spf = spf_well and not sending.service.own_envelope
    if by_dkim or by_spf:
        ways = " and ".join(filter(None, ["DKIM" if by_dkim else "", "SPF" if by_spf else ""]))
        return Found("alignment", True, f"{sending.domain} by {ways}")
    if dkim_well:
        return Found(
            "alignment",
            False,
            f"letters are signed by {signer}, which is not {sending.domain}",
            "sign as the sender's domain: mail.dkim.domain",
        )
    why = f"{sending.service.name} has its own address on the envelope" if sending.service.own_envelope else "SPF is not well"
    return Found(
        "alignment",
        False,
        f"neither DKIM nor SPF speaks for {sending.domain}: {why}",
        "mend DKIM first: it holds when letters are forwarded too",
    )


def _aligned(one: str, other: str, *, strict: bool) -> bool:
    one, other = one.lower(), other.lower()
    return one == other or (not strict and registrable(one) == registrable(other))


def _tags(record: str) -> dict[str, str]:
    """`name=value` between semicolons; blanks within a value are none of it."""
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): re.sub(r"\s+", "", value) for name, _, value in pairs}


def _publish(name: str, value: str) -> str:
    return Said("do_publish", name=name, value=value)


def _not_known(name: str, error: LookupFailed) -> Found:
    return Found(name, False, Said("found_lookup_failed", words=str(error)), Said("do_lookup_again", setting="mail.resolver"))


def _asked(name: str, check: Callable[[], Found]) -> Found:
    try:
        return check()
    except LookupFailed as error:
        return _not_known(name, error)


@lru_cache(maxsize=16)
def registrable(domain: str) -> str:
    """The part of a domain that somebody registered. Of a top-level domain that the list does not know: its last two labels, as the
    list's own rule is."""
    import tldextract

    found = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None).extract_str(domain)
    return found.top_domain_under_public_suffix or (domain if found.suffix else ".".join(domain.split(".")[-2:]))
