"""The whole road through the API alone: from the finding to the counter, and back to clear."""

from __future__ import annotations

from compliance.cases.jobs import sweep_due_rechecks


def verdict(api, number: str) -> tuple[str, str]:
    answer = api("lia").post("/clearance", nib=number)
    assert answer.status_code == 201
    return answer.json["verdict"], answer.json["word"]


def test_a_company_walks_the_whole_road(api, at) -> None:
    ina = api("ina")
    company = ina.post(
        "/companies", name="PT Contoh Jaya", region_code="53.71", nib="9120.0012.3456.7"
    )
    assert (company.status_code, company.json["nib"]) == (201, "9120001234567")
    assert verdict(api, "9120001234567") == ("clear", "HIJAU – TIDAK ADA CATATAN")

    issued = ina.post(
        "/cases",
        company_id=company.json["id"],
        inspected_on="2026-11-27",
        issued_on="2026-11-30",
        workers_total=40,
        workers_registered=28,
        findings=[{"violation": "JS-02", "workers_affected": 12}],
    )
    assert (issued.status_code, issued.json["status"], issued.json["number"]) == (
        201,
        "in_remedy",
        "NTT-2026-0001",
    )
    assert issued.json["nota"]["kind"] == "I"
    recheck = issued.json["recheck"]
    assert (recheck["due_on"], recheck["effective_on"]) == ("2027-02-28", "2027-03-01")
    assert recheck["why"] == [
        "Nota diterbitkan 30 November 2026.",
        "Ditambah 3 bulan kalender: 28 Februari 2027.",
        "28 Februari 2027 bukan hari kerja (Minggu).",
        "Berlaku pada hari kerja berikutnya: 1 Maret 2027.",
    ]
    case = issued.headers["Location"].removeprefix("/api/v1")
    assert verdict(api, "9120001234567") == ("caution", "KUNING – NOTA TERBUKA")

    at("2026-12-02")
    receipt = ina.post(
        f"{case}/receipt", received_on="2026-12-01", received_by="Ani Contoh, staf HRD"
    )
    assert receipt.json["findings"][0]["deadline_on"] == "2026-12-15"
    assert receipt.json["moved"] == []

    at("2027-01-15")
    early = ina.post(
        f"{case}/visits", visited_on="2027-01-15", outcome="not_complied", workers_registered=28
    )
    assert (early.status_code, early.json["status"]) == (201, "in_remedy")

    at("2027-03-01 00:00")
    sweep_due_rechecks()
    assert ina.get(case).json["status"] == "recheck_due"
    assert api("tika").get("/cases", overdue="true").json["items"] == []  # due today is not overdue

    at("2027-03-02 00:00")
    sweep_due_rechecks()
    assert [each["id"] for each in api("tika").get("/cases", overdue="true").json["items"]] == [
        issued.json["id"]
    ]
    [warning] = api("lia").get("/flags", active="true", office="ptsp-53.71").json["items"]
    assert (warning["level"], warning["since_on"]) == ("warning", "2027-03-02")
    assert verdict(api, "9120001234567") == ("caution", "KUNING – LEWAT WAKTU")

    failed = ina.post(
        f"{case}/visits", visited_on="2027-03-02", outcome="partly_complied", workers_registered=30
    )
    assert failed.json["status"] == "unresolved"
    assert verdict(api, "9120001234567") == ("hold", "MERAH – ADA CATATAN")

    at("2029-03-02")
    sweep_due_rechecks()
    assert verdict(api, "9120001234567") == ("hold", "MERAH – ADA CATATAN")
    [hold] = api("lia").get("/flags", active="true").json["items"]
    assert hold["level"] == "hold"
    assert (
        api("lia").post(f"/flags/{hold['id']}/acknowledgement").json["acknowledgements"][0]["by"]
        == "Lia Misal"
    )

    done = api("ina").post(
        f"{case}/visits", visited_on="2029-03-02", outcome="complied", workers_registered=40
    )
    assert (done.status_code, done.json["errors"][0]["field"]) == (422, "proof")
    done = api("ina").post(
        f"{case}/visits",
        visited_on="2029-03-02",
        outcome="complied",
        workers_registered=40,
        proof="Sertifikat 12",
    )
    assert (done.status_code, done.json["status"], done.json["workers_registered"]) == (
        201,
        "resolved",
        40,
    )
    assert done.json["findings"][0]["fixed_on"] == "2029-03-02"
    assert api("lia").get("/flags", active="true").json["items"] == []
    assert verdict(api, "9120001234567") == ("clear", "HIJAU – TIDAK ADA CATATAN")

    story = api("ina").get(f"{case}/events").json["items"]
    assert [each["kind"] for each in story][:7] == [
        "draft.started",
        "nota.issued",
        "nota.conveyed",
        "letter.numbered",
        "nota.received",
        "letter.served",
        "visit.recorded",
    ]
    assert story[1]["data"]["effective_on"] == "2027-03-01"
    assert story[1]["at"] == "2026-11-30T01:00:00Z"
