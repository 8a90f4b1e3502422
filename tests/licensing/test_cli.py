"""`flask check NUMBER`, as a script would use it."""

from __future__ import annotations

import contextvars
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.core.db import db
from compliance.core.numbering import Counter
from compliance.licensing.models import LicenceCheck
from tests.factories import a_case, a_company, a_visit

NIB = "9120001234567"


def check(app: Flask, number: str, *, while_we_write: bool = False) -> Result:
    if not while_we_write:
        db.session.rollback()
    return contextvars.Context().run(app.test_cli_runner().invoke, args=["check", number])


def test_each_verdict_has_its_word_and_its_exit_code(app: Flask, at: Callable[[str], None]) -> None:
    company = a_company("PT Contoh Bahari", nib=NIB)
    company_id = company.id
    found = check(app, "9120 0012 3456 7")
    assert (found.exit_code, found.stdout) == (
        0,
        (
            "HIJAU – TIDAK ADA CATATAN [clear] PT Contoh Bahari, Kota Kupang: Tidak ada nota"
            " terbuka per 30 November 2026.\n"
        ),
    )
    case_id = a_case(company=company, nota_number="560/1").id
    found = check(app, NIB)
    assert (found.exit_code, found.stdout) == (
        3,
        (
            "KUNING – NOTA TERBUKA [caution] PT Contoh Bahari, Kota Kupang: Nota 560/1. Kewajiban menurut"
            " nota: paling lambat 14 hari setelah nota diterima; pengecekan kembali 1 Maret 2027.\n"
        ),
    )
    at("2027-03-02 09:00")
    sweep_due_rechecks()
    a_visit(db.session.get_one(Case, case_id), "not_complied", registered=30)
    found = check(app, NIB)
    assert (found.exit_code, found.stdout) == (
        4,
        (
            "MERAH – ADA CATATAN [hold] PT Contoh Bahari, Kota Kupang: Catatan hasil cek ulang sejak 2"
            " Maret 2027 (kasus NTT-2026-0001). Nota 560/1: cek ulang 2 Maret 2027 menemukan 10"
            " dari 40 pekerja belum terdaftar.\n"
        ),
    )
    found = check(app, "9120009999999")
    assert (found.exit_code, found.stdout) == (
        5,
        (
            "ABU – TIDAK DITEMUKAN [unknown] Tidak ditemukan untuk '9120009999999'. Ini bukan bukti"
            " kepatuhan.\n"
        ),
    )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LicenceCheck)) == 0
    assert db.session.scalar(sa.select(Counter.last).where(Counter.name == "check")) is None
    assert company_id


@pytest.mark.parametrize(
    "number", ["01.221.127.2-054.000", "0012211272054000", "jj 012345", "NPP JJ012345"]
)
def test_any_number_in_any_shape_will_do(app: Flask, number: str) -> None:
    a_company("PT Contoh Bahari", npwp="01.221.127.2-054.000", npp="JJ012345")
    assert check(app, number).exit_code == 0


def test_several_bearers_are_listed_on_stderr_and_none_is_guessed(app: Flask) -> None:
    a_company("PT Contoh Pusat", npwp="01.221.127.2-054.000")
    a_company("PT Contoh Cabang", npwp="01.221.127.2-922.001", region_code="53.08")
    found = check(app, "01.221.127.2-054.000")
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.splitlines() == [
        "PT Contoh Pusat, Kota Kupang (NPWP …1272-054.000)",
        "PT Contoh Cabang, Kab. Ende (NPWP …1272-922.001)",
    ]


@pytest.mark.parametrize(
    "number", ["", "PT Contoh Bahari", "91200012345678", "x" * 300, "9120\x00"]
)
def test_what_is_no_number_is_refused_in_words(app: Flask, number: str) -> None:
    a_company("PT Contoh Bahari")
    found = check(app, number)
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr.startswith("Error: ")


def test_an_answer_does_not_wait_for_somebody_who_writes(app: Flask) -> None:
    a_company("PT Contoh Bahari", nib=NIB)
    db.session.execute(sa.update(Company).values(phone="0380-000-009"))
    found = check(app, NIB, while_we_write=True)
    db.session.rollback()
    assert found.exit_code == 0


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("1111111111111", "Ini angka pengisi, bukan nomor siapa pun"),
        ("912000123456", "Tidak ada perusahaan dengan NPP 12 angka ini"),
        ("91200O1234567", "Maksud Anda NIB 9120 0012 3456 7? Huruf O dibaca sebagai angka"),
        ("12345674922000", "Maksud Anda NPWP 01.234.567.4-922.000? Nol di depannya mungkin hilang"),
    ],
)
def test_a_filler_or_a_slip_is_one_line_and_exit_code_1(app: Flask, typed: str, line: str) -> None:
    a_company("PT Contoh Bahari", nib=NIB)
    found = check(app, typed)
    assert (found.exit_code, found.stdout) == (1, "")
    assert found.stderr.startswith(f"Error: {line}")
    assert found.stderr.count("\n") == 1
