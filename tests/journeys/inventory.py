"""Which pages there are for each role, on the demo's lively province; and a window in which
somebody looks at them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page

from compliance import demo
from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.core.db import db
from compliance.licensing.models import Flag, LicenceCheck
from compliance.office.settings import today
from compliance.people.queries import find_user
from compliance.plan.models import PlanEntry

MISSING, WITHOUT_NETWORK = "/no-such-page", "/offline"
STRANGER = "stranger"
ROLES = (*demo.ACCOUNTS, STRANGER)
EVERYBODYS = ["/inbox", "/account", "/account/password"]


def pages(app: Flask, role: str) -> list[str]:
    """The pages that a role may open, each with something to show; MISSING among them."""
    with app.app_context():
        check = _first(LicenceCheck, LicenceCheck.by_id == _id("licensing"))
        own = _first(
            Case,
            Case.inspector_id == _id("inspector"),
            Case.status == "recheck_due",
            Case.effective_on < today(),
            Case.escalated_on.is_(None),
            Case.extended_on.is_(None),
        )
        failed = _first(Case, Case.region_code == "53.71", Case.status == "unresolved")
        raised = _first(Flag, Flag.region_code == "53.71", Flag.lifted_at.is_(None))
        case, company, local = (
            f"/cases/{own.number}",
            f"/companies/{own.company_id}",
            f"/cases/{failed.number}",
        )
        flag, receipt = f"/flags/{raised.id}", f"/check/{check.receipt}"
        planned = _first(PlanEntry, PlanEntry.case_id.is_(None))
        own_draft = _first(Case, Case.status == "draft", Case.inspector_id == _id("inspector"))
        draft = f"/notas/{own_draft.draft_key}"
        admin, other = _id("admin"), _first(Company, Company.id != own.company_id)
        opened = {
            "inspector": [
                "/field",
                "/plan",
                "/drafts",
                "/notas/new",
                "/notas/new?q=contoh",
                "/cases",
                case,
                f"{case}/history",
                f"{case}/files",
                f"{draft}/place",
                f"{draft}/workers",
                f"{draft}/findings",
                f"{draft}/notes",
                f"{draft}/photos",
                f"{draft}/review",
                f"{draft.replace('notas', 'drafts')}/delete",
                f"{case}/recheck",
                f"{case}/receipt",
                "/companies",
                "/companies?q=contoh",
                company,
                "/companies/new",
                "/companies/alike?name=contoh+bahari",
                f"{company}/edit",
                f"{company}/circumstance",
            ],
            "supervisor": [
                "/queue",
                "/queue?load=1",
                f"{case}/withdraw",
                f"{case}/reassign",
                "/flags",
            ],
            "compliance": [
                "/imports",
                "/plan",
                f"/plan/{planned.id}/drop",
                "/queue",
                "/queue/review",
                "/views",
                "/companies/duplicates",
                "/companies/doubtful",
                f"{company}/merge",
                f"{company}/merge/{other.id}",
                local,
                f"{case}/extend",
                f"{case}/escalate",
                "/flags",
                flag,
                f"{local}/sanction",
            ],
            "licensing": [
                "/check",
                receipt,
                f"{receipt}/print",
                "/check/choose?asked=contoh",
                "/check/history",
                f"{flag}/ask",
                "/flags",
                flag,
                local,
            ],
            "admin": [
                "/admin/users",
                f"/admin/users/{admin}",
                "/admin/users/new",
                "/admin/offices",
                "/admin/offices/ptsp-53.71",
                "/admin/offices/ptsp-53.08/end",
                "/admin/calendar",
                "/admin/settings",
                "/admin/settings/change?recheck_months=4",
                "/admin/jobs",
                "/admin/audit",
                "/admin/security",
                "/imports",
            ],
            "stranger": [
                "/login",
                "/forgot-password",
                "/verify",
                f"/verify/{check.code}",
                WITHOUT_NETWORK,
            ],
        }
        return [
            *opened[role],
            "/help",
            "/accessibility",
            *(EVERYBODYS if role != STRANGER else ()),
            MISSING,
        ]


def _first(model: type[Any], *conditions: Any) -> Any:
    found = db.session.scalars(
        sa.select(model).where(*conditions).order_by(model.id.desc())
    ).first()
    assert found is not None, f"the demo has no such {model.__name__}"
    return found


def _id(role: str) -> int:
    user = find_user(demo.ACCOUNTS[role][0])
    assert user is not None
    return user.id


def sit_down(chromium: Browser, address: str, role: str, **window: Any) -> Page:
    """A window of its own in which the demo's person of `role` is signed in; a stranger is not."""
    context = chromium.new_context(base_url=address, reduced_motion="reduce", **window)
    page = context.new_page()
    page.goto("/login")
    if role == STRANGER:
        return page
    page.fill("#email", demo.ACCOUNTS[role][0])
    page.fill("#password", demo.PASSWORD)
    page.click("main button[type=submit]")
    return page


def speak(page: Page, language: str) -> None:
    """Change the language of the page, if it is another."""
    if page.locator("html").get_attribute("lang") != language:
        if page.locator("header .menu").is_visible():
            page.click("header .menu")
        page.click("header form[action*='/language/'] button")
