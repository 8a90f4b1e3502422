"""The admin's settings page: everything the office decides, refused beside the field when it makes
no sense.
"""

from __future__ import annotations

import pytest

from compliance.admin.forms import SettingsForm
from compliance.core.db import db
from compliance.core.events import Event
from compliance.office.settings import SETTINGS, OfficeSettings, office_settings
from tests.cast import RULED_OUT
from tests.queries import queries

pytestmark = pytest.mark.one_store

WHERE = "/admin/settings"


def in_force() -> OfficeSettings:
    db.session.remove()
    return office_settings()


def test_every_setting_stands_on_the_page_as_it_is_in_force(browser) -> None:
    adi = browser("adi")
    with queries() as seen:
        page = adi.get(WHERE)
    assert len(seen) <= 10, seen
    fields = {str(each["name"]) for each in page.soup.select("main [name]")} - {
        "csrf_token",
        "version",
    }
    assert fields == set(SETTINGS)
    assert (page.value("recheck_months"), page.value("reminder_days")) == ("3", "14, 7, 1, 0")
    assert page.soup.find("input", {"name": "recheck_anchor", "checked": True})["value"] == "issued"
    assert "Contoh: 560/007-NP/XI/2026" in page.text
    assert "Contoh: NTT-2026-0007" in page.text
    assert "tidak berubah" in page.text


def test_a_change_is_in_force_at_once_and_the_log_says_from_what_to_what(browser) -> None:
    page = browser("adi").submit(
        WHERE, recheck_months="4", missed_recheck="hold", nota_number_template="{serial}/{year}"
    )
    assert "Setelan disimpan." in page.text
    assert page.value("recheck_months") == "4"
    assert "Contoh: 7/2026" in page.text
    settings = in_force()
    assert (settings.recheck_months, settings.missed_recheck) == (4, "hold")
    event = db.session.query(Event).filter_by(kind="settings.changed").one()
    assert event.fact("before") == {
        "recheck_months": 3,
        "missed_recheck": "warn",
        "nota_number_template": "560/{serial:03}-NP/{month_roman}/{year}",
    }
    assert event.fact("after") == {
        "recheck_months": 4,
        "missed_recheck": "hold",
        "nota_number_template": "{serial}/{year}",
    }


def test_saving_without_a_change_writes_no_event(browser) -> None:
    assert browser("adi").submit(WHERE).status == 200
    assert db.session.query(Event).filter_by(kind="settings.changed").count() == 0


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("office_name", " ", "Isi nama kantor."),
        ("office_contact", "x" * 301, "Paling panjang 300 huruf."),
        ("recheck_months", "0", "Isi bilangan antara 1 dan 24, misalnya 3"),
        ("recheck_months", "", "Isi bilangan antara 1 dan 24, misalnya 3"),
        ("recheck_months", "tiga", "Tulis bilangan bulat tanpa pecahan"),
        ("extension_days_max", "367", "Isi bilangan antara 1 dan 366, misalnya 92"),
        ("digest_hour", "24", "Isi bilangan antara 0 dan 23, misalnya 7"),
        ("reminder_days", "14; 7", "Tulis jumlah hari dipisahkan koma, misalnya 14, 7, 1, 0"),
        ("time_zone", "Mars/Olympus", "Pilih salah satu."),
        ("recheck_anchor", "sometime", "Pilih salah satu."),
        ("nota_number_template", "{serial}", "Pola nomor harus memuat {serial} dan {year}."),
        ("nota_number_template", "{serial:0999999999}/{year}", "Pola nomor tidak dapat dibaca."),
        ("nota_number_template", "{serial.__class__}/{year}", "Pola nomor mengenal"),
        ("case_number_template", "", "Pola nomor harus memuat {serial} dan {year}."),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    browser, field: str, typed: str, sentence: str
) -> None:
    page = browser("adi").submit(WHERE, {field: typed, "draft_days": "45"})
    assert page.status == 422
    assert page.title.startswith("Kesalahan:")
    errors = [each for each in page.soup.select(".error") if sentence in each.get_text()]
    assert [each["id"] for each in errors] == [f"{field}-error"]
    assert page.value("draft_days") == "45"
    assert in_force() == OfficeSettings(**RULED_OUT)


@pytest.mark.parametrize(
    "template",
    [
        "K/{year}/{serial}",
        "K {year} {serial}",
        "{year}-{serial}?",
        "#{year}-{serial}",
        "{year}%{serial}",
    ],
)
def test_a_case_number_must_fit_into_an_address(browser, template: str) -> None:
    page = browser("adi").submit(WHERE, case_number_template=template)
    assert page.status == 422
    assert (
        "Nomor kasus menjadi bagian dari alamat"
        in page.soup.find(id="case_number_template-error").get_text()
    )
    assert page.value("case_number_template") == template


def test_a_stale_form_is_refused_with_what_changed(browser) -> None:
    adi, twin = browser("adi"), browser("adi")
    seen = adi.get(WHERE).value("version")
    twin.submit(WHERE, recheck_months="5")
    page = adi.submit(WHERE, recheck_months="2", version=seen)
    assert page.status == 412
    assert "Setelan diubah: 1" in page.text
    assert in_force().recheck_months == 5


def test_the_form_has_a_field_for_every_setting(app) -> None:
    with app.test_request_context():
        names = set(SettingsForm(OfficeSettings(), meta={"csrf": False})._fields)
    assert names - {"version"} == set(SETTINGS)
