"""Every kind of message that anybody is told has words, in both languages, and keeps the nota's secrets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from compliance.admin.commands.calendar import add_day, change_calendar
from compliance.admin.commands.rescheduling import preview
from compliance.cases.commands.ending import reopen_case, withdraw_case
from compliance.cases.commands.team import (
    answer_escalation,
    escalate_case,
    extend_deadline,
    reassign_case,
    remind_inspector,
)
from compliance.cases.commands.visits import undo_visit
from compliance.cases.evidence.queries import about_case
from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.companies.circumstances.commands import (
    CircumstanceFacts,
    record_circumstance,
    revoke_circumstance,
)
from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.evidence.commands import add_evidence
from compliance.evidence.jobs import make_clean_copies
from compliance.files.commands import keep_bytes
from compliance.files.examining import examine
from compliance.letters.commands.drafting import draft_letter, send_back
from compliance.letters.commands.issuing import number_letter
from compliance.licensing.commands import acknowledge_flag, answer_question, ask_inspector
from compliance.licensing.models import Flag
from compliance.licensing.sanctions import record_sanction
from compliance.people.commands.users import change_user
from compliance.people.models import User
from compliance.reactions import TABLE
from compliance.team.commands import undo_handover
from compliance.team.handovers import load_handover, undoable
from compliance.team.jobs import send_morning_digests
from compliance.web.formatting import in_language
from compliance.web.mailroom import WrittenMessage, link_of, write_message
from tests.browser import Browser
from tests.factories import a_case, a_company, a_visit, user
from tests.files.pictures import broken_picture
from tests.house.source import calls, dotted, first_word, modules
from tests.letters.conftest import FILLED
from tests.letters.conftest import head as head

pytestmark = pytest.mark.one_store

COMPANY = "PT Contoh & Rekan <Maju>"
OF_ACCOUNTS = {
    "token.added",
    "token.revoked",
    "user.password_changed",
    "user.password_reset",
    "user.link_printed",
    "user.factor_added",
    "user.factor_removed",
    "user.codes_made",
    "user.code_used",
    "user.factor_reset",
    "user.factor_reset_asked",
}
OF_LINKS = {"user.reset_asked", "user.invited", "user.link_sent"}
OF_NO_CASE = {
    *OF_LINKS,
    "access.digest",
    "files.broken",
    "mail.refused",
    "message.refused",
    "company.merged",
    "company.merge_undone",
    "nota.submitted",
    "nota.sent_back",
    "nota.approved",
    "approvals",
    "office.ended",
    "office.kept",
    "office.handed_over",
    *OF_ACCOUNTS,
}
"""Read in test_reset.py, test_refused_mail.py, test_account_letters.py, tests/companies/test_merging.py,
tests/cases/test_approvals.py and tests/office/test_succession.py.
"""
WHY_BACK = "Alamat belum lengkap"
SECRET = "catatan dalam yang rahasia"


def told_kinds() -> set[str]:
    """Every kind of message there is: named where somebody is told, or an event whose reaction
    tells somebody.
    """
    named = {
        kind
        for tree in modules().values()
        for call in calls(tree)
        if dotted(call.func) in ("tell_user", "tell_licensing", "post", "_tell")
        for position in (0, 1)
        if (kind := first_word(call, position)) is not None
    }
    told = {
        kind
        for kind, reactions in TABLE.items()
        if any(each.__module__.endswith(".messages") for each in reactions)
    }
    return {kind for kind in named | told if re.fullmatch(r"[a-z_]+(\.[a-z_]+)?", kind)}


def undo_the_handover(case: Case, *, by: User) -> None:
    """Take back what was just reassigned."""
    key = undoable(by)[0]["key"]
    undo_handover(load_handover(by, key), [case], by=by)


def move_and_back(case: Case, *, by: User) -> None:
    """The company moved, and did not after all."""
    facts = CircumstanceFacts("moved", date(2027, 4, 8), SECRET, "53.08", "Jalan Misal 5")
    moved = record_circumstance(case.company, facts, by=by)
    revoke_circumstance(moved, company=case.company, by=by, reason=SECRET)


def _send_a_broken_photo(case_id: int) -> None:
    examined = examine(broken_picture())
    kept = keep_bytes(examined.content, kind=examined.kind)
    with transaction():
        about = about_case(db.session.get_one(Case, case_id), "case", case_id)
        add_evidence(about, by=user("ina"), examined=examined, kept=kept, name="a.png")
    make_clean_copies()


def _send_a_draft_back_and_issue_it(case_id: int) -> None:
    """A notice that its inspector drafted: the head sends it back, then issues its next draft."""
    for verb in (
        partial(send_back, reason=WHY_BACK),
        number_letter,
    ):
        with transaction():
            case = db.session.get_one(Case, case_id)
            letter = draft_letter(
                "recheck_notice",
                by=user("ina"),
                company=case.company,
                case=case,
                options=FILLED["recheck_notice"],
            )
            verb(letter, by=user("sari"))


@pytest.fixture
def everything(at: Callable[[str], None], head: None) -> list[Message]:
    """One of each: a case that lives through all that anybody is told of."""
    case_id = a_case(company=a_company(COMPANY, nib="new")).id

    def do(who: str, verb: Callable[..., Any], **facts: Any) -> None:
        with transaction():
            verb(db.session.get_one(Case, case_id), by=user(who), **facts)

    _send_a_broken_photo(case_id)
    _send_a_draft_back_and_issue_it(case_id)
    do("tika", remind_inspector, note="Mohon segera")
    do("tika", extend_deadline, until=date(2027, 4, 6), reason="Perusahaan pindah")
    do("tika", reassign_case, to=user("budi"), reason="Ina bertugas di Ende")
    do("tika", undo_the_handover)
    do("tika", reassign_case, to=user("budi"), reason="Ina bertugas di Ende")
    change = add_day(date(2027, 4, 6), name="Libur daerah", name_en="Local holiday", kind="office")
    with transaction():
        change_calendar(change, by=user("adi"), seen=preview(change, by=user("adi")).seal)
    at("2027-03-31")
    send_morning_digests()
    at("2027-04-07")
    sweep_due_rechecks()
    at("2027-04-08")
    sweep_due_rechecks()
    send_morning_digests()
    with transaction():
        acknowledge_flag(db.session.query(Flag).one(), by=user("lia"))
    do(
        "lia",
        ask_inspector,
        question="Apakah sertifikat ini cukup?",
        page=f"/flags/{db.session.query(Flag).one().id}",
    )
    asked = db.session.query(Event).filter_by(kind="case.asked").one().id
    do("budi", answer_question, question_id=asked, answer="Cukup bila iuran lunas")
    do("tika", escalate_case, reason="Sudah lewat")
    at("2027-04-09")
    send_morning_digests()
    do("sari", answer_escalation, answer="Budi berkunjung hari ini")
    a_visit(
        db.session.get_one(Case, case_id), "not_complied", by="budi", registered=30, note=SECRET
    )
    do("tika", record_sanction, letter_number="B/12/2027", letter_on=date(2027, 4, 8))
    a_visit(db.session.get_one(Case, case_id), "complied", by="budi")
    do("budi", undo_visit)
    a_visit(db.session.get_one(Case, case_id), "complied", by="budi")
    do("sari", reopen_case, reason="Bukti ternyata keliru")
    for active in (False, True):
        with transaction():
            change_user(
                user("budi"),
                by=user("adi"),
                name="Budi Misal",
                role="inspector",
                office=None,
                phone=None,
                active=active,
            )
    do("sari", move_and_back)
    do("sari", withdraw_case, reason=SECRET)
    of_cases = Message.kind != "account.changed"
    return db.session.query(Message).filter(of_cases).order_by(Message.id).all()


def letters(messages: list[Message], language: str) -> list[tuple[Message, WrittenMessage]]:
    with in_language(language):
        return [(message, write_message(message)) for message in messages]


def test_every_kind_that_anybody_is_told_has_words_in_both_languages(
    everything: list[Message],
) -> None:
    assert {message.kind for message in everything} == told_kinds() - OF_NO_CASE
    for language in ("id", "en"):
        for message, letter in letters(everything, language):
            where = (
                f"{message.kind} for {message.fact('reader')} in"
                f" {language}:\n{letter.subject}\n{letter.body}"
            )
            assert 10 < len(letter.subject) < 120, where
            assert "\n" not in letter.subject, where
            assert len(letter.body) > 40, where
            assert COMPANY in letter.subject + letter.body, where
            assert not re.search(r"None|%\(|[{}]|&amp;|&lt;|\n\n\n| \n", letter.body), where
            assert re.search(r"NTT-2026-\d{4}", letter.body), where


def test_the_subject_of_a_mail_names_the_case_and_no_company(everything: list[Message]) -> None:
    """Who sees a subject in passing must not learn which company got a nota: it is Rahasia."""
    for language in ("id", "en"):
        for message, letter in letters(everything, language):
            if message.channel == "email":
                assert COMPANY not in letter.subject, message.kind
                if message.fact("case_number"):
                    assert str(message.fact("case_number")) in letter.subject, message.kind


def test_a_letter_keeps_the_secrets_of_the_nota(everything: list[Message]) -> None:
    case = db.session.query(Case).one()
    findings = [
        word
        for each in case.findings
        for word in (each.violation.code, each.violation.title, each.violation.order)
    ]
    for message, letter in letters(everything, "id"):
        if message.fact("reader") == "licensing":
            for secret in (SECRET, "Bukti ternyata keliru", *findings):
                assert secret not in letter.subject + letter.body, f"{message.kind} tells {secret}"


def test_a_letter_leads_to_a_page_of_its_readers_role(everything: list[Message]) -> None:
    number = db.session.query(Case).one().number
    leads = {
        (message.kind, str(message.fact("reader"))): link_of(message) for message in everything
    }
    assert leads[("digest", "inspector")] == "/field"
    assert leads[("digest", "compliance")] == "/queue"
    assert leads[("case.handed_over", "inspector")] == "/field"
    assert leads[("user.changed", "compliance")] == f"/queue?inspector={user('budi').id}"
    assert leads[("case.reminded", "inspector")] == f"/cases/{number}"
    assert leads[("flag.raised", "inspector")] == f"/cases/{number}"
    assert leads[("nota.conveyed", "licensing")] == f"/cases/{number}"
    assert leads[("flag.raised", "licensing")] == leads[("flag.lifted", "licensing")] == "/flags"
    assert leads[("case.asked", "inspector")] == f"/cases/{number}"
    assert str(leads[("case.answered", "licensing")]).startswith("/flags/")
    assert None not in leads.values()


@pytest.mark.parametrize("language", ["id", "en"])
def test_everybody_can_open_what_their_messages_lead_to(
    everything: list[Message], browser: Callable[..., Browser], language: str
) -> None:
    ways = {
        (message.user_id, link_of(message))
        for message in everything
        if message.kind != "case.reassigned"
    }
    for who in ("lia", "eda", "sari", "tika", "budi"):
        opened, own = browser(who, language), user(who).id
        page = opened.get("/inbox")
        assert page.status == 200
        assert COMPANY in page.text
        for link in sorted({str(link) for reader, link in ways if reader == own}):
            assert opened.get(link).status == 200, f"{who} cannot open {link}"


def test_the_digest_lists_the_late_first_and_then_the_soon(at: Callable[[str], None]) -> None:
    late = a_case(company=a_company("PT Contoh Terlambat")).number
    at("2026-12-03")
    soon = a_case(company=a_company("PT Contoh Segera")).number
    at("2027-03-02 06:59")
    assert send_morning_digests() == {}
    at("2027-03-02 07:00")
    assert send_morning_digests() == {"digests": 2}
    mine = db.session.query(Message).filter_by(
        kind="digest", user_id=user("ina").id, channel="inbox"
    )
    ((_, letter),) = letters(mine.all(), "id")
    assert letter.subject == "Cek ulang: 1 terlambat, 1 segera jatuh tempo"
    assert (
        letter.body
        == f"Terlambat:\n- PT Contoh Terlambat, {late}: 1 Maret 2027, terlambat 1 hari\n\n"
        f"Segera jatuh tempo:\n- PT Contoh Segera, {soon}: 3 Maret 2027, 1 hari lagi\n\n"
        "Lakukan cek ulang dan catat hasilnya pada hari kunjungan."
    )
