"""The frame of every operation: it reads the request by its schema, asks the view, and writes the answer.

Refuses bodies that are no JSON, are too large or hold what no schema names; the view never sees them. Views
take an ordinary read-and-checked object and return a Reply.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from compliance.api.auth import caller, know_the_caller
from compliance.api.description import ALWAYS, WITH_BODY, DescribedAnswers, describe
from compliance.api.idempotency import once
from compliance.api.schemas.requests import (
    Body,
    Query,
    Sent,
    SentWithChange,
    SentWithPost,
    SentWithRead,
)
from compliance.core.errors import Invalid, Refusal, Stale
from compliance.core.text import Text, say
from compliance.web.formatting import language
from compliance.web.security import csrf
from compliance.web.uploads import takes_body

LARGEST_BODY = 1024 * 1024
MOST_ERRORS = 50

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
blueprint.before_request(know_the_caller)
csrf.exempt(blueprint)  # a token is never sent by a browser of its own accord

View = TypeVar("View", bound=Callable[..., "Reply"])


class NotJson(Refusal):
    """The body is of another kind."""

    status = 415

    def __init__(self) -> None:
        super().__init__(
            say("Kirim isi permintaan sebagai JSON, dengan Content-Type: application/json.")
        )


class BrokenJson(Refusal):
    """The body says it is JSON, and is not."""

    status = 400

    def __init__(self) -> None:
        super().__init__(say("Isi permintaan ini bukan JSON yang utuh dalam UTF-8."))


class TooLarge(Refusal):
    """The body is larger than any question has to be."""

    status = 413

    def __init__(self) -> None:
        super().__init__(say("Isi permintaan terlalu besar: paling besar 1 MB."))


@dataclass(frozen=True)
class Reply:
    """What a view answers. `location` is where a new thing is; `version` makes the ETag of a case.

    `retry_after` are the seconds after which it is worth looking there.
    """

    body: BaseModel
    status: int = 200
    location: str | None = None
    version: int | None = None
    retry_after: int | None = None


def get(
    rule: str, *, answer: type[BaseModel], query: type[Query] = Query, tagged: bool = False
) -> Callable[[View], View]:
    """An operation that reads. A `tagged` one answers 304 to who knows the present state."""

    def register(view: View) -> View:
        problems = (*ALWAYS, *((404,) if "<" in rule else ()))
        answers = DescribedAnswers(
            200, answer, *((304,) if tagged else ()), problems=problems, tagged=tagged
        )
        sent = SentWithRead if tagged else Sent
        described = describe(view, tag=tag_of(rule), query=query, sent=sent, answers=answers)

        @wraps(described)
        def ask(**path: Any) -> Response:
            return write_reply(view(query=read_query(query), **path))

        blueprint.get(rule)(ask)
        return view

    return register


def post(
    rule: str,
    *,
    body: type[Body],
    answer: type[BaseModel],
    status: int = 200,
    tagged: bool = False,
    changes_case: bool = False,
    later: type[BaseModel] | None = None,
) -> Callable[[View], View]:
    """An operation that writes, once under each Idempotency-Key.

    One that `changes_case` may be stale (412). One with `later` answers 202 with that, where an approval is
    waited for.
    """

    def register(view: View) -> View:
        problems = (
            *ALWAYS,
            *WITH_BODY,
            *((404,) if "<" in rule else ()),
            *((412,) if changes_case else ()),
        )
        answers = DescribedAnswers(status, answer, problems=problems, tagged=tagged, later=later)
        sent = SentWithChange if tagged and changes_case else SentWithPost
        described = describe(
            view, tag=tag_of(rule), query=Query, body=body, sent=sent, answers=answers
        )

        @wraps(described)
        def ask(**path: Any) -> Response:
            read_query(Query)
            read = read_json(body)
            return once(read, lambda: write_reply(view(body=read, **path)), by=caller())

        blueprint.post(rule)(takes_body(ask, largest=LARGEST_BODY))
        return view

    return register


def expect_match(version: int) -> None:
    """Refuse a change that was decided on another state than the present one. Raises Stale."""
    if request.if_match and not request.if_match.contains_weak(str(version)):
        raise Stale()


def tag_of(rule: str) -> str:
    return rule.split("/")[1]


def read_json(schema: type[Body]) -> Body:
    """The body as its schema reads it; no body at all reads as an empty one."""
    try:
        raw = (
            request.get_data()
        )  # read already (web/uploads); one of undeclared length is cut off at the limit
    except RequestEntityTooLarge:
        raise TooLarge() from None
    if len(raw) > LARGEST_BODY:
        raise TooLarge()
    if raw and not request.is_json:
        raise NotJson()
    try:
        return schema.model_validate_json(raw or b"{}")
    except ValidationError as error:
        raise refusal_of_schema(error) from None


def read_query(schema: type[Query]) -> Query:
    """The query as its schema reads it.

    A name without a value counts as not given; a name given twice is refused.
    """
    given = {name: values for name, values in request.args.lists() if any(values)}
    twice = {
        name: say("Tulis satu kali saja.") for name, values in given.items() if len(values) > 1
    }
    if twice:
        raise Invalid(twice)
    try:
        return schema.model_validate({name: value for name, (value,) in given.items()})
    except ValidationError as error:
        raise refusal_of_schema(error) from None


def write_reply(reply: Reply) -> Response:
    etag = None if reply.version is None else f'"{reply.version}"'
    if (
        etag
        and request.method in ("GET", "HEAD")
        and request.if_none_match.contains_weak(str(reply.version))
    ):
        response = current_app.response_class(status=304)
    else:
        text = reply.body.model_dump_json()
        response = current_app.response_class(text, reply.status, mimetype="application/json")
    if reply.location:
        response.headers["Location"] = reply.location
    if etag:
        response.headers["ETag"] = etag
    if reply.retry_after is not None:
        response.headers["Retry-After"] = str(reply.retry_after)
    response.headers["Content-Language"] = language()
    return response


MESSAGES = {
    "missing": say("Wajib diisi."),
    "extra_forbidden": say("Nama ini tidak dikenal."),
    "model_type": say("Kirim objek JSON."),
    "list_type": say("Kirim daftar JSON."),
    "string_type": say("Kirim teks, di antara tanda kutip."),
    "string_too_short": say("Paling sedikit {min_length} huruf."),
    "string_too_long": say("Paling banyak {max_length} huruf."),
    "string_pattern_mismatch": say("Memuat tanda kendali yang tidak dapat disimpan."),
    "too_short": say("Paling sedikit {min_length}."),
    "too_long": say("Paling banyak {max_length}."),
    "int_type": say("Kirim bilangan bulat tanpa tanda kutip, misalnya 25."),
    "int_parsing": say("Tulis bilangan bulat, misalnya 25."),
    "int_parsing_size": say("Bilangan ini terlalu besar."),
    "greater_than_equal": say("Paling kecil {ge}."),
    "less_than_equal": say("Paling besar {le}."),
    "date_type": say("Tulis tanggal sebagai teks TTTT-BB-HH, misalnya 2026-11-30."),
    "date_parsing": say("Tulis tanggal yang ada, sebagai TTTT-BB-HH, misalnya 2026-11-30."),
    "month_parsing": say("Tulis bulan sebagai teks TTTT-BB, misalnya 2026-11."),
    "about_parsing": say(
        "Tulis finding, visit, letter, atau flag, titik dua, lalu nomornya, misalnya finding:12."
    ),
    "literal_error": say("Pilihannya: {expected}."),
}
UNREADABLE = say("Isi ini tidak dapat dibaca.")


def refusal_of_schema(error: ValidationError) -> Refusal:
    """The refusal that a schema's complaint is: broken JSON, or what is wrong field by field."""
    problems: dict[str, Text] = {}
    for fault in error.errors(include_url=False, include_input=False)[:MOST_ERRORS]:
        if fault["type"] == "json_invalid":
            return BrokenJson()
        facts = dict(fault.get("ctx") or {})
        if "expected" in facts:
            facts["expected"] = str(facts["expected"]).replace(" or ", ", ").replace("'", "")
        sentence = MESSAGES.get(fault["type"], UNREADABLE).sentence
        named = ".".join(str(part) for part in fault["loc"] if not str(part).startswith("~"))
        problems.setdefault(named[:100], Text(sentence, facts))
    return Invalid(problems)
