"""What a text of an article must be, and where a letter quotes it. Pure functions.

A nota names the article of a finding as its `rule`; where a text is recorded, its `quote` stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from compliance.core.parsing import too_long
from compliance.core.text import Text, say

LONGEST_ARTICLE, LONGEST_ARTICLE_SOURCE = 4000, 200
_FIRST_LAWS = date(1945, 8, 17)
_FARTHEST_LAW = timedelta(days=5 * 366)


def article_problems(
    *, text: str | None, source: str | None, read_on: date | None, today: date
) -> dict[str, Text]:
    """What is wrong with a text that was typed, by field."""
    problems: dict[str, Text | None] = {
        "text": too_long(text, LONGEST_ARTICLE) if text else say("Isi bunyi ketentuannya."),
        "source": too_long(source, LONGEST_ARTICLE_SOURCE)
        if source
        else say("Isi sumbernya, misalnya nomor Lembaran Negara."),
        "read_on": _read_problem(read_on, today),
    }
    return {field: problem for field, problem in problems.items() if problem is not None}


def _read_problem(read_on: date | None, today: date) -> Text | None:
    if read_on is None:
        return say("Isi tanggal, misalnya 18-3-2026")
    if not _FIRST_LAWS <= read_on <= today:
        return say("Isi tanggal antara {first} dan hari ini.", first=_FIRST_LAWS)
    return None


def since_problem(valid_from: date | None, today: date) -> Text | None:
    """Why a text cannot hold from this day on."""
    if valid_from is None:
        return say("Isi tanggal, misalnya 18-3-2026")
    last = today + _FARTHEST_LAW
    if not _FIRST_LAWS <= valid_from <= last:
        return say("Isi tanggal antara {first} dan {last}.", first=_FIRST_LAWS, last=last)
    return None


def provisions_of(legal_basis: str) -> list[str]:
    """The provisions that a finding names, each of one law: "UU 24/2011 pasal 15 ayat (1); PP 86/2013 …"."""
    return [name for part in legal_basis.split(";") if (name := part.strip())]


def text_of_provisions(names: Sequence[str], texts: Sequence[str]) -> str:
    """The text of an article that names several provisions: each with its name above it. Those without a text
    are left out.
    """
    written = [(name, text) for name, text in zip(names, texts, strict=True) if text]
    if len(names) == 1:
        return "".join(texts)
    return "\n".join(f"{name}\n{text}" for name, text in written)


def texts_by_provision(names: Sequence[str], text: str | None) -> list[str]:
    """The same text taken apart; what stands above the first name belongs to the first provision."""
    parts: dict[str, list[str]] = {name: [] for name in names}
    current = names[0]
    for line in (text or "").splitlines():
        if len(names) > 1 and line.strip() in parts:
            current = line.strip()
        else:
            parts[current].append(line)
    return ["\n".join(lines).strip() for lines in parts.values()]


def rule_facts(legal_basis: str, quotes: Mapping[str, str]) -> dict[str, str]:
    """The article of a finding as a letter states it: its name, and its text where one is recorded."""
    quote = quotes.get(legal_basis)
    return {"rule": legal_basis, **({"quote": quote} if quote else {})}


def rules_in(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every part of a letter that names an article and may quote it."""
    for block in facts.get("blocks", ()):
        for listed in block.values():
            if isinstance(listed, list):
                yield from (part for part in listed if isinstance(part, dict) and "rule" in part)


def unquoted_in(facts: Mapping[str, Any]) -> list[str]:
    """The names of the articles that a letter does not quote, each once."""
    return list(dict.fromkeys(part["rule"] for part in rules_in(facts) if "quote" not in part))
