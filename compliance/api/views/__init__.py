"""API v1: thin views over the same queries and commands as the pages, and their description."""

from __future__ import annotations

from flask import Response, jsonify

from compliance.api.description import openapi_document
from compliance.api.operations import blueprint
from compliance.api.views import (  # each adds its operations to the blueprint
    cases,
    clearance,
    companies,
    evidence,
    flags,
    letters,
    packets,
)

__all__ = [
    "blueprint",
    "cases",
    "clearance",
    "companies",
    "evidence",
    "flags",
    "letters",
    "packets",
]


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The description itself; open to strangers."""
    return jsonify(openapi_document())
