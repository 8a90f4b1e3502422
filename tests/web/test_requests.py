"""The life of a request: what never reaches the store."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from tests.browser import Browser

NUL = "%00"


@pytest.mark.parametrize("address", [f"/admin/users?q=a{NUL}b", f"/admin/offices/a{NUL}b"])
def test_a_nul_in_an_address_is_refused(browser, address: str) -> None:
    assert browser("adi").get(address).status == 400


def test_a_nul_in_a_field_is_refused(browser) -> None:
    page = browser("adi").post("/admin/offices/ptsp-53.71", name="a\0b")
    assert page.status == 400
    assert "tidak lengkap" in page.text


@pytest.mark.one_store
def test_a_get_of_somebody_signed_in_reads_in_one_transaction_that_keeps_no_writer_waiting(
    browser: Callable[..., Browser],
) -> None:
    lia, begun = browser("lia"), []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("BEGIN"):
            begun.append(statement)

    sa.event.listen(Engine, "before_cursor_execute", note)
    try:
        lia.get("/flags")
    finally:
        sa.event.remove(Engine, "before_cursor_execute", note)
    assert "BEGIN IMMEDIATE" not in begun
    assert len(begun) <= 1
