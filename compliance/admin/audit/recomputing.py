"""What the tables say of cases, notas and flags, compared with what the events say.

A row that the events do not explain is named, and so are events whose row is gone. The events of some hundred
cases are replayed at a time, in the order of the chart, so that memory stays small.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from compliance.admin.audit.belonging import Belonging, ToldMerges
from compliance.cases.models import Case, Nota
from compliance.cases.workflow import CHART, DRAFT
from compliance.core.events import Event, Subject
from compliance.core.text import from_json
from compliance.letters.kinds import NOTA_LETTERS
from compliance.letters.models import Letter
from compliance.letters.rules import version_mark
from compliance.licensing.models import Flag

AnyRow = sa.Row[*tuple[Any, ...]]
REPLAYED_AT_ONCE = 500
STEP_OF_EVENT = {
    "nota.issued": "issue",
    "recheck.due": "fall_due",
    "case.unresolved": "fail",
    "case.resolved": "comply",
    "case.extended": "extend",
    "case.rescheduled": "reschedule",
    "case.withdrawn": "withdraw",
    "case.reopened": "reopen",
}
"""The step of the chart that each kind of event tells of."""
REPLAYED_KINDS = (
    "draft.started", "draft.discarded", "nota.received", "nota.second_issued", "nota.second_received",
    "nota.numbered", "nota.taken_over", "nota.let_go",
    "visit.recorded", "visit.undone",
    "flag.raised", "flag.lifted", *STEP_OF_EVENT,
)  # fmt: skip
NOTA_FACTS = {
    "number": "number",
    "inspected_on": "inspected_on",
    "issued_on": "issued_on",
    "workers_total": "workers_total",
    "workers_registered": "workers_registered",
}
"""Columns of a nota, and what its event calls them."""
_EVENTS = sa.select(
    Event.id, Event.kind, Event.case_id, Event.company_id, Event.subject, Event.data
)
_CASES = sa.select(Case.id, Case.number, Case.status, Case.effective_on, Case.company_id).order_by(
    Case.id
)
_NOTAS = sa.select(
    Nota.case_id,
    Nota.kind,
    Nota.received_on,
    *(getattr(Nota, name) for name in NOTA_FACTS),
).order_by(Nota.case_id, Nota.id)
_LETTERS = (
    sa.select(Letter.id, Letter.case_id, Letter.kind, Letter.version, Letter.number)
    .where(Letter.kind.in_(NOTA_LETTERS.values()), Letter.numbered_at.is_not(None))
    .order_by(Letter.case_id, Letter.id)
)
"""The letters of notas that were issued, each version: they bear the number of their nota."""
_FLAGS = sa.select(
    Flag.id, Flag.case_id, Flag.company_id, Flag.level, Flag.since_on, Flag.lifted_at
)


@dataclass
class ToldFlag:
    """What the events say of a flag."""

    raised: int
    level: str
    since_on: date
    lifted: int | None = None
    company: int | None = None
    """Whose it was when it was raised."""


@dataclass
class ToldCase:
    """What the events say of a case, up to the last of them."""

    last: int = 0
    state: str | None = None
    before_visits: list[str | None] = field(default_factory=list)
    """The status before each visit that stands, for the one that takes it back."""
    is_discarded: bool = False
    number: str | None = None
    effective_on: date | None = None
    notas: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """By kind: I and II."""
    received_on: dict[str, date] = field(default_factory=dict)
    flags: dict[int, ToldFlag] = field(default_factory=dict)
    of: Belonging = field(default_factory=Belonging)

    def hear(self, event: AnyRow) -> None:
        """Go on by one event, in the order of their ids."""
        kind, data = event.kind, event.data
        self.last = event.id
        if kind == "draft.started":
            self.state = DRAFT
        elif kind in ("draft.discarded", "nota.let_go"):
            self.is_discarded = True
        elif kind == "nota.taken_over":
            self._take_over(data)
        elif kind == "visit.recorded":
            self.before_visits.append(self.state)
        elif kind == "visit.undone":
            self.state = self.before_visits.pop() if self.before_visits else self.state
        elif kind.startswith("flag."):
            hear_of_flag(self.flags, event)
        elif kind == "nota.received":
            self.received_on["I"] = from_json(data["received_on"])
            if moved_to := from_json(data.get("moved_to")):
                self.state, self.effective_on = CHART.steps["reschedule"].to, moved_to
        elif kind == "nota.second_issued":
            self.notas["II"] = data
        elif kind == "nota.numbered":
            of_kind = data["nota_kind"]
            self.notas[of_kind] = {**self.notas[of_kind], "number": data["number"]}
        elif kind == "nota.second_received":
            self.received_on["II"] = from_json(data["received_on"])
        else:
            self._step(kind, data)

    def _take_over(self, data: Mapping[str, Any]) -> None:
        self.state = CHART.steps[data["last_step"]].to
        self.number, self.notas["I"] = data["case_number"], data
        self.effective_on = from_json(data["effective_on"])
        if (received_on := from_json(data.get("received_on"))) is not None:
            self.received_on["I"] = received_on

    def _step(self, kind: str, data: Mapping[str, Any]) -> None:
        self.state = CHART.steps[STEP_OF_EVENT[kind]].to
        if "effective_on" in data:
            self.effective_on = from_json(data["effective_on"])
        if kind == "nota.issued":
            self.number = data.get("case_number", self.number)
            self.notas["I"] = data


def hear_of_flag(flags: dict[int, ToldFlag], event: AnyRow) -> None:
    """A flag was raised or lifted."""
    id = Subject.parse(event.subject).id
    if event.kind == "flag.raised":
        since_on = from_json(event.data["since_on"])
        flags[id] = ToldFlag(event.id, event.data["level"], since_on, company=event.company_id)
    elif id in flags:
        flags[id].lifted = event.id


def table_faults(connection: sa.Connection, case_ids: Collection[int] | None) -> Iterator[str]:
    """One line for each case, nota or flag that is not as the events say: of all, or of these cases only."""
    merges = ToldMerges(connection)
    if case_ids is None:
        for low, high in _stretches(connection):
            yield from _faults_among(connection, merges, partial(_between, low=low, high=high))
    else:
        ids = sorted(case_ids)
        for start in range(0, len(ids), REPLAYED_AT_ONCE):
            some = ids[start : start + REPLAYED_AT_ONCE]
            yield from _faults_among(connection, merges, partial(_one_of, ids=some))


def _stretches(connection: sa.Connection) -> Iterator[tuple[int, int | None]]:
    """The ids of the cases in stretches; the last one has no end, for events whose cases are gone."""
    low = 0
    while True:
        ids = (
            sa.select(Case.id)
            .where(Case.id > low)
            .order_by(Case.id)
            .limit(REPLAYED_AT_ONCE)
            .subquery()
        )
        high = connection.scalar(sa.select(sa.func.max(ids.c.id)))
        yield low, high
        if high is None:
            return
        low = high


def _between(column: Any, *, low: int, high: int | None) -> sa.ColumnElement[bool]:
    after: sa.ColumnElement[bool] = column > low
    return after if high is None else sa.and_(after, column <= high)


def _one_of(column: Any, *, ids: Sequence[int]) -> sa.ColumnElement[bool]:
    condition: sa.ColumnElement[bool] = column.in_(ids)
    return condition


def _faults_among(
    connection: sa.Connection, merges: ToldMerges, among: Callable[[Any], sa.ColumnElement[bool]]
) -> Iterator[str]:
    """The faults of the cases whose ids meet the condition `among`."""
    cases = {row.id: row for row in connection.execute(_CASES.where(among(Case.id)))}
    notas = _by_case(connection.execute(_NOTAS.where(among(Nota.case_id))).all())
    flags = _by_case(
        connection.execute(_FLAGS.where(among(Flag.case_id)).order_by(Flag.case_id, Flag.id)).all()
    )
    letters = _by_case(connection.execute(_LETTERS.where(among(Letter.case_id))).all())
    for case_id, versions in letters.items():
        yield from _number_faults(case_id, notas.get(case_id, ()), versions)
    events = connection.execution_options(yield_per=1000).execute(
        _EVENTS.where(among(Event.case_id), Event.kind.in_(REPLAYED_KINDS)).order_by(
            Event.case_id, Event.id
        )
    )
    for case_id, of_case in groupby(events, key=lambda event: event.case_id):
        told = ToldCase()
        for event in of_case:
            yield from _unread(told.hear, event)
            merges.hear(told.of, event.id, event.company_id, is_draft=told.state == DRAFT)
        merges.follow(told.of)
        yield from _faults_of(
            case_id, told, cases.pop(case_id, None), notas.pop(case_id, ()), flags.pop(case_id, ())
        )
    for case_id, row in cases.items():
        yield f"case {row.number or case_id}: no event tells of it"
    for case_id, rows in (*notas.items(), *flags.items()):
        if case_id not in cases:
            yield f"case {case_id}: {len(rows)} rows about it, and no event tells of it"


def _unread(hear: Callable[[AnyRow], None], event: AnyRow) -> Iterator[str]:
    """Let an event be heard; yield a line when its facts are none that Patuh writes."""
    try:
        hear(event)
    except (AttributeError, KeyError, TypeError, ValueError):
        yield f"event {event.id}: its facts cannot be read"


def _by_case(rows: Sequence[AnyRow]) -> dict[int, Sequence[AnyRow]]:
    return {id: list(rows) for id, rows in groupby(rows, key=lambda row: row.case_id)}


def _faults_of(
    case_id: int,
    told: ToldCase,
    case: AnyRow | None,
    notas: Sequence[AnyRow],
    flags: Sequence[AnyRow],
) -> Iterator[str]:
    name = f"case {(case and case.number) or told.number or case_id}"
    if case is None:
        if not told.is_discarded:
            yield f"{name}: gone, and event {told.last} still speaks of it"
        return
    if case.status != told.state:
        yield f"{name}: {case.status}, and by the events ({told.last} the last) {told.state}"
    if told.number and case.number != told.number:
        yield f"{name}: by the events its number is {told.number}"
    if told.effective_on and case.effective_on != told.effective_on:
        yield f"{name}: due on {case.effective_on}, and by the events on {told.effective_on}"
    if told.of.is_settled:
        yield from _not_of(name, case, told.of)
        for flag in flags:
            yield from _not_of(f"flag {flag.id}", flag, told.of)
    yield from _nota_faults(name, told, notas)
    yield from flag_faults(flags, told.flags)


def _not_of(name: str, row: AnyRow, said: Belonging) -> Iterator[str]:
    if said.company is not None and row.company_id != said.company:
        yield f"{name}: of company {row.company_id}, and by the events of company {said.company}"


def _nota_faults(name: str, told: ToldCase, notas: Sequence[AnyRow]) -> Iterator[str]:
    here = {nota.kind: nota for nota in notas}
    if len(here) < len(notas):
        yield f"{name}: more than one nota of a kind"
    for kind in told.notas.keys() - here.keys():
        yield f"nota {told.notas[kind].get('number') or kind} of {name}: gone, or it is of another kind now"
    for kind, nota in here.items():
        facts = told.notas.get(kind)
        if facts is None:
            yield f"nota {nota.number or kind} of {name}: no event tells of it"
            continue
        said_as = nota.number or f"{kind} of {name}"
        for column, fact in NOTA_FACTS.items():
            said = from_json(facts.get(fact))
            if (fact in facts or fact == "number") and getattr(nota, column) != said:
                yield f"nota {said_as}: {column} is {getattr(nota, column)}, by the events {said}"
        if nota.received_on != (said := told.received_on.get(kind)):
            yield f"nota {said_as}: received_on is {nota.received_on}, by the events {said}"


def _number_faults(
    case_id: int, notas: Sequence[AnyRow], letters: Sequence[AnyRow]
) -> Iterator[str]:
    """The letters of notas that bear another number than the nota has on its case."""
    numbers = {NOTA_LETTERS[nota.kind]: nota.number for nota in notas}
    for letter in letters:
        number = numbers.get(letter.kind)
        borne = f"{number}{version_mark(letter.version)}" if number else None
        if letter.number != borne:
            yield f"letter {letter.id} of case {case_id}: its number is {letter.number}, by its nota {borne}"


def flag_faults(flags: Sequence[AnyRow], told: Mapping[int, ToldFlag]) -> Iterator[str]:
    """The flags that are not as the events say; `told` are all of which these events speak."""
    here = {flag.id: flag for flag in flags}
    for id in told.keys() - here.keys():
        yield f"flag {id}: gone, and event {told[id].raised} says that it was raised"
    for id, flag in here.items():
        said = told.get(id)
        if said is None:
            yield f"flag {id}: no event tells of it"
            continue
        if flag.level != said.level:
            yield f"flag {id}: {flag.level}, and by event {said.raised} {said.level}"
        if flag.since_on != said.since_on:
            yield f"flag {id}: since {flag.since_on}, and by event {said.raised} since {said.since_on}"
        if flag.lifted_at is None and said.lifted is not None:
            yield f"flag {id}: active, and event {said.lifted} says that it was lifted"
        if flag.lifted_at is not None and said.lifted is None:
            yield f"flag {id}: lifted, and no event says so"


def faults_without_case(connection: sa.Connection) -> Iterator[str]:
    """The same of the flags that no case raised: requests of BPJS about a company. There are few."""
    told: dict[int, ToldFlag] = {}
    events = connection.execution_options(yield_per=1000).execute(
        _EVENTS.where(
            Event.kind.in_(("flag.raised", "flag.lifted")), Event.case_id.is_(None)
        ).order_by(Event.id)
    )
    for event in events:
        yield from _unread(partial(hear_of_flag, told), event)
    flags = connection.execute(_FLAGS.where(Flag.case_id.is_(None)).order_by(Flag.id)).all()
    yield from flag_faults(flags, told)
    merges = ToldMerges(connection)
    for flag in flags:
        if (said := told.get(flag.id)) is not None and said.company is not None:
            of = merges.follow(Belonging(said.company, said.raised, is_settled=True))
            yield from _not_of(f"flag {flag.id}", flag, of)
