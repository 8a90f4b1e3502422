"""Six cases in six states, for the tests of lists."""

from __future__ import annotations

from datetime import date

import pytest

from compliance.cases.commands.ending import withdraw_case
from compliance.cases.jobs import sweep_due_rechecks
from compliance.core.db import transaction
from tests.cases.listed import Clock, a_case_of
from tests.factories import a_visit, user


@pytest.fixture
def six(at: Clock) -> None:
    """Six cases on 10 March 2027: late, due soon, in time, unresolved, resolved, withdrawn."""
    at("2027-03-10")
    a_case_of("PT Contoh Terlambat", issued_on=date(2026, 11, 30))
    a_case_of("PT Contoh Segera", issued_on=date(2026, 12, 18))
    a_case_of("PT Contoh Tenang", "budi", region="53.08", issued_on=date(2027, 2, 15))
    a_visit(a_case_of("PT Contoh Gagal", issued_on=date(2026, 11, 23)), "not_complied")
    a_visit(
        a_case_of("PT Contoh Patuh", "budi", issued_on=date(2026, 11, 16)), "complied", by="budi"
    )
    with transaction():
        withdraw_case(
            a_case_of("PT Contoh Ditarik", issued_on=date(2026, 11, 9)),
            by=user("sari"),
            reason="salah alamat",
        )
    for _ in range(2):
        sweep_due_rechecks()
