"""Numbers without gaps, also when several people take them at once, and templates that cannot
repeat themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.cases.models import Case, Nota
from compliance.companies.models import Company
from compliance.core.db import db, transaction
from compliance.core.numbering import Counter, next_serial, template_problem, write_number
from compliance.core.walk import verify
from tests.factories import a_case, a_company

DAY = date(2026, 11, 30)


def at_once(
    app: Flask, act: Callable[[int], object], *, times: int, threads: int = 4
) -> list[object]:
    """Do `act` that many times in several threads, each time in an application context of its own."""

    def alone(number: int) -> object:
        with app.app_context():
            return act(number)

    db.session.remove()
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(alone, range(times)))


def test_serials_begin_at_one_for_each_name_and_year(app) -> None:
    with transaction():
        assert [next_serial("nota", 2026) for _ in range(3)] == [1, 2, 3]
        assert next_serial("nota", 2027) == 1
        assert next_serial("case", 2026) == 1
        assert next_serial("nota", 2026) == 4


def test_a_transaction_that_is_rolled_back_gives_its_serial_back(app) -> None:
    with transaction():
        next_serial("nota", 2026)
    with pytest.raises(RuntimeError), transaction():  # noqa: PT012
        assert next_serial("nota", 2026) == 2
        raise RuntimeError
    with transaction():
        assert next_serial("nota", 2026) == 2


def test_serials_taken_at_once_have_no_gap_and_no_double(app) -> None:
    def take(number: int) -> int | None:
        try:
            with transaction():
                serial = next_serial("nota", 2026)
                if number % 5 == 4:
                    raise InterruptedError
                return serial
        except InterruptedError:
            return None

    taken = [serial for serial in at_once(app, take, times=40) if serial is not None]
    assert sorted(taken) == list(range(1, 33))
    assert db.session.scalars(sa.select(Counter.last)).one() == 32


def test_notas_issued_at_once_are_numbered_without_gaps(app) -> None:
    companies = [a_company(nib="new").id for _ in range(12)]

    def issue(number: int) -> None:
        a_case(("ina", "budi")[number % 2], company=db.session.get_one(Company, companies[number]))

    at_once(app, issue, times=12)
    assert sorted(db.session.scalars(sa.select(Case.number))) == [
        f"NTT-2026-{serial:04}" for serial in range(1, 13)
    ]
    assert sorted(db.session.scalars(sa.select(Nota.number))) == [
        f"560/{serial:03}-NP/XI/2026" for serial in range(1, 13)
    ]
    assert list(verify()) == []


def test_a_number_given_by_hand_is_skipped_when_its_turn_comes(app) -> None:
    assert a_case().nota.number == "560/001-NP/XI/2026"
    assert a_case(nota_number="560/002-NP/XI/2026").nota.number == "560/002-NP/XI/2026"
    assert a_case().nota.number == "560/003-NP/XI/2026"


@pytest.mark.parametrize(
    ("month", "roman"),
    list(
        enumerate(
            ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"), start=1
        )
    ),
)
def test_months_are_written_in_roman_numerals(month: int, roman: str) -> None:
    assert (
        write_number("{serial}/{month_roman}/{year}", 7, date(2026, month, 1)) == f"7/{roman}/2026"
    )


@pytest.mark.parametrize(
    ("template", "number"),
    [
        ("560/{serial:03}-NP/{month_roman}/{year}", "560/007-NP/XI/2026"),
        ("NTT-{year}-{serial:04}", "NTT-2026-0007"),
        ("{serial}/{month:02}/{year}", "7/11/2026"),
        ("{serial:012}/{year}", "000000000007/2026"),
        ("{{a}} {serial} {year}", "{a} 7 2026"),
    ],
)
def test_a_good_template_is_accepted(template: str, number: str) -> None:
    assert template_problem(template) is None
    assert write_number(template, 7, DAY) == number


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{serial/{year}", "tidak dapat dibaca"),
        ("{serial}/{year}}", "tidak dapat dibaca"),
        ("{serial:zz}/{year}", "tidak dapat dibaca"),
        ("{serial:{}}/{year}", "tidak dapat dibaca"),
        ("{serial:0999}/{year}", "tidak dapat dibaca"),
        ("{serial}/{year}/{day}", "mengenal"),
        ("{0}/{serial}/{year}", "mengenal"),
        ("{}/{serial}/{year}", "mengenal"),
        ("{serial.real}/{serial}/{year}", "mengenal"),
        ("560/{year}", "harus memuat"),
        ("560/{serial}", "harus memuat"),
        ("", "harus memuat"),
        ("560/{serial}/{year}/" + "x" * 60, "terlalu panjang"),
    ],
)
def test_a_bad_template_is_refused_in_words(template: str, said: str) -> None:
    assert said in str(template_problem(template))


@pytest.mark.parametrize(
    "template",
    [
        "{serial:.1g}/{year}",
        "{serial!s:03}/{year}",
        "{serial}/{year:.1g}",
        "{serial:c}/{year}",
        "{serial: 3}/{year}",
    ],
)
def test_a_template_that_would_write_two_serials_alike_or_illegibly_is_refused(
    template: str,
) -> None:
    assert "tidak dapat dibaca" in str(template_problem(template))
