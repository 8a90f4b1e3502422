"""Codes of authenticator apps and recovery codes, passkeys, and who must have a second factor by when.

Pure: instants, addresses and challenges are handed in. TOTP is RFC 6238, passkeys are WebAuthn level 3.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

import pyotp
from pyotp.utils import strings_equal

from compliance.core.text import Text, say

STEP_SECONDS = 30
STEPS_OFF = 1
"""A clock of a phone may be so many steps early or late."""
CODES_MADE = 10
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without signs that look alike. 24 of them are 118 bits: no list of hashes is worth trying."""
_GROUPS, _GROUP = 4, 6
DEVICE_REMEMBERED = timedelta(days=30)
SIGN_IN_WAITS = timedelta(minutes=10)
"""So long a right password waits for the second factor."""
PROOF_LASTS = timedelta(minutes=15)
"""So long after somebody proved who they are, an act of weight asks for no new proof."""
RESET_WAITS = timedelta(days=1)
LONGEST_FACTOR_NAME = 60
FACTOR_KINDS = {"app": say("Aplikasi autentikator"), "passkey": say("Kunci sandi (passkey)")}
NOBODY, ADMIN_ONLY, DECIDING, EVERYBODY = "nobody", "admin", "deciding", "everybody"
FACTOR_ROLES: dict[str, frozenset[str]] = {
    DECIDING: frozenset({"admin", "supervisor", "compliance"}),
    EVERYBODY: frozenset({"admin", "supervisor", "compliance", "inspector", "licensing"}),
    ADMIN_ONLY: frozenset({"admin"}),
    NOBODY: frozenset(),
}
"""The setting that says who must have a second factor, and the roles that it means."""


def must_have_by(
    *, role: str, required_of: str, since: datetime | None, asked_at: datetime | None, days: int
) -> datetime | None:
    """Until when somebody must have set up a second factor; None for those who have one or need none.

    `asked_at` is when they were first asked; somebody who was not asked yet is asked at the next sign-in.
    """
    if since is not None or asked_at is None or role not in FACTOR_ROLES[required_of]:
        return None
    return asked_at + timedelta(days=days)


def new_app_secret() -> str:
    """The secret of an authenticator app: 160 bits in base32."""
    return pyotp.random_base32()


def app_address(secret: str, *, email: str, issuer: str) -> str:
    """What the QR holds that an authenticator app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def step_of_code(secret: str, code: str, *, at: datetime) -> int | None:
    """The time step that a code of an authenticator app belongs to; None when it is none of this time."""
    digits = re.sub(r"\D", "", code)
    if len(digits) != pyotp.TOTP(secret).digits:
        return None
    now = int(at.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in range(now - STEPS_OFF, now + STEPS_OFF + 1):
        if strings_equal(totp.generate_otp(step), digits):
            return step
    return None


def new_recovery_codes() -> list[str]:
    """Codes to write down, each for one use."""
    return [
        "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
        for _ in range(CODES_MADE)
    ]


def plain_recovery_code(typed: str) -> str | None:
    """A recovery code as it is hashed, however it was typed; None for what is none."""
    plain = re.sub(r"[^0-9a-z]", "", typed.casefold())
    return plain if len(plain) == _GROUPS * _GROUP else None


def factor_name_problem(name: str) -> Text | None:
    """Why a factor cannot be called so."""
    if not name:
        return say("Beri nama, misalnya Ponsel dinas.")
    if len(name) > LONGEST_FACTOR_NAME:
        return say("Paling panjang {most} karakter.", most=LONGEST_FACTOR_NAME)
    return None


@dataclass(frozen=True)
class Site:
    """The site that a passkey belongs to, by the address at which people open it."""

    address: str

    @property
    def host(self) -> str:
        """WebAuthn's relying party: a name, never a number."""
        return urlsplit(self.address).hostname or ""

    @property
    def origin(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{quote(parts.netloc, safe=':[]')}"
