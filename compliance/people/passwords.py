"""Passwords, hashed with argon2. Refuses short ones, and those that repeat the user's mail address."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from compliance.core.text import Text, say

SHORTEST = 10
LONGEST_PASSWORD = 200
_hasher = PasswordHasher()


def use_low_cost() -> None:
    """Hash quickly instead of safely: for tests and nothing else."""
    global _hasher
    _hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def verify_password(hashed: str | None, password: str) -> bool:
    """Whether `password` is the one; takes as long for an account without one, so that it tells nothing."""
    try:
        _hasher.verify(hashed or _hash_of_no_user(), password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


def password_problem(password: str, *, email: str) -> Text | None:
    """Why `password` will not do, or None."""
    if len(password) < SHORTEST:
        return say("Kata sandi sedikitnya {count} karakter.", count=SHORTEST)
    if len(password) > LONGEST_PASSWORD:
        return say("Kata sandi paling panjang {count} karakter.", count=LONGEST_PASSWORD)
    if (
        password.casefold() in (email.casefold(), email.partition("@")[0].casefold())
        or len(set(password)) < 4
    ):
        return say("Kata sandi ini terlalu mudah ditebak.")
    return None


@cache
def _hash_of_no_user() -> str:
    return _hasher.hash("nobody")
