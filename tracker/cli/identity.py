"""`tracker identity`."""

from __future__ import annotations

import click

from tracker.cli.invocation import Invocation, workspace_options
from tracker.workspace import shipped_folder, workspace_settings


@click.command("identity")
@click.option("--page", is_flag=True, help="Write a page for outlets, in every language of ours.")
@click.option("--next", "following", is_flag=True, help="Make the key that will follow, and name it in the directory too.")
@click.option("--rotate", "rotated", is_flag=True, help="Sign with the next key from now on.")
@workspace_options
def identity(invocation: Invocation, page: bool, following: bool, rotated: bool) -> int:
    """Make the key of signed requests, once, and write the directory in which outlets find it.

    The private key stays in `secrets/identity.pem` and is never overwritten. Put the directory where it says; then set `identity.agent_url`
    and `identity.sign`. --page also writes a page that says who asks, how often, and how to stop it.

    A new key: --next, put the directory up, a day later --rotate. The directory names the key before until the next rotation.

    Example: tracker identity --page
    """
    from tracker.identity.keys import DIRECTORY_NAME, NEXT_NAME, directory, key_file, listed_keys, make_key, rotate
    from tracker.identity.page import write_pages

    workspace = invocation.workspace
    settings = workspace_settings(workspace)
    made = make_key(workspace)
    if following:
        make_key(workspace, NEXT_NAME)
    if rotated:
        rotate(workspace)
    key, *others = listed_keys(workspace)
    folder = workspace / "outbox" / "identity"
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / DIRECTORY_NAME
    listed.write_text(directory(key, *others), "utf-8")
    pages = write_pages(settings, folder, shipped_folder("templates"), key.name) if page else []
    address = settings.identity.agent_url.rstrip("/") or "https://YOUR-SITE"
    lines = [
        f"key {key.name} {'made' if made else 'is there already and stays'}: {key_file(workspace)}",
        *[f"the directory names {other.name} too" for other in others],
        f"put {listed} at {address}/.well-known/{DIRECTORY_NAME}",
        "as application/http-message-signatures-directory+json",
        "requests are signed" if settings.identity.sign else "requests are not signed: set identity.agent_url and identity.sign",
        *[f"page: {path}" for path in pages],
    ]
    report = {
        "key": key.name,
        "made": made,
        "others": [other.name for other in others],
        "directory": str(listed),
        "signed": settings.identity.sign,
        "pages": [str(path) for path in pages],
    }
    invocation.show(lines, report)
    return 0
