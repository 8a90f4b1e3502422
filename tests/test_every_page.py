"""Every page there is, as every role, in both languages: with nothing to show, with something to
show, with an error.

Whoever may not see a page gets a page that says so. `Browser` looks at each of them critically.
"""

from __future__ import annotations

import itertools
import uuid
import zlib
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from compliance.cases.commands.drafts import start_draft
from compliance.cases.evidence.queries import about_case
from compliance.cases.models import Case
from compliance.cases.nota.forms import NOTA_STEPS
from compliance.companies.circumstances.commands import CircumstanceFacts, record_circumstance
from compliance.companies.workplaces.commands import WorkplaceFacts, add_workplace
from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.evidence.commands import add_evidence
from compliance.files.commands import keep_bytes
from compliance.files.examining import examine
from compliance.imports.commands.requests import map_columns, open_import, rehearse_import, sampled
from compliance.imports.commands.run import import_companies
from compliance.imports.jobs import run_imports
from compliance.imports.models import Import
from compliance.imports.reading import spreadsheet
from compliance.letters.jobs import set_letters
from compliance.letters.models import Letter
from compliance.letters.signing.certificates import read_certificates
from compliance.letters.signing.commands import add_trust_roots
from compliance.licensing.checks.commands import make_check
from compliance.licensing.commands import ask_inspector
from compliance.licensing.models import Flag
from compliance.merges.commands import merge_companies, tell_apart
from compliance.merges.doubtful.jobs import find_doubtful_companies
from compliance.merges.moving import Choices
from compliance.office.settings import today
from compliance.office.signatories.commands import add_signatory
from compliance.plan.commands import Listed, plan_inspections
from compliance.plan.models import PlanEntry
from compliance.policy import SYSTEM
from tests.browser import Browser
from tests.cast import Cast
from tests.factories import a_case, a_company, a_visit, user
from tests.files.pictures import pdf
from tests.letters.signing.papers import authority

pytestmark = pytest.mark.one_store
Facts = dict[tuple[str, str], list[object]]
"""What can stand in an address: by the first folder and the name of the part."""
ROLES = {
    "ina": "inspector",
    "sari": "supervisor",
    "tika": "compliance",
    "lia": "licensing",
    "adi": "admin",
}
NO_PAGES = ("/api/", "/assets/", "/healthz", "/readyz", "/beatz", "/offline")
ANSWERS = (200, 403, 404, 409, 410)
REFUSALS = (200, 400, 403, 404, 409, 410, 412, 413, 422)


def addresses(app: Flask, method: str, facts: Facts) -> Iterator[str]:
    """The address of every page that answers `method`, once for each value that its parts may take."""
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and not rule.rule.startswith(NO_PAGES):
            yield from _filled(rule, facts)


def _filled(rule: Rule, facts: Facts) -> Iterator[str]:
    names = sorted(rule.arguments)
    folder = rule.rule.split("<")[0].strip("/")
    values = [facts[folder, name] for name in names]
    for each in itertools.product(*values):
        built = rule.build(dict(zip(names, each, strict=True)))
        if built is not None:
            yield built[1]


def nothing(cast: Cast) -> Facts:
    """Addresses of what is not there."""
    return {
        ("cases", "number"): ["NTT-2026-9999"],
        ("cases", "act"): ["reassign", "extend", "remind", "escalate"],
        ("companies", "id"): [9999],
        ("flags", "id"): [9999],
        ("check", "receipt"): ["CK-2026-999999"],
        ("check", "number"): ["NTT-2026-9999"],
        ("cases", "id"): [9999],
        ("verify", "code"): ["22222-22222"],
        ("notas", "draft_key"): [uuid.uuid4()],
        ("notas", "step"): list(NOTA_STEPS),
        ("drafts", "draft_key"): [uuid.uuid4()],
        ("imports", "id"): [9999],
        ("imports/template", "kind"): ["old_notas", "no-such"],
        ("inbox", "id"): [9999],
        ("account/sessions", "id"): [9999],
        ("account/tokens", "id"): [9999],
        ("account/factors", "id"): [9999],
        ("admin/users", "id"): [cast.ids["lia"]],
        ("admin/offices", "code"): ["ptsp-53.71", "disnaker-53"],
        ("admin/offices", "id"): [9999],
        ("admin/tokens", "id"): [9999],
        ("admin/jobs", "name"): ["sweep_due_rechecks"],
        ("admin/jobs/cases", "id"): [9999],
        ("admin/jobs/messages", "id"): [9999],
        ("language", "code"): ["id"],
        ("account/hints", "name"): ["field", "no-such"],
        ("companies", "other_id"): [9998],
        ("companies/merges", "id"): [9999],
        ("companies/duplicates", "id"): [9999],
        ("companies/doubtful", "id"): [9999],
        ("flags", "number"): [1],
        ("views", "id"): [9999],
        ("plan", "id"): [9999],
        ("companies", "workplace_id"): [9999],
        ("companies", "circumstance_id"): [9999],
        ("queue/handovers", "key"): [uuid.uuid4()],
        ("reset-password", "secret"): ["no-such-secret"],
        ("evidence", "id"): [9999],
        ("letters", "id"): [9999],
        ("cases", "kind"): ["recheck_notice", "nota_1"],
        ("approvals", "id"): [9999],
        ("approvals/cases", "id"): [9999],
        ("admin/signatories", "id"): [9999],
        ("admin/wording", "kind"): ["nota_1", "no-such"],
        ("admin/articles", "id"): [1, 9999],
        ("admin/trust-roots", "id"): [9999],
    }


def something(cast: Cast) -> Facts:
    """One of each: a case in time, one that failed its recheck, a draft, a flag, a check."""
    in_time, failed = a_case(), a_case(company=a_company("PT Misal Gagal", nib="9120099999992"))
    a_visit(failed, "not_complied", registered=28)
    set_letters()
    return nothing(cast) | _merged() | _found(in_time, failed)


def _merged() -> Facts:
    """A pair that was told apart, and a merge."""
    kept, gone = (
        a_company("PT Misal Kembar", npp="JJ000001"),
        a_company("PT Misal Kembarr", npp="JJ000002"),
    )
    other = a_company("PT Misal Kembar Lain")
    doubtful = a_company("PT Misal Ragu", aliases=("CV Misal Ragu",))
    find_doubtful_companies()
    sari = user("sari")
    with transaction():
        pair = tell_apart(kept, other, by=sari)
        merge = merge_companies(
            kept, gone, by=sari, choices=Choices(kept_id=kept.id, name_of=kept.id)
        )
    return {
        ("companies", "other_id"): [other.id],
        ("companies/merges", "id"): [merge.id],
        ("companies/duplicates", "id"): [pair.id],
        ("companies/doubtful", "id"): [doubtful.id],
    }


def _found(in_time: Case, failed: Case) -> Facts:
    with transaction():
        draft = start_draft(in_time.company, by=user("ina"), draft_key=str(uuid.uuid4()))
        check = make_check("9120099999992", failed.company, by=user("lia"))
        listed = Listed(failed.company_id, failed.region_code, ("PWBD",))
        plan_inspections([listed], by=SYSTEM, source="Daftar contoh", listed_on=today())
        workplace = add_workplace(
            failed.company, WorkplaceFacts("Cabang contoh", "53.08"), by=user("tika")
        )
        facts = CircumstanceFacts("closed", today(), "Surat contoh")
        closed = record_circumstance(failed.company, facts, by=user("tika"))
        asked = ask_inspector(
            failed, by=user("lia"), question="Apakah sertifikat ini cukup?", page="/check"
        )
    flag, key = (
        db.session.query(Flag).filter_by(case_id=failed.id).first(),
        uuid.UUID(draft.draft_key),
    )
    planned = db.session.query(PlanEntry).one()
    return {
        ("cases", "number"): [in_time.number, failed.number],
        ("companies", "id"): [failed.company_id],
        ("plan", "id"): [planned.id],
        ("companies", "workplace_id"): [workplace.id],
        ("companies", "circumstance_id"): [closed.id],
        ("flags", "id"): [flag.id] if flag else [],
        ("check", "receipt"): [check.receipt],
        ("check", "number"): [failed.number],
        ("cases", "id"): [asked.id],
        ("verify", "code"): [check.code],
        ("notas", "draft_key"): [key],
        ("drafts", "draft_key"): [key],
        ("imports", "id"): _imports(),
        ("evidence", "id"): [_evidence(failed)],
        ("letters", "id"): list(
            db.session.scalars(sa.select(Letter.id).order_by(Letter.id).limit(2))
        ),
        ("cases", "kind"): ["spt", "ba", "cover_ptsp"],
        ("admin/signatories", "id"): [_signatory()],
        ("admin/trust-roots", "id"): [_trust_root()],
    }


def _signatory() -> int:
    with transaction():
        titles = {"name": "Rosa Umpama", "title": "Kepala Dinas", "rank": None, "nip": None}
        by, day = user("adi"), today()
        return add_signatory(by=by, **titles, from_on=day, until_on=None).id


def _trust_root() -> int:
    with transaction():
        read = read_certificates(authority().pem, at=clock.now())
        return add_trust_roots(read, by=user("adi"))[0].id


def _evidence(case: Case) -> int:
    examined = examine(pdf())
    kept = keep_bytes(examined.content, kind=examined.kind)
    with transaction():
        about = about_case(case, "case", case.id)
        by = user("ina")
        return add_evidence(about, by=by, examined=examined, kept=kept, name="a.pdf").id


def _imports() -> list[object]:
    """An import that is done, one that was tried, with a row to decide, and one whose columns are
    to be checked.
    """
    sheet = spreadsheet.read(
        b"Nama;Kota\nUD Andai;Ende\nUD Andai;Sikka\nX;Kupang\n", filename="daftar.csv"
    )
    list(import_companies(sheet, by=SYSTEM, filename="daftar.csv"))
    mapping, content = dict(sheet.fields), zlib.compress(sheet.content)
    for tried in (True, False):
        with transaction():
            tika = user("tika")
            batch = open_import(
                sheet, by=tika, filename="daftar.csv", content=content, columns=sampled(sheet)
            )
            if tried:
                map_columns(batch, mapping, by=tika, region_code=None)
                rehearse_import(batch, by=tika)
    run_imports()
    found = list(db.session.scalars(sa.select(Import.id)))
    assert {each.status for each in db.session.scalars(sa.select(Import))} == {
        "done",
        "rehearsed",
        "mapping",
    }
    return [*found]


@pytest.fixture(params=[nothing, something])
def facts(
    request: pytest.FixtureRequest, app: Flask, cast: Cast, at: Callable[[str], None]
) -> Facts:
    made: Facts = request.param(cast)
    at("2027-03-02 09:00")
    return made


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("who", list(ROLES))
def test_every_page_opens_or_says_why_not(
    app: Flask, browser: Callable[..., Browser], facts: Facts, who: str, language: str
) -> None:
    somebody, odd = browser(who, language), {}
    for address in addresses(app, "GET", facts):
        page = somebody.get(address)
        if page.status not in ANSWERS:
            odd[address] = page.status
        if page.response.mimetype == "text/html" and page.tree.get("lang") != language:
            odd[address] = f"speaks {page.tree.get('lang')}"
    assert odd == {}


@pytest.mark.parametrize("who", list(ROLES))
def test_every_form_sent_empty_says_what_is_missing_and_breaks_nothing(
    app: Flask, browser: Callable[..., Browser], facts: Facts, who: str
) -> None:
    somebody, odd = browser(who, "en"), {}
    for address in addresses(app, "POST", facts):
        if address in ("/logout",) or address.startswith("/language/") or "/sessions/" in address:
            continue
        page = somebody.post(address)
        if page.status not in REFUSALS:
            odd[address] = page.status
    assert odd == {}
