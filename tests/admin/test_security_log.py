"""The security log: what is refused is noted after the answer, seen by admins, told, and forgotten."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.admin.security.jobs import drop_security_entries, watch_security_log
from compliance.cases.commands.drafts import start_draft
from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.core.outbox import Message
from compliance.office.commands import change_settings
from compliance.people.commands.accounts import add_token
from compliance.people.models import User
from compliance.web.security_log import MANY_ADDRESSES, ROWS_A_MINUTE, SecurityEntry
from tests.api.conftest import Program
from tests.browser import PASSWORD
from tests.factories import a_company, user
from tests.queries import queries

WHERE = "/admin/security"
DRAFT = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
INA, WRONG, NEW = "ina@contoh.example", "kata sandi salah", "lima pohon kelapa hijau"


def noted() -> list[tuple[str, str | None, int, str]]:
    """Every entry: kind, whose account, how often, what was asked for."""
    db.session.remove()
    rows = db.session.execute(
        sa.select(SecurityEntry.kind, User.email, SecurityEntry.count, SecurityEntry.path)
        .outerjoin(User, User.id == SecurityEntry.user_id)
        .order_by(SecurityEntry.id)
    )
    return [tuple(row) for row in rows]


def stored() -> str:
    """All that the log keeps, as text."""
    return str(db.session.execute(sa.select(*SecurityEntry.__table__.c)).all())


def fill(*rows: dict[str, Any]) -> None:
    """Entries as they may have been written before."""
    asked = {"method": "POST", "path": "/login", "request_id": "abc12345"}
    like = {"kind": "sign_in.failed", "address": "192.0.2.1", "count": 1, **asked}
    with transaction():
        for number, row in enumerate(rows):
            new = {**like, "at": clock.now(), "key": f"contoh {number}", **row}
            db.session.add(SecurityEntry(**new))


# what is noted


def test_a_failed_sign_in_is_noted_with_its_account_and_never_what_was_typed(app, browser) -> None:
    stranger = browser()
    stranger.post("/login", email=INA, password=WRONG)
    stranger.post("/login", email="rahasia-saya-123", password=WRONG)
    assert noted() == [
        ("sign_in.failed", INA, 1, "/login"),
        ("sign_in.failed", None, 1, "/login"),
    ]
    assert "rahasia" not in stored()
    assert WRONG not in stored()


def test_the_same_within_a_minute_is_one_row_with_its_count(
    app, browser, at: Callable[[str], None]
) -> None:
    stranger = browser()
    for _ in range(4):
        stranger.post("/login", email=INA, password=WRONG)
    at("2026-11-30 09:01")
    stranger.post("/login", email=INA, password=WRONG)
    assert noted() == [
        ("sign_in.failed", INA, 4, "/login"),
        ("sign_in.failed", INA, 1, "/login"),
    ]


def test_who_is_slowed_down_is_noted(app, browser) -> None:
    stranger = browser()
    for _ in range(6):
        stranger.post("/login", email=INA, password=WRONG)
    assert noted() == [("sign_in.failed", INA, 5, "/login"), ("slowed", INA, 1, "/login")]


def test_tokens_that_are_wrong_or_ended_are_told_apart(app, at) -> None:
    with transaction():
        secret = add_token(user("ina"), by=user("ina"), label="sehari", days=1)
    at("2026-12-02")
    for bearer in (secret, "patuh_salah"):
        answer = Program(app, bearer).get("/cases")
        answer.close()
        assert answer.status_code == 401
    assert noted() == [
        ("token.ended", INA, 1, "/api/v1/cases"),
        ("token.wrong", None, 1, "/api/v1/cases"),
    ]
    assert secret not in stored()


def test_refusals_by_role_and_by_scope_are_noted_with_who_asked(app, browser) -> None:
    with transaction():
        start_draft(a_company(), by=user("budi"), draft_key=DRAFT)
    ina = browser("ina")
    assert ina.get("/admin/users").status == 403
    assert ina.get(f"/notas/{DRAFT}/place").status == 404
    assert ina.get("/cases/NTT-1999-0001").status == 404, "there is none, which is no refusal"
    with transaction():
        secret = add_token(user("ina"), by=user("ina"), label="uji", days=1)
    answer = Program(app, secret).post("/clearance", nib="9120000000017")
    answer.close()
    assert answer.status_code == 403
    assert noted() == [
        ("refused.role", INA, 2, "/api/v1/clearance"),
        ("refused.scope", INA, 1, f"/notas/{DRAFT}/place"),
    ]


def test_a_form_without_its_token_is_noted(app, browser) -> None:
    ina = browser("ina")
    ina.token = "bukan tanda ini"
    ina.post("/account/density", dense="on")
    assert ("refused.csrf", INA, 1, "/account/density") in noted()


def test_a_wrong_current_password_is_noted(app, browser) -> None:
    ina = browser("ina")
    ina.post("/account/password", current=WRONG, password=NEW, again=NEW)
    assert ("password.wrong", INA, 1, "/account/password") in noted()


def test_guesses_before_a_token_and_the_pause_after_them_are_noted(app, browser) -> None:
    ina = browser("ina")
    for _ in range(6):
        ina.post("/account/tokens/new", label="Loket", days="30", current=WRONG)
    ina.post("/account/password", current=PASSWORD, password=NEW, again=NEW)
    assert noted() == [
        ("password.wrong", INA, 5, "/account/tokens/new"),
        ("slowed", INA, 2, "/account/password"),
    ]


def test_a_secret_in_an_address_is_not_kept(app, browser) -> None:
    stranger = browser()
    stranger.client.post("/reset-password/rahasia-tautan", data={"password": "x"}).close()
    assert [path for *_rest, path in noted()] == ["/reset-password/<secret>"]
    assert "rahasia" not in stored()


def test_every_answer_says_what_its_request_is_called_and_the_log_says_the_same(
    app, browser
) -> None:
    ina = browser("ina")
    answer = ina.get("/admin/users", headers={"X-Request-Id": "dari-proxy-0001"}).response
    assert answer.headers["X-Request-Id"] == "dari-proxy-0001"
    assert db.session.scalars(sa.select(SecurityEntry.request_id)).all() == ["dari-proxy-0001"]
    answer = ina.get("/admin/users", headers={"X-Request-Id": "<script>"}).response
    assert len(answer.headers["X-Request-Id"]) == 16


# it is no weapon


def ask_with_wrong_token(app: Flask, address: str) -> int:
    answer = app.test_client().get(
        "/api/v1/cases",
        headers={"Authorization": "Bearer patuh_salah"},
        environ_base={"REMOTE_ADDR": address},
    )
    answer.close()
    return answer.status_code


def test_a_flood_from_many_addresses_fills_no_more_than_a_few_rows(app, browser) -> None:
    stranger = browser()
    for number in range(ROWS_A_MINUTE + 20):
        stranger.client.get(
            "/api/v1/cases",
            headers={"Authorization": "Bearer patuh_salah"},
            environ_base={"REMOTE_ADDR": f"198.51.100.{number}"},
        ).close()
    rows = db.session.execute(sa.select(SecurityEntry.address, SecurityEntry.count)).all()
    assert len(rows) == ROWS_A_MINUTE + 1
    assert dict(map(tuple, rows))[MANY_ADDRESSES] == 20


def test_a_flood_from_many_addresses_does_not_hide_whose_account_is_tried(app, browser) -> None:
    stranger = browser()
    for number in range(ROWS_A_MINUTE):
        ask_with_wrong_token(app, f"2001:db8:0:{number:x}::1")
    for number in range(25):
        stranger.client.environ_base["REMOTE_ADDR"] = f"2001:db8:1:{number:x}::1"
        stranger.post("/login", email=INA, password=WRONG)
    found = {
        row.kind: (row.address, row.count)
        for row in db.session.scalars(
            sa.select(SecurityEntry).where(SecurityEntry.user_id == user("ina").id)
        )
    }
    assert found == {"sign_in.failed": (MANY_ADDRESSES, 5), "slowed": (MANY_ADDRESSES, 20)}
    assert watch_security_log()["alarms"] > 0
    assert ("account", "Ina Contoh") in [
        (line["what"], line["who"]) for line in alarms()[-1].data["lines"]
    ]


def test_all_addresses_of_one_ipv6_network_are_one(app, browser) -> None:
    answers = [ask_with_wrong_token(app, f"2001:db8:0:7::{number:x}") for number in range(21)]
    assert answers == [401] * 20 + [429]
    assert ask_with_wrong_token(app, "2001:db8:0:8::1") == 401
    assert ask_with_wrong_token(app, "::ffff:192.0.2.9") == 401
    kept = set(db.session.scalars(sa.select(SecurityEntry.address)))
    assert kept == {"2001:db8:0:7::/64", "2001:db8:0:8::/64", "192.0.2.9"}
    page = browser("adi").get(f"{WHERE}?q=2001:db8:0:7::5")
    assert "2001:db8:0:7::/64" in page.text
    assert "2001:db8:0:8::/64" not in page.text


@pytest.mark.one_store  # on PostgreSQL, a note waits for no other writer
def test_what_is_noted_waits_for_nobody_and_is_not_in_the_requests_transaction(
    app: Flask, browser, database: str
) -> None:
    """While somebody else writes for long, the answer comes as ever, and the note is lost."""
    ina = browser("ina")
    other = sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert ina.get("/admin/users").status == 403
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert noted() == []


def test_old_entries_are_forgotten_by_the_setting(app, at: Callable[[str], None]) -> None:
    fill({})
    with transaction():
        change_settings({"security_days": 30}, by=user("adi"))
    at("2026-12-20")
    fill({"key": "baru"})
    assert drop_security_entries() == {"entries": 0}
    at("2027-01-05")
    assert drop_security_entries() == {"entries": 1}
    assert drop_security_entries() == {"entries": 0}
    assert db.session.scalars(sa.select(SecurityEntry.key)).all() == ["baru"]


def test_however_many_there_are_only_the_newest_are_kept(app, monkeypatch) -> None:
    from compliance.admin.security import jobs

    monkeypatch.setattr(jobs, "MOST_ENTRIES", 3)
    fill(*({} for _ in range(5)))
    assert drop_security_entries() == {"entries": 2}


# the page


def test_admins_search_and_narrow_the_log_and_nobody_else_sees_it(app, browser) -> None:
    ina = user("ina").id
    fill(
        {"user_id": ina, "count": 12},
        {"kind": "token.wrong", "address": "198.51.100.7", "path": "/api/v1/cases"},
        {"kind": "refused.role", "user_id": ina, "path": "/admin/users", "request_id": "r" * 12},
    )
    adi = browser("adi")

    def kinds(asked: str) -> list[str]:
        page = adi.get(f"{WHERE}{asked}")
        return [row.get_text(strip=True) for row in page.soup.select("tbody .title")]

    role, token, failed = "Ditolak menurut peran", "Token tidak dikenal", "Gagal masuk"
    assert kinds("") == [role, token, failed]
    assert kinds("?kind=token.wrong") == [token]
    assert kinds(f"?person={ina}") == [role, failed]
    assert kinds("?q=198.51") == [token]
    assert kinds("?q=/admin") == [role]
    assert kinds(f"?q={'r' * 12}") == [role]
    assert kinds("?first_on=30-11-2026&last_on=30-11-2026") == [role, token, failed]
    assert kinds("?first_on=1-12-2026") == []
    assert "12 kali dalam semenit" in adi.get(WHERE).text
    assert "12 times within a minute" in browser("adi", "en").get(WHERE).text
    assert adi.get(f"{WHERE}?first_on=kemarin").status == 422
    assert f"{WHERE}.csv?kind=token.wrong" in adi.get(f"{WHERE}?kind=token.wrong").links()
    assert WHERE in adi.get("/admin/audit").links()
    for other in ("ina", "sari", "tika", "lia"):
        assert browser(other).get(WHERE).status == 403
        assert browser(other).get(f"{WHERE}.csv").status == 403


def test_the_narrowed_log_leaves_as_a_file(app, browser) -> None:
    fill({"user_id": user("ina").id, "count": 12}, {"kind": "token.wrong"})
    page = browser("adi").get(f"{WHERE}.csv?kind=sign_in.failed")
    rows = list(csv.reader(io.StringIO(page.html.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0][:4] == ["Waktu", "Jenis", "Berapa kali", "Alamat jaringan"]
    assert [row[1:6] for row in rows[1:]] == [["Gagal masuk", "12", "192.0.2.1", "Ina Contoh", INA]]


def test_the_log_goes_on_page_by_page_and_asks_no_more_for_more_rows(app, browser) -> None:
    fill(*({"path": f"/{number}"} for number in range(30)))
    adi = browser("adi")
    page = adi.get(WHERE)
    forward = page.soup.find("a", rel="next")
    assert len(page.soup.select("tbody tr")) == 25
    assert len(adi.get(str(forward["href"])).soup.select("tbody tr")) == 5
    with queries() as asked:
        adi.get(WHERE)
    assert len(asked) <= 8, asked


# the alarm


def alarms() -> list[Message]:
    db.session.remove()
    return list(
        db.session.scalars(
            sa.select(Message)
            .where(Message.kind == "security.alarm", Message.channel == "inbox")
            .order_by(Message.id)
        )
    )


def test_admins_are_told_once_a_day_of_each_thing_that_is_too_much(
    app, browser, at: Callable[[str], None]
) -> None:
    ina = user("ina").id
    fill({"user_id": ina, "count": 19})
    assert watch_security_log() == {"alarms": 0}
    fill(
        {"user_id": ina, "count": 1, "key": "a"},
        {"kind": "token.wrong", "count": 20, "key": "b"},
        {"kind": "refused.role", "user_id": ina, "count": 20, "key": "c"},
        {"kind": "refused.scope", "user_id": ina, "count": 10, "key": "d"},
        {"kind": "refused.csrf", "count": 50, "address": "198.51.100.7", "key": "e"},
    )
    assert watch_security_log() == {"alarms": 4}
    assert watch_security_log() == {"alarms": 0}
    [told] = alarms()
    assert {(line["what"], line["who"], line["count"]) for line in told.data["lines"]} == {
        ("account", "Ina Contoh", 20),
        ("tokens", "192.0.2.1", 20),
        ("refusals", "Ina Contoh", 30),
        ("forms", "198.51.100.7", 50),
    }
    page = browser("adi").get("/inbox")
    assert "20 kali gagal masuk ke akun Ina Contoh" in page.text
    at("2026-11-30 10:01")
    fill(
        {"user_id": ina, "count": 40, "key": "f"},
        {"count": 50, "address": "203.0.113.9", "key": "g"},
    )
    assert watch_security_log() == {"alarms": 1}, "the account was told of today"
    at("2026-12-01 10:01")
    fill({"user_id": ina, "count": 40, "key": "h"})
    assert watch_security_log() == {"alarms": 1}
    assert len(alarms()) == 3


def test_what_is_about_a_person_is_not_pushed_out_by_louder_addresses(app) -> None:
    many = [{"count": 500, "address": f"203.0.113.{number}"} for number in range(12)]
    fill(*many, {"user_id": user("ina").id, "count": 20})
    assert watch_security_log() == {"alarms": 13}
    [told] = alarms()
    assert (told.data["lines"][0]["who"], told.data["more"]) == ("Ina Contoh", 3)


def test_a_right_sign_in_is_in_no_log(app, browser) -> None:
    stranger = browser()
    stranger.post("/login", email=INA, password=PASSWORD)
    assert noted() == []
