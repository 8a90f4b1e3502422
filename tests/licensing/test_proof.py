"""Proof of membership lifts a hold by two roads, each asking the same fields, and reads as one sentence."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.cases.models import Case, Visit
from compliance.cases.proofs.models import MembershipProof
from compliance.core.db import db, transaction
from compliance.core.errors import Invalid
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.evidence.models import Evidence
from compliance.licensing.commands import lift_flag
from compliance.licensing.models import Flag
from tests.browser import Browser, Page
from tests.cases.proven import FACTS, SENTENCE, TYPED
from tests.factories import a_visit, user
from tests.files.pictures import pdf, picture
from tests.licensing.desk import Clock, Open, ask
from tests.licensing.flagged import a_warned_case, flag_of, the_case

pytestmark = pytest.mark.usefixtures("app")
LIFTED = {"reason": "Sudah terdaftar", **TYPED}


@pytest.fixture
def held(at: Clock) -> int:
    """A case of Ina's with a hold since 2 March 2027, about JS-02, 40 workers."""
    case_id = a_warned_case(at)
    a_visit(the_case(case_id), "not_complied", registered=30)
    return case_id


def a_file(content: bytes, name: str = "sertifikat.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def lift(who: Browser, case_id: int, **typed: Any) -> Page:
    address = f"/flags/{flag_of(case_id, 'hold')}/lift"
    version = who.get(address).value("version")
    return who.post(address, {"version": version, **LIFTED, **typed})


def the_proofs() -> list[MembershipProof]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(MembershipProof)))


def test_a_hold_is_lifted_on_the_fields_of_a_proof(browser: Open, held: int) -> None:
    page = lift(browser("tika"), held)
    assert page.path == f"/flags/{flag_of(held, 'hold')}"
    assert SENTENCE in page.text
    [proof] = the_proofs()
    assert (proof.npp, f"{proof.month}", proof.workers) == ("JJ012345", "2027-02-01", 40)
    assert (proof.case_id, proof.visit_id, proof.recorded_by) == (held, None, "Tika Andai")
    flag = db.session.get_one(Flag, flag_of(held, "hold"))
    assert (flag.lift_proof, flag.lift_proof_id) == (None, proof.id)
    assert the_case(held).status == "resolved"
    for who, where in (
        ("lia", f"/flags/{flag.id}"),
        ("ina", f"/cases/{the_case(held).number}"),
        ("lia", "/inbox"),
    ):
        assert SENTENCE in browser(who).get(where).text, (who, where)
    english = browser("lia", language="en").get(f"/flags/{flag.id}").text
    assert "last contribution February 2027, 40 workers; checked at BPJS on 2 March 2027" in english
    mail = db.session.scalars(sa.select(Message).where(Message.kind == "flag.lifted")).all()
    assert {str(message.fact("proof")) for message in mail if message.fact("level") == "hold"}


def test_a_visit_that_complied_lifts_a_hold_on_the_same_fields(browser: Open, held: int) -> None:
    ina, number = browser("ina"), the_case(held).number
    address = f"/cases/{number}/recheck"
    fixed = [box["value"] for box in ina.get(address).soup.select("input[name=fixed]")]
    said = {"outcome": "complied", "workers_registered": "40", "fixed": fixed, **TYPED}
    asked = ina.submit(address, said, proof_workers="0")
    assert (asked.status, "Belum ada yang disimpan." in asked.text) == (422, True)
    refused = ina.submit(address, said, proof_month="4-2027", sure=asked.value("sure"))
    assert (refused.status, the_proofs()) == (422, [])
    asked = ina.submit(address, said)
    page = ina.submit(address, said, sure=asked.value("sure"))
    assert page.path == f"/cases/{number}"
    [proof] = the_proofs()
    visit = db.session.scalars(sa.select(Visit).where(Visit.outcome == "complied")).one()
    flag = db.session.get_one(Flag, flag_of(held, "hold"))
    assert (proof.visit_id, flag.lift_proof_id, visit.proof) == (visit.id, proof.id, None)
    assert page.text.count(SENTENCE) >= 2, "at the visit and at the record"


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"proof_npp": "siapa tahu"}, "proof_npp", "Isi NPP"),
        ({"proof_month": "4-2027"}, "proof_month", "April 2027 belum tiba"),
        ({"proof_month": "bulan lalu"}, "proof_month", "Tulis bulan seperti"),
        ({"proof_programmes": ["JHT"]}, "proof_programmes", "wajib bagi setiap pemberi kerja"),
        ({"proof_workers": "banyak"}, "proof_workers", ""),
        ({"proof_checked_on": "29-11-2026"}, "proof_checked_on", "cek lagi di BPJS"),
        ({"proof_checked_by": ""}, "proof_checked_by", "Isi siapa yang mengeceknya"),
    ],
)
def test_a_proof_that_cannot_be_is_refused_beside_its_field(
    browser: Open, held: int, typed: Mapping[str, Any], field: str, words: str
) -> None:
    page = lift(browser("tika"), held, **typed)
    assert page.status == 422
    assert words in page.text
    wrong = page.soup.select_one(f"#{field}, [id^={field}]")
    assert wrong is not None
    assert f"{field}-error" in page.html
    assert the_proofs() == []
    assert the_case(held).status == "unresolved"


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"proof_workers": "12"}, "Bukti mencakup 12 pekerja, tercatat 40 pekerja."),
        ({"proof_month": "11-2026"}, "Iuran terakhir November 2026: adakah yang lebih baru?"),
        (
            {**dict.fromkeys(TYPED, ""), "proof_programmes": [], "proof": "Sertifikat 12"},
            "Temuannya tentang kepesertaan",
        ),
    ],
)
def test_what_looks_odd_is_asked_once_and_the_same_again_is_meant(
    browser: Open, held: int, typed: Mapping[str, Any], words: str
) -> None:
    tika = browser("tika")
    asked = lift(tika, held, **typed)
    assert (asked.status, words in asked.text) == (422, True)
    assert the_case(held).status == "unresolved"
    sure = asked.value("sure")
    changed = {**typed, "proof_workers": "11"}
    assert lift(tika, held, **changed, sure=sure).status == 422, "a changed proof is doubted anew"
    assert lift(tika, held, **typed, sure=sure).path == f"/flags/{flag_of(held, 'hold')}"
    assert the_case(held).status == "resolved"


def test_the_files_come_with_the_form_and_are_sent_once(browser: Open, held: int) -> None:
    tika, content = browser("tika"), picture()
    asked = lift(
        tika,
        held,
        proof_workers="12",
        certificate_file=a_file(pdf()),
        contribution_file=a_file(content, "IMG_7.jpg"),
        files_restricted="y",
    )
    assert "Sudah diterima: IMG_7.jpg." in asked.text
    kept = ("sure", "certificate_file_kept", "contribution_file_kept")
    again = {name: asked.value(name) for name in kept}
    assert lift(tika, held, proof_workers="12", files_restricted="y", **again).status == 200
    files = db.session.scalars(sa.select(Evidence).order_by(Evidence.id)).all()
    assert [(file.note, file.class_, file.about_kind) for file in files] == [
        ("Sertifikat kepesertaan", "restricted", "flag"),
        ("Bukti iuran terakhir", "restricted", "flag"),
    ]
    [proof] = the_proofs()
    assert proof.evidence == [file.id for file in files]
    address = f"/flags/{flag_of(held, 'hold')}"
    opened = {who: browser(who).get(f"/evidence/{files[0].id}").status for who in ("ina", "sari")}
    assert opened == {"ina": 200, "sari": 200}
    others = {
        browser(who).get(f"/evidence/{files[0].id}").status for who in ("tika", "budi", "lia")
    }
    assert others == {404}
    assert "Bukti iuran terakhir" in browser("ina").get(address).text
    assert "Bukti iuran terakhir" not in browser("lia").get(address).text


@pytest.mark.one_store
def test_one_file_that_shows_both_is_kept_once(browser: Open, held: int) -> None:
    both = {"certificate_file": a_file(pdf()), "contribution_file": a_file(pdf())}
    assert lift(browser("tika"), held, **both).path == f"/flags/{flag_of(held, 'hold')}"
    [file] = db.session.scalars(sa.select(Evidence)).all()
    assert the_proofs()[0].evidence == [file.id]


@pytest.mark.one_store
def test_the_note_of_a_file_is_of_use_to_its_sender_only(browser: Open, held: int) -> None:
    asked = lift(browser("tika"), held, proof_workers="12", certificate_file=a_file(pdf()))
    stolen = {name: asked.value(name) for name in ("sure", "certificate_file_kept")}
    assert lift(browser("sari"), held, proof_workers="12", **stolen).status == 200
    assert db.session.scalars(sa.select(Evidence)).all() == []


@pytest.mark.one_store
def test_a_bad_file_is_refused_and_nothing_is_half_done(browser: Open, held: int) -> None:
    page = lift(browser("tika"), held, certificate_file=a_file(b"<svg/>", "surat.svg"))
    assert (page.status, page.value("proof_npp")) == (422, TYPED["proof_npp"])
    assert "Ini berkas web atau SVG" in page.text
    assert (the_proofs(), the_case(held).status) == ([], "unresolved")


def test_the_files_of_a_visit_are_about_the_visit(browser: Open, held: int) -> None:
    ina, number = browser("ina"), the_case(held).number
    address = f"/cases/{number}/recheck"
    fixed = [box["value"] for box in ina.get(address).soup.select("input[name=fixed]")]
    said = {"outcome": "complied", "workers_registered": "40", "fixed": fixed, **TYPED}
    asked = ina.submit(address, said, certificate_file=a_file(pdf()))
    again = {name: asked.value(name) for name in ("sure", "certificate_file_kept")}
    assert ina.submit(address, said, **again).path == f"/cases/{number}"
    [file] = db.session.scalars(sa.select(Evidence)).all()
    [proof] = the_proofs()
    assert (file.about_kind, file.about_id, proof.evidence) == ("visit", proof.visit_id, [file.id])
    assert "Sertifikat kepesertaan" in ina.get(f"/cases/{number}/files").text


def test_the_proof_of_a_visit_that_is_taken_back_lifts_nothing(
    browser: Open, held: int, at: Clock
) -> None:
    at("2027-03-02 10:00")
    a_visit(the_case(held), "complied", proof=FACTS)
    assert the_case(held).status == "resolved"
    browser("ina").submit(f"/cases/{the_case(held).number}", form_to="recheck/undo")
    assert the_case(held).status == "unresolved"
    active = db.session.scalars(sa.select(Flag).where(Flag.lifted_at.is_(None))).one()
    assert (active.level, active.lift_proof_id) == ("hold", None)


@pytest.mark.one_store
def test_evidence_of_another_case_or_withdrawn_proves_nothing(held: int, at: Clock) -> None:
    flag = db.session.get_one(Flag, flag_of(held, "hold"))
    for evidence in ((999,), (1,)):
        with pytest.raises(Invalid) as refused:
            lift_flag(
                flag, by=user("tika"), reason="Patuh", proof=replace(FACTS, evidence=evidence)
            )
        assert list(refused.value.errors) == ["proof.evidence"]


@pytest.mark.one_store
def test_proof_of_membership_does_not_end_a_warning_of_another_kind(held: int) -> None:
    """A sentence is still proof, and the log says what was shown."""
    with transaction():
        flag = db.session.get_one(Flag, flag_of(held, "hold"))
        lift_flag(flag, by=user("tika"), reason="Patuh", proof=FACTS)
    lifted = db.session.scalars(sa.select(Event).where(Event.kind == "flag.lifted")).all()
    resolved = db.session.scalars(sa.select(Event).where(Event.kind == "case.resolved")).one()
    assert {event.fact("proof_id") for event in lifted if event.fact("level") == "hold"} == {1}
    assert resolved.fact("proof_id") == 1
    assert db.session.get_one(Case, held).resolved_on is not None


def test_the_counter_says_on_what_proof_the_record_was_lifted(
    browser: Open, held: int, at: Clock
) -> None:
    name = the_case(held).company.name
    lift(browser("tika"), held)
    said = f"Catatan dicabut 2 Maret 2027 atas bukti: {SENTENCE}"
    page = ask(browser("lia"), name)
    assert ("HIJAU" in page.text, said in page.text) == (True, True)
    at("2028-03-02 09:00")
    assert "Catatan dicabut" not in ask(browser("lia"), name).text
