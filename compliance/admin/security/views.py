"""Admin page of the security log. The state of its filters is the address."""

from __future__ import annotations

from flask import Response, request

from compliance.admin.audit.queries import people
from compliance.admin.forms import SecurityForm
from compliance.admin.security.exports import SECURITY_COLUMNS
from compliance.admin.security.queries import NEWEST_ENTRY_FIRST, entries_query, read_entries
from compliance.admin.views.blueprint import blueprint
from compliance.core.text import say
from compliance.office.settings import office_settings, today
from compliance.people.readings.commands import note_reading
from compliance.people.sessions import asks_again, signed_in
from compliance.web.answering import show
from compliance.web.exports import csv_file
from compliance.web.pages import keyset, page_size
from compliance.web.security_log import MANY_ADDRESSES, SECURITY_KINDS


@blueprint.get("/security")
def security() -> Response:
    by, size, form = signed_in(), page_size(), _form()
    rows = read_entries(by, form.filters, after=request.args.get("after"), size=size)
    return show(
        "admin/security.html",
        form,
        page=keyset(rows, size=size, cursor=NEWEST_ENTRY_FIRST.cursor),
        applied=form.applied,
        kinds=SECURITY_KINDS,
        many=MANY_ADDRESSES,
        days=office_settings().security_days,
    )


@blueprint.get("/security.csv")
@asks_again
def export_security() -> Response:
    """The whole of the narrowed log; a filter that cannot be read is told on the page."""
    form = _form()
    if form.problems:
        return security()
    entries = entries_query(signed_in(), form.filters)
    name = say("{id}", id="keamanan", en="security")
    note_reading("export", "security.csv", page="", by=signed_in())
    return csv_file(name, today(), SECURITY_COLUMNS, entries)


def _form() -> SecurityForm:
    form = SecurityForm(request.args, people=people(signed_in()))
    form.validate()
    return form
