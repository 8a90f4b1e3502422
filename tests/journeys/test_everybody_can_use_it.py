"""axe on every page for every role, on a lively province; nothing serious, no sideways scrolling at 320 px."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page

from compliance import create_app, demo
from compliance.cases.models import Case
from compliance.core.db import db
from compliance.licensing.models import Flag, LicenceCheck
from tests.conftest import a_config
from tests.journeys.conftest import serve

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The demo's NTT."""
    folder: Path = tmp_path_factory.mktemp("province")
    app = create_app(a_config(f"sqlite:///{folder / 'demo.sqlite3'}", folder / "mail"))
    with app.app_context():
        upgrade()
        demo.fill()
    return app


@pytest.fixture(scope="module")
def demo_address(province: Flask) -> Iterator[str]:
    yield from serve(province)


def pages(app: Flask, role: str) -> list[str]:
    """The pages that a role may open, each with something to show."""
    with app.app_context():
        lia = (
            db.session.query(LicenceCheck)
            .filter_by(by_id=_id("perizinan"))
            .order_by(LicenceCheck.id.desc())
            .first()
        )
        own = (
            db.session.query(Case)
            .filter_by(
                inspector_id=_id("pengawas"), status="recheck_due", escalated_on=None, extended_on=None
            )
            .first()
        )
        local = (
            db.session.query(Case).filter(Case.region_code == "53.71", Case.status == "unresolved").first()
        )
        flag = db.session.query(Flag).filter(Flag.region_code == "53.71", Flag.lifted_at.is_(None)).first()
        assert lia and own and local and flag
        case, company, shared = (
            f"/cases/{own.number}",
            f"/companies/{own.company_id}",
            f"/cases/{local.number}",
        )
        opened = {
            "inspector": ["/field", "/drafts", "/notas/new", "/notas/new?q=contoh", "/cases", case, f"{case}/history",
                          f"{case}/recheck", "/companies", "/companies?q=contoh", company, "/companies/new", f"{company}/edit"],
            "supervisor": ["/queue", f"{case}/withdraw", f"{case}/reassign", "/flags"],
            "compliance": ["/queue", shared, f"{case}/extend", f"{case}/escalate", "/flags", f"/flags/{flag.id}", f"{shared}/sanction"],
            "licensing": ["/check", f"/check/{lia.receipt}", f"/check/{lia.receipt}/print", "/check/history", "/flags",
                          f"/flags/{flag.id}", shared],
            "admin": ["/admin/users", "/admin/users/new", "/admin/offices", "/admin/calendar", "/admin/settings", "/admin/jobs",
                      "/admin/audit"],
        }  # fmt: skip
        views = [] if role == "admin" else ["/views", "/views/new?list=companies&query=region%3D53.71"]
        return [*views, "/inbox", "/account", "/help", "/no-such-page", *opened[role]]


def _id(account: str) -> int:
    from compliance.people.queries import find_user

    user = find_user(f"{account}@demo.example")
    assert user is not None
    return user.id


def sit_down(chromium: Browser, address: str, role: str, *, width: int, scheme: str) -> Page:
    context = chromium.new_context(
        base_url=address,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto("/login")
    page.fill("#email", demo.ACCOUNTS[role][0])
    page.fill("#password", demo.PASSWORD)
    page.click("main button")
    return page


@pytest.mark.parametrize("role", list(demo.ACCOUNTS))
@pytest.mark.parametrize(("width", "scheme", "language"), [(1280, "light", "id"), (320, "dark", "en")])
def test_axe_finds_nothing_serious_on_any_page(
    chromium: Browser, demo_address: str, province: Flask, role: str, width: int, scheme: str, language: str
) -> None:
    page = sit_down(chromium, demo_address, role, width=width, scheme=scheme)
    if page.locator("html").get_attribute("lang") != language:
        page.click("header .aside form button")
    found = []
    for path in pages(province, role):
        response = page.goto(path)
        assert response is not None
        assert response.status == (404 if path == "/no-such-page" else 200), path
        assert page.locator("html").get_attribute("lang") == language
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                where = [node["target"] for node in violation["nodes"][:3]]
                found.append(
                    f"{path}: {violation['id']} {where} {violation['nodes'][0].get('failureSummary', '')[:150]}"
                )
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{path}: scrolls sideways at {width} px")
    page.context.close()
    assert found == []


@pytest.mark.parametrize("role", list(demo.ACCOUNTS))
def test_no_page_asks_the_store_more_than_ten_questions(province: Flask, role: str) -> None:
    from tests.browser import Browser as PlainBrowser
    from tests.queries import queries

    with province.app_context():
        plain = PlainBrowser(province)
        plain.sign_in(demo.ACCOUNTS[role][0], demo.PASSWORD)
        many = {}
        for path in pages(province, role):
            with queries() as statements:
                plain.get(path)
            if len(statements) > 10:
                many[path] = len(statements)
    assert many == {}
