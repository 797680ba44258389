"""`tracker identity`."""

from __future__ import annotations

import click

from tracker.cli.invocation import Invocation, workspace_options
from tracker.workspace import shipped_folder, workspace_settings


@click.command("identity")
@click.option("--page", is_flag=True, help="Write a page for outlets, in every language of ours.")
@workspace_options
def identity(invocation: Invocation, page: bool) -> int:
    """Make the key of signed requests, once, and write the directory in which outlets find it.

    The private key stays in `secrets/identity.pem` and is never overwritten. Put the directory where it says; then set `identity.agent_url`
    and `identity.sign`. --page also writes a page that says who asks, how often, and how to stop it.

    Example: tracker identity --page
    """
    from tracker.identity.keys import DIRECTORY_NAME, directory, key_file, make_key, read_key
    from tracker.identity.page import write_pages

    workspace = invocation.workspace
    settings = workspace_settings(workspace)
    made = make_key(workspace)
    key = read_key(workspace)
    folder = workspace / "outbox" / "identity"
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / DIRECTORY_NAME
    listed.write_text(directory(key), "utf-8")
    pages = write_pages(settings, folder, shipped_folder("templates"), key.name) if page else []
    address = settings.identity.agent_url.rstrip("/") or "https://YOUR-SITE"
    lines = [
        f"key {key.name} {'made' if made else 'is there already and stays'}: {key_file(workspace)}",
        f"put {listed} at {address}/.well-known/{DIRECTORY_NAME}",
        "as application/http-message-signatures-directory+json",
        "requests are signed" if settings.identity.sign else "requests are not signed: set identity.agent_url and identity.sign",
        *[f"page: {path}" for path in pages],
    ]
    report = {
        "key": key.name,
        "made": made,
        "directory": str(listed),
        "signed": settings.identity.sign,
        "pages": [str(path) for path in pages],
    }
    invocation.show(lines, report)
    return 0
