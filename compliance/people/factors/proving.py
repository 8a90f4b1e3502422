"""How a person proves on a page that they have their second factor: by a code, or by a passkey that signs
the challenge which the page carries. A challenge is good for one session, for ten minutes, and until it was
answered.
"""

from __future__ import annotations

import json
import secrets

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from compliance.core.errors import Invalid
from compliance.core.text import say
from compliance.people.factors import passkeys
from compliance.people.factors.commands import count_factor_try, prove_by_code, prove_by_passkey
from compliance.people.factors.forms import ProofForm
from compliance.people.factors.models import Factor
from compliance.people.factors.queries import live_factors
from compliance.people.factors.rules import SIGN_IN_WAITS, Site
from compliance.people.models import SignIn, User

TOO_LATE = say("Halaman ini terbuka terlalu lama. Coba sekali lagi.")


def this_site() -> Site:
    """The site that passkeys belong to: the address that people open."""
    return Site(str(current_app.config["PATUH_BASE_URL"] or request.host_url))


def new_challenge(session: SignIn) -> tuple[bytes, str]:
    """A challenge for this session, and the signed form in which its page carries it."""
    challenge = secrets.token_bytes(32)
    carried = [bytes_to_base64url(challenge), _session_mark(session)]
    return challenge, _signer("challenges of passkeys").dumps(carried)


def read_challenge(carried: str, session: SignIn) -> bytes:
    """The challenge that a page carried back. Raises Invalid."""
    try:
        challenge, mark = _signer("challenges of passkeys").loads(
            carried, max_age=int(SIGN_IN_WAITS.total_seconds())
        )
    except BadData:
        raise Invalid({"credential": TOO_LATE}) from None
    if mark != _session_mark(session):
        raise Invalid({"credential": TOO_LATE})
    return base64url_to_bytes(challenge)


def _session_mark(session: SignIn) -> str:
    """Another one as soon as a challenge of the session was answered."""
    return f"{session.id} {session.confirmed_at}"


def carry_secret(secret: str, user: User) -> str:
    """The secret of a new app as its page carries it until a code proves it: signed, for one person."""
    return _signer("new authenticator apps").dumps([secret, user.id])


def read_secret(carried: str, user: User) -> str:
    """The secret that a page carried back. Raises Invalid."""
    try:
        secret, id = _signer("new authenticator apps").loads(carried, max_age=3600)
    except BadData:
        raise Invalid({"factor_code": TOO_LATE}) from None
    if id != user.id:
        raise Invalid({"factor_code": TOO_LATE})
    return str(secret)


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=purpose)


def passkeys_of(user: User) -> list[Factor]:
    """The passkeys that somebody can use."""
    return [factor for factor in live_factors(user.id) if factor.kind == "passkey"]


def passkey_options(session: SignIn, user: User) -> tuple[str, str]:
    """What the page of a proof carries: options for the browser and the challenge; "" without a passkey."""
    known = [str(factor.credential_id) for factor in passkeys_of(user)]
    if not known:
        return "", ""
    challenge, carried = new_challenge(session)
    return passkeys.request_options(this_site(), challenge=challenge, known=known), carried


def prove(form: ProofForm, session: SignIn, user: User) -> None:
    """Take the proof that was sent. Raises Invalid, and TooOften."""
    reserved = count_factor_try(user.id)
    if form.credential.data:
        _prove_by_passkey(form, session, user, reserved)
    else:
        prove_by_code(user, form.factor_code.data or "", reserved=reserved)


def _prove_by_passkey(form: ProofForm, session: SignIn, user: User, reserved: list[int]) -> None:
    credential = form.credential.data or ""
    challenge = read_challenge(form.challenge.data or "", session)
    factor = next(
        (key for key in passkeys_of(user) if key.credential_id == _id_in(credential)), None
    )
    if factor is None:
        raise Invalid({"credential": passkeys.NOT_TAKEN})
    sign_count = passkeys.check_signature(
        credential,
        site=this_site(),
        challenge=challenge,
        public_key=str(factor.public_key),
        sign_count=factor.sign_count,
    )
    prove_by_passkey(factor, sign_count=sign_count, reserved=reserved)


def _id_in(credential: str) -> str | None:
    try:
        sent = json.loads(credential)
    except ValueError:
        return None
    id = sent.get("id") if isinstance(sent, dict) else None
    return id if isinstance(id, str) else None
