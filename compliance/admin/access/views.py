"""Admin page of the changes of access: whose account, what changed, by whom, through which channel."""

from __future__ import annotations

from flask import Response, request

from compliance.admin.access import queries as access
from compliance.admin.access.exports import ACCESS_COLUMNS
from compliance.admin.audit.queries import changes, people
from compliance.admin.forms import AccessForm
from compliance.admin.views.blueprint import blueprint
from compliance.core.events import Event
from compliance.core.text import say
from compliance.office.settings import today
from compliance.people.readings.commands import note_reading
from compliance.people.sessions import asks_again, signed_in
from compliance.web.answering import show
from compliance.web.exports import csv_file
from compliance.web.pages import keyset, page_size


@blueprint.get("/access", endpoint="access")
def access_page() -> Response:
    size, form = page_size(), _form()
    after = request.args.get("after")
    rows = access.access_changes(signed_in(), form.filters, after=after, size=size)
    page = keyset(rows, size=size, cursor=access.LATEST_CHANGE_FIRST.cursor)
    return show("admin/access.html", form, page=page, applied=form.applied, changes=changes)


@blueprint.get("/access.csv")
@asks_again
def export_access() -> Response:
    """All the changes as they were narrowed; a filter that cannot be read is told on the page."""
    form = _form()
    if form.problems:
        return access_page()
    events = access.changes_query(signed_in(), form.filters, *Event.__table__.c)
    note_reading("export", "access.csv", page="", by=signed_in())
    return csv_file(say("{id}", id="akses", en="access"), today(), ACCESS_COLUMNS, events)


def _form() -> AccessForm:
    form = AccessForm(request.args, people=people(signed_in()))
    form.validate()
    return form
