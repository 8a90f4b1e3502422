"""Walking through the nota form, for the tests of its pages."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.core.db import db
from tests.browser import Browser, Page


def begin(browser: Browser, company: Company, *, key: str | None = None) -> str:
    """Choose the company; answers the key of the draft."""
    key = key or str(uuid.uuid4())
    page = browser.post("/notas/new", company=company.id, draft_key=key)
    assert page.path == f"/notas/{key}/place", page.text
    return key


def fill(
    browser: Browser, key: str, *, total: str = "40", registered: str = "28", **findings: str
) -> Page:
    """Walk from the place to the review; answers the review."""
    browser.submit(f"/notas/{key}/place", place="Jalan Misal 1, Kecamatan Contoh")
    browser.submit(f"/notas/{key}/workers", workers_total=total, workers_registered=registered)
    browser.submit(f"/notas/{key}/findings", findings or {"findings": ["JS-02"]})
    page = browser.submit(f"/notas/{key}/notes")
    assert page.path == f"/notas/{key}/review", page.text
    return page


def cases() -> list[Case]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Case).order_by(Case.id)))


def companies() -> list[Company]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Company).order_by(Company.id)))


def the_case() -> Case:
    [case] = cases()
    return case
