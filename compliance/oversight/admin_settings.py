"""Admin page of the settings: all that the office decides, on one page, with an example of each number."""

from __future__ import annotations

from flask import Response

from compliance.core.events import last_id
from compliance.core.text import say
from compliance.oversight.admin_forms import SettingsForm
from compliance.oversight.admin_page import blueprint, go, refusals_on, show, told
from compliance.people import commands
from compliance.people.sessions import signed_in
from compliance.people.settings import office_settings
from compliance.policy import require


@blueprint.route("/settings", methods=["GET", "POST"])
def settings() -> Response:
    by = signed_in()
    require(by, "settings.manage")
    form = SettingsForm(office_settings(), data={"version": last_id("settings.changed")})
    if form.validate_on_submit():
        with refusals_on(form):
            if not commands.change_settings(form.values, by=by, seen=form.seen_version):
                return go("admin.settings")
            return told(say("Setelan disimpan. Tanggal yang sudah ada tidak berubah."), "admin.settings")
    return show("settings", form)
