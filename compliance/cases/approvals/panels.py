"""What waits for a supervisor, as one list: rooms above add their own papers to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import url_for

from compliance.cases.approvals.models import NOTA_KINDS, Submission
from compliance.cases.approvals.queries import waiting_notas, waiting_submissions
from compliance.cases.panels import DoneLink
from compliance.core.slots import Slot
from compliance.core.text import Text, say
from compliance.people.models import User
from compliance.policy import Actor


@dataclass(frozen=True)
class WaitingPaper:
    """One paper that waits: what it is, about which company, by whom, since when, its page, and for what."""

    name: Text
    company: str
    by_name: str
    since: datetime
    address: str
    waits_for: Text


@dataclass(frozen=True)
class PaperSource:
    """A room's papers that wait for a reader: rows, and the ids to be counted (None: nothing can wait)."""

    rows: Callable[[Actor], Sequence[WaitingPaper]]
    waiting: Callable[[User], sa.Select[int] | None]


WAITING_PAPERS: Slot[PaperSource] = Slot()
"""The papers that wait for approval or for their issue, source by source."""

SUBMISSION_PREVIEW: Slot[Callable[[int], DoneLink]] = Slot()
"""The way to the paper that a submission would become, by its id."""


def papers_waiting(by: Actor) -> list[WaitingPaper]:
    """All that waits for `by`, the longest first."""
    rows = [row for source in WAITING_PAPERS for row in source.rows(by)]
    return sorted(rows, key=lambda row: (row.since, row.address))


def count_waiting(by: User) -> sa.Select[int] | None:
    """The same, to be counted by the navigation."""
    sources = [source.waiting(by) for source in WAITING_PAPERS]
    selects = [select for select in sources if select is not None]
    if len(selects) < 2:
        return selects[0] if selects else None
    return sa.select(sa.union_all(*selects).subquery().c.id)


def _papers(by: Actor) -> list[WaitingPaper]:
    return [_paper(submission) for submission in waiting_submissions(by)]


def _paper(submission: Submission) -> WaitingPaper:
    return WaitingPaper(
        NOTA_KINDS[submission.kind],
        submission.case.company.name,
        submission.submitted_by.name,
        submission.submitted_at,
        url_for("approvals.one", id=submission.id),
        say("menunggu persetujuan"),
    )


WAITING_NOTAS = PaperSource(_papers, waiting_notas)
