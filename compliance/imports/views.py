"""Pages of imports: the list with its upload form; a batch with its columns, its progress, its rows; what to
do next."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, request
from werkzeug.datastructures import FileStorage

from compliance.companies import identity
from compliance.companies.identity import NUMBERS
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, NotFound
from compliance.core.keyset import read_digits
from compliance.core.text import Text, say
from compliance.imports import queries as queries
from compliance.imports.commands import requests as commands
from compliance.imports.exports import OUTCOME_NAMES, REPORT_COLUMNS, remarks_as_text
from compliance.imports.forms import MappingForm, SheetForm, UploadForm, mapping_form, sheet_form
from compliance.imports.kinds import COMPANY_LIST, ListKind, kinds
from compliance.imports.models import ROW_OUTCOMES, Import
from compliance.imports.reading.child import read_in_child
from compliance.imports.reading.headers import unnamed_column
from compliance.imports.reading.limits import LARGEST_FILE, BadSheet
from compliance.imports.reading.spreadsheet import Sheet
from compliance.imports.workflow import (
    CAN_BE_DECIDED,
    CAN_BE_UNDONE,
    DONE,
    FAILED,
    IMPORTS,
    MAPPING,
    REHEARSED,
    STATUSES,
    STOPPED,
    UNDONE,
)
from compliance.office.settings import today
from compliance.people.sessions import signed_in
from compliance.policy import Actor, require
from compliance.web.answering import go, refusals_on, show, tell
from compliance.web.exports import Column, csv_file
from compliance.web.pages import keyset, page_size
from compliance.web.uploads import takes_file

blueprint = Blueprint("imports", __name__, url_prefix="/imports")
MOST_KEPT_SHOWN = 50
NO_ROWS = sa.select(sa.literal(1)).where(sa.false())
TAGS = {DONE: "clear", FAILED: "hold", STOPPED: "caution", REHEARSED: "caution", MAPPING: "caution"}

STATUS_BY_NAME = {status.upper(): status for status in STATUSES}
"""A page compares with `states.DONE`, so that only the chart writes a status out."""


@blueprint.context_processor
def imports_context() -> dict[str, object]:
    return {
        "statuses": STATUSES,
        "status_tags": TAGS,
        "states": STATUS_BY_NAME,
        "outcomes": OUTCOME_NAMES,
        "kinds": kinds(),
        "numbers": NUMBERS,
        "shown": identity.SHOWN,
        "core": identity.npwp_core,
        "remarks_as_text": remarks_as_text,
        "largest": LARGEST_FILE,
        "unnamed_column": unnamed_column,
    }


@blueprint.route("", methods=["GET", "POST"])
@takes_file(largest=LARGEST_FILE)
def index() -> Response:
    """All imports, newest first, and the form for another."""
    by = signed_in()
    require(by, "company.import")
    form, size = UploadForm(), page_size()
    if form.validate_on_submit():
        with refusals_on(form):
            return _to(_upload(form, by=by), say("Berkas diterima. Periksa isi setiap kolom."))
    rows = queries.imports(by, after=request.args.get("after"), limit=size + 1)
    page = keyset(rows, size=size, cursor=queries.NEWEST_FIRST.cursor)
    return show("imports/index.html", form, page=page)


def _upload(form: UploadForm, *, by: Actor) -> Import:
    """The file as a new batch. It is read and deflated while nobody waits for this request's transaction."""
    file: FileStorage | None = form.file.data or None
    kind = kinds().get(form.kind.data or COMPANY_LIST.name)
    if kind is None:
        raise Invalid({"kind": say("Pilih jenis daftar")})
    if file is None or not file.filename:
        raise Invalid({"file": say("Pilih berkas csv, xlsx, xls, atau ods")})
    content = file.read()
    name = (
        "".join(filter(str.isprintable, file.filename.replace("\\", "/").rpartition("/")[2]))
        or "daftar"
    )
    db.session.rollback()
    sheet = _read("file", content, name, kind)
    columns, deflated = commands.sampled(sheet), zlib.compress(content, 1)
    return commands.open_import(
        sheet,
        by=by,
        filename=name,
        content=deflated,
        kind=kind.name,
        region_code=form.region_code.data or None,
        columns=columns,
    )


def _read(
    field: str, content: bytes, filename: str, kind: ListKind, *, name: str | None = None
) -> Sheet:
    """The sheet called `name`, or the one that fits best. Raises Invalid for `field` when it is no list."""
    try:
        sheet = read_in_child(content, filename=filename, known=kind.field_of, sheet=name)
    except BadSheet as refusal:
        raise Invalid({field: refusal.reason}) from None
    if not sheet.count:
        raise Invalid(
            {
                field: say(
                    "Berkas {filename} hanya berisi nama kolom. Isi barisnya, lalu unggah lagi",
                    filename=filename,
                )
            }
        )
    return sheet


@blueprint.get("/template/<kind>.csv")
def template(kind: str) -> Response:
    """An empty list of a kind: the header that it is known by, in the language of the offices' lists."""
    require(signed_in(), "company.import")
    wanted = kinds().get(kind)
    if wanted is None:
        raise NotFound()
    name = say("{id}", id=f"templat-{kind}", en=f"template-{kind}")
    return csv_file(
        name,
        today(),
        [Column(Text("{title}", {"title": title.sentence}), str) for title in wanted.header],
        NO_ROWS,
    )


@blueprint.get("/<int:id>", endpoint="show")
def batch_page(id: int) -> Response:
    """What there is to do about a batch now: its columns, its progress, or its rows."""
    batch = queries.load_import(signed_in(), id)
    if batch.is_working:
        rows_done, total = queries.progress(batch)
        return show(
            "imports/progress.html", batch=batch, done=rows_done, total=total, left=_left(batch)
        )
    if batch.status == MAPPING or (
        "columns" in request.args and IMPORTS.refusal(batch, "rehearse") is None
    ):
        return _mapping_page(batch)
    return _rows_page(batch)


def _left(batch: Import) -> Text | None:
    """How long it still takes, in words."""
    left = queries.time_left(batch)
    if left is None:
        return None
    seconds = left.total_seconds()
    if seconds < 60:
        return say("kurang dari satu menit lagi")
    return say("kira-kira {count} menit lagi", count=round(seconds / 60))


def _mapping_page(
    batch: Import, *, form: MappingForm | None = None, sheets: SheetForm | None = None
) -> Response:
    kept = queries.mappings_for(batch)
    chosen = next(
        (mapping for mapping in kept if str(mapping.id) == request.args.get("kept")), None
    )
    form = form or mapping_form(batch, chosen.fields if chosen else batch.mapping)
    status = 422 if sheets is not None else None
    return show(
        "imports/mapping.html",
        form,
        status,
        batch=batch,
        sheets=sheets or sheet_form(batch),
        kept=kept,
        chosen=chosen,
    )


def _rows_page(batch: Import, *, sure: bool = True, status: int = 200) -> Response:
    to_decide = batch.counts.get("to_decide", 0) if batch.status != UNDONE else 0
    asked = request.args.get("outcome", "to_decide" if to_decide else "")
    outcome, size = asked if asked in ROW_OUTCOMES else None, page_size()
    rows = queries.rows_of(batch, outcome, after=request.args.get("after"), limit=size + 1)
    page = keyset(rows, size=size, cursor=queries.IN_ORDER_OF_FILE.cursor)
    decides = outcome == "to_decide" and batch.status in CAN_BE_DECIDED
    facts = {"file": True, "now": clock.now()}
    return show(
        "imports/rows.html",
        status=status,
        batch=batch,
        page=page,
        outcome=outcome,
        decides=decides,
        sure=sure,
        candidates=queries.candidates_of(batch, page.rows) if decides else {},
        decided=queries.count_decided(batch) if to_decide else 0,
        kept=queries.rows_kept(batch, limit=MOST_KEPT_SHOWN) if batch.undone else (),
        can={
            step: IMPORTS.refusal(batch, step, facts) is None
            for step in ("rehearse", "start", "go_on", "undo")
        },
        days=CAN_BE_UNDONE.days,
    )


@blueprint.get("/<int:id>.csv")
def report(id: int) -> Response:
    """What became of each row, as a file."""
    batch = queries.load_import(signed_in(), id)
    query = queries.rows_for_file(batch, request.args.get("outcome"))
    name = say("{id}", id=f"impor-{batch.id}", en=f"import-{batch.id}")
    return csv_file(name, today(), REPORT_COLUMNS, query)


@blueprint.post("/<int:id>/mapping")
def mapping(id: int) -> Response:
    """Say what the columns hold, and try what becomes of the rows."""
    by = signed_in()
    batch = queries.load_import(by, id, for_update=True)
    form = mapping_form(batch, batch.mapping)
    fields = {
        header: field.data or "" for header, field in zip(batch.headers, form.columns, strict=True)
    }
    try:
        commands.map_columns(
            batch,
            fields,
            by=by,
            region_code=form.region_code.data or None,
            name=form.name.data or "",
            source=form.source.data or "",
            listed_on=form.listed_on.data,
            asked=form.asked,
        )
    except Invalid as refusal:
        places = {
            header: field.short_name
            for header, field in zip(batch.headers, form.columns, strict=True)
        }
        form.refuse(
            Invalid({places.get(name, name): reason for name, reason in refusal.errors.items()})
        )
        return _mapping_page(batch, form=form)
    commands.rehearse_import(batch, by=by)
    return _to(batch)


@blueprint.post("/<int:id>/sheet", endpoint="sheet")
def choose_sheet(id: int) -> Response:
    """Read another sheet of the same file. It is read while nobody waits for this request's transaction."""
    by = signed_in()
    batch = queries.load_import(by, id)
    if not batch.other_sheets:
        raise NotFound()
    form = sheet_form(batch)
    filename, kind, content = batch.filename, batch.what, queries.file_of(batch)
    db.session.rollback()
    with refusals_on(form):
        if not form.sheet.data:
            raise Invalid({"sheet": say("Pilih lembar yang akan dibaca")})
        sheet = _read("sheet", content, filename, kind, name=form.sheet.data)
        columns = commands.sampled(sheet)
        batch = queries.load_import(by, id, for_update=True)
        commands.choose_sheet(batch, sheet, by=by, columns=columns)
        return _to(batch, say("Lembar {sheet} dibaca. Periksa isi setiap kolom.", sheet=sheet.name))
    return _mapping_page(queries.load_import(by, id), sheets=form)


@blueprint.post("/<int:id>/decide")
def decide(id: int) -> Response:
    """Keep what was decided about the rows of a page."""
    by = signed_in()
    batch = queries.load_import(by, id, for_update=True)
    typed = {
        number: value
        for name, value in request.form.items()
        if name.startswith("row-")
        and (number := read_digits(name.removeprefix("row-"))) is not None
    }
    changed = commands.decide_rows(batch, typed, by=by)
    if not typed:
        tell(
            say(
                "Belum ada baris yang Anda putuskan. Pilih untuk sedikitnya satu baris, lalu simpan."
            ),
            "caution",
        )
    else:
        tell(
            say("{count} keputusan disimpan.", count=changed)
            if changed
            else say("Tidak ada yang berubah.")
        )
    on = request.form.get("go") if read_digits(request.form.get("go")) is not None else None
    after, size = on or request.args.get("after"), request.args.get("size")
    return go("imports.show", id=id, outcome="to_decide", after=after, size=size)


@blueprint.post("/<int:id>/rehearse")
def rehearse(id: int) -> Response:
    """Try again what would become of the rows."""
    return _step(id, commands.rehearse_import)


@blueprint.post("/<int:id>/start")
def start(id: int) -> Response:
    """Write what was tried, or go on."""
    takes_workers = request.form.get("workers") == "yes"
    return _step(id, partial(commands.start_import, takes_workers=takes_workers))


@blueprint.post("/<int:id>/stop")
def stop(id: int) -> Response:
    """Stop what is being done."""
    return _step(id, commands.stop_import, say("Dihentikan. Yang sudah ditulis tetap ada."))


@blueprint.post("/<int:id>/undo")
def undo(id: int) -> Response:
    """Take the import back, once the person has confirmed it."""
    if request.form.get("sure") != "yes":
        return _rows_page(queries.load_import(signed_in(), id), sure=False, status=422)
    return _step(id, commands.undo_import)


def _step(id: int, verb: Callable[..., Any], sentence: Text | None = None) -> Response:
    by = signed_in()
    batch = queries.load_import(by, id, for_update=True)
    verb(batch, by=by)
    return _to(batch, sentence)


def _to(batch: Import, sentence: Text | None = None) -> Response:
    if sentence is not None:
        tell(sentence)
    return go("imports.show", id=batch.id)
