"""The nota form as an inspector uses it: one thing per page, nothing typed is lost, one nota comes of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from tests.browser import Browser
from tests.cases.walk import begin, cases, fill, the_case
from tests.factories import a_company

OpenBrowser = Callable[..., Browser]
pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.one_store]


def test_a_nota_is_made_page_by_page(browser: OpenBrowser) -> None:
    a_company(
        "PT Contoh Bahari Timur", nib="9120001234567", scale="medium", address="Jalan Misal 1"
    )
    ina = browser("ina")
    page = ina.get("/notas/new?q=bahari")
    assert "PT Contoh Bahari Timur" in page.text
    assert "Kota Kupang · NIB 9120 0012 3456 7" in page.soup.label.find_next("fieldset").get_text(
        " ", strip=True
    )
    page = ina.submit("/notas/new?q=bahari")
    assert page.soup.h1.get_text() == "Di mana yang diperiksa?"
    key = page.path.split("/")[2]
    assert page.value("place") == "Jalan Misal 1"

    page = ina.submit(page.path)
    page = ina.submit(page.path, workers_total="1.250", workers_registered="1.000")
    assert "Jaminan sosial ketenagakerjaan" in page.text
    page = ina.submit(
        page.path,
        {
            "findings": ["JS-02", "JS-04"],
            "about-JS-02-workers_affected": "250",
            "about-JS-04-programmes": ["JP"],
            "about-JS-04-deadline_days": "30",
            "about-JS-02-note": "Bagian gudang",
        },
    )
    assert (page.value("inspected_on"), page.value("issued_on")) == ("30-11-2026", "30-11-2026")
    assert "Senin, 1 Maret 2027" in page.text
    assert "28 Februari 2027 bukan hari kerja (Minggu)." in page.text
    page = ina.submit(
        page.path,
        met="Ani Contoh, staf HRD",
        inspected_on="27 November 2026",
        note="Datang lagi pagi",
    )
    assert page.path == f"/notas/{key}/review"
    for said in (
        "1.250",
        "1.000",
        "250 pekerja terdampak",
        "program: JP",
        "30 hari setelah diterima",
        "14 hari setelah diterima",
        "27 November 2026",
        "Ani Contoh",
        "Bagian gudang",
        "DPMPTSP Kota Kupang",
        "DPMPTSP Provinsi Nusa Tenggara Timur",
    ):
        assert said in page.text, said
    page = ina.submit(page.path)
    assert page.path == f"/notas/{key}/done"
    for said in (
        "560/001-NP/XI/2026",
        "NTT-2026-0001",
        "Senin, 1 Maret 2027",
        "DPMPTSP Kota Kupang",
    ):
        assert said in page.text, said
    assert "/cases/NTT-2026-0001" in page.links()

    case = the_case()
    assert (case.status, case.workers_total, case.workers_registered, case.draft) == (
        "in_remedy",
        1250,
        1000,
        None,
    )
    nota = case.nota
    assert nota is not None
    assert (nota.place, nota.met, nota.note) == (
        "Jalan Misal 1",
        "Ani Contoh, staf HRD",
        "Datang lagi pagi",
    )
    assert [
        (each.violation.code, each.workers_affected, each.programmes, each.deadline_days)
        for each in case.findings
    ] == [
        ("JS-02", 250, [], 14),
        ("JS-04", None, ["JP"], 30),
    ]


def test_the_form_speaks_english_too(browser: OpenBrowser) -> None:
    ina = browser("ina", "en")
    key = begin(ina, a_company(scale="small"))
    assert "30 November 2026" in fill(ina, key).text
    page = ina.get(f"/notas/{key}/findings")
    assert "Some of the workers have not been registered" in page.text
    assert page.soup.find("dd", attrs={"lang": "id"}) is not None


def test_leaving_and_coming_back_returns_to_the_exact_page(browser: OpenBrowser) -> None:
    ina = browser("ina")
    key = begin(ina, a_company("PT Contoh Lanjut"))
    ina.submit(f"/notas/{key}/place", place="Jalan Misal 1")
    page = ina.submit(f"/notas/{key}/workers", workers_total="12", go="later")
    assert page.path == "/drafts"
    assert "Lanjut di: Pekerja" in page.text
    [link] = [
        each for each in browser("ina").get("/field").links() if each.startswith(f"/notas/{key}")
    ]
    page = browser("ina").get(link)
    assert page.path == f"/notas/{key}/workers"
    assert (page.value("workers_total"), page.value("workers_registered")) == ("12", "")
    assert browser("ina").get(f"/notas/{key}").path == f"/notas/{key}/workers"


def test_only_the_company_is_needed_to_keep_a_draft(browser: OpenBrowser) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    for step in ("place", "workers", "findings", "notes"):
        page = ina.post(f"/notas/{key}/{step}")
        assert page.status == 200, step
    assert page.path == f"/notas/{key}/review"
    for said in (
        "Isi jumlah pekerja, misalnya 25",
        "Pilih sedikitnya satu temuan.",
        "Isi tanggal pemeriksaan",
    ):
        assert said in page.text
    assert f"/notas/{key}/workers?then=review#workers_total" in page.links()
    assert "Terbitkan nota" not in page.text
    assert "Lengkapi: Pekerja" in page.text


def test_going_back_and_forth_keeps_what_was_typed(browser: OpenBrowser) -> None:
    ina = browser("ina")
    key = begin(ina, a_company(scale="medium"))
    fill(ina, key, registered="28", findings="JS-02")
    page = ina.submit(
        f"/notas/{key}/findings",
        {"about-JS-02-note": "Sopir & kernet <harian>", "findings": []},
        go="back",
    )
    assert page.path == f"/notas/{key}/workers"
    assert page.value("workers_registered") == "28"
    page = ina.get(f"/notas/{key}/findings")
    assert (
        page.value("about-JS-02-note") == "Sopir & kernet <harian>"
    )  # ticked off, but not forgotten
    assert page.soup.find("input", id="findings-JS-02").get("checked") is None
    assert ina.get(f"/notas/{key}/place").value("place") == "Jalan Misal 1, Kecamatan Contoh"


@pytest.mark.parametrize(
    ("step", "field", "typed", "sentence"),
    [
        ("workers", "workers_total", "dua puluh", "bilangan bulat"),
        ("workers", "workers_total", "33.73", "Jumlah seluruh pekerja: Tulis bilangan bulat"),
        ("workers", "workers_total", "-4", "kurang dari nol"),
        ("workers", "workers_total", "0", "Isi jumlah pekerja, misalnya 25"),
        (
            "workers",
            "workers_registered",
            "41",
            "tidak dapat lebih banyak daripada seluruh pekerja",
        ),
        ("notes", "inspected_on", "31-2-2026", "Tanggal pemeriksaan: Tulis tanggal seperti"),
        ("notes", "inspected_on", "1-12-2026", "belum tiba"),
        ("notes", "issued_on", "29-11-2026", "Nota tidak dapat terbit sebelum pemeriksaan."),
        ("notes", "nota_number", "9" * 61, "Paling panjang 60 huruf"),
        ("notes", "met", "x" * 201, "Paling panjang 200 huruf"),
        ("place", "place", "x" * 301, "Paling panjang 300 huruf"),
        ("findings", "about-JS-02-workers_affected", "41", "JS-02: Jumlah pekerja pada temuan"),
        (
            "findings",
            "about-JS-02-deadline_days",
            "0",
            "JS-02: Isi batas waktu temuan antara 1 dan 365 hari.",
        ),
        ("findings", "about-JS-02-deadline_days", "besok", "bilangan bulat"),
    ],
)
def test_what_cannot_be_is_told_at_once_and_stays_as_typed(
    browser: OpenBrowser, step: str, field: str, typed: str, sentence: str
) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    fill(ina, key)
    page = ina.submit(f"/notas/{key}/{step}", {field: typed})
    assert page.status == 422
    assert page.title.startswith("Kesalahan:")
    assert sentence in page.text
    assert page.value(field) == typed
    assert page.soup.find(attrs={"name": field}).get("aria-invalid") == "true"
    assert ina.get(f"/notas/{key}/{step}").value("version") == page.value("version")
    assert ina.get(f"/notas/{key}/{step}").value(field) == typed  # kept on the server as well
    assert browser("ina").get(f"/notas/{key}").path == f"/notas/{key}/{step}"
    page = ina.get(f"/notas/{key}/review")
    assert sentence in page.text
    assert "Terbitkan nota" not in page.text


def test_each_page_tells_when_the_server_last_had_it(
    browser: OpenBrowser, at: Callable[[str], None]
) -> None:
    key = begin(browser("ina"), a_company())
    assert "Tersimpan pukul 09.00 WITA" in browser("ina").get(f"/notas/{key}/place").text
    at("2026-12-01 07:30")
    assert (
        "Tersimpan 30 November 2026 pukul 09.00 WITA"
        in browser("ina").get(f"/notas/{key}/place").text
    )


def test_the_usual_findings_stand_first_and_the_others_fold_away(browser: OpenBrowser) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    ina.submit(f"/notas/{key}/workers", workers_total="40", workers_registered="28")
    page = ina.get(f"/notas/{key}/findings")
    assert "12 dari 40 pekerja belum terdaftar." in page.text
    boxes = page.soup.select("input[name=findings]")
    assert [box["value"] for box in boxes[:4]] == ["JS-01", "JS-02", "JS-03", "JS-04"]
    assert all(box.find_parent("details", class_="group") for box in boxes[4:])
    assert len({box["value"] for box in boxes}) == len(boxes)
    page = ina.submit(f"/notas/{key}/findings", {"findings": ["JS-07"]}, go="back")
    opened = ina.get(f"/notas/{key}/findings").soup.select("details.group[open]")
    assert [each.find("input")["value"] for each in opened] == ["JS-05"]


def test_a_doubled_page_is_no_quarrel_with_oneself(browser: OpenBrowser) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    version = ina.get(f"/notas/{key}/workers").value("version")
    for _tap in range(2):
        page = ina.post(
            f"/notas/{key}/workers", workers_total="40", workers_registered="28", version=version
        )
        assert (page.status, page.path) == (200, f"/notas/{key}/findings")


def test_a_draft_open_in_two_browsers_is_never_overwritten_unseen(browser: OpenBrowser) -> None:
    phone, desk = browser("ina"), browser("ina")
    key = begin(phone, a_company())
    version = phone.get(f"/notas/{key}/workers").value("version")
    desk.submit(f"/notas/{key}/workers", workers_total="50", workers_registered="10")
    page = phone.post(
        f"/notas/{key}/workers", workers_total="40", workers_registered="10", version=version
    )
    assert page.status == 412
    assert "Jumlah seluruh pekerja: 50" in page.text
    assert "Yang terdaftar di BPJS Ketenagakerjaan: 10" not in page.text
    assert page.value("workers_total") == "40"
    assert desk.get(f"/notas/{key}/workers").value("workers_total") == "50"
    page = phone.post(
        f"/notas/{key}/workers",
        workers_total="40",
        workers_registered="10",
        version=page.value("version"),
    )
    assert page.status == 200
    assert desk.get(f"/notas/{key}/workers").value("workers_total") == "40"


def test_nobody_but_its_owner_and_the_supervisor_sees_a_draft(browser: OpenBrowser) -> None:
    ina, budi = browser("ina"), browser("budi")
    key = begin(ina, a_company())
    fill(ina, key)
    for path in ("", "/company", "/place", "/workers", "/findings", "/notes", "/review", "/done"):
        assert budi.get(f"/notas/{key}{path}").status == 404, path
        assert budi.post(f"/notas/{key}{path}").status in (404, 405), path
    assert budi.get(f"/drafts/{key}/delete").status == 404
    assert budi.post(f"/drafts/{key}/delete").status == 404
    assert budi.post("/notas/new", company=the_case().company_id, draft_key=key).status == 404
    assert browser("tika").get(f"/notas/{key}/review").status == 403
    sari = browser("sari")
    assert "draf milik Ina Contoh" in sari.get(f"/notas/{key}/review").text
    sari.submit(f"/notas/{key}/review")
    assert the_case().inspector.name == "Ina Contoh"
    assert budi.get(f"/notas/{key}/done").status == 404


@pytest.mark.parametrize("who", ["tika", "lia", "adi"])
@pytest.mark.parametrize("path", ["/field", "/drafts", "/notas/new"])
def test_who_issues_no_notas_has_no_field(browser: OpenBrowser, who: str, path: str) -> None:
    assert browser(who).get(path).status == 403


def test_a_draft_that_is_not_there_is_not_found(browser: OpenBrowser) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    for path in (f"/notas/{uuid.uuid4()}/place", "/notas/abc/place", f"/notas/{key}/pictures"):
        assert ina.get(path).status == 404


def test_what_no_keyboard_writes_does_not_reach_the_store(browser: OpenBrowser) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    fill(ina, key)
    ina.submit(f"/notas/{key}/notes", met="Ani Contoh\u200b", note="satu\r\ndua\x1b")
    ina.submit(f"/notas/{key}/review")
    nota = the_case().nota
    assert nota is not None
    assert (nota.met, nota.note) == ("Ani Contoh", "satu\ndua")


def test_a_field_sent_twice_or_not_at_all_breaks_nothing(browser: OpenBrowser) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    assert (
        ina.post(
            f"/notas/{key}/workers", {"workers_total": ["1", "2"], "go": "sideways", "version": "x"}
        ).status
        == 200
    )
    assert ina.post(f"/notas/{key}/notes", {"inspected_on": "1" * 5000}).status == 422
    assert ina.post("/notas/new", draft_key="no key", company=the_case().company_id).path.endswith(
        "/place"
    )
    assert len(cases()) == 2


def test_every_page_of_the_form_keeps_its_version_and_its_place_for_a_weak_network(
    browser: OpenBrowser,
) -> None:
    ina = browser("ina")
    key = begin(ina, a_company())
    for step in ("place", "workers", "findings", "notes"):
        form = ina.get(f"/notas/{key}/{step}").soup.select_one("form:has([data-kept])")
        assert form is not None, step
        assert form.get("action") is None, "it is kept under the address of the page"
        assert form.find("input", attrs={"name": "version"})["value"].isdecimal()
