"""The verbs of paper that left the office: it was signed, and it was handed over.

The service of a nota starts the time limits of its findings; each attempt is kept, whether it counted or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from compliance.cases.commands.nota import record_receipt
from compliance.cases.evidence.queries import about_case
from compliance.cases.models import Case
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import record
from compliance.core.parsing import clean_line, too_long
from compliance.core.text import Text, say
from compliance.evidence.commands import keep_evidence
from compliance.evidence.models import Evidence
from compliance.files.commands import ReceivedFile
from compliance.letters.commands.drafting import about_letter
from compliance.letters.models import SIGNED_HOW, WAYS, Delivery, Letter
from compliance.letters.queries import letter_in_force
from compliance.letters.rules import note_of_scan
from compliance.letters.workflow import LETTERS, NUMBERED
from compliance.office.settings import today
from compliance.policy import SYSTEM, Actor, command, system_only

_LONGEST = {"receiver": 200, "receiver_position": 100, "witness": 200, "why_not": 200}


@command("letter.sign")
def sign_letter(
    letter: Letter,
    *,
    by: Actor,
    how: str,
    signed_on: date | None,
    signed_file_id: int | None = None,
    signature: dict[str, Any] | None = None,
) -> None:
    """Record that the letter was signed, with the signed file where there is one. Raises Invalid, Refusal.

    `signature` is what verifying the file said (signing). The file was stored before.
    """
    problems: dict[str, Text] = {}
    if how not in SIGNED_HOW:
        problems["how"] = say("Pilih salah satu.")
    handed_over = [delivery.served_on for delivery in letter.deliveries if delivery.counts]
    last = min([today(), *handed_over])
    if signed_on is None or not letter.issued_on <= signed_on <= last:
        problems["signed_on"] = say(
            "Isi tanggal dari {first} sampai {last}.", first=letter.issued_on, last=last
        )
    if problems:
        raise Invalid(problems)
    LETTERS.move(letter, "sign" if letter.status == NUMBERED else "sign_late")
    letter.signed_how, letter.signed_on = how, signed_on
    letter.signed_file_id, letter.signature = signed_file_id, signature
    db.session.flush()
    sha256 = letter.signed_file.sha256 if letter.signed_file is not None else None
    record("letter.signed", by=by, **about_letter(letter), how=how, on=signed_on, sha256=sha256)


@dataclass(frozen=True)
class Attempt:
    """How a letter was handed over, as it was typed. `delivered` is False for an attempt that failed."""

    how: str
    served_on: date | None
    receiver: str | None = None
    receiver_position: str | None = None
    witness: str | None = None
    delivered: bool = True
    why_not: str | None = None
    restart_deadlines: bool | None = None


@command("letter.serve")
def serve_letter(
    letter: Letter, *, by: Actor, attempt: Attempt, scan: ReceivedFile | None = None
) -> Delivery:
    """Record one attempt to hand the letter over. Raises Invalid by field, AlreadyKept, Refusal.

    The first one that counts starts the time limits of a nota. A later one starts them anew only when
    `restart_deadlines` says so: it is asked, never assumed. `scan` is of its receipt, and evidence about the
    letter.
    """
    lines, problems = _read(letter, attempt)
    if attempt.delivered and attempt.restart_deadlines is None and ran_before(letter):
        problems["restart_deadlines"] = say(
            "Pilih apakah batas waktu dihitung ulang sejak tanggal ini."
        )
    step = "serve" if attempt.delivered else "attempt"
    if (refused := LETTERS.refusal(letter, step)) is not None:
        raise Refusal(refused)
    if problems:
        raise Invalid(problems)
    assert attempt.served_on is not None
    evidence = None
    if scan is not None:
        assert letter.case is not None  # only an order has none, and it is served to nobody
        evidence = _keep_scan(letter, letter.case, by=by, scan=scan, on=attempt.served_on)
    LETTERS.move(letter, step)
    if attempt.delivered and letter.nota is not None and letter.case is not None:
        _start_limits(letter, letter.case, by=by, attempt=attempt, receiver=_receiver(lines))
    delivery = _keep(
        letter, by=by, attempt=attempt, lines=lines, restarts=bool(attempt.restart_deadlines)
    )
    delivery.evidence_id = evidence.id if evidence is not None else None
    return delivery


def _keep_scan(
    letter: Letter | None, case: Case, *, by: Actor, scan: ReceivedFile, on: date
) -> Evidence:
    """The scan of a receipt as evidence about its letter; about the case, where the nota has no letter."""
    subject = about_case(case, "letter", letter.id) if letter else about_case(case, "case", case.id)
    return keep_evidence(subject, sender=by, **vars(scan), note=note_of_scan(on))


def ran_before(letter: Letter) -> bool:
    """Whether the time limits of a nota ran already, so that starting them anew is a decision."""
    nota = letter.nota
    return nota is not None and nota.received_on is not None


def _read(letter: Letter, attempt: Attempt) -> tuple[dict[str, str | None], dict[str, Text]]:
    typed = {name: getattr(attempt, name) for name in _LONGEST}
    lines = {name: clean_line(words) for name, words in typed.items()}
    problems = {
        name: reason for name, words in lines.items() if (reason := too_long(words, _LONGEST[name]))
    }
    if attempt.how not in WAYS:
        problems["how"] = say("Pilih salah satu.")
    first = max(letter.issued_on, letter.signed_on or letter.issued_on)
    if attempt.served_on is None or not first <= attempt.served_on <= today():
        problems["served_on"] = say("Isi tanggal antara {first} dan hari ini.", first=first)
    if attempt.how == "refused" and lines["witness"] is None:
        problems["witness"] = say("Penolakan dicatat dengan saksinya.")
    if attempt.delivered and attempt.how != "refused" and lines["receiver"] is None:
        problems["receiver"] = say("Isi nama penerima, misalnya Ani Contoh")
    if not attempt.delivered and lines["why_not"] is None:
        problems["why_not"] = say("Tuliskan sebabnya, misalnya alamat salah.")
    return lines, problems


def _receiver(lines: dict[str, str | None]) -> str:
    who = lines["receiver"] or f"ditolak; saksi {lines['witness']}"
    return ", ".join(filter(None, (who, lines["receiver_position"])))


def _start_limits(
    letter: Letter, case: Case, *, by: Actor, attempt: Attempt, receiver: str
) -> None:
    nota = letter.nota
    assert attempt.served_on is not None and nota is not None
    again = nota.received_on is not None
    if not again or attempt.restart_deadlines:
        record_receipt(
            case,
            by=by,
            received_on=attempt.served_on,
            received_by=receiver,
            letter_id=letter.id,
            again=again,
            kind=nota.kind,
        )


def _keep(
    letter: Letter, *, by: Actor, attempt: Attempt, lines: dict[str, str | None], restarts: bool
) -> Delivery:
    assert attempt.served_on is not None
    delivery = Delivery(
        letter_id=letter.id,
        how=attempt.how,
        served_on=attempt.served_on,
        counts=attempt.delivered,
        restart_deadlines=restarts,
        recorded_at=clock.now(),
        **{**lines, "why_not": None if attempt.delivered else lines["why_not"]},
    )
    letter.deliveries.append(delivery)
    db.session.flush()
    record(
        "letter.served" if delivery.counts else "letter.attempted",
        by=by,
        **about_letter(letter),
        reason=delivery.why_not,
        how=delivery.how,
        on=delivery.served_on,
        receiver=delivery.receiver,
        restarts=restarts,
    )
    return delivery


@system_only
def keep_receipt(case: Case, *, kind: str, received_on: date, received_by: str) -> None:
    """The receipt of a nota was recorded on the case: the same fact, as the service of its letter by hand."""
    letter = letter_in_force(case, kind)
    if letter is None:
        return
    if received_on < letter.issued_on:
        raise Invalid(
            {"received_on": say("Isi tanggal antara {first} dan hari ini.", first=letter.issued_on)}
        )
    LETTERS.move(letter, "receive")
    attempt = Attempt("hand", received_on, receiver=received_by)
    lines: dict[str, str | None] = {**dict.fromkeys(_LONGEST), "receiver": received_by[:200]}
    _keep(letter, by=SYSTEM, attempt=attempt, lines=lines, restarts=False)


@command("case.receipt")
def keep_scan_of_receipt(case: Case, *, by: Actor, kind: str, scan: ReceivedFile) -> None:
    """The scan that came with the receipt of a nota, which was just recorded on the case: the same as one
    that comes with the service of its letter. Raises AlreadyKept.
    """
    nota = case.nota if kind == "I" else case.second_nota
    assert nota is not None and nota.received_on is not None
    letter = letter_in_force(case, "nota_1" if kind == "I" else "nota_2")
    evidence = _keep_scan(letter, case, by=by, scan=scan, on=nota.received_on)
    if letter is not None:
        letter.deliveries[-1].evidence_id = evidence.id
