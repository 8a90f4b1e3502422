"""The seal of the event log, written a second time: SHA-256 over an event and the seal before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

GENESIS = "0" * 64


def seal(previous: str, content: Sequence[Any]) -> str:
    """The seal of an event; `content` are its columns from id to seen_version, the instant in ISO form."""
    text = json.dumps(
        [previous, *content], sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
