"""A form that is sent twice, because a thumb trembled or an answer was lost, does its work once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from compliance.core.db import db
from compliance.core.events import Event
from tests.browser import Browser
from tests.factories import a_case, user

Open = Callable[..., Browser]


def kinds() -> list[str]:
    db.session.rollback()
    return list(
        db.session.scalars(
            sa.select(Event.kind).where(Event.kind != "user.signed_in").order_by(Event.id)
        )
    )


@pytest.mark.parametrize(
    ("who", "step", "event", "fields"),
    [
        ("ina", "recheck", "visit.recorded", {"outcome": "partly_complied",
            "workers_registered": "30", "visited_on": "1-12-2026"}),
        ("ina", "receipt", "nota.received", {"received_on": "1-12-2026", "received_by": "Ani Contoh"}),
        ("sari", "withdraw", "case.withdrawn", {"reason": "Salah alamat"}),
        ("tika", "reassign", "case.reassigned", {"to": "budi", "reason": "Ina cuti"}),
        ("tika", "extend", "case.extended", {"until": "9-4-2027", "reason": "Sedang pindah"}),
    ],
)  # fmt: skip
def test_a_step_that_is_sent_twice_is_made_once(
    browser: Open,
    at: Callable[[str], None],
    who: str,
    step: str,
    event: str,
    fields: dict[str, Any],
) -> None:
    where = f"/cases/{a_case().number}"
    if step == "reassign":
        fields = {**fields, "to": str(user("budi").id)}
    at("2027-03-02 08:00" if who == "tika" else "2026-12-01 09:00")
    opened = browser(who)
    page = opened.get(f"{where}/{step}")
    for carried in ("version", "case"):
        if page.soup.find("input", attrs={"name": carried}):
            fields = {**fields, carried: page.value(carried)}
    assert opened.post(f"{where}/{step}", fields).path == where
    done = kinds()
    assert done.count(event) == 1
    second = opened.post(f"{where}/{step}", fields)
    assert second.status in (409, 412), "told that it is done, not done again"
    assert kinds() == done


def test_a_company_that_is_sent_twice_is_registered_once(browser: Open) -> None:
    ina = browser("ina")
    fields = {"name": "PT Contoh Dua Kali", "region_code": "53.71", "nib": "9120000000017"}
    assert ina.post("/companies/new", fields).path.startswith("/companies/")
    again = ina.post("/companies/new", fields)
    assert again.status == 409
    assert "PT Contoh Dua Kali" in again.text
    assert kinds().count("company.registered") == 1


@pytest.mark.parametrize("version", [2**31, 2**63 - 1])
def test_a_version_that_no_case_ever_had_is_another_persons_change(
    browser: Open, version: int
) -> None:
    number, sari = a_case().number, browser("sari")
    for page in (
        sari.submit(f"/cases/{number}/withdraw", reason="Salah alamat", version=version),
        sari.submit(f"/cases/{number}/sanction", version=version),
    ):
        assert page.status == 412
    assert "case.withdrawn" not in kinds()
