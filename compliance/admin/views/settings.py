"""Admin pages of the settings: all that the office decides, and the preview of a rule that open
dates could follow.
"""

from __future__ import annotations

from flask import Response, request

from compliance.admin.commands.rescheduling import preview
from compliance.admin.commands.rule import RuleChange, change_rule, change_to
from compliance.admin.forms import RuleForm, SettingsForm
from compliance.admin.views.blueprint import blueprint
from compliance.admin.views.calendar import MOVES_SHOWN
from compliance.core.errors import Invalid, NotFound, Stale
from compliance.core.events import expect_nothing_since, last_id
from compliance.core.text import say
from compliance.office import commands as office_commands
from compliance.office import setting_names as setting_words
from compliance.office.queries import inspectorates
from compliance.office.settings import SETTINGS, office_settings
from compliance.people.sessions import signed_in
from compliance.policy import require
from compliance.web.answering import done, go, refusals_on, show

CHANGED = "settings.changed"


@blueprint.route("/settings", methods=["GET", "POST"])
def settings() -> Response:
    """All settings; a new rule that open cases could follow goes on to its preview, everything else
    is saved.
    """
    by = signed_in()
    require(by, "settings.manage")
    form = SettingsForm(office_settings(), data={"version": last_id(CHANGED)})
    if form.validate_on_submit():
        with refusals_on(form):
            expect_nothing_since(form.seen_version, CHANGED)
            change = change_to(form.values)
            if change.moves_dates and preview(change, by=by).moves:
                return go("admin.change_settings", **change.after)
            if not office_commands.change_settings(form.values, by=by, seen=form.seen_version):
                return go("admin.settings")
            return done(
                say("Setelan disimpan. Tanggal yang sudah ada tidak berubah."), "admin.settings"
            )
    return show(
        "admin/settings.html",
        form,
        names=setting_words.SETTING_NAMES,
        inspectorates=inspectorates(),
    )


@blueprint.route("/settings/change", methods=["GET", "POST"])
def change_settings() -> Response:
    """What the settings named in the address would move; a POST saves them, for new notas or for
    open cases too.
    """
    by, form = signed_in(), RuleForm(data={"version": last_id(CHANGED)})
    require(by, "settings.manage")
    change = _named_change()
    if form.validate_on_submit():
        with refusals_on(form, Stale):
            if form.reach.data == "open":
                count = change_rule(change.after, by=by, seen=form.seen.data or "")
                sentence = say("Setelan disimpan; {count} kasus berpindah tanggal.", count=count)
                return done(sentence, "admin.settings")
            office_commands.change_settings(change.after, by=by, seen=form.seen_version)
            return done(
                say("Setelan disimpan. Tanggal yang sudah ada tidak berubah."), "admin.settings"
            )
    moves = preview(change, by=by)
    form.seen.data, form.version.data = moves.seal, str(last_id(CHANGED))
    return show(
        "admin/settings_change.html",
        form,
        preview=moves,
        shown=MOVES_SHOWN,
        name_of=setting_words.name_of,
        value_of=setting_words.value_of,
    )


def _named_change() -> RuleChange:
    """The change that the address names. What is in force already, or never made sense, is not found."""
    try:
        change = change_to({name: request.args[name] for name in SETTINGS if name in request.args})
    except Invalid as refusal:
        raise NotFound(refusal.reason) from None
    if not change.after:
        raise NotFound(say("Setelan ini sudah berlaku."))
    return change
