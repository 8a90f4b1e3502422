"""What the nota form does on pages of companies: it goes on with a company that was registered on the way."""

from __future__ import annotations

import re
import uuid
from urllib.parse import parse_qs, urlsplit

from flask import url_for

from compliance.cases.commands.drafts import save_draft, start_draft
from compliance.cases.nota.queries import load_draft
from compliance.companies.models import Company
from compliance.core.errors import NotFound
from compliance.policy import Actor, may

_CHANGE = re.compile(r"/notas/(?P<key>[0-9a-f-]{36})/company")


def nota_goes_on(page: str, company: Company, by: Actor) -> str | None:
    """From the page that asks which company a nota is about: the next page, with this company chosen and all
    that was typed into the draft kept. None for other pages; the company's page when the draft is gone.
    """
    address = urlsplit(page)
    change = _CHANGE.fullmatch(address.path)
    if not may(by, "case.draft") or (address.path != url_for("notas.new") and change is None):
        return None
    if change is None:
        draft = start_draft(company, by=by, draft_key=str(uuid.uuid4()))
        return url_for("notas.ask", draft_key=draft.draft_key, step="place")
    try:
        draft = load_draft(by, change["key"], for_update=True)
    except NotFound:
        return url_for("companies.show", id=company.id)
    save_draft(draft, by=by, typed={}, company=company)
    if parse_qs(address.query).get("then") == ["review"]:
        return url_for("notas.review", draft_key=draft.draft_key)
    return url_for("notas.ask", draft_key=draft.draft_key, step="place")
