"""The page for the head of inspection: who opened a case, its letters and its evidence."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from compliance.cases.queries import load_case
from compliance.core.channels import CHANNELS
from compliance.people.readings.commands import READING_KINDS
from compliance.people.readings.queries import NEWEST_READING_FIRST, readings_on
from compliance.people.sessions import signed_in
from compliance.web.answering import show
from compliance.web.pages import keyset, page_size

blueprint = Blueprint("readings", __name__)


@blueprint.get("/cases/<number>/readings")
def index(number: str) -> Response:
    """One row for each person, thing and day, the latest first."""
    by, size = signed_in(), page_size()
    case = load_case(by, number=number, action="case.history")
    of_case, after = url_for("cases.show", number=number), request.args.get("after")
    rows = readings_on(of_case, by=by, after=after, limit=size + 1)
    page = keyset(rows, size=size, cursor=NEWEST_READING_FIRST.cursor)
    return show("cases/readings.html", case=case, page=page, kinds=READING_KINDS, channels=CHANNELS)
