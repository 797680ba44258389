"""Where a mail connection gets its token: the kept one while it serves, else a new one; SMTP and IMAP alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from tracker.oauth.answers import read_token
from tracker.oauth.assertions import client_assertion, key_digest, service_account_assertion
from tracker.oauth.endpoint import Ask, Endpoint
from tracker.oauth.faults import Fault, TokenTrouble
from tracker.oauth.kept import KeptToken, TokenFile
from tracker.oauth.plan import OAuthPlan, plan_of
from tracker.settings import Settings

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class TokenSource:
    """Tokens by a plan. Several processes may have one at a time: one of them fetches, the others take what it kept."""

    def __init__(self, plan: OAuthPlan, file: TokenFile, ask: Ask, clock: Callable[[], datetime]) -> None:
        self.plan, self.ask = plan, ask
        self._file, self._clock = file, clock
        self._identity = plan.identity + (key_digest(plan.key_file) if plan.key_file else "")

    def token(self, refused: str = "") -> str:
        """A token that serves now. `refused`: the one that a mail server did not take, so that another is fetched.

        Raises TokenTrouble, ConfigError for a key file that is none.
        """
        kept = self._file.read(self._identity)
        if kept and kept.access_token != refused and kept.is_fresh(self._clock()):
            return kept.access_token
        with self._file.locked():
            kept = self._file.read(self._identity)  # another process may have fetched meanwhile
            now = self._clock()
            usable = kept is not None and kept.access_token != refused
            if kept and usable and kept.is_fresh(now):
                return kept.access_token
            try:
                return self._fetch(kept, now).access_token
            except TokenTrouble as trouble:
                if kept and usable and trouble.fault.passes and kept.serves(now):
                    return kept.access_token  # fetched ahead of time: the old one is not over yet
                raise

    @property
    def kept(self) -> KeptToken | None:
        """The token of now with its life, if there is one."""
        return self._file.read(self._identity)

    def keep(self, access_token: str, expires_at: datetime, refresh_token: str) -> None:
        """What a person's sign-in brought. Raises TokenTrouble."""
        with self._file.locked():
            self._file.write(self._identity, KeptToken(access_token, self._clock(), expires_at, refresh_token))

    def _fetch(self, kept: KeptToken | None, now: datetime) -> KeptToken:
        refresh = (kept.refresh_token if kept else "") or self.plan.refresh_token
        form = self._form(refresh, now)
        answer = self.ask(self.plan.token_url, form)
        sent = [form.get(name, "") for name in ("client_assertion", "assertion", "refresh_token")]
        secrets = [*sent, self.plan.client_secret, self.plan.refresh_token]
        granted = read_token(answer, self.plan, now, secrets)
        found = KeptToken(granted.access_token, now, granted.expires_at, granted.refresh_token or (kept.refresh_token if kept else ""))
        self._file.write(self._identity, found)
        return found

    def _form(self, refresh_token: str, now: datetime) -> dict[str, str]:
        plan = self.plan
        if plan.grant == "service_account":
            return {
                "grant_type": JWT_GRANT,
                "assertion": service_account_assertion(plan.key_file, plan.scope, plan.username, plan.token_url, now),
            }
        form = {"grant_type": plan.grant, "client_id": plan.client_id} | ({"scope": plan.scope} if plan.scope else {})
        if plan.grant == "refresh_token":
            if not refresh_token:
                raise TokenTrouble(Fault.NOT_SIGNED_IN)
            form["refresh_token"] = refresh_token
        if plan.client_secret:
            form["client_secret"] = plan.client_secret
        elif plan.key_file:
            form["client_assertion_type"] = ASSERTION_TYPE
            form["client_assertion"] = client_assertion(plan.key_file, plan.client_id, plan.token_url, now)
        return form


def token_source(settings: Settings, workspace: Path, clock: Callable[[], datetime]) -> TokenSource:
    """The source of the settings `mail.oauth.*`, which keeps its token in the workspace. Raises ConfigError."""
    patience = min(settings.mail.timeout_seconds, 20.0)
    ask = Endpoint(proxy=settings.fetch.proxy, agent=settings.fetch.user_agent, patience_seconds=patience)
    return TokenSource(plan_of(settings.mail), TokenFile(workspace), ask, clock)
