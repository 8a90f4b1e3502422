"""What the columns of a list hold, as their headers say it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import islice

from compliance.imports.kinds import COMPANY_LIST
from compliance.imports.reading.limits import MOST_COLUMNS

LONGEST_HEADER = 200


def guess_columns(
    headers: Iterable[str], known: Mapping[str, str] = COMPANY_LIST.field_of
) -> dict[str, str]:
    """Header → our field, for headers known in Indonesian or English. Unknown ones are left out.

    Each field once, from the first header that names it. "No. NIB", "NIB*" and "nib (13 digit)" are all nib.
    """
    guessed: dict[str, str] = {}
    for header in islice(headers, MOST_COLUMNS):
        bare = _bare(header[:LONGEST_HEADER])
        field = known.get(bare) or known.get(re.sub(r"^(no|nomor|nomer|kode) ", "", bare))
        if field and field not in guessed.values():
            guessed[header] = field
    return guessed


def _bare(header: str) -> str:
    """Small letters and digits in single spaces, without remarks in brackets."""
    return re.sub(r"[\W_]+", " ", re.sub(r"\([^)]*\)", " ", header.casefold())).strip()
