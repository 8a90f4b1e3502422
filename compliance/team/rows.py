"""The rows of the overdue queue, in the reader's words.

A page shows up to a hundred, so what each cell says is made ready here: a template that calls
functions for every cell costs twice the time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from flask_babel import gettext, ngettext

from compliance.companies.circumstances.rules import circumstance_line
from compliance.licensing.models import LEVELS
from compliance.reference.regions import region_name
from compliance.team.queries import LATEST_FIRST
from compliance.web.formatting import day, language, number, render_text


class QueueRow(NamedTuple):
    """One overdue case. `cursor` is its position in the list, `flag` the level of its gravest active flag."""

    id: str
    cursor: str
    company: str
    number: str
    nota_number: str | None
    region: str
    due: str
    late: str
    missing: str
    inspector: str
    flag: str | None
    is_warning: bool
    escalated: bool
    extended: bool
    circumstance: str | None


def queue_rows(cases: Iterable[Any], *, today: date) -> list[QueueRow]:
    """The cases that `overdue_page` read, as the page shows them on this day."""
    code, levels = language(), {level: render_text(name) for level, name in LEVELS.items()}
    return [
        QueueRow(
            id=str(case.id),
            cursor=LATEST_FIRST.cursor(case),
            company=case.company,
            number=case.number,
            nota_number=case.nota_number,
            region=region_name(case.region_code),
            due=day(case.effective_on),
            late=_late((today - case.effective_on).days, code),
            missing=_missing(case.workers_total, case.workers_registered, code),
            inspector=case.inspector,
            flag=levels.get(case.level),
            is_warning=case.level == "warning",
            escalated=case.escalated_on is not None,
            extended=case.extended_on is not None,
            circumstance=_circumstance(case),
        )
        for case in cases
    ]


def _circumstance(case: Any) -> str | None:
    line = circumstance_line(case)
    return render_text(line) if line else None


@lru_cache(maxsize=4096)
def _late(days: int, _language: str) -> str:
    late: str = ngettext("terlambat %(days)s hari", "terlambat %(days)s hari", days, days=days)
    return late


@lru_cache(maxsize=4096)
def _missing(total: int | None, registered: int | None, _language: str) -> str:
    if total is None or registered is None:
        return "–"
    missing: str = gettext(
        "%(missing)s dari %(total)s", missing=number(total - registered), total=number(total)
    )
    return missing
