"""Passkeys (WebAuthn): what a browser is asked for, and whether what it answers is right.

Pure, around the library webauthn: the site, the challenge and the known keys are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from compliance.core.errors import Invalid
from compliance.core.text import say
from compliance.people.factors.rules import Site

NOT_TAKEN = say(
    "Kunci sandi tidak dapat diperiksa. Coba sekali lagi; bila tetap gagal, pakai kode dari aplikasi."
)


@dataclass(frozen=True)
class Passkey:
    """A new passkey as its device describes it; ids and keys in base64url."""

    credential_id: str
    public_key: str
    sign_count: int


def creation_options(
    site: Site, *, user_id: int, email: str, name: str, challenge: bytes, known: Iterable[str]
) -> str:
    """What the browser needs to make a passkey, as JSON. `known` are the ids that the person has."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name="Patuh",
        user_id=sha256(f"passkeys of user {user_id}".encode()).digest(),
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        exclude_credentials=_descriptors(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return options_to_json(options)


def read_new_passkey(credential: str, *, site: Site, challenge: bytes) -> Passkey:
    """The passkey that a browser made for `challenge`. Raises Invalid."""
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError):
        raise Invalid({"credential": NOT_TAKEN}) from None
    return Passkey(
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
    )


def request_options(site: Site, *, challenge: bytes, known: Iterable[str]) -> str:
    """What the browser needs to sign `challenge` with one of the `known` passkeys, as JSON."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=_descriptors(known),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return options_to_json(options)


def check_signature(
    credential: str, *, site: Site, challenge: bytes, public_key: str, sign_count: int
) -> int:
    """The new count of signatures of the passkey that signed `challenge`. Raises Invalid."""
    try:
        checked = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=sign_count,
        )
    except (WebAuthnException, ValueError):
        raise Invalid({"credential": NOT_TAKEN}) from None
    return checked.new_sign_count


def _descriptors(ids: Iterable[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(id)) for id in ids]
