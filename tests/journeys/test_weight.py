"""What a page weighs on the wire: the first visit at most 90 KB, every next page at most 20 KB, all
of it compressed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from compliance import demo
from compliance.cases.commands.drafts import start_draft
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.licensing.models import LicenceCheck
from compliance.people.models import User
from compliance.web.pages import home_of
from tests.journeys.inventory import sit_down

pytestmark = [pytest.mark.browser, pytest.mark.one_store, pytest.mark.xdist_group("province")]
FIRST_KB, NEXT_KB = 90, 20
LARGEST = 1000
"""Bytes to a kilobyte, as the budgets count them."""


@dataclass(frozen=True)
class Weight:
    """A page and what came over the wire for it, in kilobytes: with nothing known yet, and with the
    shell at hand.
    """

    page: str
    first: float
    next: float


class Wire:
    """Counts the bytes that a page's requests bring, headers and redirects too, through the
    DevTools protocol.
    """

    def __init__(self, devtools: CDPSession) -> None:
        self.bytes = 0
        devtools.on("Network.loadingFinished", lambda told: self.add(told["encodedDataLength"]))
        devtools.on(
            "Network.requestWillBeSent",
            lambda told: self.add_redirect(told.get("redirectResponse")),
        )
        devtools.send("Network.enable")

    def add(self, bytes: float) -> None:
        self.bytes += max(bytes, 0)

    def add_redirect(self, response: dict[str, Any] | None) -> None:
        self.add(response["encodedDataLength"] if response else 0)

    def weigh(self, page: Page, path: str) -> float:
        """Open `path` with all that belongs to it; answers the kilobytes it took."""
        self.bytes = 0
        page.goto(path)
        page.evaluate(
            "document.readyState"
        )  # an answer from the page comes after the news of its network
        return round(self.bytes / LARGEST, 1)


@contextmanager
def fresh(chromium: Browser, address: str, cookies: Any) -> Iterator[BrowserContext]:
    """A browser that knows nothing but who is signed in. Without the worker, whose answers cost nothing."""
    context = chromium.new_context(base_url=address, service_workers="block")
    context.add_cookies(cookies)
    yield context
    context.close()


def weights(chromium: Browser, app: Flask, address: str) -> list[Weight]:
    """One row for each page that is measured: /login, the home of each role, a case, a step of a
    nota, an answer at the counter.
    """
    rows = []
    for role, paths in measured(app).items():
        cookies: Any = []
        if role != "stranger":
            page = sit_down(chromium, address, role)
            cookies = page.context.cookies()
            page.context.close()
        for name, path in paths.items():
            with fresh(chromium, address, cookies) as context:
                page = context.new_page()
                wire = Wire(context.new_cdp_session(page))
                first = wire.weigh(page, path)
                if role == "stranger":  # what the worker fetches after the very first page
                    wire.bytes = 0
                    page.evaluate(
                        "Promise.all(['/sw.js', '/offline'].map((path) => fetch(path).then((answer)"
                        " => answer.text())))"
                    )
                    first = round(first + wire.bytes / LARGEST, 1)
                page.goto("about:blank")
                rows.append(Weight(name, first, wire.weigh(page, path)))
    return rows


def measured(app: Flask) -> dict[str, dict[str, str]]:
    """What is opened by whom: addresses by what the page is called."""
    with app.app_context(), transaction():
        inspector = db.session.query(User).filter_by(email=demo.ACCOUNTS["inspector"][0]).one()
        officer = db.session.query(User).filter_by(email=demo.ACCOUNTS["licensing"][0]).one()
        case = (
            db.session.query(Case)
            .filter_by(status="recheck_due", inspector_id=inspector.id)
            .first()
        )
        check = db.session.query(LicenceCheck).filter_by(by_id=officer.id, verdict="hold").first()
        assert case and check
        draft = start_draft(case.company, by=inspector, draft_key=str(uuid.uuid4()))
        found = {role: {f"{home_of(role)} ({role})": home_of(role)} for role in demo.ACCOUNTS}
        found["inspector"] |= {
            "/cases/<no>": f"/cases/{case.number}",
            "/notas/<draft>/findings": f"/notas/{draft.draft_key}/findings",
        }
        found["licensing"]["/check/<receipt>"] = f"/check/{check.receipt}"
        return {"stranger": {"/login": "/login"}, **found}


def as_a_table(rows: list[Weight]) -> str:
    """The weights as a table for the documentation."""
    lines = [f"| {row.page} | {row.first:.1f} | {row.next:.1f} |" for row in rows]
    return "\n".join(["| Page | First visit, KB | Next, KB |", "|---|---|---|", *lines])


def test_pages_are_light_enough_for_a_weak_network(
    chromium: Browser,
    province: Flask,
    demo_address: str,
) -> None:
    rows = weights(chromium, province, demo_address)
    print(as_a_table(rows))  # noqa: T201
    assert [row for row in rows if row.first > FIRST_KB or row.next > NEXT_KB] == []
