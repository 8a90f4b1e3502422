"""Flags through the commands and the clock: when they are raised, what replaces them, what lifts them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.cases.commands.ending import withdraw_case
from compliance.cases.commands.nota import record_receipt
from compliance.cases.commands.team import extend_deadline
from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.core.errors import Invalid, NotAllowed, NotFound, Refusal
from compliance.core.outbox import Message
from compliance.core.text import say
from compliance.licensing.commands import acknowledge_flag, lift_flag, raise_flag
from compliance.licensing.models import Flag
from compliance.licensing.queries import active_flags_of, flags_for_page, load_flag
from compliance.licensing.sanctions import record_sanction
from compliance.office.commands import change_settings
from tests.factories import a_case, a_visit, user

Clock = Callable[[str], None]
pytestmark = pytest.mark.usefixtures("app")


def a_late_case(at: Clock) -> int:
    """A case whose recheck was due on 1 March 2027; today is the day after, and the clock has swept."""
    case_id = a_case().id
    at("2027-03-02 09:00")
    sweep_due_rechecks()
    return case_id


def the_case(case_id: int) -> Case:
    return db.session.get_one(Case, case_id)


def standing(case_id: int) -> list[str]:
    return sorted(flag.level for flag in active_flags_of(the_case(case_id)))


def the_flag(case_id: int, level: str) -> Flag:
    return next(flag for flag in active_flags_of(the_case(case_id)) if flag.level == level)


def a_sanction(case_id: int, letter: str = "B/12/2027") -> Flag:
    with transaction():
        return record_sanction(
            the_case(case_id), by=user("tika"), letter_number=letter, letter_on=date(2026, 11, 30)
        )


def decide(**values: object) -> None:
    with transaction():
        change_settings(values, by=user("adi"))
    db.session.remove()


def told(kind: str) -> list[tuple[str, str | None]]:
    rows = db.session.scalars(
        sa.select(Message)
        .where(Message.kind == kind, Message.channel == "inbox")
        .order_by(Message.id)
    )
    return [
        (message.fact("level"), db.session.get_one(Flag, int(message.key.split(":")[1])).lifted_by)
        for message in rows
    ]


def test_a_missed_recheck_warns_once_however_often_the_clock_sweeps(at: Clock) -> None:
    case_id = a_late_case(at)
    assert standing(case_id) == ["warning"]
    for day in ("2027-03-03", "2028-03-02"):
        at(day)
        sweep_due_rechecks()
    assert standing(case_id) == ["warning"]
    flag = the_flag(case_id, "warning")
    assert (flag.since_on, flag.review_on) == (date(2027, 3, 2), date(2028, 3, 1))


@pytest.mark.parametrize(
    ("decided", "expected"), [("hold", ["hold"]), ("nothing", []), ("warn", ["warning"])]
)
def test_what_a_missed_recheck_does_is_the_offices_decision(
    at: Clock, decided: str, expected: list[str]
) -> None:
    decide(missed_recheck=decided)
    assert standing(a_late_case(at)) == expected


def test_a_hold_replaces_the_warning_and_licensing_hears_of_the_hold_alone(at: Clock) -> None:
    case_id = a_late_case(at)
    a_visit(the_case(case_id), "not_complied", registered=30)
    assert standing(case_id) == ["hold"]
    assert told("flag.lifted") == []
    a_visit(the_case(case_id), "not_complied", registered=31)
    assert standing(case_id) == ["hold"]


def test_a_warning_is_not_raised_beside_a_hold(at: Clock) -> None:
    case_id = a_late_case(at)
    a_visit(the_case(case_id), "not_complied", registered=30)
    with transaction():
        assert (
            raise_flag(
                the_case(case_id),
                level="warning",
                reason=say("Tidak ditemukan."),
                since_on=date(2027, 3, 2),
            )
            is None
        )
    assert standing(case_id) == ["hold"]


def test_compliance_lifts_every_flag_of_ours_and_licensing_hears_of_it(at: Clock) -> None:
    case_id = a_late_case(at)
    a_sanction(case_id)
    a_visit(the_case(case_id), "not_complied", registered=30)
    assert standing(case_id) == ["hold", "sanction"]
    a_visit(the_case(case_id), "complied")
    assert standing(case_id) == ["sanction"]
    assert {level for level, _by in told("flag.lifted")} == {"hold"}


def test_a_hold_lifted_on_proof_resolves_the_case_and_leaves_the_sanction(at: Clock) -> None:
    case_id = a_late_case(at)
    a_visit(the_case(case_id), "partly_complied", registered=30)
    a_sanction(case_id)
    with transaction():
        lift_flag(
            the_flag(case_id, "hold"),
            by=user("tika"),
            reason="Bukti {lengkap}",
            proof="Sertifikat 12",
        )
    case = the_case(case_id)
    assert (case.status, case.resolved_on, case.workers_registered) == (
        "resolved",
        date(2027, 3, 2),
        30,
    )
    assert standing(case_id) == ["sanction"]
    lifted = next(flag for flag in flags_for_page(case)["flags"] if flag.level == "hold")
    assert (str(lifted.why_lifted), lifted.lift_proof, lifted.lifted_by) == (
        "Bukti {lengkap}",
        "Sertifikat 12",
        "Tika Andai",
    )


def test_a_hold_for_a_missed_recheck_lifted_on_proof_resolves_the_case_too(at: Clock) -> None:
    decide(missed_recheck="hold")
    case_id = a_late_case(at)
    with transaction():
        lift_flag(
            the_flag(case_id, "hold"),
            by=user("sari"),
            reason="Bukti diterima",
            proof="Sertifikat 12",
        )
    assert (the_case(case_id).status, standing(case_id)) == ("resolved", [])


def test_a_lifted_warning_leaves_the_case_where_it_is(at: Clock) -> None:
    case_id = a_late_case(at)
    with transaction():
        lift_flag(
            the_flag(case_id, "warning"),
            by=user("tika"),
            reason="Pengawas sakit",
            proof="Surat dokter",
        )
    assert (the_case(case_id).status, standing(case_id)) == ("recheck_due", [])
    sweep_due_rechecks()
    assert standing(case_id) == []


@pytest.mark.parametrize(("decided", "level"), [("warn", "warning"), ("hold", "hold")])
def test_an_extension_lifts_what_stands_for_the_missed_day(
    at: Clock, decided: str, level: str
) -> None:
    decide(missed_recheck=decided)
    case_id = a_late_case(at)
    assert standing(case_id) == [level]
    with transaction():
        extend_deadline(
            the_case(case_id),
            by=user("tika"),
            until=date(2027, 4, 5),
            reason="Pendaftaran berjalan",
        )
    assert standing(case_id) == []
    at("2027-04-06")
    sweep_due_rechecks()
    assert standing(case_id) == [level]


def test_a_receipt_that_moves_the_due_day_lifts_the_warning_for_the_day_before(at: Clock) -> None:
    decide(recheck_anchor="received")
    case_id = a_late_case(at)
    assert standing(case_id) == ["warning"]
    with transaction():
        record_receipt(
            the_case(case_id),
            by=user("ina"),
            received_on=date(2027, 1, 15),
            received_by="Ani Contoh, HRD",
        )
    assert the_case(case_id).effective_on == date(2027, 4, 15)
    assert standing(case_id) == []


def test_a_withdrawn_nota_takes_every_flag_but_the_sanction_with_it(at: Clock) -> None:
    case_id = a_late_case(at)
    a_sanction(case_id)
    with transaction():
        withdraw_case(the_case(case_id), by=user("sari"), reason="Salah perusahaan")
    assert standing(case_id) == ["sanction"]


def test_a_lift_needs_a_reason_and_a_proof_and_happens_once(at: Clock) -> None:
    case_id = a_late_case(at)
    flag = the_flag(case_id, "warning")
    with pytest.raises(Invalid) as refused:
        lift_flag(flag, by=user("tika"), reason=" \n", proof="\u200b")
    assert set(refused.value.errors) == {"reason", "proof"}
    with transaction():
        lift_flag(flag, by=user("tika"), reason="Pengawas sakit", proof="Surat dokter")
    with pytest.raises(Refusal, match="sudah dicabut"):
        lift_flag(the_case_flag(flag.id), by=user("sari"), reason="Sekali lagi", proof="Surat")


def the_case_flag(flag_id: int) -> Flag:
    return load_flag(user("sari"), flag_id, for_update=True)


def test_who_may_not_lift_is_told_so_and_nothing_is_lifted(at: Clock) -> None:
    case_id = a_late_case(at)
    for who in ("ina", "lia", "adi"):
        with pytest.raises(NotAllowed):
            lift_flag(the_flag(case_id, "warning"), by=user(who), reason="x", proof="y")
    assert standing(case_id) == ["warning"]


def test_a_sanction_names_its_letter_and_is_recorded_once(at: Clock) -> None:
    case_id = a_case().id
    for letter, day, field in (
        (" ", date(2026, 11, 1), "letter_number"),
        ("B" * 101, date(2026, 11, 1), "letter_number"),
        ("B/12", date(2026, 12, 1), "letter_on"),
        ("B/12", date(1926, 12, 1), "letter_on"),
    ):
        with pytest.raises(Invalid) as refused:
            record_sanction(the_case(case_id), by=user("tika"), letter_number=letter, letter_on=day)
        assert set(refused.value.errors) == {field}
    flag = a_sanction(case_id, " B/12 /\x002027 ")
    assert (flag.letter_number, standing(case_id)) == ("B/12 /2027", ["sanction"])
    with pytest.raises(Refusal, match="sudah tercatat"):
        a_sanction(case_id)
    with pytest.raises(NotAllowed):
        record_sanction(
            the_case(case_id), by=user("ina"), letter_number="B/1", letter_on=date(2026, 11, 1)
        )


def test_a_closed_case_takes_no_sanction(at: Clock) -> None:
    case_id = a_case().id
    a_visit(the_case(case_id), "complied")
    with pytest.raises(Refusal, match="sudah ditutup"):
        a_sanction(case_id)


def test_an_office_acknowledges_once_and_a_second_time_answers_the_first(at: Clock) -> None:
    case_id = a_late_case(at)
    flag = the_flag(case_id, "warning")
    with transaction():
        first = acknowledge_flag(flag, by=user("lia"), note="Sudah dicatat\r\ndi loket")
    with transaction():
        assert (
            acknowledge_flag(the_flag(case_id, "warning"), by=user("lia"), note="lagi").id
            == first.id
        )
        acknowledge_flag(the_flag(case_id, "warning"), by=user("eda"))
    offices = {
        each.office.code: each.note for each in the_flag(case_id, "warning").acknowledgements
    }
    assert offices == {"ptsp-53.71": "Sudah dicatat\ndi loket", "ptsp-53": None}
    with pytest.raises(NotFound):
        acknowledge_flag(the_flag(case_id, "warning"), by=user("yos"))
    with pytest.raises(NotAllowed):
        acknowledge_flag(the_flag(case_id, "warning"), by=user("tika"))


def test_a_lifted_flag_is_not_acknowledged_any_more(at: Clock) -> None:
    case_id = a_late_case(at)
    flag = the_flag(case_id, "warning")
    with transaction():
        lift_flag(flag, by=user("tika"), reason="Pengawas sakit", proof="Surat dokter")
    with pytest.raises(Refusal, match="sudah dicabut"):
        acknowledge_flag(flag, by=user("lia"))


@pytest.mark.parametrize(
    ("who", "sees"),
    [("lia", True), ("eda", True), ("ina", True), ("tika", True), ("yos", False), ("budi", False)],
)
def test_a_flag_out_of_scope_does_not_exist(at: Clock, who: str, sees: bool) -> None:
    case_id = a_late_case(at)
    flag_id = the_flag(case_id, "warning").id
    if sees:
        assert load_flag(user(who), flag_id).id == flag_id
    else:
        with pytest.raises(NotFound):
            load_flag(user(who), flag_id)
    for nonsense in (0, flag_id + 1, 2**31, 2**63):
        with pytest.raises(NotFound):
            load_flag(user(who), nonsense)


def test_two_transactions_at_once_raise_one_flag(app: Flask, at: Clock) -> None:
    case_id = a_case().id
    db.session.remove()
    together, failed = threading.Barrier(2), []

    def raise_it() -> None:
        with app.app_context():
            together.wait(10)
            try:
                with transaction():
                    raise_flag(
                        the_case(case_id),
                        level="warning",
                        reason=say("Tidak ditemukan."),
                        since_on=date(2027, 3, 2),
                    )
            except sa.exc.IntegrityError as error:
                failed.append(error)

    threads = [threading.Thread(target=raise_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert standing(case_id) == ["warning"]
    assert len(failed) <= 1


def test_the_store_itself_refuses_a_second_active_flag_of_a_level(at: Clock) -> None:
    case_id = a_late_case(at)
    flag = the_flag(case_id, "warning")
    copy = {
        column.name: getattr(flag, column.name)
        for column in Flag.__table__.columns
        if column.name != "id"
    }
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.insert(Flag).values(copy))
    db.session.rollback()


def test_two_who_lift_at_once_lift_once(app: Flask, at: Clock) -> None:
    case_id = a_late_case(at)
    a_visit(the_case(case_id), "not_complied", registered=30)
    flag_id = the_flag(case_id, "hold").id
    db.session.remove()
    together, refused = threading.Barrier(2), []

    def lift_it(who: str) -> None:
        with app.app_context():
            together.wait(10)
            try:
                with transaction():
                    flag = load_flag(user(who), flag_id, for_update=True)
                    lift_flag(
                        flag, by=user(who), reason="Bukti diterima", proof=f"Sertifikat dari {who}"
                    )
            except Refusal as refusal:
                refused.append(str(refusal.reason))

    threads = [threading.Thread(target=lift_it, args=[who]) for who in ("tika", "sari")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert refused == ["Catatan ini sudah dicabut."]
    assert (the_case(case_id).status, standing(case_id)) == ("resolved", [])
