"""Verification codes of receipts: short enough to type from paper, too many to guess.

Ten characters of Crockford's base 32, which has no I, L, O and U: 2^50 codes. Read forgivingly,
written as XXXXX-XXXXX.
"""

from __future__ import annotations

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_MEANT = str.maketrans("OIL", "011")
_BETWEEN = re.compile(r"[\s.\-\u2010-\u2015]+")
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    """A random code as it is stored."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown_code(code: str) -> str:
    """A stored code as it is printed."""
    return f"{code[:5]}-{code[5:]}"


def read_code(typed: str) -> str | None:
    """The stored form of what somebody typed, whatever the case and the hyphens, O for 0, I or L
    for 1; else None.
    """
    code = _BETWEEN.sub("", typed).upper().translate(_MEANT)
    return code if _CODE.fullmatch(code) else None
