"""The registry for programs: register, find, read.

Refuses a number that another company bears, and says whose it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for

from compliance.api import queries
from compliance.api.auth import caller
from compliance.api.operations import Reply, get, post
from compliance.api.paging import id_in, page_of
from compliance.api.schemas import responses
from compliance.api.schemas.circumstances import CircumstanceGiven
from compliance.api.schemas.requests import (
    CompaniesListed,
    NewCircumstance,
    NewCompany,
    NewRevocation,
    Query,
)
from compliance.companies import identity
from compliance.companies.circumstances.commands import record_circumstance, revoke_circumstance
from compliance.companies.circumstances.queries import load_circumstance, load_company_to_change
from compliance.companies.commands import register_company
from compliance.companies.models import Company
from compliance.companies.names import remarks_on_name
from compliance.companies.queries import load_company
from compliance.companies.rules import remarks_on_numbers
from compliance.companies.search.queries import alike_to
from compliance.companies.search.rules import ASK_FROM
from compliance.core.text import Text, say
from compliance.web.formatting import written

_MOST_NAMED = 3


@post("/companies", body=NewCompany, answer=responses.Company, status=201)
def post_company(body: NewCompany) -> Reply:
    """Register a company; 409 with `candidates` when one of its numbers is taken already."""
    facts = body.facts()
    # The form asks before it saves; a program cannot be asked, so it is told.
    near = alike_to(facts, least=ASK_FROM, limit=_MOST_NAMED)
    company = register_company(facts, by=caller())
    remarks = [*remarks_on_name(body.name), *remarks_on_numbers(facts)]
    if near:
        names = ", ".join(dict.fromkeys(alike.company.name for alike in near))
        remarks.append(say("Mirip dengan {names}", names=names))
    return Reply(
        company_response(company, remarks=remarks),
        status=201,
        location=url_for("api.get_company", id=company.id),
    )


@get("/companies", answer=responses.CompanyList, query=CompaniesListed)
def list_companies(query: CompaniesListed) -> Reply:
    """Companies, newest first; with `q` the likeliest first, by part of any name or any number."""
    rows = queries.companies(caller(), query, after=id_in(query.cursor, Company))
    shown, following = page_of(Company, rows, limit=query.limit)
    return Reply(
        responses.CompanyList(
            items=[company_response(company) for company in shown], next=following
        )
    )


@get("/companies/<int:id>", answer=responses.Company)
def get_company(query: Query, id: int) -> Reply:
    """One company. The id of one that was merged into another answers with that other one, under its
    own id.
    """
    return Reply(company_response(load_company(caller(), id)))


@post(
    "/companies/<int:id>/circumstances",
    body=NewCircumstance,
    answer=CircumstanceGiven,
    status=201,
)
def post_circumstance(body: NewCircumstance, id: int) -> Reply:
    """The company closed, went bankrupt or moved; its open cases and flags go on, where it is now."""
    company = load_company_to_change(caller(), id, for_update=True)
    made = record_circumstance(company, body.facts(), by=caller())
    return Reply(
        CircumstanceGiven.model_validate(made),
        status=201,
        location=url_for("api.get_company", id=company.id),
    )


@post(
    "/companies/<int:id>/circumstances/<int:circumstance_id>/revocation",
    body=NewRevocation,
    answer=CircumstanceGiven,
)
def post_revocation(body: NewRevocation, id: int, circumstance_id: int) -> Reply:
    """It was a mistake, or is over; a move is taken back."""
    company = load_company_to_change(caller(), id, for_update=True)
    made = load_circumstance(company, circumstance_id)
    revoke_circumstance(made, company=company, by=caller(), reason=body.reason)
    return Reply(CircumstanceGiven.model_validate(made))


def company_response(company: Company, *, remarks: Sequence[Text] = ()) -> responses.Company:
    """The company as the API tells it; `remarks` on how it was just stored stand among the warnings."""
    doubts = identity.doubts(nib=company.nib, npwp=company.npwp, npp=company.npp)
    return responses.Company(
        **{
            name: getattr(company, name)
            for name in responses.Company.model_fields
            if name not in ("warnings", "circumstance")
        },
        circumstance=_in_force(company),
        warnings=[written(doubt) for doubt in (*remarks, *doubts)],
    )


def _in_force(company: Company) -> responses.CircumstanceInForce | None:
    if company.circumstance is None:
        return None
    return responses.CircumstanceInForce.model_validate(
        {
            "kind": company.circumstance,
            "since_on": company.circumstance_since,
            "region_code": company.circumstance_region,
        }
    )
