"""The frame of every operation that takes or gives a file (operations has the frame of all others).

A file is examined and its bytes are kept before the transaction begins that writes about it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar

from flask import Response, request
from pydantic import BaseModel, SerializeAsAny, ValidationError

from compliance.api.auth import caller, know_the_caller
from compliance.api.description import (
    ALWAYS,
    WITH_BODY,
    DescribedAnswers,
    DescribedFile,
    describe,
)
from compliance.api.idempotency import once
from compliance.api.operations import (
    View,
    blueprint,
    read_json,
    read_query,
    refusal_of_schema,
    tag_of,
    write_reply,
)
from compliance.api.schemas.files import FileForm
from compliance.api.schemas.requests import Body, Query, Sent, SentWithPost
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.text import say
from compliance.files.commands import ReceivedFile, receive_file
from compliance.files.rules import LARGEST_UPLOAD
from compliance.files.storage import hash_of
from compliance.web.uploads import takes_file

_Sent = TypeVar("_Sent", bound=FileForm)


class NoForm(Refusal):
    """A file is to be sent as a form."""

    status = 415

    def __init__(self) -> None:
        super().__init__(say("Kirim berkas sebagai multipart/form-data, dalam kolom file."))


def get_file(
    rule: str,
    *,
    media_types: tuple[str, ...],
    later: bool = False,
    may_fail: bool = False,
    query: type[Query] | None = None,
) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """An operation that gives the bytes of a file; `later` one that may answer 202 while they are made,
    and one that `may_fail` 409 when they cannot be made.

    One that takes a `query` is given it.
    """

    def register(view: Callable[..., Response]) -> Callable[..., Response]:
        answers = DescribedFile(media_types, later=later, may_fail=may_fail)
        asked = query or Query
        described = describe(view, tag=tag_of(rule), query=asked, sent=Sent, answers=answers)

        @wraps(described)
        def ask(**path: Any) -> Response:
            read = read_query(asked)
            return view(**path) if query is None else view(query=read, **path)

        blueprint.get(rule)(ask)
        return view

    return register


def _received(name: str, content: bytes, _known: Any) -> ReceivedFile:
    return receive_file(name, content)


def post_file(
    rule: str,
    *,
    form: type[FileForm],
    answer: type[BaseModel],
    allowed: Callable[..., Any],
    body: type[Body] | None = None,
    receive: Callable[[str, bytes, Any], Any] = _received,
    status: int = 201,
) -> Callable[[View], View]:
    """An operation that takes a file with a form, once under each Idempotency-Key. One with a `body` takes
    that as JSON, too, without a file.

    `allowed` is asked with the form's fields as `body` and the path's values, before the file is looked at;
    it raises what refuses them. `receive` is given the file's name, its bytes and what `allowed` answered,
    outside of any transaction. The view gets `body` and `sent`, which is None without a file.
    """

    def register(view: View) -> View:
        problems = (*ALWAYS, *WITH_BODY, *((404,) if "<" in rule else ()))
        described = describe(
            view,
            tag=tag_of(rule),
            query=Query,
            body=body,
            form=form,
            sent=SentWithPost,
            answers=DescribedAnswers(status, answer, problems=problems, tagged=False),
        )

        @wraps(described)
        def ask(**path: Any) -> Response:
            read_query(Query)
            if body is not None and request.mimetype != "multipart/form-data":
                plain = read_json(body)
                reply = partial(view, body=plain, sent=None, **path)
                return once(plain, lambda: write_reply(reply()), by=caller())
            read, content = _read_form(form)
            known = allowed(body=read, **path)
            db.session.rollback()  # nobody waits for what is slow
            sent = receive(read.file, content, known)
            if (refused := know_the_caller()) is not None:
                return refused  # the token was revoked meanwhile
            reply = partial(view, body=read, sent=sent, **path)
            what = _Fingerprint(fields=read, sha256=hash_of(content))
            return once(what, lambda: write_reply(reply()), by=caller())

        blueprint.post(rule)(takes_file(largest=LARGEST_UPLOAD)(ask))
        return view

    return register


class _Fingerprint(BaseModel):
    """What tells one request with a file from another."""

    fields: SerializeAsAny[FileForm]
    sha256: str


def _read_form(schema: type[_Sent]) -> tuple[_Sent, bytes]:
    """The fields of a form as its schema reads them, and the bytes of its file."""
    if request.mimetype != "multipart/form-data":
        raise NoForm()
    fields, files = request.form, request.files
    given = {name: values for part in (fields, files) for name, values in part.lists()}
    twice = {
        name: say("Tulis satu kali saja.") for name, values in given.items() if len(values) > 1
    }
    if twice:
        raise Invalid(twice)
    file = files.get("file")
    named = {"file": file.filename or "file"} if file is not None else {}
    try:
        read = schema.model_validate(
            {**{name: value for name, value in fields.items() if value}, **named}
        )
    except ValidationError as error:
        raise refusal_of_schema(error) from None
    assert file is not None
    return read, file.read()
