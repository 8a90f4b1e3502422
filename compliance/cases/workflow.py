"""TABLE: the life of a case. Who may make which step, from which status, to which, under which guards.

This table is the only place that knows the order of things; `CHART.move` the only one that sets a status.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from compliance.core.chart import Chart, step
from compliance.core.text import Text, say

STATUSES = {
    "draft": say("Draf"),
    "in_remedy": say("Nota terbuka"),
    "recheck_due": say("Menunggu cek ulang"),
    "unresolved": say("Belum selesai"),
    "resolved": say("Patuh"),
    "withdrawn": say("Ditarik"),
}
DRAFT, IN_REMEDY, RECHECK_DUE, UNRESOLVED, RESOLVED, WITHDRAWN = STATUSES
AWAITING = (IN_REMEDY, RECHECK_DUE)
"""The recheck is still to come."""
OPEN = (*AWAITING, UNRESOLVED)
"""Somebody still has to do something."""
ISSUED = (*OPEN, RESOLVED, WITHDRAWN)
"""The nota was issued: all but drafts."""


@dataclass(frozen=True)
class StepFacts:
    """What the guards may look at: the day, the day spoken of, and what is still open."""

    today: date
    on: date | None = None
    reason: str | None = None
    open_findings: Sequence[str] = field(default_factory=tuple)
    workers_registered: int | None = None
    extension_days_max: int = 0
    inspector_id: int | None = None


def the_day_has_come(case: Any, facts: StepFacts) -> Text | None:
    if facts.on is None or facts.on >= case.effective_on:
        return None
    return say("Hari pengecekan kembali belum tiba: {day}.", day=case.effective_on)


def the_day_is_over(case: Any, facts: StepFacts) -> Text | None:
    if facts.today > case.effective_on:
        return None
    return say("Jatuh tempo {day} belum lewat.", day=case.effective_on)


def the_day_is_to_come(case: Any, facts: StepFacts) -> Text | None:
    if facts.on is not None and facts.on < case.effective_on:
        return None
    return say("Jatuh tempo {day} sudah tiba.", day=case.effective_on)


def every_finding_is_fixed(case: Any, facts: StepFacts) -> Text | None:
    if not facts.open_findings:
        return None
    return say(
        "Belum dapat dinyatakan patuh: {codes} belum ditandai selesai.",
        codes=", ".join(facts.open_findings),
    )


def workers_are_counted(case: Any, facts: StepFacts) -> Text | None:
    if facts.workers_registered is not None:
        return None
    return say("Isi jumlah pekerja yang kini terdaftar.")


def not_extended_before(case: Any, facts: StepFacts) -> Text | None:
    if case.extended_on is None:
        return None
    return say(
        "Sudah pernah diperpanjang pada {day}; perpanjangan hanya satu kali.", day=case.extended_on
    )


def the_new_day_is_sensible(case: Any, facts: StepFacts) -> Text | None:
    if facts.on is None or facts.on <= case.effective_on or facts.on <= facts.today:
        return say("Tanggal baru harus sesudah jatuh tempo sekarang dan sesudah hari ini.")
    if (facts.on - max(case.effective_on, facts.today)).days > facts.extension_days_max:
        return say("Perpanjangan paling lama {days} hari.", days=facts.extension_days_max)
    return None


def a_reason_is_given(case: Any, facts: StepFacts) -> Text | None:
    return None if (facts.reason or "").strip() else say("Tuliskan alasannya.")


def it_goes_to_somebody_else(case: Any, facts: StepFacts) -> Text | None:
    return (
        say("Kasus ini sudah dipegang pengawas itu.")
        if facts.inspector_id == case.inspector_id
        else None
    )


def somebody_is_there_to_remind(case: Any, facts: StepFacts) -> Text | None:
    if case.inspector.active:
        return None
    return say(
        "{name} tidak bekerja lagi di sini. Alihkan dulu kasus ini.", name=case.inspector.name
    )


def not_escalated_before(case: Any, facts: StepFacts) -> Text | None:
    if case.escalated_on is None:
        return None
    return say("Sudah dieskalasi pada {day}.", day=case.escalated_on)


def somebody_waits_for_an_answer(case: Any, facts: StepFacts) -> Text | None:
    return say("Kasus ini tidak sedang dieskalasi.") if case.escalated_on is None else None


def no_second_nota_yet(case: Any, facts: StepFacts) -> Text | None:
    if case.second_nota is None:
        return None
    return say("Nota II sudah terbit pada {day}.", day=case.second_nota.issued_on)


def workers_were_counted(case: Any, facts: StepFacts) -> Text | None:
    if case.workers_total is not None and case.workers_registered is not None:
        return None
    return say(
        "Jumlah pekerja kasus ini belum dihitung: catat dulu hasil kunjungan dengan jumlahnya."
    )


def the_nota_was_received(case: Any, facts: StepFacts) -> Text | None:
    if case.nota is not None and case.nota.received_on is not None:
        return None
    return say("Catat dulu tanda terima Nota I: batas waktunya dihitung setelah nota diterima.")


def something_of_the_nota_is_open(case: Any, facts: StepFacts) -> Text | None:
    if case.warned_of:
        return None
    return say("Semua temuan dalam Nota I sudah selesai; tidak ada yang diperingatkan lagi.")


def the_time_of_the_nota_is_over(case: Any, facts: StepFacts) -> Text | None:
    if case.first_limit_on is not None and case.first_limit_on < facts.today:
        return None
    return say("Batas waktu Nota I, {day}, belum lewat.", day=case.first_limit_on)


def nothing_waits(case: Any, facts: StepFacts) -> Text | None:
    if case.submitted_at is None:
        return None
    return say("Nota ini menunggu persetujuan. Tarik dulu kembali untuk mengubahnya.")


def something_waits(case: Any, facts: StepFacts) -> Text | None:
    return None if case.submitted_at else say("Tidak ada nota kasus ini yang menunggu persetujuan.")


def a_number_is_missing(case: Any, facts: StepFacts) -> Text | None:
    if any(nota.number is None for nota in case.notas):
        return None
    return say("Nomor nota kasus ini sudah dicatat.")


# fmt: off
CHART = Chart(STATUSES, [
    #    step             who may           from                                  to             guards
    step("issue",         "case.issue",     "draft",                              "in_remedy",
         nothing_waits),
    #    An old nota comes along with its list: as it was issued, and with what its recheck found.
    step("take_over",     "case.take_over", "draft",                              "in_remedy"),
    step("comply_before", "case.take_over", "in_remedy",                          "resolved",
         every_finding_is_fixed),
    step("fail_before",   "case.take_over", "in_remedy",                          "unresolved"),
    #    Where the office wants approval, Nota I or Nota II waits for it.
    step("submit",        "case.issue",     "draft in_remedy recheck_due unresolved", None,
         nothing_waits),
    step("take_back",     "case.issue",     "draft in_remedy recheck_due unresolved", None,
         something_waits),
    step("send_back",     "nota.approve",   "draft in_remedy recheck_due unresolved", None,
         something_waits, a_reason_is_given),
    step("approve",       "nota.approve",   "draft in_remedy recheck_due unresolved", None,
         something_waits),
    step("fall_due",      "system",         "in_remedy",                          "recheck_due",
         the_day_has_come),
    step("miss",          "system",         "recheck_due",                        None,
         the_day_is_over),
    step("receive",       "case.receipt",   "in_remedy recheck_due unresolved",   None),
    #    Where tata usaha numbers by hand, the number is recorded afterwards.
    step("number",        "case.issue",     "in_remedy recheck_due unresolved resolved withdrawn", None,
         a_number_is_missing),
    step("issue_second",  "case.issue",     "in_remedy recheck_due unresolved",   None,
         nothing_waits, no_second_nota_yet, workers_were_counted, the_nota_was_received,
         something_of_the_nota_is_open, the_time_of_the_nota_is_over),
    step("visit_in_vain", "case.visit",     "in_remedy recheck_due unresolved",   None),
    step("visit_early",   "case.visit",     "in_remedy recheck_due",              None,
         the_day_is_to_come),
    step("comply",        "case.visit",     "in_remedy recheck_due unresolved",   "resolved",
         every_finding_is_fixed, workers_are_counted),
    step("fail",          "case.visit",     "in_remedy recheck_due",              "unresolved",
         the_day_has_come),
    step("fail_again",    "case.visit",     "unresolved",                         None),
    #    A visit is taken back within ten minutes: the case is as before it.
    step("undo_to_in_remedy",   "case.visit", "in_remedy resolved unresolved",    "in_remedy"),
    step("undo_to_recheck_due", "case.visit", "recheck_due resolved unresolved",  "recheck_due"),
    step("undo_to_unresolved",  "case.visit", "unresolved resolved",              "unresolved"),
    step("accept_proof",  "flag.lift",      "recheck_due unresolved",             "resolved",
         a_reason_is_given),
    step("extend",        "case.extend",    "in_remedy recheck_due",              "in_remedy",
         not_extended_before, the_new_day_is_sensible, a_reason_is_given),
    step("reschedule",    "calendar.manage","in_remedy recheck_due",              "in_remedy"),
    step("withdraw",      "case.withdraw",  "in_remedy recheck_due unresolved",   "withdrawn",
         a_reason_is_given),
    step("reopen",        "case.reopen",    "resolved withdrawn",                 "in_remedy",
         a_reason_is_given),
    step("reassign",      "case.reassign",  "in_remedy recheck_due unresolved",   None,
         it_goes_to_somebody_else, a_reason_is_given),
    step("give_back",     "case.give_back", "in_remedy recheck_due unresolved",   None),
    step("remind",        "case.remind",    "in_remedy recheck_due",              None,
         somebody_is_there_to_remind),
    step("escalate",      "case.escalate",  "in_remedy recheck_due",              None,
         the_day_is_over, not_escalated_before, a_reason_is_given),
    step("answer",        "case.answer_escalation", "in_remedy recheck_due",      None,
         somebody_waits_for_an_answer, a_reason_is_given),
])
# fmt: on
