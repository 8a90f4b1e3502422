"""A licensing office closes, merges or takes another name: its work goes to its successor on the day."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa

from compliance.cases.queries import questions_on
from compliance.core.db import db, transaction
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.licensing.checks.commands import make_check
from compliance.licensing.commands import acknowledge_flag, answer_question, ask_inspector
from compliance.licensing.models import Flag, LicenceCheck
from compliance.licensing.queries import FlagFilter, count_flags
from compliance.office.commands import change_office, keep_permit_kind
from compliance.office.models import Office
from compliance.office.queries import find_office, licensing_offices, permit_kinds_of
from compliance.office.succession.commands import end_office, keep_office
from compliance.office.succession.jobs import hand_over_offices
from compliance.people.commands.users import add_user
from compliance.people.models import User
from compliance.policy import SYSTEM
from compliance.web.formatting import in_language
from compliance.web.mailroom import write_message
from tests.factories import a_case, a_company, a_visit, user

pytestmark = pytest.mark.usefixtures("app")
KUPANG = "ptsp-53.71"
NEW = "Dinas Perizinan Kota Contoh"


def office(code: str = KUPANG) -> Office:
    found = find_office(code)
    assert found is not None
    return found


def ends(day: date, *, into: str | None = None, new_name: str | None = None) -> None:
    with transaction():
        end_office(
            office(),
            by=SYSTEM,
            ended_on=day,
            successor=office(into) if into else None,
            new_name=new_name,
            reason="Perda Contoh 1/2027",
        )


def told(kind: str) -> set[tuple[str, str]]:
    """To whom messages of a kind went, by channel."""
    rows = db.session.scalars(sa.select(Message).where(Message.kind == kind))
    people = dict(db.session.execute(sa.select(User.id, User.name)).all())
    return {(row.channel, people[row.user_id] if row.user_id else row.address) for row in rows}


def a_flag() -> Flag:
    a_visit(a_case(issued_on=date(2026, 2, 2)), "not_complied", registered=28)
    return db.session.scalars(sa.select(Flag)).one()


def test_until_its_day_an_office_serves_as_ever_and_both_offices_know_what_comes(at) -> None:
    at("2026-06-01 09:00")
    with transaction():
        change_office(office(), by=user("adi"), name=office().name, email="kota@contoh.example")
    ends(date(2026, 7, 1), into="ptsp-53")
    assert told("office.ended") == {
        ("inbox", "Lia Misal"),
        ("email", "kota@contoh.example"),
        ("inbox", "Eda Umpama"),
        ("email", "Eda Umpama"),
    }
    assert hand_over_offices() == {"offices": 0}
    assert [each.code for each in licensing_offices("53.71")] == ["ptsp-53", KUPANG]
    at("2026-07-01 00:01")
    assert hand_over_offices() == {"offices": 1}
    assert hand_over_offices() == {"offices": 0}
    assert [each.code for each in licensing_offices("53.71")] == ["ptsp-53"]


def test_a_renamed_office_keeps_its_people_its_permits_and_what_it_answered(at) -> None:
    at("2026-06-01 09:00")
    flag = a_flag()
    with transaction():
        keep_permit_kind(
            office(),
            by=user("adi"),
            name="Izin Contoh",
            days=5,
            day_type="working",
            legal_basis="Perwali 1",
        )
        make_check("PT Contoh", a_company("PT Contoh"), by=user("lia"))
    with transaction():
        acknowledge_flag(flag, by=user("lia"), answer="no_request")
    ends(date(2026, 6, 1), new_name=NEW)
    new = office("ptsp-53.71-2")
    assert (new.name, new.region_code, new.ended_on) == (NEW, "53.71", None)
    assert user("lia").office == new
    assert [kind.name for kind in permit_kinds_of(new.id)] == ["Izin Contoh"]
    assert permit_kinds_of(office().id) == ()
    wanted = FlagFilter(unread=True, office_id=new.id)
    assert count_flags(user("lia"), wanted)["active"] == 0, "what was answered under the old name"
    check = db.session.scalars(sa.select(LicenceCheck)).one()
    assert check.office is not None and check.office.name == "DPMPTSP Kota Kupang"
    with transaction():
        make_check("PT Contoh", None, by=user("lia"))


def test_the_successor_reads_which_flags_are_open_now(at) -> None:
    at("2026-06-01 09:00")
    flag = a_flag()
    with transaction():
        change_office(
            office("ptsp-53"), by=user("adi"), name="PTSP Provinsi", email="prov@contoh.example"
        )
    ends(date(2026, 5, 31), into="ptsp-53")
    assert told("office.handed_over") == {
        ("email", "prov@contoh.example"),
        ("inbox", "Lia Misal"),
        ("inbox", "Eda Umpama"),
    }
    assert not told("office.ended"), "an end whose day has come is told once"
    mail = db.session.scalars(
        sa.select(Message).where(Message.kind == "office.handed_over", Message.channel == "email")
    ).one()
    assert mail.data["count"] == 1
    assert mail.data["flags"][0]["company"] == flag.company.name
    assert user("lia").office == office("ptsp-53")
    wanted = FlagFilter(unread=True, office_id=user("lia").office_id)
    assert count_flags(user("lia"), wanted)["active"] == 1


def test_who_is_left_in_an_ended_office_can_neither_check_nor_be_added(at) -> None:
    at("2026-06-01 09:00")
    ends(date(2026, 6, 1), into="ptsp-53")
    sentence = "DPMPTSP Kota Kupang berakhir 2026-06-01; tugasnya dilanjutkan"
    with pytest.raises(Invalid) as refused:
        add_user(
            by=SYSTEM, email="x@contoh.example", name="X Contoh", role="licensing", office=office()
        )
    assert sentence in str(refused.value.errors["office"])
    with transaction():
        user("lia").office = office()
    with pytest.raises(Refusal) as told_so:
        make_check("PT Contoh", None, by=user("lia"))
    assert "Minta admin memindahkan akun Anda." in str(told_so.value.reason)


def test_an_end_is_taken_back_until_its_day_and_never_after(at) -> None:
    at("2026-06-01 09:00")
    ends(date(2026, 7, 1), new_name=NEW)
    with transaction():
        keep_office(office(), by=user("adi"))
    assert office().ended_on is None and ("inbox", "Lia Misal") in told("office.kept")
    at("2026-07-01 09:00")
    assert hand_over_offices() == {"offices": 0}
    ends(date(2026, 7, 1), new_name=NEW)
    with pytest.raises(Refusal, match="sudah berakhir"):
        keep_office(office(), by=user("adi"))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"ended_on": None}, "ended_on"),
        ({"ended_on": date(2031, 1, 1)}, "ended_on"),
        ({"ended_on": date(2020, 1, 1)}, "ended_on"),
        ({"into": "ptsp-53.08"}, "successor"),
        ({"into": KUPANG}, "successor"),
        ({"into": "was-53"}, "successor"),
        ({"into": "ptsp-53", "new_name": NEW}, "successor"),
        ({"new_name": "DPMPTSP Kota Kupang"}, "new_name"),
        ({"new_name": ""}, "successor"),
        ({"reason": " "}, "reason"),
    ],
)
def test_an_end_that_makes_no_sense_is_refused(at, facts, field) -> None:
    at("2026-06-01 09:00")
    into = facts.get("into")
    typed = {
        "ended_on": date(2026, 7, 1),
        "reason": "Perda Contoh 1/2027",
        "new_name": None,
        **{name: value for name, value in facts.items() if name != "into"},
    }
    if into is None and "new_name" not in facts:
        typed["new_name"] = NEW
    with pytest.raises(Invalid) as refused:
        end_office(office(), by=user("adi"), successor=find_office(into) if into else None, **typed)
    assert set(refused.value.errors) == {field}


def test_an_inspectorate_does_not_end_here(at) -> None:
    at("2026-06-01 09:00")
    inspectorate = db.session.scalars(sa.select(Office).where(Office.kind == "inspectorate")).one()
    typed = {"ended_on": date(2026, 7, 1), "successor": None, "new_name": NEW, "reason": "Perda 1"}
    with pytest.raises(Refusal, match="kepala surat"):
        end_office(inspectorate, by=user("adi"), **typed)


def test_the_answer_to_a_question_is_read_under_the_new_name(at) -> None:
    at("2026-06-01 09:00")
    case = a_case(issued_on=date(2026, 5, 4))
    with transaction():
        asked = ask_inspector(case, by=user("lia"), question="Apakah sudah dicek?", page="/check")
    ends(date(2026, 6, 1), new_name=NEW)
    with transaction():
        answer_question(case, question_id=asked.id, by=user("ina"), answer="Minggu depan")
    [question] = questions_on([case.id], user("lia"))
    assert question.answer is not None and question.answer.reason == "Minggu depan"


def test_an_admin_sees_what_follows_before_an_office_ends(browser, at) -> None:
    at("2026-06-01 09:00")
    a_flag()
    adi, where = browser("adi"), f"/admin/offices/{KUPANG}/end"
    typed = {"ended_on": "1-7-2026", "new_name": NEW, "reason": "Perda Contoh 1/2027"}
    assert adi.submit(where, **(typed | {"ended_on": ""})).status == 422
    page = adi.submit(where, **typed)
    for sentence in (NEW, "1 catatan di wilayahnya", "Lia Misal", "1 Juli 2026"):
        assert sentence in page.text
    assert office().ended_on is None, "nothing happened yet"
    assert adi.post(where, **typed, confirmed="no").value("new_name") == NEW
    page = adi.post(where, **typed, confirmed="yes")
    assert page.path == "/admin/offices" and "berakhir 1 Juli 2026" in page.text
    assert adi.get(where).status == 409
    page = adi.post(f"/admin/offices/{KUPANG}/keep")
    assert "DPMPTSP Kota Kupang tidak jadi berakhir." in page.text
    kinds = db.session.scalars(sa.select(Event.kind).where(Event.kind.startswith("office.")))
    assert kinds.all() == ["office.ended", "office.kept"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_all_news_of_an_end_has_words_in_both_languages(at, language) -> None:
    at("2026-06-01 09:00")
    flag = a_flag()
    ends(date(2026, 7, 1), new_name=NEW)
    with transaction():
        keep_office(office(), by=user("adi"))
    ends(date(2026, 6, 1), into="ptsp-53")
    messages = db.session.scalars(
        sa.select(Message).where(Message.kind.startswith("office."))
    ).all()
    assert {message.kind for message in messages} == {
        "office.ended",
        "office.kept",
        "office.handed_over",
    }
    for message in messages:
        with in_language(language):
            letter = write_message(message)
        assert "DPMPTSP Kota Kupang" in letter.subject and letter.link == "/flags"
        assert not re.search(r"None|%\(|[{}]|\n\n\n| \n", letter.body), letter.body
        assert (flag.company.name in letter.body) == (message.kind == "office.handed_over")


def test_an_officer_reads_the_news_in_the_inbox(browser, at) -> None:
    at("2026-06-01 09:00")
    flag = a_flag()
    ends(date(2026, 6, 1), new_name=NEW)
    page = browser("lia").get("/inbox")
    assert f"DPMPTSP Kota Kupang berakhir; tugasnya dilanjutkan {NEW}" in page.text
    assert flag.company.name in page.text


def test_the_console_lists_offices_and_ends_one(app, at) -> None:
    at("2026-06-01 09:00")
    run = app.test_cli_runner().invoke
    ended = run(
        args=[
            "offices",
            "end",
            KUPANG,
            "--on",
            "2026-06-01",
            "--new-name",
            NEW,
            "--reason",
            "Perda 1/2027",
        ]
    )
    assert ended.output == "DPMPTSP Kota Kupang ended 2026-06-01\n", ended.output
    listed = run(args=["offices", "list"]).output
    lines = [" ".join(line.split()) for line in listed.splitlines()]
    ended_at = lines.index(f"ended 2026-06-01, then {NEW}")
    assert lines[ended_at - 1].startswith(f"{KUPANG} licensing DPMPTSP Kota Kupang (0 people)")
    assert f"ptsp-53.71-2 licensing {NEW} (1 people), no mailbox no legal basis" in lines
    again = run(
        args=[
            "offices",
            "end",
            KUPANG,
            "--on",
            "2026-07-01",
            "--new-name",
            "X Y",
            "--reason",
            "Perda 2",
        ]
    )
    assert again.exit_code == 1 and "sudah ditetapkan berakhir" in again.output
