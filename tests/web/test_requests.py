"""The life of a request: what never reaches the store, and what never waits for it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from compliance.core.db import db

pytestmark = pytest.mark.one_store

NUL = "%00"


@pytest.mark.parametrize("address", [f"/admin/users?q=a{NUL}b", f"/admin/offices/a{NUL}b"])
def test_a_nul_in_an_address_is_refused(browser, address: str) -> None:
    assert browser("adi").get(address).status == 400


def test_a_nul_in_a_field_is_refused(browser) -> None:
    page = browser("adi").post("/admin/offices/ptsp-53.71", name="a\0b")
    assert page.status == 400
    assert "tidak lengkap" in page.text


def test_a_page_that_is_only_looked_at_takes_no_lock_for_writing(browser) -> None:
    ina = browser("ina")
    begun: list[object] = []

    def note(connection: sa.Connection) -> None:
        begun.append(connection.get_execution_options().get("read_only"))

    sa.event.listen(db.engine, "begin", note)
    try:
        ina.get("/account")
    finally:
        sa.event.remove(db.engine, "begin", note)
    assert begun == [True]
