"""Encrypted backups: only the key reads them, and nothing of them can be changed, moved or cut off."""

from __future__ import annotations

import io

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from compliance.store.encrypting import (
    CHUNK_BYTES,
    FIRST_LINE,
    TAG,
    EncryptedReader,
    EncryptedWriter,
)
from compliance.store.rules import CannotMove

pytestmark = pytest.mark.one_store
KEY = X25519PrivateKey.generate()
HEAD = len(FIRST_LINE) + 40
SEALED = CHUNK_BYTES + TAG


def sealed(content: bytes) -> bytes:
    out = io.BytesIO()
    writer = EncryptedWriter(out, KEY.public_key())
    for start in range(0, len(content), 700_000):
        writer.write(content[start : start + 700_000])
    writer.close()
    return out.getvalue()


def opened(content: bytes, key: X25519PrivateKey = KEY) -> bytes:
    return EncryptedReader(io.BytesIO(content), key).read()


CONTENT = bytes(range(256)) * (CHUNK_BYTES // 256 * 2 + 100)
THREE_CHUNKS = sealed(CONTENT)


@pytest.mark.parametrize(
    "size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES]
)
def test_what_is_sealed_comes_back(size: int) -> None:
    assert opened(sealed(CONTENT[:size])) == CONTENT[:size]


def test_it_is_read_in_any_portions() -> None:
    reader = EncryptedReader(io.BytesIO(THREE_CHUNKS), KEY)
    portions = [reader.read(900_001) for _ in range(4)]
    assert b"".join(portions) == CONTENT and reader.read(5) == b""


CHANGES = {
    "a bit of the first chunk": lambda all: flipped(all, HEAD + 5),
    "a bit of the last tag": lambda all: flipped(all, len(all) - 1),
    "a bit of the key made for it": lambda all: flipped(all, len(FIRST_LINE) + 3),
    "two chunks in another order": lambda all: (
        all[:HEAD] + all[HEAD + SEALED : HEAD + 2 * SEALED] + all[HEAD : HEAD + SEALED]
        + all[HEAD + 2 * SEALED :]
    ),
    "a chunk left out": lambda all: all[:HEAD] + all[HEAD + SEALED :],
    "a chunk twice": lambda all: all[: HEAD + SEALED] + all[HEAD:],
    "cut off between two chunks": lambda all: all[: HEAD + 2 * SEALED],
    "cut off in a chunk": lambda all: all[:-5],
    "without a chunk": lambda all: all[:HEAD],
    "something added": lambda all: all + b"x",
}  # fmt: skip


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(change: str) -> None:
    with pytest.raises(CannotMove, match="changed or cut off"):
        opened(CHANGES[change](THREE_CHUNKS))


def test_another_key_is_named_as_such() -> None:
    with pytest.raises(CannotMove, match="to another key"):
        opened(THREE_CHUNKS, X25519PrivateKey.generate())
    with pytest.raises(CannotMove, match="ends in its header"):
        opened(THREE_CHUNKS[: HEAD - 1])
