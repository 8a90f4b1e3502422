"""What a first reader of every paper found false or missing: each paper says what is so, and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.letters.jobs import set_letters
from tests.browser import Browser
from tests.factories import a_case, a_company
from tests.letters.conftest import FILLED, ready_for, words_of
from tests.licensing.desk import Clock

pytestmark = pytest.mark.one_store
COUNTING = "dihitung setelah diterimanya; hari penerimaan tidak ikut dihitung."


def sent(api: Any, case_id: int, kind: str, **options: Any) -> Any:
    return api("sari").post(
        f"/cases/{case_id}/letters", kind=kind, **{**FILLED.get(kind, {}), **options}
    )


def issued(api: Any, case_id: int, kind: str, **options: Any) -> str:
    """The words of a letter of this kind, as it is issued."""
    made = sent(api, case_id, kind, **options)
    assert made.status_code == 201, made.text
    numbered = api("sari").post(f"/letters/{made.json['id']}/number")
    assert numbered.status_code == 200, numbered.text
    return the_last(api, case_id, kind)


def the_last(api: Any, case_id: int, kind: str) -> str:
    set_letters()
    letters = api("ina").get(f"/cases/{case_id}/letters").json["items"]
    letter = [one for one in letters if one["kind"] == kind][-1]
    return words_of(api("ina").get(f"/letters/{letter['id']}/pdf").data)


def id_of(api: Any, case_id: int, kind: str) -> int:
    letters = api("ina").get(f"/cases/{case_id}/letters").json["items"]
    found: int = [one for one in letters if one["kind"] == kind][-1]["id"]
    return found


def refusal(answer: Any) -> dict[str, str]:
    """What was refused, by field; under nothing what is about the whole."""
    assert answer.status_code in (409, 422), answer.text
    errors = answer.json.get("errors") or [{"field": "", "message": answer.json["detail"]}]
    return {error["field"]: error["message"] for error in errors}


def number_of(case_id: int) -> str:
    return db.session.get_one(Case, case_id).number or ""


def test_a_receipt_speaks_of_limits_only_where_the_letter_grants_one(
    api: Any, case_id: int
) -> None:
    issued(api, case_id, "recheck_notice")
    notice = issued(api, case_id, "receipt", about_letter=id_of(api, case_id, "recheck_notice"))
    assert "Surat Pengecekan Kembali" in notice
    assert "Batas waktu" not in notice
    nota = issued(api, case_id, "receipt", about_letter=id_of(api, case_id, "nota_1"))
    assert f"Batas waktu dalam Nota Pemeriksaan I {COUNTING}" in nota


def test_a_receipt_is_for_a_letter_that_somebody_receives(
    api: Any, browser: Callable[..., Browser], case_id: int
) -> None:
    nota = id_of(api, case_id, "nota_1")
    issued(api, case_id, "receipt", about_letter=nota)
    issued(api, case_id, "ba")
    page = browser("ina").get(f"/cases/{number_of(case_id)}/letters/new/receipt").text
    assert "Nota Pemeriksaan I 560" in page
    assert "Berita Acara" not in page
    for kind in ("receipt", "ba"):
        answer = sent(api, case_id, "receipt", about_letter=id_of(api, case_id, kind))
        assert "tidak disampaikan" in refusal(answer)["about_letter"]


def test_a_receipt_names_to_whom_its_letter_goes(api: Any, case_id: int) -> None:
    issued(api, case_id, "cover_ptsp")
    said = issued(api, case_id, "receipt", about_letter=id_of(api, case_id, "cover_ptsp"))
    assert "Untuk Kepala DPMPTSP Kota Kupang" in said
    assert "Surat Pengantar" in said


def test_the_strip_of_a_nota_names_it_and_counts_as_its_deadlines_are_computed(
    api: Any, case_id: int
) -> None:
    said = the_last(api, case_id, "nota_1")
    strip = said.split("telah diterima ")[1]
    assert strip.startswith(
        "Nota Pemeriksaan I Nomor 560/001-NP/XI/2026 untuk PT Contoh Bahari Timur,"
    )
    assert f"Batas waktu dalam Nota Pemeriksaan I {COUNTING}" in strip
    assert "sejak hari ini" not in said
    assert "di atas dihitung" not in said
    receipt = {"received_on": "2026-11-30", "received_by": "Rina, HRD"}
    assert api("ina").post(f"/cases/{case_id}/receipt", **receipt).status_code == 200
    findings = api("ina").get(f"/cases/{case_id}").json["findings"]
    assert {one["deadline_on"] for one in findings} == {"2026-12-14"}  # 14 days after the 30th


def test_a_cover_of_a_recommendation_needs_one_in_force_and_names_it(
    api: Any, case_id: int, at: Clock
) -> None:
    asked = {"cover": "recommendation"}
    assert "sesudah rekomendasi" in refusal(sent(api, case_id, "cover_ptsp", **asked))["cover"]
    ready_for("recommendation", api, case_id, at)
    assert "sesudah rekomendasi" in refusal(sent(api, case_id, "cover_ptsp", **asked))["cover"]
    issued(api, case_id, "recommendation")
    said = issued(api, case_id, "cover_ptsp", **asked)
    for words in (
        "Pemberitahuan Rekomendasi Pengenaan Sanksi Administratif",
        "kami merekomendasikan kepada Wali Kota Kupang, dengan surat Nomor 560/",
        "pengenaan sanksi administratif kepada perusahaan tersebut",
        "14 Desember 2026 (menurut Nota Pemeriksaan II paling lambat 27 Desember 2026)",
    ):
        assert words in said, (words, said)


@pytest.mark.parametrize(("first", "second"), [("", "ptsp-53.71"), ("ptsp-53.71", "")])
def test_an_office_that_is_left_out_is_the_same_as_the_one_of_the_regency(
    api: Any, case_id: int, first: str, second: str
) -> None:
    draft = sent(api, case_id, "cover_ptsp", office=second).json["id"]
    issued(api, case_id, "cover_ptsp", office=first)
    assert "sudah terbit" in refusal(sent(api, case_id, "cover_ptsp", office=second))["cover"]
    assert "sudah terbit" in refusal(api("sari").post(f"/letters/{draft}/number"))[""]
    assert "Yth. Kepala DPMPTSP Provinsi" in issued(api, case_id, "cover_ptsp", office="ptsp-53")


def test_a_cover_goes_to_an_office_that_answers_for_the_region(api: Any, case_id: int) -> None:
    for unknown in ("ptsp-53.01", "DPMPTSP"):
        assert "office" in refusal(sent(api, case_id, "cover_ptsp", office=unknown)), unknown


def test_a_cover_loses_its_ground_when_the_recommendation_is_withdrawn(
    api: Any, case_id: int, at: Clock
) -> None:
    ready_for("recommendation", api, case_id, at)
    issued(api, case_id, "recommendation")
    draft = sent(api, case_id, "cover_ptsp", cover="recommendation").json["id"]
    withdrawn = api("sari").post(
        f"/letters/{id_of(api, case_id, 'recommendation')}/withdrawal", reason="Salah pejabat"
    )
    assert withdrawn.status_code == 200
    refused = api("sari").post(f"/letters/{draft}/number")
    assert "sesudah rekomendasi" in refusal(refused)[""]


def test_a_cover_about_a_request_of_bpjs_needs_its_letter_on_file(api: Any, case_id: int) -> None:
    asked = {"cover": "bpjs_request", "bpjs_number": "B/17/2026", "bpjs_on": "2026-11-20"}
    assert "belum tercatat" in refusal(sent(api, case_id, "cover_ptsp", **asked))["bpjs_number"]
    company = db.session.get_one(Case, case_id).company_id
    filed = {"letter_number": "B/17/2026", "letter_on": "2026-11-19", "services": ["tender"]}
    made = api("tika").post(f"/companies/{company}/sanctions", **filed)
    assert made.status_code == 201, made.text
    assert "bertanggal" in refusal(sent(api, case_id, "cover_ptsp", **asked))["bpjs_on"]
    said = issued(api, case_id, "cover_ptsp", **{**asked, "bpjs_on": "2026-11-19"})
    assert "Tindak Lanjut Permintaan BPJS Ketenagakerjaan" in said
    assert "Nomor B/17/2026 tanggal 19 November 2026" in said


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2027-02-28", "28 Februari 2027 bukan hari kerja (Minggu)"),
        ("2026-12-25", "25 Desember 2026 bukan hari kerja"),
        ("2026-12-14", "14 Desember 2026"),
        ("2026-12-01", "14 Desember 2026"),
    ],
)
@pytest.mark.parametrize("received", [True, False])
def test_a_recheck_is_announced_for_a_working_day_after_the_time_of_the_nota(
    api: Any, case_id: int, browser: Callable[..., Browser], day: str, why: str, received: bool
) -> None:
    if received:
        receipt = {"received_on": "2026-11-30", "received_by": "Rina, HRD"}
        assert api("ina").post(f"/cases/{case_id}/receipt", **receipt).status_code == 200
    address = f"/cases/{number_of(case_id)}/letters/new/recheck_notice"
    text = browser("ina").post(address, visit_on=day).text
    assert why in text
    assert ("belum tercatat diterima" in text) == ("hari kerja" not in why and not received)
    assert "visit_on" in refusal(sent(api, case_id, "recheck_notice", visit_on=day))


def test_the_day_after_the_time_of_the_nota_may_be_announced_until_it_grows(
    api: Any, case_id: int, at: Clock
) -> None:
    made = sent(api, case_id, "recheck_notice", visit_on="2026-12-15")
    assert made.status_code == 201
    at("2026-12-03 09:00")
    receipt = {"received_on": "2026-12-03", "received_by": "Rina, HRD"}
    assert api("ina").post(f"/cases/{case_id}/receipt", **receipt).status_code == 200
    refused = api("sari").post(f"/letters/{made.json['id']}/number")
    assert "berakhir 17 Desember 2026" in refusal(refused)[""]


@pytest.mark.parametrize("kind", ["ba", "ba_refusal", "cover_ptsp", "recheck_notice"])
def test_a_paper_that_stands_is_mended_by_a_version_and_not_written_twice(
    api: Any, case_id: int, kind: str
) -> None:
    second = sent(api, case_id, kind).json["id"]
    issued(api, case_id, kind)
    again = refusal(sent(api, case_id, kind))
    assert "buat versi baru" in next(iter(again.values()))
    assert "30 November 2026" in next(iter(again.values()))
    assert "buat versi baru" in refusal(api("sari").post(f"/letters/{second}/number"))[""]
    first = [
        one["id"]
        for one in api("ina").get(f"/cases/{case_id}/letters").json["items"]
        if (one["kind"], one["state"]) == (kind, "numbered")
    ]
    new = api("sari").post(f"/letters/{first[0]}/replacement", reason="Salah ketik")
    assert new.status_code == 201, new.text
    assert api("sari").post(f"/letters/{new.json['id']}/number").status_code == 200


@pytest.mark.parametrize("kind", ["noncompliance_report", "recommendation"])
def test_a_case_has_one_report_and_an_official_one_recommendation(
    api: Any, case_id: int, at: Clock, kind: str
) -> None:
    ready_for(kind, api, case_id, at)
    issued(api, case_id, kind)
    assert "buat versi baru" in next(iter(refusal(sent(api, case_id, kind)).values()))


def test_no_recommendation_once_the_orders_were_carried_out(
    api: Any, case_id: int, at: Clock
) -> None:
    ready_for("recommendation", api, case_id, at)
    findings = [one["id"] for one in api("ina").get(f"/cases/{case_id}").json["findings"]]
    seen = {"visited_on": "2026-12-30", "outcome": "complied", "fixed": findings, "proof": "Lunas"}
    counts = {"workers_total": 40, "workers_registered": 40}
    assert api("ina").post(f"/cases/{case_id}/visits", **seen, **counts).status_code == 201
    assert "Tidak ada perintah" in refusal(sent(api, case_id, "recommendation"))[""]


def test_a_record_written_later_bears_its_own_day_and_names_that_of_the_visit(
    api: Any, browser: Callable[..., Browser], case_id: int, at: Clock
) -> None:
    at("2026-12-03 09:00")
    page = browser("ina").get(f"/cases/{number_of(case_id)}/letters/new/ba")
    assert page.value("issued_on") == "3-12-2026"
    assert page.value("held_on") == "30-11-2026"
    said = issued(api, case_id, "ba", held_on="2026-11-30")
    assert "Pada hari Senin, 30 November 2026" in said
    assert "hari ini" not in said
    assert "/XII/2026" in said
    late = sent(api, case_id, "ba", held_on="2026-12-04")
    assert "4 Desember 2026" in refusal(late)["held_on"]


def test_a_record_of_today_says_so(api: Any, case_id: int) -> None:
    assert "Pada hari ini, Senin, 30 November 2026" in issued(api, case_id, "ba")


@pytest.mark.usefixtures("head")
def test_name_and_position_of_whom_the_inspector_met_fill_two_fields(
    browser: Callable[..., Browser],
) -> None:
    case = a_case(company=a_company())
    number = case.number
    with transaction():
        nota = db.session.get_one(Case, case.id).nota
        assert nota is not None
        nota.met = "Rina Contoh, bagian kepegawaian"
    page = browser("ina").get(f"/cases/{number}/letters/new/ba")
    assert page.value("met_name") == "Rina Contoh"
    assert page.value("met_position") == "bagian kepegawaian"


def test_a_certificate_states_every_open_nota_of_the_company(
    api: Any, case_id: int, at: Clock
) -> None:
    said = issued(api, case_id, "certificate")
    assert (
        "tidak tercatat dalam catatan perizinan, tetapi Nota Pemeriksaan I Nomor 560/001-NP/XI/2026 tanggal "
        "30 November 2026 masih terbuka: 2 (dua) perintahnya belum tercatat selesai dilaksanakan, dan "
        "penerimaan nota itu belum tercatat."
    ) in said
    receipt = {"received_on": "2026-11-30", "received_by": "Rina, HRD"}
    assert api("ina").post(f"/cases/{case_id}/receipt", **receipt).status_code == 200
    assert "dengan batas waktu 14 Desember 2026." in issued(api, case_id, "certificate")
    at("2026-12-20 09:00")
    assert "dan batas waktunya lewat 14 Desember 2026." in issued(api, case_id, "certificate")


def test_a_certificate_of_a_settled_case_says_that_nothing_is_open(
    api: Any, case_id: int, at: Clock
) -> None:
    ready_for("clearance_letter", api, case_id, at)
    said = issued(api, case_id, "certificate")
    assert "dan tidak ada Nota Pemeriksaan I yang masih terbuka." in said


def test_a_paper_about_how_things_stand_is_dated_today(api: Any, case_id: int) -> None:
    answer = sent(api, case_id, "certificate", issued_on="2026-12-01")
    assert "30 November 2026" in refusal(answer)["issued_on"]


def test_a_lifting_letter_is_refused_with_the_reason_that_is_so(
    api: Any, case_id: int, at: Clock
) -> None:
    assert "masih terbuka" in refusal(sent(api, case_id, "clearance_letter"))[""]
    findings = [one["id"] for one in api("ina").get(f"/cases/{case_id}").json["findings"]]
    seen = {"visited_on": "2026-11-30", "outcome": "complied", "fixed": findings, "proof": "Lunas"}
    counts = {"workers_total": 40, "workers_registered": 40}
    assert api("ina").post(f"/cases/{case_id}/visits", **seen, **counts).status_code == 201
    assert "tidak pernah tercatat" in refusal(sent(api, case_id, "clearance_letter"))[""]
