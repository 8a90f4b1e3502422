"""The life of a request: what never reaches the store."""

from __future__ import annotations

import pytest

NUL = "%00"


@pytest.mark.parametrize("address", [f"/admin/users?q=a{NUL}b", f"/admin/offices/a{NUL}b"])
def test_a_nul_in_an_address_is_refused(browser, address: str) -> None:
    assert browser("adi").get(address).status == 400


def test_a_nul_in_a_field_is_refused(browser) -> None:
    page = browser("adi").post("/admin/offices/ptsp-53.71", name="a\0b")
    assert page.status == 400
    assert "tidak lengkap" in page.text
