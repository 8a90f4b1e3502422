"""Accounts that nobody used for long are locked, and their owners open them by mail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from compliance.core.db import transaction
from compliance.office.commands import change_settings
from compliance.people.commands.resets import print_link
from tests.browser import Browser
from tests.factories import user

Open = Callable[..., Browser]
INA = "ina@contoh.example"


@pytest.fixture
def locks_after_ninety_days(app: Flask) -> None:
    with transaction():
        change_settings({"unused_days": 90}, by=user("adi"))


@pytest.mark.usefixtures("locks_after_ninety_days")
def test_an_account_unused_for_ninety_days_is_locked_and_says_how_to_come_back(
    browser: Open, at: Callable[[str], None]
) -> None:
    browser().sign_in(INA)
    at("2027-02-28 09:00")
    assert browser().sign_in(INA).path == "/field"
    at("2027-05-30 09:00")
    page = browser().sign_in(INA)
    assert page.status == 422
    assert "lebih dari 90 hari tidak dipakai. Tekan Lupa kata sandi" in page.text
    assert "tidak dipakai" not in browser().sign_in(INA, "bukan kata sandinya").text, (
        "only who knows the password is told"
    )
    with transaction():
        secret = print_link(user("ina"))
    new = "lain sekali kata sandinya"
    browser().post(f"/reset-password/{secret}", password=new, again=new)
    assert browser().sign_in(INA, new).path == "/field"


@pytest.mark.usefixtures("locks_after_ninety_days")
def test_an_account_that_was_never_used_waits_for_its_owner(
    browser: Open, at: Callable[[str], None]
) -> None:
    at("2028-11-30 09:00")
    assert browser().sign_in(INA).path == "/field"
