"""The chart of a case, read as the table it is: every step from every status, and every guard."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from compliance.cases.workflow import CHART, STATUSES, StepFacts
from compliance.core.errors import Refusal
from compliance.policy import TABLE

DUE = date(2027, 3, 1)
BEFORE, AFTER = DUE - timedelta(days=1), DUE + timedelta(days=1)
STAYS = "stays"
LEADS_TO = {
    #                 draft        in_remedy      recheck_due    unresolved    resolved     withdrawn
    "issue":         ("in_remedy", None,          None,          None,         None,        None),
    "take_over":     ("in_remedy", None,          None,          None,         None,        None),
    "comply_before": (None,        "resolved",    None,          None,         None,        None),
    "fail_before":   (None,        "unresolved",  None,          None,         None,        None),
    "fall_due":      (None,        "recheck_due", None,          None,         None,        None),
    "miss":          (None,        None,          STAYS,         None,         None,        None),
    "submit":        (STAYS,       STAYS,         STAYS,         STAYS,        None,        None),
    "take_back":     (STAYS,       STAYS,         STAYS,         STAYS,        None,        None),
    "send_back":     (STAYS,       STAYS,         STAYS,         STAYS,        None,        None),
    "approve":       (STAYS,       STAYS,         STAYS,         STAYS,        None,        None),
    "number":        (None,        STAYS,         STAYS,         STAYS,        STAYS,       STAYS),
    "receive":       (None,        STAYS,         STAYS,         STAYS,        None,        None),
    "issue_second":  (None,        STAYS,         STAYS,         STAYS,        None,        None),
    "visit_in_vain": (None,        STAYS,         STAYS,         STAYS,        None,        None),
    "visit_early":   (None,        STAYS,         STAYS,         None,         None,        None),
    "comply":        (None,        "resolved",    "resolved",    "resolved",   None,        None),
    "fail":          (None,        "unresolved",  "unresolved",  None,         None,        None),
    "fail_again":    (None,        None,          None,          STAYS,        None,        None),
    "undo_to_in_remedy":   (None, "in_remedy",   None,           "in_remedy",   "in_remedy",   None),
    "undo_to_recheck_due": (None, None,          "recheck_due",  "recheck_due", "recheck_due", None),
    "undo_to_unresolved":  (None, None,          None,           "unresolved",  "unresolved",  None),
    "accept_proof":  (None,        None,          "resolved",    "resolved",   None,        None),
    "extend":        (None,        "in_remedy",   "in_remedy",   None,         None,        None),
    "reschedule":    (None,        "in_remedy",   "in_remedy",   None,         None,        None),
    "withdraw":      (None,        "withdrawn",   "withdrawn",   "withdrawn",  None,        None),
    "reopen":        (None,        None,          None,          None,         "in_remedy", "in_remedy"),
    "reassign":      (None,        STAYS,         STAYS,         STAYS,        None,        None),
    "give_back":     (None,        STAYS,         STAYS,         STAYS,        None,        None),
    "remind":        (None,        STAYS,         STAYS,         None,         None,        None),
    "escalate":      (None,        STAYS,         STAYS,         None,         None,        None),
    "answer":        (None,        STAYS,         STAYS,         None,         None,        None),
}  # fmt: skip
WAITING = {"submitted_at": BEFORE}
RECORD_WHEN_ALLOWED: dict[str, dict[str, Any]] = {
    "answer": {"escalated_on": BEFORE},
    "take_back": WAITING,
    "send_back": WAITING,
    "approve": WAITING,
}
WHEN_ALLOWED = {"visit_early": {"on": BEFORE}}


def a_record(status: str = "recheck_due", **facts: Any) -> SimpleNamespace:
    return SimpleNamespace(
        **{
            "status": status,
            "effective_on": DUE,
            "extended_on": None,
            "escalated_on": None,
            "nota": SimpleNamespace(received_on=BEFORE),
            "submitted_at": None,
            "notas": [SimpleNamespace(number=None)],
            "second_nota": None,
            "warned_of": ["JS-02"],
            "workers_total": 40,
            "workers_registered": 28,
            "first_limit_on": BEFORE - timedelta(days=30),
            "inspector_id": 1,
            "inspector": SimpleNamespace(active=True, name="Ina Contoh"),
            **facts,
        }
    )


def facts(**given: Any) -> StepFacts:
    """The facts of a step nobody could object to, but for what is given."""
    fair = {
        "today": AFTER,
        "on": AFTER + timedelta(days=1),
        "reason": "sebab",
        "workers_registered": 40,
        "extension_days_max": 92,
    }
    return StepFacts(**{**fair, "inspector_id": 2, **given})


def test_the_table_here_speaks_of_every_step_and_status() -> None:
    assert set(LEADS_TO) == set(CHART.steps)
    assert list(STATUSES) == [
        "draft",
        "in_remedy",
        "recheck_due",
        "unresolved",
        "resolved",
        "withdrawn",
    ]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("name", LEADS_TO)
def test_a_step_leads_where_the_table_says_and_nowhere_else(name: str, status: str) -> None:
    record = a_record(status, **RECORD_WHEN_ALLOWED.get(name, {}))
    target = LEADS_TO[name][list(STATUSES).index(status)]
    given = facts(**WHEN_ALLOWED.get(name, {}))
    if target is None:
        with pytest.raises(Refusal, match="status kasus"):
            CHART.move(record, name, given)
        assert record.status == status
    else:
        CHART.move(record, name, given)
        assert record.status == (status if target is STAYS else target)


GUARDED = {
    "an answer nobody waits for": ("answer", "recheck_due", {}, {}, "tidak sedang dieskalasi"),
    "an answer without words": ("answer", "recheck_due", {"escalated_on": BEFORE}, {"reason": " "},
        "alasannya"),
    "fall due on the day": ("fall_due", "in_remedy", {}, {"on": DUE}, None),
    "fall due the day before": ("fall_due", "in_remedy", {}, {"on": BEFORE}, "belum tiba"),
    "missed the day after": ("miss", "recheck_due", {}, {"today": AFTER}, None),
    "not missed on the day itself": ("miss", "recheck_due", {}, {"today": DUE}, "belum lewat"),
    "issued while it waits": ("issue", "draft", WAITING, {}, "menunggu persetujuan"),
    "submitted twice": ("submit", "draft", WAITING, {}, "menunggu persetujuan"),
    "Nota II while one waits": ("issue_second", "in_remedy", WAITING, {}, "menunggu persetujuan"),
    "taken back and nothing waits": ("take_back", "draft", {}, {}, "Tidak ada nota"),
    "sent back and nothing waits": ("send_back", "draft", {}, {}, "Tidak ada nota"),
    "sent back without a reason": ("send_back", "draft", WAITING, {"reason": " "}, "alasannya"),
    "approved and nothing waits": ("approve", "draft", {}, {}, "Tidak ada nota"),
    "numbered twice": ("number", "resolved", {"notas": [SimpleNamespace(number="1")]}, {},
        "sudah dicatat"),
    "a second Nota II": ("issue_second", "in_remedy", {"second_nota": SimpleNamespace(issued_on=BEFORE)}, {},
        "sudah terbit"),
    "Nota II before Nota I was received": ("issue_second", "in_remedy",
        {"nota": SimpleNamespace(received_on=None)}, {}, "tanda terima Nota I"),
    "Nota II where nobody was counted": ("issue_second", "in_remedy", {"workers_registered": None}, {},
        "belum dihitung"),
    "an old nota complied with a finding open": ("comply_before", "in_remedy", {},
        {"open_findings": ["JS-02"]}, "JS-02 belum ditandai"),
    "Nota II with nothing open": ("issue_second", "in_remedy", {"warned_of": []}, {}, "sudah selesai"),
    "Nota II on the last day of Nota I": ("issue_second", "in_remedy", {"first_limit_on": AFTER}, {},
        "belum lewat"),
    "Nota II the day after": ("issue_second", "unresolved", {"first_limit_on": DUE}, {}, None),
    "an early visit": ("visit_early", "in_remedy", {}, {"on": BEFORE}, None),
    "a visit on the day is not early": ("visit_early", "in_remedy", {}, {"on": DUE}, "sudah tiba"),
    "complied with a finding open": ("comply", "recheck_due", {}, {"open_findings": ["JS-02"]},
        "JS-02 belum ditandai"),
    "complied without a count": ("comply", "recheck_due", {}, {"workers_registered": None}, "jumlah pekerja"),
    "complied and none is registered": ("comply", "recheck_due", {}, {"workers_registered": 0}, None),
    "failed on the day": ("fail", "recheck_due", {}, {"on": DUE}, None),
    "failed the day before": ("fail", "in_remedy", {}, {"on": BEFORE}, "belum tiba"),
    "proof without a reason": ("accept_proof", "unresolved", {}, {"reason": "  "}, "alasannya"),
    "extended twice": ("extend", "in_remedy", {"extended_on": BEFORE}, {}, "hanya satu kali"),
    "extended to the same day": ("extend", "in_remedy", {}, {"today": BEFORE, "on": DUE},
        "sesudah jatuh tempo"),
    "extended into the past": ("extend", "recheck_due", {}, {"today": date(2027, 4, 1),
        "on": date(2027, 3, 20)}, "hari ini"),
    "extended as far as may be": ("extend", "in_remedy", {}, {"today": BEFORE,
        "on": DUE + timedelta(days=92)}, None),
    "extended a day too far": ("extend", "in_remedy", {}, {"today": BEFORE,
        "on": DUE + timedelta(days=93)}, "paling lama 92"),
    "extended without a reason": ("extend", "in_remedy", {}, {"reason": None}, "alasannya"),
    "withdrawn without a reason": ("withdraw", "in_remedy", {}, {"reason": ""}, "alasannya"),
    "reopened without a reason": ("reopen", "resolved", {}, {"reason": "\t"}, "alasannya"),
    "reassigned to whom it belongs": ("reassign", "in_remedy", {}, {"inspector_id": 1}, "sudah dipegang"),
    "reassigned without a reason": ("reassign", "in_remedy", {}, {"reason": ""}, "alasannya"),
    "reminding who left": ("remind", "in_remedy", {"inspector": SimpleNamespace(active=False,
        name="Budi Misal")}, {}, "Budi Misal"),
    "escalated on the day itself": ("escalate", "recheck_due", {}, {"today": DUE}, "belum lewat"),
    "escalated twice": ("escalate", "recheck_due", {"escalated_on": AFTER}, {}, "Sudah dieskalasi"),
    "escalated without a reason": ("escalate", "recheck_due", {}, {"reason": ""}, "alasannya"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "status", "record", "given", "reason"), GUARDED.values(), ids=GUARDED
)
def test_a_guard_refuses_with_its_reason(
    name: str, status: str, record: dict[str, Any], given: dict[str, Any], reason: str | None
) -> None:
    found = CHART.refusal(a_record(status, **record), name, facts(**given))
    assert (reason is None) == (found is None)
    assert found is None or reason in str(found)


def test_every_guard_of_the_chart_has_refused_here() -> None:
    guards = {(name, guard.__name__) for name, step in CHART.steps.items() for guard in step.guards}
    heard = set()
    for name, status, record, given, reason in GUARDED.values():
        subject, told = a_record(status, **record), facts(**given)
        heard |= {
            (name, guard.__name__)
            for guard in CHART.steps[name].guards
            if reason and guard(subject, told) is not None
        }
    assert guards - heard == set()


def test_a_refused_step_leaves_the_status_alone() -> None:
    record = a_record("recheck_due")
    with pytest.raises(Refusal):
        CHART.move(record, "comply", facts(open_findings=["JS-01"]))
    assert record.status == "recheck_due"


def test_every_step_is_somebodys_or_the_systems() -> None:
    assert {step.by for step in CHART.steps.values()} <= set(TABLE) | {"system"}
