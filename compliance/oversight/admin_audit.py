"""Admin page of the event log: who did what, when and why. The state of its filters is the address."""

from __future__ import annotations

from flask import Response, request

from compliance.core.events import kinds
from compliance.oversight import audit as log
from compliance.oversight.admin_forms import AuditForm
from compliance.oversight.admin_page import blueprint, show
from compliance.people.sessions import signed_in
from compliance.web.pages import keyset, page_size


@blueprint.get("/audit")
def audit() -> Response:
    by, size = signed_in(), page_size()
    form = AuditForm(request.args, people=log.people(by), kinds=kinds())
    form.validate()
    rows = log.read_log(by, form.filters, after=request.args.get("after"), size=size)
    page = keyset(rows, size=size, key=lambda row: str(row.event.id))
    return show(
        "audit", form, page=page, kind_name=log.kind_name, changes=log.changes, facts=log.facts,
        head=log.last_sealed(),
    )  # fmt: skip
