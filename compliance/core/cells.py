"""Cells of the csv reports that are opened in a spreadsheet program.

Owns one promise: what a company typed is shown there as text, never run as a formula.
"""

from __future__ import annotations

import unicodedata

_RISKY = "=+-@\t\r\n"


def safe_cell(value: object) -> str:
    """The value as text for a csv cell; text that a spreadsheet would run gets a leading apostrophe.

    Numbers keep their minus sign: they cannot be formulas. Source: OWASP, CSV Injection.
    """
    text = "" if value is None else str(value)
    if isinstance(value, int | float):
        return text
    seen = unicodedata.normalize("NFKC", text[:1]) + text.lstrip(" \N{NO-BREAK SPACE}")[:1]
    return f"'{text}" if any(char in _RISKY for char in seen) else text


def unguarded(cell: str) -> str:
    """What `safe_cell` made safe, as it was; any other text is left as it is."""
    return cell[1:] if cell.startswith("'") and safe_cell(cell[1:]) == cell else cell
