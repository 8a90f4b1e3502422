"""Refusals as RFC 9457 problem details, for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, jsonify
from werkzeug.http import HTTP_STATUS_CODES

from compliance.core.errors import Invalid, Refusal, Taken
from compliance.web.formatting import written


def problem(
    status: int,
    detail: Any = None,
    *,
    errors: Iterable[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """One problem: `errors` names fields, `more` are members of its own such as `candidates`."""
    title = HTTP_STATUS_CODES.get(status, "Error")
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if detail is not None:
        body["detail"] = written(detail)
    listed = [{**error, "message": written(error["message"])} for error in errors]
    response = jsonify({**body, **({"errors": listed} if listed else {}), **more})
    response.status_code = status
    response.content_type = "application/problem+json"
    response.headers.update(headers or {})
    return response


def problem_of(refusal: Refusal) -> Response:
    """The problem that a refusal is."""
    if isinstance(refusal, Invalid):
        fields = [
            {"field": field, "message": message, **refusal.details.get(field, {})}
            for field, message in refusal.errors.items()
        ]
        return problem(refusal.status, refusal.reason, errors=fields)
    if isinstance(refusal, Taken):
        candidates = [_candidate(company) for company in refusal.candidates]
        fields = [{"field": refusal.field, "message": refusal.reason}]
        return problem(refusal.status, refusal.reason, errors=fields, candidates=candidates)
    return problem(refusal.status, refusal.reason)


def _candidate(record: Any) -> dict[str, Any]:
    shown = ("id", "case_id", "name", "number", "nib", "npwp", "npp", "region_code")
    return {name: getattr(record, name) for name in shown if hasattr(record, name)}
