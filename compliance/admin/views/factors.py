"""The admin's page about somebody's lost second factor: one admin asks that it is removed, another agrees."""

from __future__ import annotations

from flask import Response

from compliance.admin.forms import FactorResetForm
from compliance.admin.views.blueprint import blueprint
from compliance.core.errors import Refusal
from compliance.core.text import say
from compliance.people.factors import commands, queries
from compliance.people.factors.rules import FACTOR_KINDS
from compliance.people.queries import load_user
from compliance.people.sessions import asks_again, asks_again_to_write, signed_in
from compliance.web.answering import done, refusals_on, show


@blueprint.route("/users/<int:id>/factors", methods=["GET", "POST"])
@asks_again_to_write
def user_factors(id: int) -> Response:
    """What the person has, and what was asked about it. Sent here: it is asked."""
    by = signed_in()
    user, form = load_user(by, id), FactorResetForm()
    if form.validate_on_submit():
        with refusals_on(form, Refusal):
            commands.ask_for_factor_reset(user, by=by, reason=form.reason.data)
            return done(
                say("Permintaan dicatat. Admin lain harus menyetujuinya dalam satu hari."),
                "admin.user_factors",
                id=id,
            )
    reset = queries.open_reset(id)
    return show(
        "admin/user_factors.html",
        form,
        user=user,
        factors=queries.live_factors(id),
        kinds=FACTOR_KINDS,
        codes=queries.codes_left(id),
        reset=reset,
        may_settle=reset is not None and queries.may_settle(reset, by=by),
    )


@blueprint.post("/users/<int:id>/factors/agree")
@asks_again
def agree_to_factor_reset(id: int) -> Response:
    by = signed_in()
    user = load_user(by, id)
    commands.agree_to_factor_reset(user, by=by)
    return done(say("Faktor kedua {name} dihapus.", name=user.name), "admin.user", id=id)


@blueprint.post("/users/<int:id>/factors/refuse")
@asks_again
def refuse_factor_reset(id: int) -> Response:
    by = signed_in()
    user = load_user(by, id)
    commands.refuse_factor_reset(user, by=by)
    return done(say("Permintaan ditolak; tidak ada yang dihapus."), "admin.user", id=id)
