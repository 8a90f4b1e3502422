"""A form that one person opened and another one sends, at the same desk."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from compliance.cases.models import Visit
from compliance.core.db import db
from tests.factories import a_case, user
from tests.people.test_saved_forms import BACK, Open, held, signed_in_again

pytestmark = pytest.mark.one_store


def a_recheck(version: str) -> dict[str, str]:
    return {
        "version": version,
        "outcome": "not_met",
        "visited_on": "30-11-2026",
        "not_met_reason": "closed",
        "note": "Kantor tutup",
    }


@pytest.mark.parametrize("looked_first", [True, False])
def test_a_form_begun_as_one_person_is_not_sent_as_another(
    browser: Open, looked_first: bool
) -> None:
    """Ina goes for lunch, Sari signs in at the same desk and presses the button in the tab that is open."""
    recheck, desk = f"/cases/{a_case().number}/recheck", browser("ina")
    version = desk.get(recheck).value("version")
    of_ina = desk.token
    desk.come_in("sari@contoh.example")
    if looked_first:
        desk.get("/account")
    desk.token = of_ina
    page = desk.post(recheck, a_recheck(version))
    assert page.status == 409
    assert "Anda sekarang masuk sebagai Sari" in page.text
    assert "dibuka oleh Ina" in page.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Visit)) == 0
    [saved] = held()
    assert saved.user_id == user("ina").id
    back = f"{recheck}?held={saved.id}"
    assert BACK not in desk.get(back).text, "it is not for Sari"

    page = signed_in_again(desk, desk.post("/logout", next=back), "ina")
    assert BACK in page.text
    assert page.value("note") == "Kantor tutup"
    desk.submit(back)
    assert db.session.scalar(sa.select(Visit.by_id)) == user("ina").id


def test_who_signs_in_again_sends_what_they_began(browser: Open) -> None:
    recheck, desk = f"/cases/{a_case().number}/recheck", browser("ina")
    version = desk.get(recheck).value("version")
    desk.come_in("ina@contoh.example")
    assert desk.post(recheck, a_recheck(version)).status == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Visit)) == 1
