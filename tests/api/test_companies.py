"""The registry through the API."""

from __future__ import annotations

import pytest

from tests.api.conftest import fields
from tests.factories import a_company
from tests.merges.twins import merged, twins


def test_a_company_is_registered_with_all_that_is_known_of_it(api) -> None:
    made = api("ina").post(
        "/companies",
        name="PT. Contoh Usaha, Tbk",
        region_code="53.71",
        nib="9120.0012.3456.7",
        npwp="01.234.567.8-901.000",
        npp="JJ-012345",
        kbli="47111",
        scale="small",
        address="Jalan Misal 1\nKupang",
        phone="0380-000-000",
        email="surel@contoh.example",
        workers_total=40,
        aliases=["Toko Misal"],
    )
    assert made.status_code == 201
    told = made.json
    assert (told["nib"], told["npwp"], told["npp"]) == (
        "9120001234567",
        "0012345678901000",
        "JJ012345",
    )
    assert (told["aliases"], told["former_names"], told["scale"]) == (["Toko Misal"], [], "small")
    assert told["created_at"] == "2026-11-30T01:00:00Z"
    assert told["warnings"] == [
        "Angka pemeriksa NPWP tidak cocok, mungkin salah ketik. Periksa lagi"
    ]
    found = api("lia").get(made.headers["Location"].removeprefix("/api/v1"))
    assert (found.status_code, found.json) == (200, told)


def test_a_taken_number_is_refused_with_its_owner(api) -> None:
    owner = a_company("PT Contoh Lama", nib="9120001234567")
    owner_id = owner.id
    answer = api("ina").post(
        "/companies", name="PT Contoh Baru", region_code="53.71", nib="9120001234567"
    )
    assert (answer.status_code, fields(answer)) == (409, {"nib"})
    [candidate] = answer.json["candidates"]
    assert (candidate["id"], candidate["name"]) == (owner_id, "PT Contoh Lama")


def test_licensing_officers_and_admins_register_nobody(api) -> None:
    for who in ("lia", "adi"):
        assert api(who).post("/companies", name="PT Contoh", region_code="53.71").status_code == 403


def test_companies_are_found_by_any_number_in_any_shape(api) -> None:
    a_company("PT Contoh Lain", nib="9120009999999")
    a_company("PT Contoh Usaha", nib="9120001234567", npwp="01.234.567.8-901.000", npp="JJ012345")

    def found(**query: str) -> list[str]:
        return [each["name"] for each in api("yos").get("/companies", **query).json["items"]]

    for query in (
        {"nib": "9120.0012.34567"},
        {"npwp": "0012345678901000"},
        {"npwp": "01.234.567.8-999.000"},
        {"npp": "jj 012345"},
        {"q": "9120001234567"},
        {"q": "contoh usah"},
        {"nib": "9120001234567", "npp": "JJ012345"},
        {"q": "usaha", "nib": "9120001234567", "npwp": ""},
    ):
        assert found(**query) == ["PT Contoh Usaha"], query
    assert found(nib="9120009999999", npp="JJ012345") == []
    assert found(nib="9120005555555") == []


def test_lists_are_walked_from_page_to_page_without_loss_or_repetition(api) -> None:
    made = [a_company(f"PT Contoh Halaman {n}").id for n in range(7)]
    tika = api("tika")
    for query, expected in (({}, made[::-1]), ({"q": "halaman"}, None)):
        seen, cursor = [], None
        while True:
            page = tika.get(
                "/companies", limit=3, **query, **({"cursor": cursor} if cursor else {})
            ).json
            assert len(page["items"]) <= 3
            seen += [each["id"] for each in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
        assert sorted(seen) == made
        assert expected is None or seen == expected
    assert tika.get("/companies", limit=7).json["next"] is None
    foreign = tika.get("/companies", limit=3).json["next"]
    assert tika.get("/cases", cursor=foreign).status_code == 422


def test_the_number_of_queries_does_not_grow_with_a_list(api, count_queries) -> None:
    ina = api("ina")
    a_company(aliases=("Toko Misal",))
    few = count_queries(ina, "/companies")
    for n in range(5):
        a_company(aliases=(f"Toko Misal {n}",))
    assert count_queries(ina, "/companies") == few <= 6


def test_the_id_of_a_merged_company_answers_with_the_one_it_became_part_of(api) -> None:
    kept, gone = twins()
    merged(kept, gone)
    tika = api("tika")
    told = tika.get(f"/companies/{gone}")
    assert (told.status_code, told.json["id"], told.json["nib"]) == (200, kept, "9120000000011")
    for query in (
        {"nib": "9120000000022"},
        {"npp": "JJ012345"},
        {"npwp": "02.234.567.2-901.000"},
        {"q": "conto"},
        {},
    ):
        assert [each["id"] for each in tika.get("/companies", **query).json["items"]] == [kept]


def test_a_slip_in_a_number_is_refused_with_a_code_and_what_it_may_mean(api) -> None:
    body = {"name": "PT Contoh", "region_code": "53.71", "nib": "91200O1234567", "npp": "1234"}
    answer = api("tika").post("/companies", **body)
    assert answer.status_code == 422
    assert {(error["field"], error["code"]) for error in answer.json["errors"]} == {
        ("nib", "confirm_number"),
        ("npp", "mistyped_number"),
    }
    assert answer.json["errors"][0]["suggestion"] == "NIB 9120 0012 3456 7"


def test_firms_with_the_same_filler_are_registered_with_a_warning(api) -> None:
    for name in ("PT Contoh Bahari", "CV Umpama Jaya"):
        answer = api("tika").post("/companies", name=name, region_code="53.71", nib="1111111111111")
        assert (answer.status_code, answer.json["nib"]) == (201, None)
        assert answer.json["warnings"] == [
            "NIB 1111111111111 ini angka pengisi, bukan nomor siapa pun; tidak disimpan"
        ]


def test_a_former_name_in_the_name_is_kept_as_one_and_warned_of(api) -> None:
    made = api("tika").post("/companies", name="PT Baru (d/h CV Lama)", region_code="53.71")
    assert (made.json["name"], made.json["former_names"]) == ("PT Baru", ["CV Lama"])
    assert "Nama terdahulu CV Lama ikut disimpan" in made.json["warnings"]


@pytest.mark.parametrize(
    "name",
    ["PT Contoh Bahari", "PT Tjontoh-Bahari", "PT Contohh Bahari", "CV Contoh Bahari"],
)
def test_a_company_that_resembles_a_known_one_is_registered_with_a_warning(api, name: str) -> None:
    a_company("PT Contoh Bahari")
    a_company("UD Lain Sekali")
    made = api("tika").post("/companies", name=name, region_code="53.71")
    assert (made.status_code, made.json["warnings"]) == (201, ["Mirip dengan PT Contoh Bahari"])


def test_a_program_records_a_closure_or_a_move_and_revokes_it(api) -> None:
    ina, id = api("ina"), a_company().id
    address = f"/companies/{id}/circumstances"
    assert api("lia").get(f"/companies/{id}").json["circumstance"] is None
    bad = ina.post(address, kind="moved", since_on="2026-12-01", proof="NIB", region_code="99.99")
    assert fields(bad) == {"address", "region_code", "since_on"}
    made = ina.post(
        address,
        kind="moved",
        since_on="2026-11-02",
        proof="NIB",
        region_code="53.08",
        address="Jalan Misal 5",
    )
    assert made.status_code == 201
    told = api("lia").get(f"/companies/{id}").json
    assert told["circumstance"] == {
        "kind": "moved",
        "since_on": "2026-11-02",
        "region_code": "53.08",
    }
    assert (told["region_code"], told["address"]) == ("53.08", "Jalan Misal 5")
    again = ina.post(address, kind="closed", since_on="2026-11-02", proof="x", curator="y")
    assert fields(again) == {"curator"}
    revocation = f"{address}/{made.json['id']}/revocation"
    assert api("lia").post(revocation, reason="Keliru").status_code == 403
    assert ina.post(revocation, reason="Keliru").json["revoke_reason"] == "Keliru"
    assert ina.post(revocation, reason="Keliru").status_code == 409
    assert ina.post(f"{address}/99/revocation", reason="Keliru").status_code == 404
    assert ina.get(f"/companies/{id}").json["region_code"] == "53.71"
