"""The last page of the nota form: what it asks about, and that sending it makes one nota, never two."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.cases.models import Nota
from compliance.core.db import db, is_postgresql
from tests.browser import as_a_request_of_its_own
from tests.cases.known import OpenBrowser
from tests.cases.walk import begin, fill, the_case
from tests.factories import a_case, a_company
from tests.queries import queries

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_store]


def test_what_comes_next_is_the_receipt(browser: OpenBrowser) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    fill(ina, key)
    page = ina.submit(f"/notas/{key}/review")
    ways = [(way.get_text(), way["href"]) for way in page.soup.select("main .acts a")[:4]]
    assert ways == [
        ("Buka nota untuk dicetak (PDF)", "/letters/1.pdf"),
        ("Unduh PDF", "/letters/1.pdf"),
        ("Catat tanda tangan", "/letters/1/sign"),
        ("Catat tanda terima", "/cases/NTT-2026-0001/receipt"),
    ]
    order = [item.get_text().split()[0] for item in page.soup.select("main ol li")[-4:]]
    assert order == ["Cetak", "Tanda", "Serahkan", "Catat"]
    assert "28 Februari 2027 (Minggu), berlaku Senin, 1 Maret 2027" in page.text
    assert ina.get(ways[3][1]).status == 200


def test_after_a_mistake_is_mended_from_the_review_the_review_comes_back(
    browser: OpenBrowser,
) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    fill(ina, key, total="")
    page = ina.submit(f"/notas/{key}/workers?then=review", workers_total="30")
    assert page.path == f"/notas/{key}/review"
    assert "Terbitkan nota" in page.text
    assert ina.get(f"/notas/{key}").path == f"/notas/{key}/review"
    assert (
        ina.submit(f"/notas/{key}/findings?then=review", go="back").path == f"/notas/{key}/review"
    )
    assert "Simpan dan periksa lagi" in ina.get(f"/notas/{key}/place?then=review").text


def test_a_doubled_or_repeated_issue_makes_one_nota(browser: OpenBrowser) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    version = fill(ina, key).value("version")
    first = ina.post(f"/notas/{key}/review", version=version)
    second = ina.post(f"/notas/{key}/review", version=version)
    assert (first.path, first.text) == (second.path, second.text)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Nota)) == 1
    for step in ("place", "workers", "findings", "notes", "review", "company"):
        assert ina.get(f"/notas/{key}/{step}").path == f"/notas/{key}/done"
        assert ina.post(f"/notas/{key}/{step}", place="anders").path == f"/notas/{key}/done"
    assert ina.get(f"/drafts/{key}/delete").path == f"/notas/{key}/done"
    assert the_case().nota.place == "Jalan Misal 1, Kecamatan Contoh"  # type: ignore[union-attr]


def test_a_review_that_is_out_of_date_issues_nothing(browser: OpenBrowser) -> None:
    phone, desk = browser("ina"), browser("ina")
    key = begin(phone, a_company())
    version = fill(phone, key).value("version")
    desk.submit(f"/notas/{key}/workers", workers_total="50", workers_registered="10")
    page = phone.post(f"/notas/{key}/review", version=version)
    assert page.status == 412
    assert "Nota belum terbit" in page.text
    assert the_case().status == "draft"
    assert phone.post(f"/notas/{key}/review", version=page.value("version")).path.endswith("/done")
    assert the_case().workers_total == 50


def test_a_number_given_by_hand_that_is_taken_shows_whose_it_is(browser: OpenBrowser) -> None:
    other = a_case(
        "budi", company=a_company("PT Contoh Pemilik"), nota_number="560/044.A-NP/XI/2026"
    )
    assert other.number == "NTT-2026-0001"
    ina = browser("ina")
    key = begin(ina, a_company())
    fill(ina, key)
    ina.submit(f"/notas/{key}/notes", nota_number=" 560/044.A-NP/XI/2026 ")
    page = ina.submit(f"/notas/{key}/review")
    assert page.status == 422
    assert page.title.startswith("Kesalahan:")
    assert (
        "Nomor nota 560/044.A-NP/XI/2026 sudah dipakai untuk PT Contoh Pemilik, terbit 30 November 2026."
        in page.text
    )
    assert f"/notas/{key}/notes?then=review#nota_number" in page.links()
    page = ina.submit(f"/notas/{key}/notes?then=review", nota_number="560/044.B-NP/XI/2026")
    page = ina.submit(page.path)
    assert "560/044.B-NP/XI/2026" in page.text
    assert "NTT-2026-0002" in page.text  # the refused attempt used up no number


def test_the_review_asks_about_what_looks_odd_and_hinders_nothing(browser: OpenBrowser) -> None:
    company = a_company(scale="medium")
    a_case("budi", company=company)
    ina = browser("ina")
    key = begin(ina, company)
    fill(ina, key, total="12", registered="12", findings="JS-02")
    ina.submit(f"/notas/{key}/notes", inspected_on="2-3-2026", issued_on="2-3-2026")
    page = ina.get(f"/notas/{key}/review")
    for said in (
        "Nota bertanggal 2 Maret 2026, bukan hari ini.",
        "Jatuh tempo cek ulang 2 Juni 2026 sudah lewat.",
        "JS-02 dipilih, tetapi semua pekerja tertulis sudah terdaftar.",
        "Sudah ada kasus terbuka di sini: NTT-2026-0001",
    ):
        assert said in page.text, said
    assert ina.submit(page.path).path.endswith("/done")


def test_a_nota_is_issued_in_one_commit_and_nothing_is_read_twice(
    app: Flask, browser: OpenBrowser
) -> None:
    ina = browser("ina")
    key = begin(ina, a_company(scale="small"))
    form = {"csrf_token": ina.token, "version": fill(ina, key).value("version")}
    commits: list[object] = []

    def note(connection: object) -> None:
        commits.append(connection)

    sa.event.listen(db.engine, "commit", note)
    try:
        with queries() as seen:
            answer = as_a_request_of_its_own(ina.client.post, f"/notas/{key}/review", data=form)
    finally:
        sa.event.remove(db.engine, "commit", note)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/notas/{key}/done")
    assert len(commits) == 1
    # offices hear of the findings' deadlines; the letter has its signatory and quotes articles; on PostgreSQL
    # the number is held by a lock
    assert len(seen) <= (23 if is_postgresql() else 22), seen
    assert len(seen) == len(set(seen)) + 1, (
        "only the counter is asked twice: for the case and for the nota"
    )
