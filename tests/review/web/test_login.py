"""Logging in and out: sessions, one-time passwords, forged forms, other hosts, addresses to go on to."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW
from tests.review.web.visiting import PASSWORD, Staff, Visitor
from tracker.model import Grant, Role
from tracker.review import accounts
from tracker.review.accounts import LONGEST_SESSION
from tracker.review.web.addresses import is_own_host, own_path, web_link
from tracker.review.web.app import make_app
from tracker.review.web.throttle import FIRST_WAIT, FREE, FREE_OF_ADDRESS, LONGEST_WAIT, LoginThrottle
from tracker.store import users


def test_the_first_start_makes_an_administrator_once_and_the_password_must_be_changed(staff: Staff) -> None:
    assert accounts.first_administrator(staff.parts.database, NOW) is None  # there is one
    accounts.bar(staff.parts.database, "reader", NOW)
    with pytest.raises(Exception, match="last administrator"):
        accounts.bar(staff.parts.database, "administrator", NOW)
    made, password = accounts.add_user(staff.parts.database, "Arta", [], NOW)
    assert made.must_change
    visitor = staff.visitor()
    assert visitor.log_in("ARTA", password).headers["Location"] == "/password"
    assert visitor.get("/people").headers["Location"] == "/password"
    fields = {"password": password, "new": "shtatë lule në fushë", "again": "shtatë lule në fushë"}
    assert visitor.send("/password", fields, page="/password").headers["Location"] == "/"
    assert staff.visitor().log_in("Arta", password).status_code == 401
    assert staff.visitor().log_in("Arta", "shtatë lule në fushë").status_code == 303


@pytest.mark.parametrize(
    ("new", "again"),
    [("short", "short"), ("long enough but", "not the same"), (PASSWORD, PASSWORD), ("r" * 300, "r" * 300), ("reviewer", "reviewer")],
)
def test_a_password_that_does_not_do_is_refused_and_nothing_changes(staff: Staff, new: str, again: str) -> None:
    visitor = staff.enters("reviewer")
    answer = visitor.send("/password", {"password": PASSWORD, "new": new, "again": again}, page="/password")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert staff.enters("reviewer")


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(staff: Staff) -> None:
    unknown, wrong = staff.visitor().log_in("nobody of that name"), staff.visitor().log_in("reader", "not the password")
    assert unknown.status_code == wrong.status_code == 401
    assert "wrong" in unknown.text
    assert unknown.text.count('role="alert"') == wrong.text.count('role="alert"') == 1


def test_logging_out_ends_the_session_for_a_copy_of_its_cookie_too(staff: Staff) -> None:
    visitor, thief = staff.enters("administrator"), staff.visitor()
    thief.client.set_cookie("desk", visitor.cookie())
    assert thief.get("/people").status_code == 200
    visitor.send("/logout", page="/people")
    assert visitor.get("/people").headers["Location"].startswith("/login")
    assert thief.get("/people").headers["Location"].startswith("/login")


def test_a_change_of_the_password_ends_every_other_session(staff: Staff) -> None:
    here, there = staff.enters("administrator"), staff.enters("administrator")
    fields = {"password": PASSWORD, "new": "tre gurë në lumë", "again": "tre gurë në lumë"}
    assert here.send("/password", fields, page="/people").status_code == 303
    assert here.get("/people").status_code == 200
    assert there.get("/people").status_code == 303


def test_a_session_planted_before_the_login_opens_nothing(staff: Staff) -> None:
    victim, attacker = staff.visitor(), staff.visitor()
    attacker.key()
    planted = attacker.cookie()
    victim.client.set_cookie("desk", planted)
    victim.log_in("administrator")
    assert victim.cookie() != planted
    attacker.client.set_cookie("desk", planted)
    assert attacker.get("/people").status_code == 303


@pytest.mark.parametrize(("time", "alive"), [(timedelta(hours=11), True), (timedelta(hours=13), False)])
def test_an_unused_login_ends(staff: Staff, time: timedelta, alive: bool) -> None:
    visitor = staff.enters("administrator")
    staff.clock.passes(time)
    assert (visitor.get("/people").status_code == 200) is alive


def test_a_login_ends_after_a_week_however_much_it_is_used(staff: Staff) -> None:
    visitor = staff.enters("administrator")
    for _ in range(int(LONGEST_SESSION / timedelta(hours=10))):
        assert visitor.get("/people").status_code == 200
        staff.clock.passes(timedelta(hours=10))
    staff.clock.passes(timedelta(hours=10))
    assert visitor.get("/people").status_code == 303


def test_a_barred_person_is_out_at_once_and_comes_in_again(staff: Staff) -> None:
    visitor, administrator = staff.enters("reader"), staff.enters("administrator")
    accounts.bar(staff.parts.database, "reader", NOW)
    assert visitor.get("/password").status_code == 303
    assert staff.visitor().log_in("reader").status_code == 401
    assert "blocked" in administrator.get("/people").text
    accounts.bar(staff.parts.database, "reader", NOW, again=True)
    assert staff.enters("reader")


@pytest.mark.parametrize("forged", [{}, {"csrf_token": "x"}, {"csrf_token": ""}])
def test_a_form_without_the_pages_key_changes_nothing(staff: Staff, forged: dict[str, str]) -> None:
    visitor = staff.enters("administrator")
    answer = visitor.client.post("/people", data={"name": "Mallory", "role": "administrator", **forged})
    assert answer.status_code == 400
    assert "no longer valid" in answer.text
    assert "Mallory" not in visitor.get("/people").text


def test_the_key_of_one_session_does_not_serve_another_or_the_next(staff: Staff) -> None:
    one, other = staff.enters("administrator"), staff.enters("administrator")
    key = one.key("/people")
    assert other.client.post("/people", data={"csrf_token": key, "name": "Mallory", "role": "reader"}).status_code == 400
    one.send("/logout", page="/people")
    one.log_in("administrator")
    assert one.client.post("/people", data={"csrf_token": key, "name": "Mallory", "role": "reader"}).status_code == 400


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/people?role=reader", "/people?role=reader"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("", "/"),
    ],
)
def test_a_login_goes_on_inside_the_desk_only(staff: Staff, target: str, goes_to: str) -> None:
    assert staff.visitor().log_in("administrator", next=target).headers["Location"] == goes_to
    assert own_path(target) == goes_to


@given(st.text())
def test_no_text_is_a_path_out_of_the_desk(text: str) -> None:
    path = own_path(text)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost:8350", True),
        ("127.0.0.1", True),
        ("192.168.1.7:80", True),
        ("[::1]:8350", True),
        ("desk.example.org", True),
        ("DESK.example.org.", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("", False),
        ("[", False),
    ],
)
def test_only_its_own_names_reach_the_desk(host: str, own: bool) -> None:
    assert is_own_host(host, ["desk.example.org"]) is own


def test_a_strange_host_is_refused_before_anything_else(staff: Staff) -> None:
    assert staff.visitor().get("/login", headers={"Host": "evil.example"}).status_code == 400


def test_a_proxys_headers_are_believed_only_where_they_are_switched_on(staff: Staff) -> None:
    answer = staff.visitor().get("/login", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert answer.status_code == 200
    assert "Secure" not in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", " JaVaScRiPt:x", "//x.example", "http:", "vbscript:x", "https://x\n.example"]
)
def test_only_addresses_of_the_web_are_linked(address: str) -> None:
    assert web_link(address) == ""
    assert web_link("https://lajme.example/a?b=c") == "https://lajme.example/a?b=c"


def test_failures_slow_down_the_name_at_its_address_and_nobody_else(staff: Staff) -> None:
    throttle = LoginThrottle(staff.parts, b"key")
    for _ in range(FREE):
        assert not throttle.wait("arta", "10.0.0.1", NOW)
        throttle.failed("arta", "10.0.0.1", NOW)
    assert throttle.wait("arta", "10.0.0.1", NOW) == FIRST_WAIT
    assert not throttle.wait("arta", "10.0.0.2", NOW)
    assert not throttle.wait("besa", "10.0.0.1", NOW)
    assert not throttle.wait("arta", "10.0.0.1", NOW + FIRST_WAIT)
    for _ in range(40):
        throttle.failed("arta", "10.0.0.1", NOW)
    assert throttle.wait("arta", "10.0.0.1", NOW) == LONGEST_WAIT
    throttle.succeeded("arta", "10.0.0.1")
    assert throttle.wait("arta", "10.0.0.1", NOW)  # of its address: too many failed there


def test_many_names_from_one_address_are_slowed_down_too(staff: Staff) -> None:
    throttle = LoginThrottle(staff.parts, b"key")
    for number in range(FREE_OF_ADDRESS):
        throttle.failed(f"name {number}", "10.0.0.1", NOW)
    assert throttle.wait("another", "10.0.0.1", NOW) == FIRST_WAIT
    assert not throttle.wait("another", "10.0.0.2", NOW)
    assert not throttle.wait("another", "10.0.0.1", NOW + timedelta(hours=2))


def test_a_desk_that_is_started_again_has_forgotten_no_failure_and_keeps_no_name_that_was_typed(staff: Staff) -> None:
    for _ in range(FREE):
        staff.visitor().log_in("kodra me qershi", "wrong")  # the password, in the field of the name
    again = Visitor(make_app(staff.parts))
    assert again.log_in("kodra me qershi").status_code == 429
    staff.parts.close()
    assert b"kodra me qershi" not in b"".join(path.read_bytes() for path in staff.parts.workspace.glob("coverage.db*"))


def test_a_slowed_down_login_is_told_how_long_and_the_right_password_waits_too(staff: Staff) -> None:
    for _ in range(FREE):
        staff.visitor().log_in("reader", "wrong")
    answer = staff.visitor().log_in("reader")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "15")
    assert "15 seconds" in answer.text
    assert staff.visitor("10.9.9.9").log_in("reader").status_code == 303
    staff.clock.passes(FIRST_WAIT)
    assert staff.visitor().log_in("reader").status_code == 303


def test_every_answer_carries_the_headers_that_protect_it(staff: Staff) -> None:
    visitor = staff.enters("administrator")
    for address in ("/login", "/people", "/nothing/here", "/static/desk.css", "/healthz"):
        headers = visitor.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")
        assert headers["Referrer-Policy"] == "same-origin"
        assert ("no-store" in headers["Cache-Control"]) is not address.startswith("/static")
    cookie = staff.visitor().get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_person_reads_the_desk_in_the_chosen_language_and_a_stranger_in_the_browsers(staff: Staff) -> None:
    stranger = staff.visitor()
    for tag, language in (
        ("sq-AL,sq;q=0.9", "sq"),
        ("sr-RS", "sr-Cyrl"),
        ("sr-Latn-RS", "sr-Latn"),
        ("sr-ME", "cnr"),
        ("de,mk;q=0.5", "mk"),
        ("de", "en"),
    ):
        assert f'<html lang="{language}">' in stranger.get("/login", headers={"Accept-Language": tag}).text
    visitor = staff.enters("administrator")
    visitor.send("/language", {"language": "mk", "next": "/people"}, page="/people")
    assert '<html lang="mk">' in visitor.get("/people").text
    visitor.send("/language", {"language": "xx", "next": "//evil.example"}, page="/people")
    assert '<html lang="mk">' in visitor.get("/people").text


def test_people_are_added_with_a_role_and_see_the_password_once(staff: Staff) -> None:
    administrator = staff.enters("administrator")
    answer = administrator.send("/people", {"name": "Besa O'B", "role": "reader", "campaign": "rivers"}, page="/people")
    password = answer.text.partition('class="secret">')[2].partition("<")[0]
    assert "Besa O&#39;B" in answer.text
    assert staff.visitor().log_in("besa o'b", password).headers["Location"] == "/password"
    assert password not in administrator.get("/people").text
    assert administrator.send("/people", {"name": "Besa", "role": "king"}, page="/people").status_code == 400
    assert administrator.send("/people", {"name": "Besa", "role": "reader", "campaign": "unknown"}, page="/people").status_code == 400


def test_the_last_administrator_cannot_be_lost_on_the_page(staff: Staff) -> None:
    administrator = staff.enters("administrator")
    with staff.parts.database.reading() as conn:
        number = {user.name: user.id for user in users.every(conn)}["administrator"]
    assert administrator.send(f"/people/{number}/bar", page="/people").status_code == 400
    assert administrator.send(f"/people/{number}/revoke", {"campaign": ""}, page="/people").status_code == 400
    staff.add("second", Role.ADMINISTRATOR)
    assert administrator.send(f"/people/{number}/revoke", {"campaign": ""}, page="/people").status_code == 303
    assert administrator.get("/people").status_code == 403


@pytest.mark.usefixtures("unabridged")
def test_a_password_is_kept_as_argon2id_with_no_less_work_than_rfc_9106_asks_for() -> None:
    kept = accounts.hash_password(PASSWORD)
    kind, version, parameters = kept.split("$")[1:4]
    work = {name: int(value) for name, value in (one.split("=") for one in parameters.split(","))}
    assert (kind, version) == ("argon2id", "v=19")
    assert work["m"] >= 64 * 1024
    assert work["t"] >= 3
    assert accounts.verify_password(kept, PASSWORD)
    assert not accounts.verify_password(kept, PASSWORD + " ")


def test_the_first_login_leads_on_to_where_the_person_wanted_to_go_once_the_password_is_new(staff: Staff) -> None:
    """The link that a colleague sent on is not lost; one that leads elsewhere is."""
    for name, wanted, led_to in (("Nora", "/numbers/", "/numbers/"), ("Besa", "//evil.example/", "/"), ("Drita", "", "/")):
        _, once = accounts.add_user(staff.parts.database, name, [Grant(Role.READER)], NOW)
        visitor = Visitor(staff.app)
        entered = visitor.log_in(name, once, next=wanted)
        page = visitor.get(entered.headers["Location"])
        (target,) = re.findall(r'name="next" value="([^"]*)">\s*<label>', page.text.partition("<main")[2])
        fields = {"password": once, "new": "nje fjalekalim i ri", "again": "nje fjalekalim i tjeter", "next": target}
        refused = visitor.send("/password", fields, page="/password")
        assert f'name="next" value="{target}"' in refused.text
        changed = visitor.send("/password", {**fields, "again": fields["new"]}, page="/password")
        assert changed.headers["Location"] == led_to
