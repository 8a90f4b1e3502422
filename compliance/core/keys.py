"""Secrets outside the store, in files that only their owner may read; and the keys that seal the log.

Whoever can write to the store but does not have the key cannot seal an event (decision 26).
"""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from config import ConfigError

LOST = "lost:"
"""Before the id of a key that nobody has any more."""
PLAIN = "plain:"
"""Before the id of the last event that a version of before, which knew no key, wrote during the upgrade."""
MAC_LENGTH = 32


def kept_secrets(path: Path) -> list[str]:
    """The secrets in a file, one a line; the file is made with a new one when there is none yet."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(f"{secrets.token_urlsafe(32)}\n")
        try:
            os.link(unfinished, path)
        except FileExistsError:
            pass  # another process was first: its secret is the one
        finally:
            unfinished.unlink()
    return path.read_text().split()


def read_seal_keys(given: str, file: Path) -> SealKeys:
    """The keys of the event log: those given, or those in their file. Raises ConfigError."""
    try:
        return SealKeys(given.split() or kept_secrets(file))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        place = "PATUH_SEAL_KEY" if given.split() else file
        raise ConfigError(f"Patuh: the key of the event log, {place}: {reason}") from None


class SealKeys:
    """The keys of the log's seals: the first one seals, all of them verify.

    Beside them, `lost:ID` names a key that is gone, `plain:ID` an event up to which none was needed.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        real = [key for key in keys if not key.startswith((LOST, PLAIN))]
        plain = [key.removeprefix(PLAIN) for key in keys if key.startswith(PLAIN)]
        self._keys = {key_id(key): key.encode() for key in real}
        self.plain_up_to = max(map(int, plain), default=0)
        self.lost = {key.removeprefix(LOST) for key in keys if key.startswith(LOST)}
        if not self._keys:
            raise ValueError("holds no key")
        self.current = next(iter(self._keys))

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def sign(self, sealed: str) -> str:
        """The mark of the current key on a hash: the key's id and an HMAC-SHA256 of 128 bits."""
        return f"{self.current}:{self._mac(self.current, sealed)}"

    def agrees(self, sealed: str, mark: str) -> bool:
        """Whether a mark was made on this hash, by a key that is here."""
        key, _, mac = mark.partition(":")
        return key in self._keys and hmac.compare_digest(mac, self._mac(key, sealed))

    def _mac(self, key: str, sealed: str) -> str:
        return hmac.digest(self._keys[key], sealed.encode(), "sha256").hex()[:MAC_LENGTH]


_keys: SealKeys | None = None


def use_seal_keys(keys: SealKeys) -> None:
    """Name the keys of the event log; called once when the application is put together."""
    global _keys
    _keys = keys


def seal_keys() -> SealKeys:
    """The keys of the event log."""
    assert _keys is not None, "create_app names them"
    return _keys


def key_id(key: str) -> str:
    """What a key is called where it must not be shown."""
    return sha256(f"key of the event log {key}".encode()).hexdigest()[:8]
