"""The code that opens the pages of the first start. Pure.

It is made of the installation's secret, so that every process knows it and no file holds it. It opens nothing
any more once somebody works here.
"""

from __future__ import annotations

import hmac

from compliance.licensing.codes import ALPHABET, LENGTH, read_code


def code_of(secret_key: str) -> str:
    """The code of this installation, as it is compared."""
    drawn = hmac.digest(secret_key.encode(), b"the code of the first start", "sha256")
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in drawn[:LENGTH])


def is_code(typed: str, code: str) -> bool:
    """Whether what was typed is the code, whatever its case and hyphens; takes as long for a wrong one."""
    return hmac.compare_digest(read_code(typed) or "", code)
