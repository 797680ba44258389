"""Each cause of a missing token has its own sentence, which says what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.oauth.faults import Fault, Refusal, TokenTrouble, fault_of

AADSTS = [
    ("invalid_client", "AADSTS7000215: Invalid client secret provided.", Fault.WRONG_SECRET),
    ("invalid_client", "AADSTS7000222: The provided client secret keys for app are expired.", Fault.SECRET_EXPIRED),
    ("unauthorized_client", "AADSTS700016: Application with identifier 'app-1' was not found in the directory 'NGO'.", Fault.WRONG_TENANT),
    ("invalid_request", "AADSTS90002: Tenant 'ngo' not found.", Fault.WRONG_TENANT),
    ("invalid_grant", "AADSTS65001: The user or administrator has not consented to use the application.", Fault.NO_CONSENT),
    ("invalid_client", "AADSTS700024: Client assertion is not within its valid time range.", Fault.CLOCK),
    (
        "invalid_client",
        "AADSTS700027: The certificate with identifier used to sign the client assertion is not registered.",
        Fault.WRONG_KEY,
    ),
    ("invalid_grant", "AADSTS700082: The refresh token has expired due to inactivity.", Fault.REVOKED),
    ("invalid_grant", "AADSTS50173: The provided grant has expired due to it being revoked.", Fault.REVOKED),
    ("invalid_grant", "AADSTS50076: you must use multi-factor authentication to access", Fault.NEEDS_A_PERSON),
    ("access_denied", "AADSTS53003: Access has been blocked by Conditional Access policies.", Fault.POLICY),
    ("invalid_scope", "AADSTS70011: The provided value for the input parameter 'scope' is not valid.", Fault.WRONG_SCOPE),
    ("invalid_resource", "AADSTS500011: The resource principal named x was not found in the tenant", Fault.WRONG_SCOPE),
    ("invalid_client", "AADSTS7000218: The request body must contain 'client_assertion' or 'client_secret'.", Fault.PUBLIC_CLIENT),
    ("invalid_grant", "AADSTS50034: The user account does not exist", Fault.UNKNOWN_USER),
]
GOOGLE = [
    ("invalid_grant", "Token has been expired or revoked.", Fault.REVOKED),
    (
        "invalid_grant",
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values",
        Fault.CLOCK,
    ),
    ("invalid_grant", "Invalid JWT Signature.", Fault.WRONG_KEY),
    ("invalid_grant", "Invalid email or User ID", Fault.UNKNOWN_USER),
    (
        "unauthorized_client",
        "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.",
        Fault.NO_CONSENT,
    ),
    ("invalid_client", "The OAuth client was not found.", Fault.UNKNOWN_CLIENT),
    ("invalid_client", "The provided client secret is invalid.", Fault.WRONG_SECRET),
    ("deleted_client", "The OAuth client was deleted.", Fault.UNKNOWN_CLIENT),
    ("org_internal", "", Fault.POLICY),
]
CODES = [
    ("invalid_request", "", Fault.REFUSED),
    ("invalid_client", "", Fault.WRONG_SECRET),
    ("invalid_grant", "", Fault.REVOKED),
    ("unauthorized_client", "", Fault.NO_CONSENT),
    ("unsupported_grant_type", "", Fault.WRONG_GRANT),
    ("invalid_scope", "", Fault.WRONG_SCOPE),
    ("access_denied", "", Fault.DENIED),
    ("expired_token", "", Fault.CODE_EXPIRED),
    ("consent_required", "", Fault.NO_CONSENT),
    ("interaction_required", "", Fault.NEEDS_A_PERSON),
    ("temporarily_unavailable", "", Fault.DOWN),
    ("server_error", "", Fault.DOWN),
    ("something_new", "of 2028", Fault.REFUSED),
    ("", "", Fault.NOT_JSON),
]


@pytest.mark.parametrize(("error", "description", "wanted"), [*AADSTS, *GOOGLE, *CODES])
def test_a_refusal_is_understood_by_number_words_or_code(error: str, description: str, wanted: Fault) -> None:
    assert fault_of(Refusal(400, error, description)) is wanted


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_service_in_trouble_is_no_fault_of_the_settings(status: int) -> None:
    assert fault_of(Refusal(status, "invalid_client", "")) is Fault.DOWN
    assert Fault.DOWN.passes


def test_a_clock_that_is_off_explains_a_refused_statement_and_a_right_one_does_not() -> None:
    for hours in (-3, 3):
        assert fault_of(Refusal(400, "invalid_grant", "", timedelta(hours=hours))) is Fault.CLOCK
    assert fault_of(Refusal(400, "invalid_grant", "", timedelta(seconds=20))) is Fault.REVOKED
    assert fault_of(Refusal(401, "invalid_client", "AADSTS7000215", timedelta(hours=3))) is Fault.WRONG_SECRET


def test_no_two_causes_have_the_same_sentence_and_each_says_what_to_do() -> None:
    sentences = [str(TokenTrouble(fault)) for fault in Fault]
    assert len({*sentences}) == len(sentences)
    assert all(": " in sentence and len(sentence.split()) < 30 for sentence in sentences)


@given(status=st.integers(100, 599), error=st.sampled_from([*(code for code, _, _ in CODES), "AADSTS"]), description=st.text(max_size=40))
def test_whatever_a_provider_says_is_one_cause(status: int, error: str, description: str) -> None:
    assert isinstance(fault_of(Refusal(status, error, description)), Fault)
