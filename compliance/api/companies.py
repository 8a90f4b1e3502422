"""The registry for programs: register, find, read. Refuses a number that another company bears, and says whose it is."""

from __future__ import annotations

from flask import url_for

from compliance.api import answers, queries
from compliance.api.auth import caller
from compliance.api.operations import Answer, get, post
from compliance.api.paging import id_in, page_of
from compliance.api.schemas import CompaniesListed, NewCompany, Query
from compliance.companies import identity
from compliance.companies.commands import register_company
from compliance.companies.models import Company
from compliance.companies.queries import load_company
from compliance.web.formatting import written


@post("/companies", body=NewCompany, answer=answers.Company, status=201)
def post_company(body: NewCompany) -> Answer:
    """Register a company; 409 with `candidates` when one of its numbers is taken already."""
    company = register_company(body.facts(), by=caller())
    return Answer(told(company), status=201, location=url_for("api.get_company", id=company.id))


@get("/companies", answer=answers.CompanyList, query=CompaniesListed)
def list_companies(query: CompaniesListed) -> Answer:
    """Companies, newest first; with `q` the likeliest first, by part of any name or any number."""
    rows = queries.companies(caller(), query, after=id_in(query.cursor, Company))
    shown, following = page_of(Company, rows, limit=query.limit)
    return Answer(answers.CompanyList(items=[told(each) for each in shown], next=following))


@get("/companies/<int:id>", answer=answers.Company)
def get_company(query: Query, id: int) -> Answer:
    """One company. The id of one that was merged into another answers with that other one, under its own id."""
    return Answer(told(load_company(caller(), id)))


def told(company: Company) -> answers.Company:
    """The company as the API tells it."""
    doubts = identity.doubts(nib=company.nib, npwp=company.npwp, npp=company.npp)
    return answers.Company(
        **{name: getattr(company, name) for name in answers.Company.model_fields if name != "warnings"},
        warnings=[written(doubt) for doubt in doubts],
    )
