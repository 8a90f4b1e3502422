"""Admin page of the event log: who did what, when and why. The state of its filters is the address."""

from __future__ import annotations

from flask import Response, request

from compliance.admin.audit import queries as log
from compliance.admin.audit.exports import AUDIT_COLUMNS
from compliance.admin.failures import meaning_of
from compliance.admin.forms import AuditForm
from compliance.admin.views.blueprint import blueprint
from compliance.core.events import Event, recorded_kinds
from compliance.core.text import say
from compliance.office.settings import today
from compliance.people.readings.commands import note_reading
from compliance.people.sessions import asks_again, signed_in
from compliance.web.answering import show
from compliance.web.exports import csv_file
from compliance.web.pages import keyset, page_size


@blueprint.get("/audit")
def audit() -> Response:
    by, size = signed_in(), page_size()
    form = _form()
    rows = log.read_log(by, form.filters, after=request.args.get("after"), size=size)
    page = keyset(rows, size=size, cursor=log.NEWEST_EVENT_FIRST.cursor)
    head, verified = log.last_log_check()
    return show(
        "admin/audit.html",
        form,
        page=page,
        applied=form.applied,
        kind_name=log.kind_name,
        changes=log.changes,
        facts=log.facts,
        head=head,
        verified=verified,
        meaning_of=meaning_of,
    )


@blueprint.get("/audit.csv")
@asks_again
def export_audit() -> Response:
    """The whole of the narrowed log; a filter that cannot be read is told on the page."""
    form = _form()
    if form.problems:
        return audit()
    events = log.log_query(signed_in(), form.filters, *Event.__table__.c)
    note_reading("export", "audit.csv", page="", by=signed_in())
    return csv_file(say("{id}", id="audit", en="audit"), today(), AUDIT_COLUMNS, events)


def _form() -> AuditForm:
    form = AuditForm(request.args, people=log.people(signed_in()), kinds=recorded_kinds())
    form.validate()
    return form
