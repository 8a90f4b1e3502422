"""How a view answers: the status of a page with a form, the way on, and what the next page says."""

from __future__ import annotations

import pytest
from flask import Flask, session
from markupsafe import Markup
from wtforms import StringField

from compliance.core.errors import Invalid, NotFound, Refusal, Stale, Taken
from compliance.core.text import say
from compliance.web.answering import done, go, refusals_on, show, tell
from compliance.web.formatting import in_language
from compliance.web.forms import Form

pytestmark = pytest.mark.one_store
NO = say("Tidak bisa.")


class NameForm(Form):
    name = StringField()


@pytest.fixture
def form(app: Flask) -> NameForm:
    app.test_request_context("/login").push()
    return NameForm(meta={"csrf": False})


@pytest.mark.parametrize(
    ("refusal", "status"), [(Invalid({"name": NO}), 422), (Taken(NO, field="name"), 409)],
    ids=["invalid", "taken"]
)  # fmt: skip
def test_a_page_bears_the_status_of_the_refusal_on_its_form(
    form: NameForm, refusal: Refusal, status: int
) -> None:
    assert show("errors/refused.html", form, reason=NO).status_code == 200
    with refusals_on(form):
        raise refusal
    assert form.name.errors == ["Tidak bisa."]
    assert show("errors/refused.html", form, reason=NO).status_code == status
    assert show("errors/refused.html", form, 201, reason=NO).status_code == 201


def test_other_refusals_make_a_page_of_their_own_unless_they_are_named(form: NameForm) -> None:
    with pytest.raises(NotFound), refusals_on(form, Stale):
        raise NotFound()
    with refusals_on(form, Stale):
        raise Stale()
    assert form.refused_with == 412
    with pytest.raises(ZeroDivisionError), refusals_on(form):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("target", "values", "address"),
    [
        ("people.login", {}, "/login"),
        ("/cases?q=a", {}, "/cases?q=a"),
        ("companies.show", {"id": 7, "_anchor": "workplaces"}, "/companies/7#workplaces"),
        ("/cases/7", {"id": 7}, "/cases/7"),
    ],
)
def test_the_way_on_is_an_address_or_an_endpoint(
    form: NameForm, target: str, values: dict[str, object], address: str
) -> None:
    answer = go(target, **values)
    assert (answer.status_code, answer.headers["Location"]) == (303, address)


def test_what_was_done_is_said_once_in_the_readers_language(form: NameForm) -> None:
    with in_language("en"):
        assert done(say("Perubahan disimpan."), "people.login").status_code == 303
    tell(Markup("<b>ya</b>"), "caution")
    assert session["_flashes"] == [("success", "Changes saved."), ("caution", Markup("<b>ya</b>"))]
    assert isinstance(session["_flashes"][1][1], Markup)
