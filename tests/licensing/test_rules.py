"""The verdict on every combination of open cases and active flags."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from compliance.licensing.rules import (
    SERVICES,
    WORDS,
    ActiveFlag,
    OpenCase,
    cleared_by,
    not_found,
    permits_touched,
    verdict_on,
)

TODAY = date(2027, 3, 10)


def a_case(
    status: str = "in_remedy", effective_on: date = date(2027, 3, 20), **facts: Any
) -> OpenCase:
    return OpenCase(
        **{
            "number": "NTT-2026-0001",
            "nota_number": "560/001",
            "issued_on": date(2026, 12, 18),
            "status": status,
            "effective_on": effective_on,
            "unresolved_on": date(2027, 3, 8) if status == "unresolved" else None,
            "workers_total": 40,
            "workers_registered": 28,
            **facts,
        }
    )


def a_flag(level: str, case_number: str = "NTT-2026-0001") -> ActiveFlag:
    return ActiveFlag(level, case_number, date(2027, 3, 8), "B/12" if level == "sanction" else None)


LATE = date(2027, 3, 9)
COMBINATIONS = {
    "nothing open": ([], [], "clear", "clear"),
    "open, in time": ([a_case()], [], "caution", "caution"),
    "due today is not late": ([a_case("recheck_due", TODAY)], [], "caution", "caution"),
    "late by date though no sweep ran": ([a_case("in_remedy", LATE)], [], "caution", "late"),
    "late, and the setting raises nothing": ([a_case("recheck_due", LATE)], [], "caution", "late"),
    "late, with the warning": (
        [a_case("recheck_due", LATE)],
        [a_flag("warning")],
        "caution",
        "late",
    ),
    "late, and the setting raises a hold": (
        [a_case("recheck_due", LATE)],
        [a_flag("hold")],
        "hold",
        "hold",
    ),
    "extended after the warning was lifted": (
        [a_case(effective_on=date(2027, 5, 3))],
        [],
        "caution",
        "caution",
    ),
    "a warning that outlived its lateness": ([a_case()], [a_flag("warning")], "caution", "late"),
    "unresolved, with the hold": ([a_case("unresolved", LATE)], [a_flag("hold")], "hold", "hold"),
    "unresolved, without any flag": ([a_case("unresolved", LATE)], [], "caution", "late"),
    "in time, with a sanction": ([a_case()], [a_flag("sanction")], "hold", "sanction"),
    "hold and sanction": (
        [a_case("unresolved", LATE)],
        [a_flag("hold"), a_flag("sanction")],
        "hold",
        "sanction",
    ),
    "a sanction and nothing else": ([], [a_flag("sanction")], "hold", "sanction"),
    "one case in time, another held": (
        [a_case(), a_case("unresolved", LATE)],
        [a_flag("hold")],
        "hold",
        "hold",
    ),
    "one case in time, another late": (
        [a_case(), a_case("recheck_due", LATE)],
        [],
        "caution",
        "late",
    ),
}


@pytest.mark.parametrize(
    ("cases", "flags", "verdict", "word"), COMBINATIONS.values(), ids=COMBINATIONS
)
def test_the_verdict_is_the_worst_that_stands(
    cases: list[OpenCase], flags: list[ActiveFlag], verdict: str, word: str
) -> None:
    found = verdict_on(cases, flags, today=TODAY)
    assert (found.verdict, found.word) == (verdict, WORDS[word])
    assert found.reasons
    assert found.advice
    answers = {"sanction": "withhold", "hold": "decide_in_writing"}
    assert found.conclusion == answers.get(word, "may_issue")
    assert found.level == (
        max((flag.level for flag in flags), key=GRAVITY.index) if flags else None
    )


GRAVITY = ("warning", "hold", "sanction")


def test_two_cases_give_all_their_reasons_the_flags_first() -> None:
    cases = [
        a_case("unresolved", LATE, nota_number="560/001"),
        a_case("recheck_due", LATE, number="NTT-2026-0002", nota_number="560/002"),
    ]
    flags = [a_flag("warning", "NTT-2026-0002"), a_flag("hold")]
    reasons = [str(each) for each in verdict_on(cases, flags, today=TODAY).reasons]
    assert reasons == [
        "Catatan hasil cek ulang sejak 2027-03-08 (kasus NTT-2026-0001).",
        "Peringatan sejak 2027-03-08: cek ulang lewat waktu (kasus NTT-2026-0002).",
        "Nota 560/001: cek ulang 2027-03-08 menemukan 12 dari 40 pekerja belum terdaftar.",
        "Nota 560/002: cek ulang terlambat 1 hari, belum ada hasil.",
    ]


def test_a_recheck_that_failed_on_something_else_never_says_that_nobody_is_missing() -> None:
    everyone = a_case("unresolved", LATE, workers_registered=40)
    wages = a_case("unresolved", LATE, obligations=frozenset({"other"}))
    for case in (everyone, wages):
        (reason,) = verdict_on([case], [], today=TODAY).reasons
        assert (
            str(reason) == "Nota 560/001: cek ulang 2027-03-08 menemukan kewajiban belum dipenuhi."
        )


def test_a_hold_is_no_sanction_and_a_sanction_is_carried_out_by_the_office_it_asks() -> None:
    held = " ".join(
        map(str, verdict_on([a_case("unresolved", LATE)], [a_flag("hold")], today=TODAY).advice)
    )
    assert "Pemohon dapat menunjukkan bukti kepesertaannya sebelum Anda memutuskan." in held
    assert "bukan sanksi" in held
    sanctioned = " ".join(
        map(str, verdict_on([a_case()], [a_flag("sanction")], today=TODAY).advice)
    )
    assert "bukan sanksi" not in sanctioned
    assert "dilaksanakan kantor perizinan yang diminta dalam suratnya" in sanctioned


def test_a_caution_lets_the_permit_go_on_and_tells_the_time_that_the_nota_gave() -> None:
    cases = [
        a_case(effective_on=date(2027, 3, 20), deadline=date(2027, 1, 2)),
        a_case(effective_on=date(2027, 3, 12), deadline=date(2027, 1, 9)),
    ]
    told = verdict_on(cases, [], today=TODAY)
    assert [str(each) for each in told.advice] == [
        "Izin dapat diproses. Ingatkan pemohon: kewajiban menurut nota paling lambat 2027-01-09."
    ]
    assert str(told.reasons[0]) == (
        "Nota 560/001. Kewajiban menurut nota: paling lambat 2027-01-02; pengecekan kembali 2027-03-20."
    )
    (advice,) = verdict_on([a_case("recheck_due", date(2027, 3, 1))], [], today=TODAY).advice
    assert (
        str(advice)
        == "Izin dapat diproses. Pengecekan kembali oleh pengawas (2027-03-01) terlambat 9 hari; ingatkan"
        " pemohon akan kewajiban menurut nota."
    )


def test_clear_and_unknown_are_no_proof_of_anything() -> None:
    clear = verdict_on([], [], today=TODAY)
    assert str(clear.reasons[0]) == "Tidak ada nota terbuka per 2027-03-10."
    assert any("bukan bukti kepesertaan" in str(each) for each in clear.advice)
    unknown = not_found("9120001234567")
    assert (
        str(unknown.reasons[0])
        == "Tidak ditemukan untuk '9120001234567'. Ini bukan bukti kepatuhan."
    )


def test_what_clears_a_company_fits_what_it_is_held_for() -> None:
    assert cleared_by([], []) == ()
    membership, sanction, other = (
        cleared_by([a_case()], []),
        cleared_by([a_case()], [a_flag("sanction")]),
        cleared_by([a_case(obligations=frozenset({"other"}))], []),
    )
    assert [str(each) for each in membership] == [
        "Sertifikat kepesertaan dan bukti iuran terakhir."
    ]
    assert "PP 86/2013 pasal 10 ayat (7) dan (8)" in str(sanction[-1])
    assert [str(each) for each in other] == [
        "Hasil cek ulang pengawas bahwa kewajiban sudah dipenuhi."
    ]


LETTER = ActiveFlag("sanction", "NTT-2026-0001", TODAY, "B/12", ("tender", "building"))
TOUCHED = {
    "a nota alone": ([a_case()], [], ()),
    "a nota alone, nobody registered": ([a_case(workers_registered=0)], [], ()),
    "a warning": ([a_case("recheck_due", LATE)], [a_flag("warning")], ()),
    "a hold, some registered": ([a_case("unresolved", LATE)], [a_flag("hold")], ()),
    "a hold, nobody registered": (
        [a_case("unresolved", LATE, workers_registered=0)],
        [a_flag("hold")],
        (),
    ),
    "a hold for another norm, nobody registered": (
        [a_case("unresolved", LATE, workers_registered=0, obligations=frozenset({"other"}))],
        [a_flag("hold")],
        (),
    ),
    "a letter touches what it names": ([a_case()], [LETTER], ("tender", "building")),
    "a letter beside a hold": (
        [a_case("unresolved", LATE)],
        [a_flag("hold"), LETTER],
        ("tender", "building"),
    ),
}


@pytest.mark.parametrize(("cases", "flags", "touched"), TOUCHED.values(), ids=TOUCHED)
def test_only_what_the_law_names_is_touched_and_the_rest_is_said_not_to_be(
    cases: list[OpenCase], flags: list[ActiveFlag], touched: tuple[str, ...]
) -> None:
    found = permits_touched(cases, flags)
    assert found is not None
    assert found.services == touched
    assert {*found.services, *found.untouched} == set(SERVICES)
    assert not set(found.services) & set(found.untouched)


def test_an_office_with_a_ground_of_its_own_may_ask_the_unregistered_whatever_the_colour() -> None:
    def asked(
        case: OpenCase, *flags: ActiveFlag, basis: str | None = "Perwali contoh 12/2025"
    ) -> str:
        told = verdict_on([case], flags, today=TODAY, membership_basis=basis)
        return " ".join(str(each) for each in told.advice)

    sentence = (
        "Bukti kepesertaan dapat diminta sebagai syarat layanan: menurut catatan per {} belum ada pekerja "
        "yang"
        " terdaftar (PP 86/2013 pasal 8 ayat (3) huruf a; dasar hukum kantor ini: Perwali contoh 12/2025)."
    )
    yellow, red = a_case(workers_registered=0), a_case("unresolved", LATE, workers_registered=0)
    assert sentence.format("2026-12-18") in asked(yellow)
    assert sentence.format("2027-03-08") in asked(red, a_flag("hold"))
    assert "dapat diminta" not in asked(red, a_flag("hold"), basis=None)
    assert "dapat diminta" not in asked(a_case())
    assert "dapat diminta" not in asked(
        a_case(workers_registered=0, obligations=frozenset({"other"}))
    )


def test_where_nothing_is_open_no_permit_is_spoken_of() -> None:
    assert permits_touched([], []) is None
