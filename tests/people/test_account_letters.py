"""Whoever changes how an account can be used, its owner is told by mail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.core.db import db, transaction
from compliance.core.outbox import Message
from compliance.people.commands.accounts import (
    add_token,
    add_token_at_console,
    revoke_token,
    set_password,
)
from compliance.people.commands.users import change_user
from compliance.people.models import ApiToken, User
from compliance.web.formatting import in_language
from compliance.web.mailroom import WrittenMessage, write_message
from tests.factories import user

pytestmark = pytest.mark.one_store


def change(ina: User, adi: User, **facts: object) -> None:
    known = {"name": ina.name, "role": ina.role, "office": None, "phone": ina.phone, "active": True}
    change_user(ina, by=adi, **{**known, **facts})  # type: ignore[arg-type]


def _revoke(ina: User, adi: User) -> None:
    add_token(ina, by=ina, label="lama")
    db.session.flush()
    revoke_token(db.session.scalars(sa.select(ApiToken)).one(), by=adi)


ACTS: dict[str, Callable[[User, User], object]] = {
    "Kata sandi akun Anda diganti. Dilakukan oleh Ina": lambda ina, _adi: set_password(
        ina, by=ina, password="kata baru untuk ina"
    ),
    "Token baru dibuat yang bertindak atas nama Anda: Loket. Dilakukan oleh Ina": (
        lambda ina, _adi: add_token(ina, by=ina, label="Loket")
    ),
    "Token baru dibuat yang bertindak atas nama Anda: Loket. Dilakukan oleh sistem": (
        lambda ina, _adi: add_token_at_console(ina, label="Loket")
    ),
    "Token yang bertindak atas nama Anda dicabut: lama. Dilakukan oleh Adi": _revoke,
    "Peran atau akses akun Anda diubah. Dilakukan oleh Adi": lambda ina, adi: change(
        ina, adi, role="supervisor"
    ),
}


def letters(language: str) -> list[WrittenMessage]:
    """The last mail to Ina about her account."""
    told = sa.select(Message).where(Message.kind == "account.changed").order_by(Message.id)
    with in_language(language):
        return [write_message(message) for message in db.session.scalars(told)]


@pytest.mark.parametrize("told", ACTS)
def test_who_owns_an_account_is_told_what_changed_whatever_mails_they_want(
    app: Flask, told: str
) -> None:
    with transaction():
        ina, adi = user("ina"), user("adi")
        ina.wants_email = False
        ACTS[told](ina, adi)
    letter = letters("id")[-1]
    assert letter.subject == "Akun Patuh Anda berubah"
    assert told in " ".join(letter.body.split())
    assert letter.link == "/account"
    assert "Bukan atas permintaan Anda?" in letter.body
    assert ("Cabut tokennya di halaman Akun" in letter.body) == told.startswith("Token baru")
    english = letters("en")[-1]
    assert english.subject == "Your Patuh account has changed"
    assert "Not at your request?" in english.body
    assert {message.address for message in db.session.scalars(sa.select(Message))} == {ina.email}


def test_another_telephone_is_no_news(app: Flask) -> None:
    with transaction():
        change(user("ina"), user("adi"), phone="0380 123456")
    assert letters("id") == []
