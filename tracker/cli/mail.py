"""`tracker mail`: sign in to a mailbox, and check the way to the mail server."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from tracker.cli.invocation import Invocation, table, workspace_options
from tracker.errors import ConfigError
from tracker.workspace import wall_clock, workspace_settings

if TYPE_CHECKING:
    from tracker.oauth.answers import Granted
    from tracker.oauth.source import TokenSource


@click.group("mail")
def mail() -> None:
    """The mail server: sign in with a token, check that letters can go.

    Example: tracker mail check
    """


@mail.command("check")
@workspace_options
def check(invocation: Invocation) -> int:
    """Try the way to the mail server step by step: settings, token, server, login, sender. Nothing is sent. Exit 1 when a step fails.

    Example: tracker mail check
    """
    from tracker.delivery.mail_check import check_mail

    steps = list(check_mail(workspace_settings(invocation.workspace), invocation.workspace, wall_clock))
    rows = [("ok" if step.well else "WRONG", step.name, step.finding) for step in steps]
    invocation.show(table(rows, ("", "step", "finding")), {"steps": steps})
    return 0 if all(step.well for step in steps) else 1


@mail.command("sign-in")
@click.option(
    "--browser/--code", "in_browser", default=None, help="In a browser on this machine, or by a code (default: as the provider allows)."
)
@click.option("--paste", is_flag=True, help="The browser is on another machine: paste the address of the page on which it ends.")
@workspace_options
def sign_in(invocation: Invocation, in_browser: bool | None, paste: bool) -> int:
    """Let this program into a mailbox, once, with mail.oauth.grant "refresh_token". Prints an address; a person agrees there.

    What it brings is kept in mail-token.json of the workspace, for its user alone.

    Example: tracker mail sign-in
    """
    from tracker.oauth.source import token_source

    settings = workspace_settings(invocation.workspace)
    if settings.mail.auth != "xoauth2" or settings.mail.oauth.grant != "refresh_token":
        raise ConfigError('signing in needs mail.auth = "xoauth2" and mail.oauth.grant = "refresh_token"; other grants need no person')
    if settings.mail.oauth.refresh_token:
        raise ConfigError("mail.oauth.refresh_token is set and goes before a sign-in; take it out first")
    source = token_source(settings, invocation.workspace, wall_clock)
    uses_browser = in_browser if in_browser is not None else paste or not source.plan.device_url
    granted = _in_browser(source, paste=paste) if uses_browser else _by_code(source)
    source.keep(granted.access_token, granted.expires_at, granted.refresh_token)
    words = f"signed in for {source.plan.username}; try it with: tracker mail check"
    invocation.show([words], {"signed_in": source.plan.username})
    return 0


def _by_code(source: TokenSource) -> Granted:
    from tracker.oauth.sign_in import ask_device_code, wait_for_device

    code = ask_device_code(source.plan, source.ask, wall_clock())
    click.echo(f"Open {code.address} in any browser, sign in as {source.plan.username}, and enter: {code.user_code}", err=True)
    click.echo(f"Waiting, at most {code.lives_seconds / 60:.0f} minutes.", err=True)
    return wait_for_device(source.plan, code, source.ask, wall_clock, time.sleep)


def _in_browser(source: TokenSource, *, paste: bool) -> Granted:
    from tracker.oauth.sign_in import BrowserSignIn

    with BrowserSignIn(source.plan) as browser:
        click.echo(f"Open this address, sign in as {source.plan.username} and agree:\n{browser.address}", err=True)
        if paste:
            back = click.prompt("The browser ends on a page that cannot be opened. Paste its address here", hide_input=True, err=True)
        else:
            back = browser.wait()
        return browser.finish(back, source.ask, wall_clock())
