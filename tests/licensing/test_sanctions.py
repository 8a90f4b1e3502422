"""A TMP2T is BPJS's: it may come about a company without a case, and only BPJS's own letter ends it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, upgrade

from compliance.cases.commands.ending import withdraw_case
from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.core.db import db, transaction
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Event
from compliance.core.outbox import Message
from compliance.evidence.models import Evidence
from compliance.licensing.commands import lift_flag
from compliance.licensing.models import BpjsLetter, Flag
from compliance.licensing.sanctions import record_sanction, record_sanction_of
from compliance.merges.commands import merge_companies
from compliance.merges.moving import Choices
from tests.factories import a_case, a_company, a_visit, user
from tests.files.pictures import pdf, picture
from tests.intruder import as_before_channels_and_keys
from tests.licensing.desk import NIB, Clock, Open, ask

LETTER = {"letter_number": "B/12/2026", "letter_on": date(2026, 11, 27)}
END = {"letter_number": "B/99/2027", "letter_on": date(2027, 3, 10)}


def a_sanctioned_case(at: Clock) -> int:
    case = a_case(company=a_company("PT Contoh Bahari", nib=NIB))
    case_id = case.id
    with transaction():
        record_sanction(case, by=user("tika"), **LETTER, services=["tender"])
    at("2027-03-10 09:00")
    return case_id


def the_case(case_id: int) -> Case:
    return db.session.get_one(Case, case_id)


def comply(case_id: int) -> None:
    a_visit(the_case(case_id), "complied")


def withdraw(case_id: int) -> None:
    with transaction():
        withdraw_case(the_case(case_id), by=user("sari"), reason="Salah alamat")


def prove(case_id: int) -> None:
    a_visit(the_case(case_id), "not_complied", registered=30)
    with transaction():
        hold = db.session.scalars(sa.select(Flag).where(Flag.level == "hold")).one()
        lift_flag(hold, by=user("tika"), reason="Bukti diterima", proof="Sertifikat 1")


ENDS = {
    "compliance": (
        comply,
        "Kewajiban menurut nota sudah dipenuhi 10 Maret 2027 (kasus NTT-2026-0001)",
    ),
    "withdrawal": (withdraw, "Nota sudah ditarik 10 Maret 2027 (kasus NTT-2026-0001)"),
    "proof": (prove, "Kewajiban menurut nota sudah dipenuhi 10 Maret 2027 (kasus NTT-2026-0001)"),
}


@pytest.mark.parametrize(("end", "words"), ENDS.values(), ids=ENDS)
def test_a_sanction_outlives_its_case_and_the_counter_says_both(
    browser: Open, at: Clock, end: Callable[[int], None], words: str
) -> None:
    end(a_sanctioned_case(at))
    page = ask(browser("lia"), NIB)
    assert "MERAH – TMP2T" in page.soup.h1.get_text()
    assert words in page.text
    assert "TMP2T tetap berlaku sampai ada surat pencabutan dari BPJS" in page.text
    standing = db.session.scalars(sa.select(Flag).where(Flag.lifted_at.is_(None))).all()
    assert [flag.level for flag in standing] == ["sanction"]


@pytest.mark.one_store
@pytest.mark.usefixtures("app")
def test_a_sanction_outlives_a_merge() -> None:
    kept, gone = a_company("PT Contoh Bahari"), a_company("PT Contoh Bahari Dua")
    with transaction():
        record_sanction_of(gone, by=user("tika"), **LETTER, services=["tender"])
        choices = Choices(kept_id=kept.id, name_of=kept.id)
        merge_companies(kept, gone, by=user("tika"), choices=choices)
    flag = db.session.scalars(sa.select(Flag)).one()
    assert (flag.company_id, flag.lifted_at) == (kept.id, None)


@pytest.mark.one_store
def test_only_a_letter_of_bpjs_ends_a_sanction(at: Clock) -> None:
    a_sanctioned_case(at)
    flag = db.session.scalars(sa.select(Flag)).one()
    said = {"reason": "BPJS mencabut", "proof": "Pindaian surat"}
    for letter, field in (
        ({}, "letter_number"),
        ({"letter_number": "B/99/2027"}, "letter_on"),
        ({**END, "letter_on": date(2027, 3, 11)}, "letter_on"),
        ({**END, "letter_on": date(2026, 11, 26)}, "letter_on"),
    ):
        with pytest.raises(Invalid) as refused:
            lift_flag(flag, by=user("tika"), **said, **letter)
        assert field in refused.value.errors
    with transaction():
        lift_flag(flag, by=user("tika"), **said, **END)
    db.session.expire_all()
    assert (flag.lift_letter_number, flag.lift_letter_on) == tuple(END.values())


@pytest.mark.one_store
def test_the_page_asks_for_the_letter_and_shows_it(browser: Open, at: Clock) -> None:
    a_sanctioned_case(at)
    tika, address = browser("tika"), f"/flags/{db.session.scalars(sa.select(Flag.id)).one()}"
    assert "Hanya dengan surat pencabutan dari BPJS sendiri." in browser("ina").get(address).text
    facts = {"reason": "BPJS mencabut", "proof": "Pindaian surat"}
    page = tika.submit(f"{address}/lift", **facts)
    assert (page.status, "Isi nomor surat dari BPJS Ketenagakerjaan." in page.text) == (422, True)
    page = tika.submit(f"{address}/lift", **facts, letter_number="B/99/2027", letter_on="10-3-2027")
    assert "Surat pencabutan BPJS B/99/2027, 10 Maret 2027" in page.text


def test_bpjs_may_ask_about_a_company_without_a_case(browser: Open, at: Clock) -> None:
    company_id = a_company("PT Contoh Bahari", nib=NIB).id
    tika, address = browser("tika"), f"/companies/{company_id}/sanction"
    assert address in tika.get(f"/companies/{company_id}").links()
    page = tika.submit(
        address, letter_number="B/12/2026", letter_on="27-11-2026", services=["building"]
    )
    flag_page = page.path
    assert "B/12/2026, 27 November 2026" in page.text
    assert "None" not in page.text
    counter = ask(browser("lia"), NIB)
    assert "Tahan: TMP2T" in counter.soup.h1.get_text()
    assert [each.get_text() for each in counter.soup.select(".verdict li")] == [
        "PBG (dalam PP 86/2013: IMB)"
    ]
    assert "Hasil cek ulang pengawas" not in counter.text
    told = db.session.scalars(sa.select(Message).where(Message.kind == "flag.raised")).all()
    assert {message.fact("reader") for message in told} == {"licensing"}
    for who, status in (("ina", 403), ("lia", 403), ("adi", 403), ("sari", 200)):
        assert browser(who).get(address).status == status, who
    again = tika.submit(
        address, letter_number="B/13/2026", letter_on="27-11-2026", services=["tender"]
    )
    assert again.status == 409
    lia = browser("lia")
    for listed in ("/flags", "/flags.csv", "/inbox", flag_page, f"/companies/{company_id}"):
        shown = lia.get(listed)
        assert shown.status == 200
        assert "B/12/2026" in shown.text or "PT Contoh Bahari" in shown.text
        assert "None" not in shown.text
    read = lia.submit(flag_page, answer="used")
    assert "Jawaban kantor Anda dicatat." in read.text
    at("2027-03-10")
    end = {
        "reason": "BPJS mencabut",
        "proof": "Surat",
        "letter_number": "B/99",
        "letter_on": "9-3-2027",
    }
    assert (
        "Surat pencabutan BPJS B/99, 9 Maret 2027"
        in browser("tika").submit(f"{flag_page}/lift", **end).text
    )
    assert "HIJAU" in ask(browser("lia"), NIB).text


@pytest.mark.one_store
@pytest.mark.usefixtures("app")
def test_the_same_letter_is_recorded_once() -> None:
    company = a_company("PT Contoh Bahari")
    case = a_case(company=company)
    with transaction():
        record_sanction(case, by=user("tika"), **LETTER)
    with pytest.raises(Refusal, match="sudah tercatat"):
        record_sanction_of(
            db.session.get_one(Company, company.id), by=user("tika"), **LETTER, services=["tender"]
        )


def test_what_offices_read_is_kept_while_the_store_learns_of_sanctions_without_a_case(
    browser: Open, at: Clock
) -> None:
    a_sanctioned_case(at)
    flag_id = db.session.scalars(sa.select(Flag.id)).one()
    browser("lia").submit(f"/flags/{flag_id}", answer="used", note="Dibaca")
    as_before_channels_and_keys()
    downgrade(revision="0027")
    upgrade()
    (reading,) = db.session.get_one(Flag, flag_id).acknowledgements
    assert (reading.answer, reading.note) == ("used", "Dibaca")


def the_scan(name: str = "surat.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(pdf()), name


def test_the_letter_of_bpjs_is_filed_with_the_request(browser: Open) -> None:
    company_id = a_company("PT Contoh Bahari", nib=NIB).id
    tika, address = browser("tika"), f"/companies/{company_id}/sanction"
    letter = {"letter_number": "B/12/2026", "letter_on": "27-11-2026", "services": ["tender"]}
    early = tika.submit(address, **letter, received_on="26-11-2026", letter_file=the_scan())
    assert (early.status, "sebelum tanggalnya, 27 November 2026" in early.text) == (422, True)
    kept = {"letter_file_kept": early.value("letter_file_kept")}
    page = tika.submit(address, **letter, **kept, received_on="28-11-2026")
    assert "diterima 28 November 2026" in page.text
    [filed] = db.session.scalars(sa.select(Evidence)).all()
    assert (filed.about_kind, filed.note) == ("flag", "BPJS B/12/2026")
    assert tika.get(f"/evidence/{filed.id}").response.mimetype == "application/pdf"
    [added] = db.session.scalars(sa.select(Event).where(Event.kind == "evidence.added")).all()
    assert (added.case_id, added.company_id) == (None, company_id)
    seen = browser("lia").get(page.path)
    assert "B/12/2026, 27 November 2026" in seen.text
    assert "diterima 28 November 2026" not in seen.text
    assert f"/evidence/{filed.id}" not in seen.links()
    assert browser("lia").get(f"/evidence/{filed.id}").status == 403
    assert browser("ina").get(f"/evidence/{filed.id}").status == 404


def test_a_letter_that_comes_later_is_filed_later_and_once(browser: Open, at: Clock) -> None:
    a_sanctioned_case(at)
    tika, address = browser("tika"), f"/flags/{db.session.scalars(sa.select(Flag.id)).one()}"
    assert f"{address}/letters" in tika.get(address).links()
    nothing = tika.submit(f"{address}/letters")
    assert (nothing.status, "Pilih foto atau PDF suratnya." in nothing.text) == (422, True)
    bad = tika.submit(f"{address}/letters", letter_file=(io.BytesIO(b"GIF89a"), "surat.gif"))
    assert (bad.status, "Jenis berkas ini tidak dikenal." in bad.text) == (422, True)
    page = tika.submit(f"{address}/letters", letter_file=the_scan(), received_on="9-3-2027")
    assert (page.path, "Surat BPJS disimpan." in page.text) == (address, True)
    assert f"{address}/letters" not in page.links()
    assert "sudah disimpan" in tika.get(f"{address}/letters").text
    assert browser("ina").get(f"{address}/letters").status == 403
    assert "BPJS B/12/2026" in browser("ina").get(address).text
    end = {"reason": "BPJS mencabut", "letter_number": "B/99", "letter_on": "10-3-2027"}
    scan = (io.BytesIO(picture()), "cabut.jpg")
    page = tika.submit(f"{address}/lift", **end, received_on="10-3-2027", letter_file=scan)
    assert "BPJS B/99" in page.text
    assert "Surat pencabutan TMP2T diterima 10 Maret 2027" in page.text
    kinds = [letter.kind for letter in db.session.scalars(sa.select(BpjsLetter))]
    assert kinds == ["request", "lifting"]


@pytest.mark.one_store
def test_a_scan_that_was_withdrawn_makes_room_for_the_right_one(browser: Open, at: Clock) -> None:
    a_sanctioned_case(at)
    address = f"/flags/{db.session.scalars(sa.select(Flag.id)).one()}"
    tika = browser("tika")
    tika.submit(f"{address}/letters", letter_file=the_scan())
    [filed] = db.session.scalars(sa.select(Evidence)).all()
    page = browser("sari").submit(f"/evidence/{filed.id}/withdraw", reason="Surat perusahaan lain")
    assert page.path == address
    scan = (io.BytesIO(picture()), "benar.jpg")
    page = tika.submit(f"{address}/letters", letter_file=scan)
    assert "Surat BPJS disimpan." in page.text
    assert "Surat perusahaan lain" in page.text


def test_flags_of_before_read_as_they_did(browser: Open, at: Clock) -> None:
    """A flag that a sentence lifted, in a store that knew no proofs and no files of BPJS."""
    case_id = a_sanctioned_case(at)
    prove(case_id)
    as_before_channels_and_keys()
    downgrade(revision="0040")
    upgrade()
    hold = db.session.scalars(sa.select(Flag).where(Flag.level == "hold")).one()
    assert (hold.lift_proof, hold.membership) == ("Sertifikat 1", None)
    assert "Sertifikat 1" in browser("lia").get(f"/flags/{hold.id}").text
    assert "Bukti: Sertifikat 1" in browser("ina").get(f"/cases/{the_case(case_id).number}").text
    sanction = db.session.scalars(sa.select(Flag).where(Flag.level == "sanction")).one()
    assert (sanction.letter_number, sanction.bpjs_letters) == ("B/12/2026", [])
