"""What a reader of a case is told to do next: a table of state, day and role."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from compliance.cases.next_action import STEPS, consequences, next_action, refusal_of, stages
from compliance.cases.workflow import CHART
from compliance.policy import may

pytestmark = pytest.mark.one_store

DUE, BEFORE, LATE = date(2027, 3, 1), date(2027, 2, 1), date(2027, 3, 13)


@dataclass(frozen=True)
class Reader:
    role: str
    actor_id: int = 1
    actor_name: str = "Ina Contoh"
    region_code: str | None = None


INA, BUDI = Reader("inspector"), Reader("inspector", 2)
SARI, TIKA = Reader("supervisor", 3), Reader("compliance", 4)
LIA = Reader("licensing", 5, region_code="53.71")
SARIS_OWN = Reader("supervisor", 1)


def a_record(status: str = "in_remedy", *, received: bool = True, **facts: Any) -> Any:
    """A case of Ina's, due on 1 March 2027."""
    nota = SimpleNamespace(
        issued_on=date(2026, 11, 30), received_on=date(2026, 12, 2) if received else None
    )
    late = status in ("in_remedy", "recheck_due")
    return SimpleNamespace(
        **{
            "status": status,
            "effective_on": DUE,
            "deadline": date(2026, 12, 16),
            "nota": nota,
            "second_nota": None,
            "submitted_at": None,
            "notas": [],
            "warned_of": ["JS-02"],
            "workers_total": 40,
            "workers_registered": 28,
            "first_limit_on": None,
            "owner_id": 1,
            "inspector_id": 1,
            "region_code": "53.71",
            "inspector": SimpleNamespace(active=True, name="Ina Contoh"),
            "extended_on": None,
            "escalated_on": None,
            "unresolved_on": DUE,
            "next_visit_on": DUE,
            "resolved_on": DUE,
            "withdrawn_on": DUE,
            "awaits_recheck": late,
            "days_late": lambda today: max(0, (today - DUE).days) if late else 0,
            **facts,
        }
    )


TOLD = {
    "no receipt yet, inspector": (INA, a_record(received=False), BEFORE,
        "Tanda terima nota belum dicatat", "receipt", "recheck"),
    "no receipt yet, compliance": (TIKA, a_record(received=False), BEFORE, "Tidak ada yang perlu",
        None, "remind reassign extend"),
    "in time, inspector": (INA, a_record(), BEFORE, "Pengecekan kembali", None, "recheck"),
    "in time, licensing": (LIA, a_record(), BEFORE, "paling lambat 2026-12-16; pengecekan kembali", None, ""),
    "due today, inspector": (INA, a_record("recheck_due"), DUE, "jatuh tempo hari ini", "recheck", ""),
    "due today though no sweep ran": (INA, a_record(), DUE, "jatuh tempo hari ini", "recheck", ""),
    "due today, compliance": (TIKA, a_record("recheck_due"), DUE, "jatuh tempo hari ini", "remind",
        "reassign extend"),
    "late, inspector": (INA, a_record("recheck_due"), LATE, "terlambat 12 hari", "recheck", ""),
    "late, compliance": (TIKA, a_record("recheck_due"), LATE, "terlambat 12 hari", "reassign",
        "remind extend escalate"),
    "late, supervisor": (SARI, a_record("recheck_due"), LATE, "terlambat", "reassign",
        "recheck remind extend escalate withdraw"),
    "late, the supervisor's own": (SARIS_OWN, a_record("recheck_due"), LATE, "terlambat", "recheck",
        "remind reassign extend escalate withdraw"),
    "late, licensing": (LIA, a_record("recheck_due"), LATE, "lewat 12 hari", None, ""),
    "late and extended before": (TIKA, a_record("recheck_due", extended_on=BEFORE), LATE,
        "terlambat", "reassign", "remind escalate"),
    "late and escalated": (TIKA, a_record("recheck_due", escalated_on=DUE), LATE, "terlambat",
        "reassign", "remind extend"),
    "late, its inspector left": (
        TIKA, a_record("recheck_due", inspector=SimpleNamespace(active=False, name="Budi")), LATE,
        "terlambat", "reassign", "extend escalate"
    ),
    "unresolved, inspector": (INA, a_record("unresolved"), LATE, "Kewajiban belum dipenuhi", "recheck", ""),
    "unresolved, compliance": (TIKA, a_record("unresolved"), LATE, "Kewajiban belum dipenuhi", None,
        "reassign"),
    "unresolved, supervisor": (SARI, a_record("unresolved"), LATE, "Kewajiban belum", "recheck",
        "reassign withdraw"),
    "unresolved, licensing": (LIA, a_record("unresolved"), LATE, "menunjukkan buktinya", None, ""),
    "resolved, inspector": (INA, a_record("resolved"), LATE, "Patuh sejak", None, ""),
    "resolved, supervisor": (SARI, a_record("resolved"), LATE, "Kasus ini ditutup", None, "reopen"),
    "resolved, licensing": (LIA, a_record("resolved"), LATE, "sudah dipenuhi", None, ""),
    "withdrawn, supervisor": (SARI, a_record("withdrawn"), LATE, "Nota ditarik", None, "reopen"),
    "withdrawn, licensing": (LIA, a_record("withdrawn"), LATE, "tidak berlaku lagi", None, ""),
    "another inspector's": (BUDI, a_record("recheck_due"), LATE, "terlambat", None, ""),
}  # fmt: skip


@pytest.mark.parametrize(
    ("by", "case", "today", "words", "primary", "others"), TOLD.values(), ids=TOLD
)
def test_a_reader_gets_one_sentence_one_button_and_what_else_may_be_done(
    by: Reader, case: Any, today: date, words: str, primary: str | None, others: str
) -> None:
    found = next_action(case, by=by, today=today)
    idle = " Tidak ada yang perlu dilakukan" if found.idle else ""
    assert words in f"{found.sentence}{idle}"
    assert (found.primary.name if found.primary else None) == primary
    assert [act.name for act in found.others] == others.split()


STANDS = {
    "no receipt": (a_record(received=False), BEFORE),
    "in time": (a_record(), BEFORE),
    "due today": (a_record("recheck_due"), DUE),
    "late": (a_record("recheck_due"), LATE),
    "unresolved": (a_record("unresolved"), LATE),
    "resolved": (a_record("resolved"), LATE),
    "withdrawn": (a_record("withdrawn"), LATE),
}
LIMIT = date(2026, 12, 16)
OVER = {"first_limit_on": LIMIT}


def a_second(received_on: date | None = None, deadline_on: date | None = None) -> SimpleNamespace:
    return SimpleNamespace(
        issued_on=date(2026, 12, 17), received_on=received_on, deadline_on=deadline_on
    )


OF_THE_NOTA = {
    "on the last day": (a_record(**OVER), LIMIT, None, None),
    "over": (a_record(**OVER), date(2026, 12, 17), "Nota II dapat diterbitkan", "second-nota"),
    "over, and the recheck is late": (a_record("recheck_due", **OVER), LATE, "Nota II dapat", "recheck"),
    "over, and nothing is open": (a_record(**OVER, warned_of=[]), BEFORE, None, None),
    "Nota II not received": (
        a_record(**OVER, second_nota=a_second()), BEFORE, "Tanda terimanya belum", "second-receipt"
    ),
    "Nota II runs": (
        a_record(**OVER, second_nota=a_second(BEFORE, BEFORE)), BEFORE, "batas waktunya 2027-02-01", None
    ),
    "Nota II is over": (
        a_record(**OVER, second_nota=a_second(LIMIT, LIMIT)), BEFORE, "laporan ketidakpatuhan", None
    ),
    "resolved meanwhile": (a_record("resolved", **OVER), LATE, None, None),
}  # fmt: skip


@pytest.mark.parametrize(("case", "day", "words", "primary"), OF_THE_NOTA.values(), ids=OF_THE_NOTA)
def test_the_time_of_the_notas_is_said_beside_the_recheck(
    case: Any, day: date, words: str | None, primary: str | None
) -> None:
    told = next_action(case, by=INA, today=day)
    assert (words in str(told.of_the_nota)) if words else told.of_the_nota is None
    assert (told.primary.name if told.primary else None) == primary
    assert next_action(case, by=LIA, today=day).of_the_nota is None


READERS = {"ina": INA, "sari's own": SARIS_OWN, "sari": SARI, "tika": TIKA, "lia": LIA}
MAIN_BUTTON = """
                ina      sari's own  sari      tika      lia
    no receipt  receipt  receipt     receipt   -         -
    in time     -        -           -         -         -
    due today   recheck  recheck     remind    remind    -
    late        recheck  recheck     reassign  reassign  -
    unresolved  recheck  recheck     recheck   -         -
    resolved    -        -           -         -         -
    withdrawn   -        -           -         -         -
"""


def test_every_reader_has_the_one_main_button_the_state_calls_for() -> None:
    lines = [re.split(r"\s{2,}", line.strip()) for line in MAIN_BUTTON.strip().splitlines()]
    assert lines[0] == list(READERS)
    found = []
    for name, (case, day) in STANDS.items():
        acts = [next_action(case, by=by, today=day).primary for by in READERS.values()]
        found.append([name, *(act.name if act else "-" for act in acts)])
    assert found == lines[1:]


@pytest.mark.parametrize("stands", STANDS)
@pytest.mark.parametrize("reader", READERS)
def test_nothing_is_offered_that_the_policy_or_the_chart_would_refuse(
    stands: str, reader: str
) -> None:
    (case, day), by = STANDS[stands], READERS[reader]
    found = next_action(case, by=by, today=day)
    offered = [*([found.primary] if found.primary else []), *found.others]
    assert len({act.name for act in offered}) == len(offered)
    for act in offered:
        assert may(by, CHART.steps[STEPS[act.name][0]].by, case)
        assert refusal_of(case, act.name, today=day) is None
    assert str(found.sentence).endswith(".")


def test_a_visit_before_the_day_is_not_called_a_recheck() -> None:
    labels = [str(act.label) for act in next_action(a_record(), by=INA, today=BEFORE).others]
    assert labels == ["Catat kunjungan"]
    primary = next_action(a_record(), by=INA, today=DUE).primary
    assert primary is not None
    assert str(primary.label) == "Catat hasil cek ulang"


def test_every_step_offered_is_a_step_of_the_chart() -> None:
    assert {step for step, _label in STEPS.values()} <= set(CHART.steps)


def test_a_receipt_is_not_asked_for_twice() -> None:
    assert refusal_of(a_record(received=False), "receipt", today=BEFORE) is None
    assert "2026-12-02" in str(refusal_of(a_record(), "receipt", today=BEFORE))


ROAD = {
    "in time": (a_record(), BEFORE, "done now to come to come"),
    "due by the day": (a_record(), DUE, "done done now to come"),
    "due": (a_record("recheck_due"), DUE, "done done now to come"),
    "unresolved": (a_record("unresolved"), LATE, "done done done now"),
    "resolved": (a_record("resolved"), LATE, "done done done done"),
    "withdrawn": (a_record("withdrawn"), LATE, "done to come to come now"),
}


@pytest.mark.parametrize(("case", "today", "states"), ROAD.values(), ids=ROAD)
def test_the_road_has_four_stages_and_one_place_on_it(case: Any, today: date, states: str) -> None:
    assert " ".join(stage.state for stage in stages(case, today=today)) == states


@pytest.mark.parametrize(
    ("case", "today", "words"),
    [
        (a_record(), BEFORE, "belum tiba"),
        (a_record(), DUE, "dikirim ke DPMPTSP Contoh"),
        (a_record("recheck_due"), LATE, "dikirim ke DPMPTSP Contoh"),
        (a_record("unresolved"), LATE, "tetap berlaku"),
    ],
    ids=["early", "on the day", "late", "unresolved"],
)
def test_who_will_be_told_is_said_before(case: Any, today: date, words: str) -> None:
    found = consequences(case, today=today, offices=["DPMPTSP Contoh"])
    assert words in str(found["not_complied"])
    assert found["partly_complied"] == found["not_complied"]
    assert "DPMPTSP Contoh" in str(found["complied"])
    assert "tetap seperti sekarang" in str(found["not_met"])
