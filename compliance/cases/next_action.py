"""What comes next for a case: one sentence and one button, chosen by its state and the reader's role. Pure.

Judges by dates, not by whether a job has run. Offers no step that the policy or the chart would refuse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from compliance.cases.deadlines import dates_of_nota
from compliance.cases.workflow import (
    CHART,
    IN_REMEDY,
    RECHECK_DUE,
    RESOLVED,
    UNRESOLVED,
    WITHDRAWN,
    StepFacts,
)
from compliance.core.text import Text, say, say_many
from compliance.policy import Actor, may, scope


@dataclass(frozen=True)
class Act:
    """Something a reader may do now: the last part of its page's address, and what its button says."""

    name: str
    label: Text


@dataclass(frozen=True)
class NextAction:
    """What a case's page says: where the case stands, the act to do now (if any), and the other acts
    that are open.
    """

    sentence: Text
    primary: Act | None
    others: tuple[Act, ...]
    of_the_nota: Text | None = None
    """How the time that the notas grant stands, once it is over or Nota II is there."""
    idle: bool = False
    """Nothing is to be done by the state of the case alone; a paper may still be due."""


@dataclass(frozen=True)
class Stage:
    """One of the four stages of every case; `state` is done, now, or to come."""

    label: Text
    note: Text | date | None
    state: str


STEPS = {
    "recheck": ("visit_in_vain", say("Catat hasil cek ulang")),
    "receipt": ("receive", say("Catat tanda terima")),
    "nota-number": ("number", say("Catat nomor nota")),
    "second-nota": ("issue_second", say("Terbitkan Nota II")),
    "second-receipt": ("receive", say("Catat tanda terima Nota II")),
    "remind": ("remind", say("Ingatkan pengawas")),
    "reassign": ("reassign", say("Alihkan")),
    "extend": ("extend", say("Perpanjang")),
    "escalate": ("escalate", say("Eskalasi")),
    "escalation": ("answer", say("Jawab eskalasi")),
    "reopen": ("reopen", say("Buka kembali")),
    "withdraw": ("withdraw", say("Tarik nota")),
}
"""The pages of a case's steps: which step of the chart stands behind each, and its button.

In the order shown.
"""

VISIT_AGAIN = say("Catat kunjungan")


def refusal_of(case: Any, name: str, *, today: date) -> Text | None:
    """Why the page `name` cannot be opened for `case` now, whatever would be filled in; None when it can."""
    if name == "receipt" and case.nota is not None and case.nota.received_on is not None:
        return say("Tanda terima sudah dicatat: {day}.", day=case.nota.received_on)
    if name == "second-receipt" and (reason := _no_second_receipt(case)) is not None:
        return reason
    hopeful = StepFacts(
        today=today,
        on=max(case.effective_on, today) + timedelta(days=1),
        extension_days_max=1,
        reason="-",
        inspector_id=0,
    )
    return CHART.refusal(case, STEPS[name][0], hopeful)


def _no_second_receipt(case: Any) -> Text | None:
    if case.second_nota is None:
        return say("Nota II belum terbit.")
    if case.second_nota.received_on is None:
        return None
    return say("Tanda terima sudah dicatat: {day}.", day=case.second_nota.received_on)


def next_action(case: Any, *, by: Actor, today: date) -> NextAction:
    """The sentence and the acts for `by`, from the facts of the case and the office's day."""
    open_acts = {
        name: Act(name, label)
        for name, (step, label) in STEPS.items()
        if may(by, CHART.steps[step].by, case) and refusal_of(case, name, today=today) is None
    }
    if case.status != RECHECK_DUE and not has_come(case, today) and "recheck" in open_acts:
        open_acts["recheck"] = Act("recheck", VISIT_AGAIN)
    wanted = _urgent(case, by, today)
    primary = next((open_acts.pop(name) for name in wanted if name in open_acts), None)
    others = tuple(open_acts.values())
    if scope(by, "case.findings") is None:
        return NextAction(_sentence_for_licensing(case, today), primary, others)
    sentence = _sentence_for_inspectorate(case, by, today)
    return NextAction(
        sentence or say("Pengecekan kembali {day}.", day=case.effective_on),
        primary,
        others,
        of_the_nota(case, today=today),
        idle=sentence is None,
    )


def has_come(case: Any, today: date) -> bool:
    """Whether the recheck is due by the day, so that one that fails counts."""
    return bool(case.awaits_recheck and case.effective_on <= today)


def _urgent(case: Any, by: Actor, today: date) -> Sequence[str]:
    """The acts that are called for, the most pressing first; none while there is nothing to do."""
    if case.status == UNRESOLVED:
        return ("recheck",)
    if not case.awaits_recheck:
        return ()
    if not has_come(case, today):
        return ("receipt", "second-receipt", "second-nota")
    if case.escalated_on is not None and scope(by, "case.answer_escalation") is not None:
        return ("escalation",)
    if case.owner_id == by.actor_id or scope(by, "case.reassign") is None:
        return ("recheck",)
    return ("reassign", "recheck") if case.days_late(today) else ("remind", "recheck")


def _sentence_for_inspectorate(case: Any, by: Actor, today: date) -> Text | None:
    """What is to be done by the state of the case; None when that is nothing before the recheck."""
    late = case.days_late(today)
    if case.status == RESOLVED:
        return say("Patuh sejak {day}. Kasus ini ditutup.", day=case.resolved_on)
    if case.status == WITHDRAWN:
        return say("Nota ditarik {day}. Kasus ini ditutup.", day=case.withdrawn_on)
    if case.status == UNRESOLVED and case.next_visit_on < today:
        return say(
            "Kewajiban belum dipenuhi pada cek ulang {day}. Catatan perizinan berlaku sampai ada"
            " bukti. Kunjungan berikutnya, {next}, sudah lewat.",
            day=case.unresolved_on,
            next=case.next_visit_on,
        )
    if case.status == UNRESOLVED:
        return say(
            "Kewajiban belum dipenuhi pada cek ulang {day}. Catatan perizinan berlaku sampai ada"
            " bukti. Kunjungan berikutnya {next}.",
            day=case.unresolved_on,
            next=case.next_visit_on,
        )
    if late:
        return say_many(
            "Cek ulang jatuh tempo {day} dan terlambat {days} hari. Belum ada hasil.",
            day=case.effective_on,
            days=late,
        )
    if has_come(case, today):
        return say("Cek ulang jatuh tempo hari ini. Belum ada hasil.")
    if case.nota is not None and case.nota.received_on is None and may(by, "case.receipt", case):
        return say(
            "Pengecekan kembali {day}. Tanda terima nota belum dicatat.", day=case.effective_on
        )
    if of_the_nota(case, today=today) is not None:
        return say("Pengecekan kembali {day}.", day=case.effective_on)
    return None


def of_the_nota(case: Any, *, today: date) -> Text | None:
    """How the time stands that the notas grant: None while that of Nota I runs, or nothing is open."""
    limit, second = case.first_limit_on, case.second_nota
    if not case.awaits_recheck and case.status != UNRESOLVED:
        return None
    if case.submitted_at is not None:
        return say("Nota II menunggu persetujuan kepala pengawas.")
    if not case.warned_of or limit is None or limit >= today:
        return None
    if second is None:
        return say("Batas waktu Nota I, {day}, sudah lewat. Nota II dapat diterbitkan.", day=limit)
    if second.deadline_on is None:
        return say(
            "Nota II terbit {day}. Tanda terimanya belum dicatat: batas waktunya dihitung setelah diterima.",
            day=second.issued_on,
        )
    if second.deadline_on >= today:
        return say("Nota II sudah diterima; batas waktunya {day}.", day=second.deadline_on)
    return say(
        "Batas waktu Nota II, {day}, sudah lewat. Langkah berikutnya: laporan ketidakpatuhan.",
        day=second.deadline_on,
    )


def _sentence_for_licensing(case: Any, today: date) -> Text:
    late = case.days_late(today)
    if case.status == RESOLVED:
        return say(
            "Kewajiban dalam nota ini sudah dipenuhi {day}. Kasusnya ditutup.", day=case.resolved_on
        )
    if case.status == WITHDRAWN:
        return say("Nota ditarik {day} dan tidak berlaku lagi.", day=case.withdrawn_on)
    if case.status == UNRESOLVED:
        return say(
            "Belum dipenuhi pada cek ulang {day}. Pemohon dapat menunjukkan buktinya sebelum Anda"
            " memutuskan.",
            day=case.unresolved_on,
        )
    if late:
        return say_many(
            "Pengecekan kembali lewat {days} hari dan belum ada hasilnya. Ingatkan pemohon.",
            days=late,
        )
    return dates_of_nota(case.deadline, recheck_on=case.effective_on)


def stages(case: Any, *, today: date) -> tuple[Stage, Stage, Stage, Stage]:
    """Where the case stands on its road: nota, open nota, recheck, end."""
    states = {
        RESOLVED: ("done", "done", "done", "done"),
        WITHDRAWN: ("done", "to come", "to come", "now"),
        UNRESOLVED: ("done", "done", "done", "now"),
        RECHECK_DUE: ("done", "done", "now", "to come"),
    }.get(
        case.status,
        (
            ("done", "done", "now", "to come")
            if has_come(case, today)
            else ("done", "now", "to come", "to come")
        ),
    )
    end, ended_on = {
        RESOLVED: (say("Selesai"), case.resolved_on),
        WITHDRAWN: (say("Nota ditarik"), case.withdrawn_on),
        UNRESOLVED: (say("Catatan perizinan"), case.unresolved_on),
    }.get(case.status, (say("Selesai atau catatan perizinan"), None))
    return (
        Stage(say("Nota terbit"), case.nota.issued_on if case.nota else None, states[0]),
        Stage(
            say("Nota terbuka"), say("pengecekan kembali {day}", day=case.effective_on), states[1]
        ),
        Stage(say("Cek ulang"), None, states[2]),
        Stage(end, ended_on, states[3]),
    )


def consequences(case: Any, *, today: date, offices: Sequence[str]) -> dict[str, Text]:
    """What every outcome of a visit made today leads to, and which offices will hear of it.

    `offices` are the licensing offices.
    """
    names = ", ".join(offices)
    if case.status == UNRESOLVED:
        failed = say("Dicatat. Catatan perizinan tetap berlaku; tidak ada yang diberi tahu lagi.")
    elif case.status == IN_REMEDY and today < case.effective_on:
        failed = say(
            "Dicatat saja: hari pengecekan kembali belum tiba ({day}). Tidak ada yang diberi tahu.",
            day=case.effective_on,
        )
    else:
        failed = say(
            "Kasus menjadi belum selesai dan catatan perizinan dikirim ke {offices}.", offices=names
        )
    return {
        "complied": say(
            "Kasus selesai; peringatan dan catatannya dicabut, TMP2T hanya oleh surat BPJS. Diberi tahu: "
            "{offices}.",
            offices=names,
        ),
        "partly_complied": failed,
        "not_complied": failed,
        "not_met": say(
            "Tutup, pindah, atau menolak: dicatat dengan sebabnya, kasus tetap seperti sekarang."
        ),
    }
