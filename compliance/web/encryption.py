"""Secrets that must be read again, such as those of authenticator apps: encrypted by a key derived from
SECRET_KEY, so that a copy of the store holds none. After the key was changed, older secrets are read by
SECRET_KEY_FALLBACKS.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


class UnknownKey(Exception):
    """What was encrypted cannot be read with any key of this installation."""


def encrypt(secret: str, *, purpose: str) -> str:
    """`secret` as the store may keep it; only `decrypt` with the same purpose reads it."""
    return _cipher(purpose).encrypt(secret.encode()).decode()


def decrypt(encrypted: str, *, purpose: str) -> str:
    """What `encrypt` was given. Raises UnknownKey."""
    try:
        return _cipher(purpose).decrypt(encrypted.encode()).decode()
    except InvalidToken:
        raise UnknownKey from None


def _cipher(purpose: str) -> MultiFernet:
    keys = [current_app.secret_key, *(current_app.config.get("SECRET_KEY_FALLBACKS") or ())]
    return MultiFernet([_fernet(str(key), purpose) for key in keys])


def _fernet(key: str, purpose: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
