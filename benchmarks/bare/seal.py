"""The seal of the event log, written a second time: SHA-256 over an event and the seal before it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

GENESIS = "0" * 64


def mark(key: str, sealed: str) -> str:
    """The mark of a key on a seal: the key's id, and an HMAC-SHA256 of 128 bits."""
    name = hashlib.sha256(f"key of the event log {key}".encode()).hexdigest()[:8]
    return f"{name}:{hmac.digest(key.encode(), sealed.encode(), 'sha256').hex()[:32]}"


def seal(previous: str, content: Sequence[Any]) -> str:
    """The seal of an event; `content` are its columns from id to seen_version, the instant in ISO form,
    and its origin as one list where it has one.
    """
    text = json.dumps(
        [previous, *content], sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
