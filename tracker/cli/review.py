"""`tracker review` and `tracker user`: the desk in the browser, and who may use it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click

from tracker.cli.invocation import Invocation, amount, say_begun, table, workspace_options
from tracker.model import EVERY_CAMPAIGN, Grant, Role, User
from tracker.workspace import Parts, open_parts, read_campaigns, readable_campaigns

if TYPE_CHECKING:
    from flask import Flask

PATIENCE_SECONDS = 5.0
"""How long a page waits for a database server that is out of reach: whoever opened it sits before it."""
_ONLY_ONCE = "shown only here; it must be changed at the first login"


@click.command("review")
@click.option("--host", default=None, help="Where to listen (default: review.host, 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65_535), default=None, help="Which port; 0: a free one (default: review.port, 8350).")
@workspace_options
def review(invocation: Invocation, host: str | None, port: int | None) -> None:
    """The review desk in the browser: sort what the night found, correct it, approve the digest. Runs until it is stopped.

    The first line printed is its address. The first start makes an administrator and prints a one-time password.

    Example: tracker review --port 0
    """
    from tracker.review.web.serving import serve

    with open_parts(invocation.workspace, on_made=say_begun) as parts:
        host, port = parts.settings.review.host if host is None else host, parts.settings.review.port if port is None else port

        def listening(address: str) -> None:
            click.echo(address)
            if not host.startswith("127.") and host not in ("localhost", "::1") and not parts.settings.review.behind_proxy:
                click.echo("this address is open to the network without encryption; put a proxy with TLS before it", err=True)

        serve(lambda: _opened(parts), host, port, listening, behind_proxy=parts.settings.review.behind_proxy)
    with contextlib.suppress(OSError):  # a terminal that is gone asked it to end
        click.echo("ended as it was asked to", err=True)


def _opened(parts: Parts) -> Flask:
    """The desk, and its first administrator. Raises TrackerError where no campaign file or no database can be used."""
    from tracker.review.accounts import first_administrator
    from tracker.review.web.app import make_app, take_up

    found, faults = readable_campaigns(parts.workspace)
    if faults and not found:
        raise faults[0]
    for fault in faults:
        click.echo(f"this campaign is unavailable: {fault}", err=True)
    parts.database.patience_seconds = min(parts.database.patience_seconds, PATIENCE_SECONDS)
    app = make_app(parts)
    take_up(app)
    if made := first_administrator(parts.database, parts.clock()):
        click.echo(f"first login: {made[0].name}, one-time password {made[1]} ({_ONLY_ONCE})")
    return app


@click.group("user")
def user() -> None:
    """Who may log in to the review desk.

    Example: tracker user add Arta --role reviewer
    """


@user.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([str(role) for role in Role]), required=True, help="What the person may do.")
@click.option("--campaign", "campaign_ids", multiple=True, help="Only in this campaign; may be repeated (default: in every one).")
@workspace_options
def add(invocation: Invocation, name: str, role: str, campaign_ids: tuple[str, ...]) -> int:
    """Let a person log in, or give another role to one who may. Prints a one-time password for a new person.

    Example: tracker user add Arta --role reviewer --campaign digital-safety
    """
    from tracker.review.accounts import add_user

    with open_parts(invocation.workspace, on_made=say_begun) as parts:
        read_campaigns(invocation.workspace, campaign_ids)
        grants = [Grant(Role(role), campaign_id) for campaign_id in campaign_ids or (EVERY_CAMPAIGN,)]
        made, password = add_user(parts.database, name, grants, parts.clock())
    lines = [f"{made.name}: {_roles(made)}", *([f"one-time password: {password} ({_ONLY_ONCE})"] if password else [])]
    invocation.show(lines, {"name": made.name, "grants": made.grants, "password": password})
    return 0


@user.command("list")
@workspace_options
def list_users(invocation: Invocation) -> int:
    """Everybody who may log in, with roles.

    Example: tracker user list
    """
    from tracker.store import users

    with open_parts(invocation.workspace, must_exist=True) as parts, parts.database.reading() as conn:
        everybody = users.every(conn)
    rows = [
        (one.name, _roles(one), "barred" if one.is_disabled else "has not logged in yet" if one.must_change else "") for one in everybody
    ]
    invocation.show([*table(rows, ("name", "roles", "state")), "", amount(len(rows), "user")], {"users": everybody})
    return 0


@user.command("password")
@click.argument("name")
@workspace_options
def password(invocation: Invocation, name: str) -> int:
    """Give a person another one-time password; every login of that person ends.

    Example: tracker user password Arta
    """
    from tracker.review.accounts import reset_password

    with open_parts(invocation.workspace, must_exist=True) as parts:
        made = reset_password(parts.database, name)
    invocation.show([f"one-time password: {made} ({_ONLY_ONCE})"], {"name": name, "password": made})
    return 0


@user.command("token")
@click.argument("name")
@workspace_options
def token(invocation: Invocation, name: str) -> int:
    """Print a token with which a program reads accepted mentions at /api/v1/mentions as this person; the one before it ends.

    Example: tracker user token Arta
    """
    from tracker.review.accounts import make_token

    with open_parts(invocation.workspace, must_exist=True) as parts:
        made = make_token(parts.database, name, parts.clock())
    invocation.show([made], {"name": name, "token": made})
    return 0


@user.command("bar")
@click.argument("name")
@click.option("--again", is_flag=True, help="Let the person in again.")
@workspace_options
def bar(invocation: Invocation, name: str, again: bool) -> int:
    """End what a person may do, at once. What the person said stays.

    Example: tracker user bar Arta
    """
    from tracker.review import accounts

    with open_parts(invocation.workspace, must_exist=True) as parts:
        found = accounts.bar(parts.database, name, parts.clock(), again=again)
    state = "may log in again" if again else "is barred"
    invocation.show([f"{found.name} {state}"], {"name": found.name, "barred": not again})
    return 0


def _roles(person: User) -> str:
    if not person.grants:
        return "no role"
    return "; ".join(f"{grant.role} in {grant.campaign_id or 'every campaign'}" for grant in person.grants)
