"""The OpenAPI 3.1 description, made by spectree from the same schemas that read and write.

Every status an operation can answer is in it; what is not in it does not happen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from pydantic import BaseModel
from spectree import Response, SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData

from compliance.api.schemas.responses import Problem
from compliance.core.keyset import LARGEST_ID

ALWAYS = (401, 403, 422, 429, 503)
WITH_BODY = (400, 409, 413, 415)
TEXT = {"type": "string"}
HEADERS_BY_STATUS = {
    201: {"Location": {"description": "Where it is", "schema": TEXT}},
    202: {
        "Location": {"description": "Where it will be", "schema": TEXT},
        "Retry-After": {"description": "Seconds until it is ready", "schema": TEXT},
    },
    401: {"WWW-Authenticate": {"description": "How to prove who asks", "schema": TEXT}},
    429: {"Retry-After": {"description": "Seconds to wait", "schema": TEXT}},
    503: {"Retry-After": {"description": "Seconds to wait", "schema": TEXT}},
}
ETAG = {"ETag": {"description": "The state of the case, for If-Match", "schema": TEXT}}
DESCRIPTION = """Case tracker of a provincial labour inspectorate, for programs.

The token acts as its user and may do what that person may; what is out of scope reads as not found.
Refusals are RFC 9457 problems whose sentences are in the language of `Accept-Language` (id, en)."""


def _name(model: Any) -> str:
    return str(model.__name__)


SPEC = SpecTree(
    "flask",
    annotations=False,
    mode="strict",
    title="Patuh",
    version="1.0.0",
    description=DESCRIPTION,
    naming_strategy=_name,
    nested_naming_strategy=lambda _parent, child: child,
    validation_error_model=Problem,
    security_schemes=[
        SecurityScheme(name="token", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer"))
    ],
    security={"token": []},
)


class DescribedAnswers(Response):
    """What one operation answers: its good answer, and problems for everything else."""

    def __init__(
        self,
        status: int,
        model: type[BaseModel],
        *empty: int,
        problems: Iterable[int],
        tagged: bool,
        later: type[BaseModel] | None = None,
    ) -> None:
        self.tagged = tagged  # a case: it carries an ETag
        models: dict[str, Any] = {f"HTTP_{code}": Problem for code in problems}
        if later is not None:
            models["HTTP_202"] = later
        super().__init__(*(f"HTTP_{code}" for code in empty), **models, **{f"HTTP_{status}": model})

    def generate_spec(self, naming_strategy: Any = _name) -> dict[str, Any]:
        spec: dict[str, Any] = super().generate_spec(naming_strategy)
        for code, answer in spec.items():
            status = int(code)
            if status >= 400:
                answer["content"] = {
                    "application/problem+json": answer["content"].pop("application/json")
                }
            headers = HEADERS_BY_STATUS.get(status, {}) | (
                ETAG if self.tagged and status < 400 else {}
            )
            if headers:
                answer["headers"] = headers
        return dict(sorted(spec.items()))


class DescribedFile(DescribedAnswers):
    """What an operation answers that gives bytes: of one of these media types, or 202 while they are made."""

    def __init__(self, media_types: Iterable[str], *, later: bool, may_fail: bool) -> None:
        self.media_types = tuple(media_types)
        empty = (202, 304) if later else (304,)
        problems = (*ALWAYS, 404, *((409,) if may_fail else ()))
        super().__init__(200, Problem, *empty, problems=problems, tagged=False)

    def generate_spec(self, naming_strategy: Any = _name) -> dict[str, Any]:
        spec = super().generate_spec(naming_strategy)
        schema = {"schema": {"type": "string", "format": "binary"}}
        spec["200"] |= {
            "description": "The bytes; their SHA-256 is the ETag",
            "content": dict.fromkeys(self.media_types, schema),
            "headers": {"ETag": {"description": "The SHA-256 of the bytes", "schema": TEXT}},
        }
        if "202" in spec:
            spec["202"]["headers"] = {
                "Retry-After": {"description": "Seconds until it is ready", "schema": TEXT}
            }
        return spec


def describe(
    view: Callable[..., Any],
    *,
    tag: str,
    query: Any = None,
    body: Any = None,
    form: Any = None,
    sent: Any,
    answers: DescribedAnswers,
) -> Any:
    """The view with its description hung on it; spectree finds it there, and nothing is checked twice."""
    return SPEC.validate(
        query=query,
        json=body,
        form=form,
        headers=sent,
        resp=answers,
        tags=(tag,),
        operation_id=view.__name__,
        skip_validation=True,
    )(view)


@cache
def openapi_document() -> dict[str, Any]:
    """The whole description, made once per process."""
    document: dict[str, Any] = SPEC.spec
    for path in document["paths"].values():
        for operation in path.values():
            for parameter in operation["parameters"]:
                parameter["schema"] = _plain(parameter["schema"])
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        if "description" in schema:
            schema["description"] = schema["description"].replace("\n", " ")
    text = json.dumps(document)
    document["components"]["schemas"] = {
        name: schema
        for name, schema in sorted(schemas.items())
        if f'"#/components/schemas/{name}"' in text
    }
    return document


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema without what only a body can say: null, a default of nothing, a
    description twice.
    """
    kept = {
        name: part for name, part in schema.items() if name not in ("anyOf", "title", "description")
    }
    if kept.get("default", "") is None:
        del kept["default"]
    for choice in schema.get("anyOf", ()):
        kept |= {} if choice == {"type": "null"} else choice
    return kept | ({"minimum": 1, "maximum": LARGEST_ID} if kept.get("format") == "int32" else {})
