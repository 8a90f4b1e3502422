"""Pages of the flags: list, one flag, an office's answer, lifting it, a sanction that BPJS asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Response, request, url_for

from compliance.cases.models import Case
from compliance.cases.proofs.rules import PROOF_FILES
from compliance.cases.queries import expect_version, load_case, questions_on
from compliance.companies.models import Company
from compliance.companies.queries import load_company
from compliance.core.errors import Invalid, Refusal
from compliance.core.keyset import read_id
from compliance.core.lists import COUNTED
from compliance.core.text import say, say_many
from compliance.evidence.uploads import no_files, receive_files
from compliance.files.commands import ReceivedFile
from compliance.files.rules import LARGEST_UPLOAD
from compliance.licensing import commands, queries, sanctions
from compliance.licensing.exports import FLAG_COLUMNS
from compliance.licensing.forms import (
    AcknowledgementForm,
    FlagReviewForm,
    LetterForm,
    LiftForm,
    SanctionForm,
)
from compliance.licensing.lifting import add_proof_file
from compliance.licensing.models import ANSWERS, BPJS_LETTERS, LEVELS, Flag
from compliance.licensing.queries import BY_REVIEW, BY_SINCE, FlagFilter
from compliance.licensing.rules import SERVICES
from compliance.licensing.views.blueprint import blueprint
from compliance.office.queries import with_predecessors
from compliance.office.settings import served_province, today
from compliance.people.models import User
from compliance.people.saved_views.views import saved_views
from compliance.people.sessions import signed_in
from compliance.policy import lies_in, may, require
from compliance.web.answering import done, go, refusals_on, show, tell
from compliance.web.exports import csv_file
from compliance.web.formatting import written
from compliance.web.pages import PAGE_SIZES, keyset, order_of, own_page, page_size
from compliance.web.uploads import takes_file


@blueprint.get("/flags")
def flags() -> Response:
    """The flags in force or lifted, narrowed and sorted by what the address says."""
    by, size, saved = signed_in(), page_size(), saved_views("flags")
    wanted = _wanted(by, request.args)
    counts = queries.count_flags(by, wanted, {view.id: _wanted(by, view.asked) for view in saved})
    total = counts[_tab(wanted)]
    sorts = queries.flag_sorts(wanted, total=total)
    order = order_of(sorts.values(), otherwise=_usual_order(wanted))
    rows = queries.flags_of(
        by, wanted, order=order, after=request.args.get("after"), limit=size + 1
    )
    page = keyset(rows, size=size, cursor=queries.flag_keyset(order).cursor)
    return show(
        "licensing/flags.html",
        page=page,
        wanted=wanted,
        counts=counts,
        counted=COUNTED,
        total=total,
        levels=LEVELS,
        regions=_regions(by),
        sorts=sorts,
        order=order,
        saved=saved,
        answers=ANSWERS,
    )


@blueprint.get("/flags.csv")
def flags_file() -> Response:
    """The same list as a file, all of it."""
    by = signed_in()
    require(by, "list.export")
    wanted = _wanted(by, request.args)
    total = queries.count_flags(by, wanted)[_tab(wanted)]
    sorts = queries.flag_sorts(wanted, total=total)
    order = order_of(sorts.values(), otherwise=_usual_order(wanted))
    name = say("{id}", id="catatan", en="records")
    return csv_file(name, today(), FLAG_COLUMNS, queries.flags_for_file(by, wanted, order=order))


def _tab(wanted: FlagFilter) -> str:
    """The tab of the list that a filter shows."""
    if wanted.review_by is not None:
        return "review"
    return "lifted" if wanted.lifted else "active"


def _usual_order(wanted: FlagFilter) -> str:
    return BY_SINCE.falling if wanted.review_by is None else BY_REVIEW.rising


def _regions(by: User) -> dict[str, str]:
    """The names of the regencies whose flags `by` may see."""
    everywhere = by.role != "licensing"
    return {
        code: name
        for code, name in served_province().region_names.items()
        if everywhere or lies_in(code, by.region_code)
    }


def _wanted(by: User, args: Mapping[str, str]) -> FlagFilter:
    """The filter that an address asks for; what makes no sense filters nothing."""
    level, region = args.get("level"), args.get("region")
    return FlagFilter(
        lifted=args.get("state") == "lifted",
        level=level if level in LEVELS else None,
        region=region if region in _regions(by) else None,
        unread="unread" in args,
        office_id=by.office_id if by.role == "licensing" else None,
        review_by=today() if args.get("state") == "review" else None,
    )


@blueprint.get("/flags/<int:id>")
def flag(id: int) -> Response:
    return _flag(queries.load_flag(signed_in(), id), AcknowledgementForm())


def _flag(flag: Flag, form: AcknowledgementForm | FlagReviewForm) -> Response:
    """A flag with its history, and the form in which the reader's office answers it, or the inspectorate says
    that it stands.
    """
    by = signed_in()
    line = with_predecessors(by.office_id)
    answers = (answer for answer in flag.acknowledgements if answer.office_id in line)
    ours = min(answers, key=lambda answer: line.index(answer.office_id), default=None)
    return show(
        "licensing/flag.html",
        form,
        flag=flag,
        levels=LEVELS,
        ours=ours,
        events=queries.history_of(flag),
        answers=ANSWERS,
        is_due=flag.review_on is not None and flag.review_on <= today(),
        services=SERVICES,
        **_files_of(flag, by),
        questions=questions_on([flag.case_id], by) if flag.case_id is not None else [],
    )


def _files_of(flag: Flag, by: User) -> dict[str, Any]:
    """The files that prove or order something about a flag, for those who may read evidence."""
    reads = may(by, "evidence.read", flag)
    return {
        "reads_files": reads,
        "files": queries.files_of(flag, by) if reads else (),
        "bpjs_letters": BPJS_LETTERS,
        "files_to_file": may(by, "flag.sanction", flag) and sanctions.letters_without_scan(flag),
    }


@blueprint.post("/flags/<int:id>/acknowledgement")
def acknowledge(id: int) -> Response:
    """What the reader's office makes of a flag."""
    flag = queries.load_flag(signed_in(), id, action="flag.acknowledge", for_update=True)
    form = AcknowledgementForm()
    with refusals_on(form):
        if not form.answer.data:
            raise Invalid({"answer": say("Pilih jawaban kantor Anda.")})
        commands.acknowledge_flag(
            flag, by=signed_in(), answer=form.answer.data, note=form.note.data
        )
        return done(say("Jawaban kantor Anda dicatat. Pengawas dapat membacanya."), ".flag", id=id)
    return _flag(flag, form)


@blueprint.route("/flags/acknowledgements", methods=["GET", "POST"])
def acknowledge_many() -> Response:
    """The reader's office has read the ticked flags; opened by itself, the address leads to the list."""
    back = own_page(request.form.get("next")) or url_for(".flags")
    ids = [id for typed in request.form.getlist("flag") if (id := read_id(typed)) is not None]
    if request.method == "GET":
        return go(back)
    if not ids:
        tell(say("Pilih minimal satu catatan."), "error")
        return go(back)
    if len(ids) > PAGE_SIZES[-1]:
        raise Refusal(say("Paling banyak {count} catatan sekaligus.", count=PAGE_SIZES[-1]))
    flags = queries.load_flags(signed_in(), ids, action="flag.acknowledge")
    for flag in flags:
        commands.acknowledge_flag(flag, by=signed_in())
    return done(say_many("{count} catatan ditandai sudah dibaca.", count=len(flags)), back)


@blueprint.post("/flags/<int:id>/review")
def review(id: int) -> Response:
    """A flag was looked at again, and stands."""
    flag = queries.load_flag(signed_in(), id, action="flag.lift", for_update=True)
    form = FlagReviewForm()
    form.validate()
    with refusals_on(form):
        commands.review_flag(flag, by=signed_in(), note=form.note.data)
        sentence = say("Dicatat: catatan tetap berlaku, ditinjau lagi {day}.", day=flag.review_on)
        return done(sentence, ".flag", id=id)
    return _flag(flag, form)


@blueprint.route("/flags/<int:id>/lift", methods=["GET", "POST"])
@takes_file(largest=2 * LARGEST_UPLOAD)
def lift(id: int) -> Response:
    """Take a flag off, with the reason and what proves it."""
    by = signed_in()
    flag, received = queries.load_flag(by, id, action="flag.lift"), no_files()
    form = LiftForm(data={"version": str(flag.case.version) if flag.case else None})
    if form.is_submitted():
        received = receive_files(form, by)
        flag = queries.load_flag(by, id, action="flag.lift", for_update=True)
        if flag.case is not None:
            expect_version(flag.case, form.seen_version)
    form.ask_about(flag)
    if form.validate_on_submit():
        with refusals_on(form):
            commands.lift_flag(
                flag,
                by=by,
                reason=form.reason.data or "",
                proof=form.proof_facts(),
                letter_number=form.letter_number.data or None,
                letter_on=form.letter_on.data,
                received_on=form.received_on.data,
            )
            _keep_files(flag, form, received, by=by)
            return done(
                say("Catatan dicabut. Kantor perizinan segera diberi tahu."), ".flag", id=id
            )
    shown = {"flag": flag, "levels": LEVELS, "largest": LARGEST_UPLOAD}
    return show("licensing/lift.html", form, 422 if form.doubts else None, **shown)


def _keep_files(
    flag: Flag, form: LiftForm, received: Mapping[str, ReceivedFile], *, by: User
) -> None:
    """The files that came with a lift: those of the proof, or the scan of BPJS's letter."""
    for field, note in PROOF_FILES.items():
        if (file := received.get(field)) is not None:
            add_proof_file(
                flag,
                by=by,
                **vars(file),
                note=written(note),
                class_=form.class_of_files,
                shows=flag.membership,
            )
    _file_letter(flag, "lifting", received, by=by)


def _file_letter(flag: Flag, kind: str, received: Mapping[str, ReceivedFile], *, by: User) -> None:
    """The scan of BPJS's letter, when one came with the form."""
    if (file := received.get("letter_file")) is not None:
        sanctions.file_letter(flag, by=by, kind=kind, **vars(file))


@blueprint.route("/flags/<int:id>/letters", methods=["GET", "POST"])
@takes_file(largest=LARGEST_UPLOAD)
def letters(id: int) -> Response:
    """File the scan of a letter of BPJS that was recorded before."""
    by = signed_in()
    flag, received = queries.load_flag(by, id, action="flag.sanction"), no_files()
    form = LetterForm(sanctions.letters_without_scan(flag))
    if form.is_submitted():
        received = receive_files(form, by)
        flag = queries.load_flag(by, id, action="flag.sanction", for_update=True)
    if form.validate_on_submit():
        with refusals_on(form):
            file = received.get("letter_file")
            if file is None:
                raise Invalid({"letter_file": say("Pilih foto atau PDF suratnya.")})
            sanctions.file_letter(
                flag,
                by=by,
                kind=form.kind.data or "",
                **vars(file),
                received_on=form.received_on.data,
            )
            return done(say("Surat BPJS disimpan."), ".flag", id=id)
    return show("licensing/letters.html", form, flag=flag, largest=LARGEST_UPLOAD)


@blueprint.route("/cases/<path:number>/sanction", methods=["GET", "POST"])
@takes_file(largest=LARGEST_UPLOAD)
def sanction(number: str) -> Response:
    """Pass on a TMP2T request of BPJS. The labour office does not impose it (PP 86/2013 art. 8)."""
    by, action = signed_in(), "flag.sanction"
    case, received = load_case(by, number=number, action=action), no_files()
    form = SanctionForm(data={"version": str(case.version)})
    form.offer()
    if form.is_submitted():
        received = receive_files(form, by)
        case = load_case(by, number=number, action=action, for_update=True)
        expect_version(case, form.seen_version)
    page = _recorded(form, partial(sanctions.record_sanction, case), received)
    return page or _asked_for(form, case.company, case)


@blueprint.route("/companies/<int:id>/sanction", methods=["GET", "POST"])
@takes_file(largest=LARGEST_UPLOAD)
def sanction_company(id: int) -> Response:
    """Pass on a TMP2T request of BPJS about a company that has no open case."""
    by, action = signed_in(), "flag.sanction"
    company, received = load_company(by, id, action=action), no_files()
    form = SanctionForm()
    form.offer()
    if form.is_submitted():
        received = receive_files(form, by)
        company = load_company(by, id, action=action, for_update=True)
    page = _recorded(form, partial(sanctions.record_sanction_of, company), received)
    return page or _asked_for(form, company, None)


def _asked_for(form: SanctionForm, company: Company, case: Case | None) -> Response:
    return show("licensing/sanction.html", form, company=company, case=case, largest=LARGEST_UPLOAD)


def _recorded(
    form: SanctionForm, pass_on: Callable[..., Flag], received: Mapping[str, ReceivedFile]
) -> Response | None:
    """The page of the sanction that was recorded; None when nothing was sent, or not all of it will do."""
    if form.validate_on_submit():
        with refusals_on(form):
            by = signed_in()
            made = pass_on(
                by=by,
                letter_number=form.letter_number.data or "",
                letter_on=form.letter_on.data,
                services=form.services.data or (),
                received_on=form.received_on.data,
            )
            _file_letter(made, "request", received, by=by)
            sentence = say("Permintaan TMP2T dicatat. Kantor perizinan segera diberi tahu.")
            return done(sentence, ".flag", id=made.id)
    return None
