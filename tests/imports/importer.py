"""Importing a list as somebody at a desk would: upload, check the columns, look at the trial,
import. The clock works.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from compliance.companies.models import Company, CompanyName, CompanyNumber
from compliance.core import jobs
from compliance.core.db import db
from compliance.imports.jobs import run_imports
from compliance.imports.models import Import, ImportRow
from tests.browser import Browser, Page


def tick() -> dict[str, Any]:
    """Let the scheduler's job run once; what it did."""
    db.session.rollback()
    state = jobs.run("run_imports", run_imports)
    assert state.error is None, state.error
    did = dict(state.did)
    db.session.rollback()  # who only looks keeps nobody from writing
    db.session.expire_all()
    return did


def registry() -> list[list[Any]]:
    """All that the registry knows, without the versions: to compare before and after."""
    columns = [each for each in Company.__table__.columns if each.name != "version"]
    companies = db.session.execute(sa.select(*columns).order_by(Company.id)).all()
    names = db.session.execute(
        sa.select(
            CompanyName.company_id, CompanyName.kind, CompanyName.name, CompanyName.key
        ).order_by(CompanyName.company_id, CompanyName.kind, CompanyName.name)
    ).all()
    numbers = db.session.execute(
        sa.select(
            CompanyNumber.company_id, CompanyNumber.kind, CompanyNumber.number, CompanyNumber.core
        ).order_by(CompanyNumber.kind, CompanyNumber.number)
    ).all()
    return [[tuple(each) for each in rows] for rows in (companies, names, numbers)]


def names() -> list[str]:
    return list(db.session.scalars(sa.select(Company.name).order_by(Company.id)))


@dataclass
class Desk:
    """Somebody with a list, and the batch that they made of it last."""

    browser: Browser
    id: int = 0

    def upload(self, content: str | bytes, name: str = "daftar.csv", **fields: str) -> Page:
        sent = content.encode() if isinstance(content, str) else content
        page = self.browser.post("/imports", file=(io.BytesIO(sent), name), **fields)
        if found := re.fullmatch(r"/imports/(\d+)", page.path):
            self.id = int(found[1])
        return page

    def rehearse(self, content: str | bytes, name: str = "daftar.csv", **fields: str) -> Page:
        """Upload, take the columns as they were guessed, and see what would happen."""
        page = self.upload(content, name, **fields)
        assert page.status == 200, page.text
        page = self.browser.submit(f"/imports/{self.id}", form_to="/mapping")
        assert page.status == 200, page.text
        tick()
        return self.look()

    def whole(self, content: str | bytes, name: str = "daftar.csv", **fields: str) -> Page:
        """All of it, to the end."""
        self.rehearse(content, name, **fields)
        self.act("start")
        tick()
        return self.look()

    def act(self, step: str, **fields: str) -> Page:
        return self.browser.post(f"/imports/{self.id}/{step}", **fields)

    def look(self, query: str = "") -> Page:
        return self.browser.get(f"/imports/{self.id}{query}")

    @property
    def batch(self) -> Import:
        db.session.rollback()
        return db.session.get_one(Import, self.id, populate_existing=True)

    @property
    def rows(self) -> list[ImportRow]:
        db.session.rollback()
        query = (
            sa.select(ImportRow).where(ImportRow.import_id == self.id).order_by(ImportRow.number)
        )
        return list(db.session.scalars(query.execution_options(populate_existing=True)))

    @property
    def outcomes(self) -> list[str]:
        return [each.outcome for each in self.rows]
