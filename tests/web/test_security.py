"""What every answer says to browsers and to what stands between: nothing of a person's pages is kept."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.one_store


@pytest.mark.parametrize(
    "address", ["/cases", "/cases.csv", "/cases/none", "/no-such-page", "/logout"]
)
def test_no_page_of_somebody_who_is_signed_in_is_kept(browser, address: str) -> None:
    """Also a page that says no shows who is signed in."""
    response = browser("ina").client.get(address)
    assert response.headers["Cache-Control"] == "no-store"
