"""The verbs on second factors: add one, remove one, prove who one is, give up lost ones.

Every guess is counted before it is looked at. Nobody sets or removes a factor of another person; when all
are lost, two admins together remove them, or whoever runs the server does.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Subject, record
from compliance.core.parsing import clean_line, needed_reason
from compliance.core.text import say
from compliance.people.commands.access import (
    ATTEMPTS_ALLOWED,
    LONG_PAUSES,
    end_all,
    end_remembered,
    open_session,
    reserve_tries,
)
from compliance.people.factors.models import Factor, FactorReset, RecoveryCode, RememberedDevice
from compliance.people.factors.passkeys import Passkey
from compliance.people.factors.queries import (
    codes_left,
    live_factors,
    may_settle,
    open_reset,
)
from compliance.people.factors.rules import (
    DEVICE_REMEMBERED,
    RESET_WAITS,
    factor_name_problem,
    new_recovery_codes,
    plain_recovery_code,
    step_of_code,
)
from compliance.people.models import SignIn, SignInAttempt, User, new_secret, secret_hash
from compliance.policy import OWN, SYSTEM, Actor, System, command, open_to_strangers, system_only
from compliance.web.encryption import UnknownKey, decrypt, encrypt

APP_SECRETS = "secrets of authenticator apps"
WRONG_CODE = say(
    "Kode tidak cocok. Tunggu kode berikutnya di aplikasi, lalu ketik lagi; periksa juga jam"
    " ponsel Anda."
)


@command(OWN, owner="id")
def add_app(user: User, *, by: Actor, name: str, secret: str, code: str) -> list[str]:
    """An authenticator app that knows `secret`, which `code` proves. Answers recovery codes if it is
    somebody's first factor, else nothing. Raises Invalid.
    """
    line = _checked_name(name)
    step = step_of_code(secret, code, at=clock.now())
    if step is None:
        raise Invalid({"factor_code": WRONG_CODE})
    kept = encrypt(secret, purpose=APP_SECRETS)
    return _add(user, Factor(kind="app", name=line, secret=kept, last_step=step), by=by)


@command(OWN, owner="id")
def add_passkey(user: User, *, by: Actor, name: str, passkey: Passkey) -> list[str]:
    """A passkey of a device, as the browser made it. Answers as `add_app`. Raises Invalid."""
    line = _checked_name(name)
    known = sa.exists().where(Factor.credential_id == passkey.credential_id)
    if db.session.scalar(sa.select(known)):
        raise Invalid({"credential": say("Kunci sandi ini sudah terpasang.")})
    factor = Factor(
        kind="passkey",
        name=line,
        credential_id=passkey.credential_id,
        public_key=passkey.public_key,
        sign_count=passkey.sign_count,
    )
    return _add(user, factor, by=by)


def _checked_name(typed: str) -> str:
    name = clean_line(typed) or ""
    if problem := factor_name_problem(name):
        raise Invalid({"name": problem})
    return name


def _add(user: User, factor: Factor, *, by: Actor) -> list[str]:
    factor.user_id, factor.created_at = user.id, clock.now()
    db.session.add(factor)
    record("user.factor_added", by=by, factor=factor.kind, label=factor.name, **_about(user))
    if user.factor_since is not None:
        return []
    user.factor_since = clock.now()
    return _new_codes(user)


@command(OWN, owner="user_id")
def remove_factor(factor: Factor, *, by: Actor) -> None:
    """Remove a factor of one's own. With the last one the recovery codes and remembered devices go, too."""
    factor.removed_at = clock.now()
    db.session.flush()
    user = db.session.get_one(User, factor.user_id)
    record("user.factor_removed", by=by, factor=factor.kind, label=factor.name, **_about(user))
    if not live_factors(user.id):
        _forget_all(user)


@command(OWN, owner="id")
def make_codes(user: User, *, by: Actor) -> list[str]:
    """New recovery codes; those of before stop working."""
    if user.factor_since is None:
        raise Refusal(say("Pasang dulu aplikasi autentikator atau kunci sandi."))
    record("user.codes_made", by=by, **_about(user))
    return _new_codes(user)


def _new_codes(user: User) -> list[str]:
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = new_recovery_codes()
    db.session.add_all(
        RecoveryCode(
            user_id=user.id,
            code_hash=secret_hash(str(plain_recovery_code(code))),
            created_at=clock.now(),
        )
        for code in codes
    )
    return codes


@open_to_strangers
def count_factor_try(user_id: int) -> list[int]:
    """Count a try of somebody's second factor before it is looked at. Answers what was counted.
    Raises TooOften.
    """
    return reserve_tries({f"factor:{user_id}": (ATTEMPTS_ALLOWED, LONG_PAUSES)})


@open_to_strangers
def prove_by_code(user: User, code: str, *, reserved: list[int]) -> None:
    """Take a code of an authenticator app or a recovery code, each once. Raises Invalid."""
    if not (_takes_app_code(user, code) or _takes_recovery_code(user, code)):
        raise Invalid({"factor_code": WRONG_CODE})
    _forgive(reserved)


@open_to_strangers
def prove_by_passkey(factor: Factor, *, sign_count: int, reserved: list[int]) -> None:
    """A passkey signed: note its use."""
    factor.sign_count, factor.last_used_at = sign_count, clock.now()
    _forgive(reserved)


def _forgive(reserved: list[int]) -> None:
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.id.in_(reserved)))


def _takes_app_code(user: User, code: str) -> bool:
    for factor in live_factors(user.id):
        if factor.secret is None:
            continue
        try:
            secret = decrypt(factor.secret, purpose=APP_SECRETS)
        except UnknownKey:
            continue
        step = step_of_code(secret, code, at=clock.now())
        if step is None:
            continue
        newer = sa.or_(Factor.last_step.is_(None), Factor.last_step < step)
        taken = db.session.scalars(
            sa.update(Factor)
            .where(Factor.id == factor.id, newer)
            .values(last_step=step, last_used_at=clock.now())
            .returning(Factor.id)
        ).all()
        if taken:
            return True
    return False


def _takes_recovery_code(user: User, code: str) -> bool:
    plain = plain_recovery_code(code)
    if plain is None:
        return False
    used = db.session.scalars(
        sa.update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == secret_hash(plain),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
    ).all()
    if not used:
        return False
    record("user.code_used", by=user, left=codes_left(user.id), **_about(user))
    return True


@open_to_strangers
def finish_sign_in(waiting: SignIn, *, remember: bool) -> tuple[SignIn, str, str | None]:
    """Open the session for which a password and a factor were proved, under a new secret.

    Answers the session, its secret, and with `remember` the secret by which this browser is remembered.
    """
    user, now = waiting.user, clock.now()
    waiting.ended_at = now
    session, secret = open_session(user, device=waiting.device, confirmed_at=now)
    remembered = new_secret() if remember else None
    if remembered is not None:
        db.session.add(
            RememberedDevice(
                user_id=user.id,
                secret_hash=secret_hash(remembered),
                device=waiting.device,
                created_at=now,
                expires_at=now + DEVICE_REMEMBERED,
            )
        )
    return session, secret, remembered


@command(OWN, owner="user_id")
def confirm_session(session: SignIn, *, by: Actor) -> None:
    """Note that the person who sits at this session proved again who they are."""
    session.confirmed_at = clock.now()


@command(OWN, owner="id")
def forget_devices(user: User, *, by: Actor) -> None:
    """Every browser is asked for the second factor again."""
    end_remembered(user)


@command("user.manage", about=None)
def ask_for_factor_reset(user: User, *, by: Actor, reason: str | None) -> FactorReset:
    """Ask that somebody's lost factors are removed. Another admin must agree within a day.
    Raises Invalid, and Refusal when there is nothing to remove or it was asked already.
    """
    missing = say("Tulis alasannya, misalnya ponsel hilang.")
    line = needed_reason(reason, most=500, missing=missing)
    if user.factor_since is None:
        raise Refusal(say("{name} tidak punya faktor kedua.", name=user.name))
    if user.id == by.actor_id:
        raise Refusal(
            say("Faktor Anda sendiri diganti di halaman Akun, atau dihapus oleh dua admin lain.")
        )
    if open_reset(user.id) is not None:
        raise Refusal(say("Penghapusan faktor {name} sudah diminta.", name=user.name))
    now = clock.now()
    reset = FactorReset(
        user_id=user.id,
        asked_by_id=by.actor_id,
        reason=line,
        asked_at=now,
        expires_at=now + RESET_WAITS,
    )
    db.session.add(reset)
    record("user.factor_reset_asked", by=by, reason=line, **_about(user))
    return reset


@command("user.manage", about=None)
def agree_to_factor_reset(user: User, *, by: Actor) -> None:
    """The second admin agrees: all factors, recovery codes, remembered devices and sessions end.

    Raises Refusal when nobody asked, and when the asker or the person themselves would agree.
    """
    reset = open_reset(user.id)
    if reset is None:
        raise Refusal(say("Tidak ada permintaan yang menunggu; mungkin sudah lewat satu hari."))
    if not may_settle(reset, by=by):
        raise Refusal(say("Yang menyetujui harus admin lain daripada yang meminta."))
    reset.settled_at = clock.now()
    _reset(user, by=by, reason=reset.reason)


@command("user.manage", about=None)
def refuse_factor_reset(user: User, *, by: Actor) -> None:
    """Nothing is removed, whoever of the admins says so."""
    reset = open_reset(user.id)
    if reset is None:
        raise Refusal(say("Tidak ada permintaan yang menunggu; mungkin sudah lewat satu hari."))
    reset.settled_at = clock.now()
    record("user.factor_reset_refused", by=by, **_about(user))


@system_only
def reset_factors_at_console(user: User, *, reason: str) -> None:
    """The same for whoever runs the server; the log says that it came from the console."""
    _reset(user, by=SYSTEM, reason=reason)


def _reset(user: User, *, by: Actor | System, reason: str) -> None:
    for factor in live_factors(user.id):
        factor.removed_at = clock.now()
    _forget_all(user)
    user.factor_asked_at = clock.now() - timedelta(days=3650)  # a new one before anything else
    end_all(user, tokens=False)
    tries = SignInAttempt.who == f"factor:{user.id}"
    db.session.execute(sa.delete(SignInAttempt).where(tries))
    record("user.factor_reset", by=by, reason=reason, **_about(user))


def _forget_all(user: User) -> None:
    user.factor_since = None
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    end_remembered(user)


@system_only
def forget_old_devices() -> dict[str, int]:
    """Delete remembered devices and questions about lost factors that were over a month ago."""
    old = clock.now() - timedelta(days=30)
    devices = sa.delete(RememberedDevice).where(
        sa.or_(RememberedDevice.expires_at < old, RememberedDevice.ended_at < old)
    )
    gone = db.session.execute(devices.returning(RememberedDevice.id)).all()
    return {"remembered_devices": len(gone)}


def _about(user: User) -> dict[str, Any]:
    return {"subject": Subject("user", user.id), "email": user.email, "name": user.name}
