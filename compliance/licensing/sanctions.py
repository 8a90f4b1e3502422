"""TMP2T: a letter of BPJS that asks to withhold services is passed on. The labour office imposes nothing.

About an open case, or about a company without one. How it ends: `commands.lift_flag`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from compliance.cases.models import Case
from compliance.cases.rules import EARLIEST
from compliance.companies.models import Company
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Subject, record
from compliance.core.parsing import clean_line, too_long
from compliance.core.text import Text, say
from compliance.evidence.commands import keep_evidence
from compliance.files.commands import KeptBytes
from compliance.files.examining import Examined
from compliance.licensing import queries
from compliance.licensing.evidence import about_flag
from compliance.licensing.models import BPJS_LETTERS, LONGEST_LINE, REVIEW_DAYS, BpjsLetter, Flag
from compliance.licensing.rules import SERVICES
from compliance.office.settings import today
from compliance.policy import Actor, command, system_only


@command("flag.sanction")
def record_sanction(
    case: Case,
    *,
    by: Actor,
    letter_number: str,
    letter_on: date,
    services: Sequence[str] = tuple(SERVICES),
    received_on: date | None = None,
) -> Flag:
    """A TMP2T request has come from BPJS: the labour office passes on its letter, it never imposes
    the sanction.

    `services` are those that the letter asks to withhold. PP 86/2013 art. 8(1), 9(3): requested by
    BPJS, carried out by the public-service unit.
    """
    number = _letter_of_bpjs(letter_number, letter_on, received_on, services)
    if not case.is_open:
        raise Refusal(say("Kasus ini sudah ditutup; catatan tidak dapat ditambahkan."))
    if any(flag.level == "sanction" for flag in queries.active_flags_of(case)):
        raise Refusal(say("Permintaan TMP2T untuk kasus ini sudah tercatat dan masih berlaku."))
    flag = _raise_sanction(case, case.company, case.region_code, number, letter_on, services, by=by)
    note_receipt(flag, "request", received_on)
    return flag


@command("flag.sanction")
def record_sanction_of(
    company: Company,
    *,
    by: Actor,
    letter_number: str,
    letter_on: date,
    services: Sequence[str],
    received_on: date | None = None,
) -> Flag:
    """The same about a company that has no open case: BPJS asks whether or not an inspector was there.

    The company must be locked by the caller.
    """
    number = _letter_of_bpjs(letter_number, letter_on, received_on, services)
    standing = queries.active_sanctions_of(company.id)
    if any(flag.letter_number == number for flag in standing):
        raise Refusal(say("Surat BPJS ini sudah tercatat dan masih berlaku."))
    if any(flag.case_id is None for flag in standing):
        raise Refusal(
            say("Permintaan TMP2T untuk perusahaan ini sudah tercatat dan masih berlaku.")
        )
    flag = _raise_sanction(None, company, company.region_code, number, letter_on, services, by=by)
    note_receipt(flag, "request", received_on)
    return flag


def _letter_of_bpjs(
    letter_number: str, letter_on: date, received_on: date | None, services: Sequence[str]
) -> str:
    """The number of a letter that asks for a TMP2T. Raises Invalid."""
    number, problems = letter_problems(letter_number, letter_on, received_on)
    if not services or set(services) - set(SERVICES):
        problems["services"] = say("Tandai layanan yang disebut dalam surat BPJS, sedikitnya satu.")
    if problems:
        raise Invalid(problems)
    return number


def letter_problems(
    letter_number: str | None, letter_on: date | None, received_on: date | None = None
) -> tuple[str, dict[str, Text]]:
    """The number of a letter of BPJS on one line, and what is wrong with number, day or receipt."""
    number, problems = clean_line(letter_number), dict[str, Text]()
    if not number:
        problems["letter_number"] = say("Isi nomor surat dari BPJS Ketenagakerjaan.")
    elif problem := too_long(number, LONGEST_LINE):
        problems["letter_number"] = problem
    if letter_on is None:
        problems["letter_on"] = say("Isi tanggal surat, misalnya 18-3-2026")
    elif letter_on > today():
        problems["letter_on"] = say("Tanggal surat belum tiba. Isi hari ini atau sebelumnya.")
    elif letter_on < EARLIEST:
        problems["letter_on"] = say("Periksa tahunnya: {day} terlalu lama.", day=letter_on)
    if problem := _receipt_problem(letter_on, received_on):
        problems["received_on"] = problem
    return number or "", problems


def _receipt_problem(letter_on: date | None, received_on: date | None) -> Text | None:
    if received_on is None:
        return None
    if received_on > today():
        return say("Tanggal diterima belum tiba. Isi hari ini atau sebelumnya.")
    if letter_on is not None and received_on < letter_on:
        return say("Surat tidak mungkin diterima sebelum tanggalnya, {day}.", day=letter_on)
    return None


@system_only
def note_receipt(flag: Flag, kind: str, received_on: date | None) -> None:
    """Keep when a letter of BPJS came, where that is known."""
    if received_on is not None:
        _letter(flag, kind).received_on = received_on


def _letter(flag: Flag, kind: str) -> BpjsLetter:
    """The row of a letter of BPJS about a sanction; a new one when nothing is filed of it yet."""
    letter = next((each for each in flag.bpjs_letters if each.kind == kind), None)
    if letter is None:
        letter = BpjsLetter(kind=kind)
        flag.bpjs_letters.append(letter)
    return letter


@command("flag.sanction")
def file_letter(
    flag: Flag,
    *,
    by: Actor,
    kind: str,
    examined: Examined,
    kept: KeptBytes,
    name: str,
    received_on: date | None = None,
) -> BpjsLetter:
    """File the scan of BPJS's letter about a sanction: its request, or the one that lifts it.

    It is filed once; another scan takes its place after the first was withdrawn. Raises Invalid, Refusal.
    """
    letter_on = day_of_letter(flag, kind)
    if problem := _receipt_problem(letter_on, received_on):
        raise Invalid({"received_on": problem})
    letter = _letter(flag, kind)
    if letter.has_scan:
        raise Refusal(say("Pindaian surat ini sudah disimpan."))
    note_receipt(flag, kind, received_on)
    letter.evidence = keep_evidence(
        about_flag(flag),
        sender=by,
        examined=examined,
        kept=kept,
        name=name,
        note=f"BPJS {flag.letter_number if kind == 'request' else flag.lift_letter_number}",
    )
    db.session.flush()
    return letter


def letters_without_scan(flag: Flag) -> list[str]:
    """The letters of BPJS about a sanction whose number is known and whose scan is not filed."""
    if flag.level != "sanction":
        return []
    filed = {each.kind for each in flag.bpjs_letters if each.has_scan}
    known = ("request", "lifting") if flag.lift_letter_number else ("request",)
    return [kind for kind in known if kind not in filed]


def day_of_letter(flag: Flag, kind: str) -> date | None:
    """The day of a letter of BPJS that a flag knows of. Raises Invalid, Refusal."""
    if kind not in BPJS_LETTERS:
        raise Invalid({"kind": say("Pilih surat permintaan atau surat pencabutan.")})
    if flag.level != "sanction":
        raise Refusal(say("Surat BPJS hanya untuk TMP2T."))
    if kind == "lifting" and flag.lift_letter_number is None:
        raise Refusal(say("TMP2T ini belum dicabut: catat dulu surat pencabutannya."))
    return flag.letter_on if kind == "request" else flag.lift_letter_on


def _raise_sanction(
    case: Case | None,
    company: Company,
    region_code: str,
    letter_number: str,
    letter_on: date,
    services: Sequence[str],
    *,
    by: Actor,
) -> Flag:
    reason = say(
        "Permintaan TMP2T dari BPJS Ketenagakerjaan, surat {letter}.", letter=letter_number
    )
    flag = Flag(
        case=case,
        company=company,
        region_code=region_code,
        level="sanction",
        reason=reason.stored(),
        since_on=today(),
        review_on=today() + timedelta(days=REVIEW_DAYS),
        letter_number=letter_number,
        letter_on=letter_on,
        services=[service for service in SERVICES if service in services],
        raised_at=clock.now(),
        raised_by=by.actor_name,
    )
    db.session.add(flag)
    db.session.flush()
    record(
        "flag.raised",
        by=by,
        case=case,
        company_id=company.id,
        subject=Subject("flag", flag.id),
        level=flag.level,
        why=reason,
        since_on=flag.since_on,
    )
    return flag
