"""Who gets in: bearers of a live token, and nobody else, however often they try."""

from __future__ import annotations

import pytest

from compliance.core.db import db, transaction
from compliance.people.commands.accounts import add_token, revoke_token
from compliance.people.commands.users import change_user
from compliance.people.models import ApiToken
from tests.api.conftest import Program
from tests.factories import user


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic aW5hOmluYQ==", "patuh_x", "Bearer\tx"]
)
def test_without_a_token_nobody_gets_in(api, header) -> None:
    answer = api().send(
        "GET", "/cases", headers={} if header is None else {"Authorization": header}
    )
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="patuh"'


def test_a_wrong_token_is_told_so(api) -> None:
    answer = api().get("/cases", headers={"Authorization": "Bearer patuh_salah"})
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_session_cookie_does_not_open_the_api(app, browser) -> None:
    ina = browser("ina")
    assert ina.client.get("/api/v1/cases").status_code == 401


def test_a_token_ends_when_it_expires_when_it_is_revoked_and_when_its_user_goes(
    app, at, api
) -> None:
    with transaction():
        secret = add_token(user("ina"), by=user("ina"), label="sehari", days=1)
    program = Program(app, secret)
    assert program.get("/cases").status_code == 200
    at("2026-12-01 09:00")
    assert program.get("/cases").status_code == 401

    lia = api("lia")
    assert lia.get("/flags").status_code == 200
    with transaction():
        token = db.session.query(ApiToken).filter_by(label="uji coba").one()
        revoke_token(token, by=user("lia"))
    assert lia.get("/flags").status_code == 401

    budi = api("budi")
    with transaction():
        gone = user("budi")
        change_user(
            gone,
            by=user("adi"),
            name=gone.name,
            role=gone.role,
            office=None,
            phone=None,
            active=False,
        )
    assert budi.get("/cases").status_code == 401


def test_after_twenty_wrong_tokens_guessing_is_over_for_a_while(app, api, at) -> None:
    right = api("ina")
    wrong = Program(app, "patuh_salah")
    for _ in range(20):
        assert wrong.get("/cases").status_code == 401
    assert wrong.post("/companies", name="X").status_code == 429
    assert wrong.get("/cases").status_code == 429
    assert right.get("/cases").status_code == 200  # the right token is not held back
    at("2026-11-30 09:16")
    assert wrong.get("/cases").status_code == 401


def test_the_description_is_open_and_the_rest_of_the_space_is_not_there(api) -> None:
    assert api().get("/openapi.json").status_code == 200
    assert api().get("/nothing").status_code == 404
    assert api("ina").get("/cases/").status_code == 404
    refused = api("ina").send("DELETE", "/cases")
    assert refused.status_code == 405
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_sentences_come_in_the_language_asked_for(api) -> None:
    assert api(language="en").get("/cases").headers["Content-Type"] == "application/problem+json"
    for wanted, told in {
        "en-GB,en;q=0.9": "en",
        "id-ID": "id",
        "fr": "id",
        "": "id",
        ";;q=x": "id",
    }.items():
        assert (
            api("ina")
            .get("/cases", headers={"Accept-Language": wanted})
            .headers["Content-Language"]
            == told
        )


def test_a_token_that_nobody_gave_an_end_lasts_a_year(api, at) -> None:
    program = api("ina")
    at("2027-11-30 08:59")
    assert program.get("/cases").status_code == 200
    at("2027-11-30 09:00")
    assert program.get("/cases").status_code == 401
