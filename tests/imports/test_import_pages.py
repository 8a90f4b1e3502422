"""Importing on a page: columns guessed and corrected, a trial that writes nothing, rows to decide,
then the import.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from compliance.companies.models import Company
from compliance.core import jobs
from compliance.core.db import db
from compliance.imports.commands.job import CHUNK
from compliance.imports.jobs import purge_import_files
from compliance.imports.models import Import, ImportFile, ImportRow
from tests.browser import Browser
from tests.factories import a_company
from tests.imports.conftest import a_list
from tests.imports.importer import Desk, names, registry, tick
from tests.queries import queries

LIST = a_list(
    "PT Contoh Bahari;9120000000001;;;Kota Kupang;Jl. Misal 1;0380-1;12;Warung Contoh",
    "UD Misal;;;15070955;Ende;;;;",
)
ENGLISH = "Company Name,Tax ID,Regency,Employees\nPT Contoh,01.234.567.4-901.000,Ende,7\n"


def test_columns_are_guessed_from_headers_in_either_language(desk: Desk) -> None:
    page = desk.upload(LIST)
    assert [page.value(f"column_{at}") for at in range(9)] == [
        "name",
        "nib",
        "npwp",
        "npp",
        "region_code",
        "address",
        "phone",
        "workers_total",
        "aliases",
    ]
    assert "PT Contoh Bahari" in page.text  # examples of what each column holds
    page = desk.upload(ENGLISH)
    assert [page.value(f"column_{at}") for at in range(4)] == [
        "name",
        "npwp",
        "region_code",
        "workers_total",
    ]


def test_a_guess_is_corrected_by_hand(desk: Desk) -> None:
    content = "Nama,Nama resmi,Tempat\nDinas Misal,PT Contoh,Ende\n"
    page = desk.upload(content)
    assert (page.value("column_0"), page.value("column_1"), page.value("column_2")) == (
        "name",
        "",
        "",
    )
    desk.browser.submit(f"/imports/{desk.id}", column_0="", column_1="name", column_2="region_code")
    tick()
    desk.act("start")
    tick()
    [company] = db.session.scalars(sa.select(Company))
    assert (company.name, company.region_code) == ("PT Contoh", "53.08")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"column_0": ""}, "Pilih kolom yang berisi Nama perusahaan"),
        ({"column_1": "name"}, "Isi ini sudah dipilih untuk kolom Nama"),
        ({"column_1": "no-such"}, "Pilih isi kolom ini dari daftar"),
        (
            {"column_2": ""},
            "Pilih kolom kabupaten/kota, atau satu kabupaten/kota untuk semua baris",
        ),
        ({"column_2": "", "region_code": "11.01"}, "Pilih kabupaten atau kota"),
        ({"name": "x" * 81}, "Paling panjang 80 huruf"),
    ],
)
def test_columns_that_will_not_do_are_refused_beside_the_column(
    desk: Desk, fields: dict[str, str], told: str
) -> None:
    desk.upload("Nama;NIB;Kota\nPT Contoh;9120000000001;Ende\n")
    page = desk.browser.submit(f"/imports/{desk.id}", **fields)
    assert page.status == 422
    assert told in page.text
    assert page.title.startswith("Kesalahan:")
    assert desk.batch.status == "mapping"


def test_a_mapping_kept_under_a_name_serves_the_next_file_of_that_make(
    desk: Desk, browser: Callable[..., Browser]
) -> None:
    content = "A;B;C\nPT Contoh;Ende;x\n"
    page = desk.upload(content)
    assert page.value("column_0") == ""
    desk.browser.submit(
        f"/imports/{desk.id}", column_0="name", column_1="region_code", name="Daftar bulanan"
    )
    page = desk.upload(content)  # the same columns: known at once
    assert (page.value("column_0"), page.value("column_1"), page.value("column_2")) == (
        "name",
        "region_code",
        "",
    )
    page = desk.upload("A;B;D\nPT Contoh;Ende;x\n")  # other columns: it is offered
    assert page.value("column_0") == ""
    kept = page.soup.select_one("#kept option")
    assert kept is not None and kept.get_text() == "Daftar bulanan"
    page = desk.look(f"?kept={kept['value']}")
    assert (page.value("column_0"), page.value("column_1")) == ("name", "region_code")
    other = Desk(browser("sari"))
    other.upload(content)
    page = other.browser.submit(f"/imports/{other.id}", name="Daftar bulanan")
    assert "Nama ini sudah dipakai orang lain" in page.text


def test_a_trial_writes_nothing_and_tells_what_would_become_of_each_row(desk: Desk) -> None:
    a_company("PT Contoh Bahari", nib="9120000000001")
    before = registry()
    page = desk.rehearse(
        a_list(
            "PT Contoh Bahari;9120000000001;;;Kota Kupang;Jl. Misal 1;;;",
            "UD Misal;;;;Ende;;;;",
            "X;;;;Kupang;;;;",
        )
    )
    assert registry() == before
    assert desk.outcomes == ["updated", "new", "refused"]
    assert "1 perusahaan akan ditambahkan dan 1 dilengkapi" in page.text
    assert "Kabupaten/Kota: Kabupaten atau kota Kupang tidak dikenal" in page.text
    assert "Belum ada yang ditulis" in page.text


def test_what_was_tried_is_imported_and_can_be_looked_up(desk: Desk) -> None:
    page = desk.whole(LIST)
    assert "2 perusahaan ditambahkan dan 0 dilengkapi" in page.text
    assert names() == ["PT Contoh Bahari", "UD Misal"]
    assert desk.batch.counts == {"new": 2}
    assert f"/companies/{desk.rows[0].company_id}" in page.links()
    assert desk.batch.done_rows == desk.batch.total_rows == 2


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    desk.whole(LIST)
    before = registry()
    desk.whole(LIST)
    assert desk.outcomes == ["same", "same"]
    assert registry() == before


def test_rows_that_may_mean_a_known_company_are_decided_by_somebody(desk: Desk) -> None:
    known = a_company("UD Misal", region_code="53.08")
    a_company("PT Induk", npwp="01.234.567.4-901.000")
    page = desk.rehearse(
        a_list(
            "UD Misal;;;;Sikka;;0380-7;;",
            "UD Misal;;;;Belu;;;;",
            "PT Lain Nama;;01.234.567.4-922.000;;Ende;;;;",
            "UD Jelas;;;;Ende;;;;",
        )
    )
    assert desk.outcomes == ["to_decide", "to_decide", "to_decide", "new"]
    assert "Nama yang sama ada di Kab. Ende" in page.text
    assert "Pokok NPWP sama dengan PT Induk, tetapi namanya lain" in page.text
    page = desk.act("decide", **{"row-2": f"company:{known.id}", "row-3": "new"})
    assert "2 keputusan disimpan" in page.text
    desk.act("start")
    tick()
    assert desk.outcomes == ["updated", "new", "to_decide", "new"]
    assert names() == ["UD Misal", "PT Induk", "UD Jelas", "UD Misal"]
    db.session.expire_all()
    assert known.phone == "0380-7"
    page = desk.look()
    assert "1 baris masih perlu keputusan" in page.text
    desk.act("decide", **{"row-4": "out"})
    assert "Impor 1 baris yang sudah diputuskan" in desk.look().text
    desk.act("start")
    tick()
    assert desk.outcomes == ["updated", "new", "left_out", "new"]
    assert desk.batch.status == "done"


def test_nobody_is_asked_twice_which_known_company_a_row_means(desk: Desk) -> None:
    known = a_company("UD Misal", region_code="53.08")
    content = a_list("UD Misal;;;;Sikka;;0380-7;;")
    desk.rehearse(content)
    desk.act("decide", **{"row-2": f"company:{known.id}"})
    desk.act("start")
    tick()
    first, before = desk.id, registry()
    page = desk.whole(content)
    assert desk.outcomes == ["same"]
    assert "Seperti diputuskan pada impor sebelumnya: UD Misal" in page.text
    assert registry() == before
    desk.id = first
    desk.act("undo", sure="yes")  # and with the import its decisions are gone
    tick()
    desk.rehearse(content)
    assert desk.outcomes == ["to_decide"]


def test_a_row_may_be_the_same_as_another_row_of_the_file(desk: Desk) -> None:
    page = desk.rehearse(a_list("UD Misal;;;;Ende;;;;", "UD Misal;;;;Sikka;;0380-7;;"))
    assert "Sama dengan baris 2: UD Misal" in page.text
    desk.act("decide", **{"row-3": "row:2"})
    desk.act("start")
    tick()
    assert desk.outcomes == ["new", "updated"]
    assert [each.phone for each in db.session.scalars(sa.select(Company))] == ["0380-7"]


def test_what_was_not_offered_is_not_accepted(desk: Desk) -> None:
    known = a_company("UD Misal", region_code="53.08")
    other = a_company("PT Contoh")
    desk.rehearse(a_list("UD Misal;;;;Sikka;;;;"))
    for typed in (f"company:{other.id}", "row:99", "x", f"company:{known.id}:1"):
        assert desk.act("decide", **{"row-2": typed}).status == 422
    assert desk.rows[0].decision is None


def test_a_decision_that_is_no_longer_possible_must_be_made_again(desk: Desk) -> None:
    a_company("PT Contoh Satu", nib="9120000000001")
    a_company("PT Contoh Dua", npp="15070955")
    desk.rehearse(a_list("PT Contoh;9120000000001;;15070955;Ende;;;;"))
    assert desk.outcomes == ["to_decide"]
    desk.act("decide", **{"row-2": "new"})
    desk.act("start")
    tick()
    [row] = desk.rows
    assert (row.outcome, row.decision) == ("to_decide", None)
    assert "NIB: Nomor ini milik PT Contoh Satu" in desk.look().text
    assert names() == ["PT Contoh Satu", "PT Contoh Dua"]


def test_numbers_of_two_companies_fill_only_the_one_that_was_chosen(desk: Desk) -> None:
    one = a_company("PT Contoh Satu", nib="9120000000001")
    other = a_company("PT Contoh Dua", npp="15070955")
    desk.rehearse(a_list("PT Contoh;9120000000001;;15070955;Ende;Jl. Misal;;;"))
    desk.act("decide", **{"row-2": f"company:{one.id}"})
    desk.act("start")
    tick()
    db.session.expire_all()
    assert (one.address, one.npp, other.npp, other.address) == ("Jl. Misal", None, "15070955", None)


def test_the_rows_are_narrowed_by_what_became_of_them(desk: Desk) -> None:
    desk.whole(a_list("PT Contoh;;;;Ende;;;;", "X;;;;Kupang;;;;"))
    assert "PT Contoh" not in desk.look("?outcome=refused").text.partition("Keterangan")[2]
    assert "PT Contoh" in desk.look("?outcome=new").text


def test_the_report_is_a_file_that_runs_nothing(desk: Desk) -> None:
    desk.whole(a_list('"=cmd|x!A1";;;;Ende;;;;', "X;;;;Kupang;;;;"))
    answer = desk.browser.client.get(f"/imports/{desk.id}.csv")
    rows = list(
        csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")), delimiter=";")
    )
    assert [row[:3] for row in rows[1:]] == [["2", "Baru", "'=cmd|x!A1"], ["3", "Ditolak", "X"]]
    assert "tidak dikenal" in rows[2][5]


def test_without_a_scheduler_the_page_says_that_the_import_waits(desk: Desk) -> None:
    desk.upload(LIST)
    page = desk.browser.submit(f"/imports/{desk.id}")
    assert "Menunggu penjadwal" in page.text
    jobs.beat()
    page = desk.look()
    assert "Menunggu penjadwal" not in page.text
    assert "0 dari 2 baris" in page.text
    assert f"/imports/{desk.id}" in page.links()  # to load it again, where no script does


def test_the_number_of_queries_does_not_grow_with_rows_or_imports(desk: Desk) -> None:
    a_company("UD Misal", region_code="53.08")
    counts = []
    for number in (2, 20):
        desk.rehearse(a_list(*(f"UD Misal;;;;Sikka;Jl. {at};;;" for at in range(number))))
        with queries() as seen:
            desk.look()
        with queries() as more:
            desk.browser.get("/imports")
        counts.append((len(seen), len(more)))
        assert len(seen) <= 10, seen
    assert counts[0] == counts[1]


def test_pages_of_a_batch_are_turned_by_the_row(desk: Desk) -> None:
    desk.rehearse(a_list(*(f"PT Contoh {at};;;;Ende;;;;" for at in range(30))))
    page = desk.look()
    assert "PT Contoh 24" in page.text and "PT Contoh 25" not in page.text
    [following] = [each for each in page.links() if "after=" in each]
    assert "PT Contoh 25" in desk.browser.get(following).text


@pytest.mark.parametrize("who", ["ina", "lia"])
def test_others_may_not_import(desk: Desk, browser: Callable[..., Browser], who: str) -> None:
    desk.rehearse(LIST)
    other = Desk(browser(who), desk.id)
    assert other.browser.get("/imports").status == 403
    assert [other.look().status, other.look(".csv").status] == [403, 403]
    assert {
        other.act(step).status
        for step in ("mapping", "rehearse", "decide", "start", "stop", "undo")
    } <= {403, 422}
    assert other.upload(LIST).status == 403
    assert desk.batch.status == "rehearsed"


def test_an_admin_imports_from_the_navigation(browser: Callable[..., Browser]) -> None:
    adi = Desk(browser("adi"))
    assert "/imports" in adi.browser.get("/help").links()
    assert "2 perusahaan ditambahkan" in adi.whole(LIST).text


def test_steps_out_of_turn_are_refused(desk: Desk) -> None:
    desk.upload(LIST)
    assert desk.act("start").status == 409
    assert desk.act("undo", sure="yes").status == 409
    assert desk.act("stop").status == 409
    desk.browser.submit(f"/imports/{desk.id}")
    assert desk.act("start").status == 409
    desk.act("stop")
    assert desk.batch.status == "mapping"  # a trial that is stopped goes back to the columns
    assert names() == []


def test_files_go_when_the_import_can_no_longer_be_undone(
    desk: Desk, at: Callable[[str], None]
) -> None:
    desk.whole(LIST)
    done = desk.id
    desk.rehearse(LIST)
    at("2026-12-30 08:00")
    jobs.run("purge_import_files", purge_import_files)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ImportFile)) == 2
    at("2027-01-01")
    jobs.run("purge_import_files", purge_import_files)
    assert list(db.session.scalars(sa.select(ImportFile.import_id))) == []
    assert list(db.session.scalars(sa.select(Import.id))) == [
        done
    ]  # what was never begun is forgotten wholly
    assert len(list(db.session.scalars(sa.select(ImportRow)))) == 2
    assert len(names()) == 2


def test_a_long_list_is_worked_in_chunks(desk: Desk) -> None:
    desk.whole(a_list(*(f"PT Contoh {at};91{at:011};;;Ende;;;;" for at in range(CHUNK + 7))))
    assert desk.batch.counts == {"new": CHUNK + 7}
    assert len(names()) == CHUNK + 7
