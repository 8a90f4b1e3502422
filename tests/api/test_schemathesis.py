"""A program that has read only the description tries everything in it, sensible and senseless, as
each role.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from compliance.cases.jobs import sweep_due_rechecks
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.letters.models import Letter
from compliance.licensing.checks.commands import make_check
from compliance.licensing.models import Flag
from tests.browser import as_a_request_of_its_own
from tests.factories import a_case, a_company, a_visit, user

EXAMPLES = 5
SENSIBLE: dict[str, dict[str, Any]] = {
    "/companies": {"region_code": "53.71", "kbli": None, "email": None, "nib": None, "npwp": None,
        "npp": None, "aliases": []},
    "/cases": {
        "company_id": 1, "inspected_on": "2027-03-01", "issued_on": "2027-03-02", "workers_total": 40,
        "workers_registered": 3, "findings": [{"violation": "JS-02"}],
    },
    "/cases/{id}/receipt": {"received_on": "2027-03-01"},
    "/cases/{id}/visits": {"visited_on": "2027-03-02", "workers_registered": 40, "fixed": None},
    "/cases/{id}/extension": {"until": "2027-04-30"},
    "/clearance": {"nib": "9120001234567", "npwp": None, "npp": None},
    "/clearance/batch": {"numbers": ["9120001234567", "01.234.567.8-901.000", "PT Contoh", "9120001234560"]},
}  # fmt: skip
"""Values by which a body that is well-formed also makes sense; the rest of it stays as it was made up."""
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance,
]  # fmt: skip


@pytest.fixture
def known(at: Callable[[str], None]) -> dict[str, list[Any]]:
    """Ids that exist, so that not everything tried is "not found"; a little of everything is behind them."""
    company = a_company(nib="9120001234567", npwp="012345678901000")
    a_company(npwp="012345678901001")
    cases = [a_case(company=company), a_case(), a_case(), a_case()]
    ids, company_id = [case.id for case in cases], company.id
    at("2027-03-02")
    sweep_due_rechecks()
    case = db.session.get_one(Case, ids[0])
    a_visit(case, "not_complied", registered=30)
    with transaction():
        receipt = make_check("9120001234567", case.company, by=user("lia")).receipt
    flags = [flag.id for flag in db.session.query(Flag)]
    found = {"cases": ids, "companies": [company_id], "flags": flags, "clearance": [receipt]}
    letters = list(db.session.scalars(sa.select(Letter.id).order_by(Letter.id)))
    found |= {"evidence": [9999], "letters": letters}
    db.session.remove()
    return found


@pytest.mark.parametrize(
    ("who", "where"), [("ina", ""), ("lia", ""), ("tika", ""), ("sari", "/withdrawal")]
)
def test_nothing_a_program_sends_breaks_the_api(
    app: Flask, known: dict[str, list[Any]], secret: Callable[[str], str], who: str, where: str
) -> None:
    token = f"Bearer {secret(who)}"
    description = as_a_request_of_its_own(app.test_client().get, "/api/v1/openapi.json").json
    schema = schemathesis.openapi.from_dict(description)
    schema.app = lambda environ, start: app.wsgi_app(
        {**environ, "HTTP_AUTHORIZATION": token}, start
    )
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if not operation.path.endswith(where):
            continue
        tried += 1

        @seed(53)
        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=_anything(operation, known))
        def ask(case: Any) -> None:
            response = as_a_request_of_its_own(case.call)
            case.validate_response(response, checks=CHECKS)
            assert response.status_code != 401

        ask()
    assert tried == (2 if where else 43)


def _anything(operation: Any, known: dict[str, list[Any]]) -> st.SearchStrategy[Any]:
    """Requests as described and requests that are not, about things that exist and things that do not."""
    ways = [
        operation.as_strategy(generation_mode=mode)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    ]
    if "{" in operation.path:
        name = operation.path.partition("{")[2].partition("}")[0]
        ways += [
            operation.as_strategy(path_parameters={name: each})
            for each in known[operation.path.split("/")[3]]
        ]
    sensible = [way.map(_made_sensible) for way in (ways[0], *ways[2:])]
    return st.one_of(*ways, *sensible, *sensible)


def _made_sensible(case: Any) -> Any:
    if isinstance(case.body, dict):
        case.body = {**case.body, **SENSIBLE.get(case.operation.path.removeprefix("/api/v1"), {})}
    case.query = {
        name: value
        for name, value in case.query.items()
        if name not in ("cursor", "region", "office")
    }
    case.headers.pop("If-Match", None)
    return case
