"""A backup that only the holder of a private key can read: X25519, HKDF-SHA256, AES-256-GCM in chunks.

The file: FIRST_LINE (28 bytes), the public half of a key made for this file (32), the first 8 bytes of the
SHA-256 of the recipient's public key. Then chunks of 1 MiB, each with a tag of 16 bytes; its nonce is its
number (11 bytes) and whether it is the last one (1 byte), and all before the first chunk is authenticated
with each. So no chunk can be changed, moved, left out or added, nor the end cut off. The key of the chunks is
HKDF of the shared secret, salted with both public keys (decision 44).
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from compliance.store.rules import CannotMove

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import (
        X25519PrivateKey,
        X25519PublicKey,
    )

FIRST_LINE = b"patuh backup, encrypted, 1.\n"
CHUNK_BYTES = 1024 * 1024
TAG = 16
_KEY_BYTES = 32
_ID_BYTES = 8


def read_public_key(file: Path) -> X25519PublicKey:
    """The key to which backups are encrypted, from PEM. Raises CannotMove."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = _read(file, load_pem_public_key)
    if not isinstance(key, X25519PublicKey):
        raise CannotMove(f"{file} holds no public X25519 key")
    return key


def read_private_key(file: Path) -> X25519PrivateKey:
    """The key that reads them. Raises CannotMove."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = _read(file, lambda content: load_pem_private_key(content, password=None))
    if not isinstance(key, X25519PrivateKey):
        raise CannotMove(f"{file} holds no private X25519 key")
    return key


def _read(file: Path, read: Any) -> Any:
    try:
        return read(file.read_bytes())
    except OSError as error:
        raise CannotMove(f"{file}: {error.strerror}") from None
    except (ValueError, TypeError):
        raise CannotMove(f"{file} is no key in PEM, or it needs a password") from None


def _raw(key: X25519PublicKey) -> bytes:
    return key.public_bytes_raw()


def _id_of(key: X25519PublicKey) -> bytes:
    return sha256(_raw(key)).digest()[:_ID_BYTES]


def _cipher(secret: bytes, ours: bytes, theirs: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(SHA256(), length=32, salt=ours + theirs, info=FIRST_LINE).derive(secret)
    return AESGCM(derived)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class EncryptedWriter:
    """Takes bytes and writes them encrypted; what it wrote is whole only after `close`."""

    def __init__(self, out: IO[bytes], to: X25519PublicKey) -> None:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        own = X25519PrivateKey.generate()
        self._out, self._number, self._waiting = out, 0, bytearray()
        self._head = FIRST_LINE + _raw(own.public_key()) + _id_of(to)
        self._cipher = _cipher(own.exchange(to), _raw(own.public_key()), _raw(to))
        out.write(self._head)

    def write(self, some: bytes) -> int:
        self._waiting += some
        while len(self._waiting) > CHUNK_BYTES:  # the last chunk must be known as such
            self._put(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(some)

    def close(self) -> None:
        self._put(bytes(self._waiting), last=True)

    def _put(self, chunk: bytes, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._out.write(self._cipher.encrypt(nonce, chunk, self._head))
        self._number += 1


class EncryptedReader:
    """Reads what was encrypted, chunk by chunk, none of which is given out before it was authenticated."""

    def __init__(self, source: IO[bytes], key: X25519PrivateKey) -> None:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

        self._head = source.read(len(FIRST_LINE) + _KEY_BYTES + _ID_BYTES)
        theirs = self._head[len(FIRST_LINE) : len(FIRST_LINE) + _KEY_BYTES]
        if len(self._head) != len(FIRST_LINE) + _KEY_BYTES + _ID_BYTES:
            raise CannotMove("the backup ends in its header")
        if self._head[-_ID_BYTES:] != _id_of(key.public_key()):
            raise CannotMove("the backup is encrypted to another key")
        secret = key.exchange(X25519PublicKey.from_public_bytes(theirs))
        self._cipher = _cipher(secret, theirs, _raw(key.public_key()))
        self._left = b""
        self._chunks = self._read_chunks(source)

    def _read_chunks(self, source: IO[bytes]) -> Iterator[bytes]:
        from cryptography.exceptions import InvalidTag

        number, sealed = 0, source.read(CHUNK_BYTES + TAG)
        while True:
            following = source.read(CHUNK_BYTES + TAG)
            try:
                nonce = _nonce(number, last=not following)
                yield self._cipher.decrypt(nonce, sealed, self._head)
            except InvalidTag:
                raise CannotMove("the backup was changed or cut off since it was written") from None
            if not following:
                return
            number, sealed = number + 1, following

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._left) < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._left += chunk
        end = len(self._left) if size < 0 else size
        some, self._left = self._left[:end], self._left[end:]
        return some
