"""Pages of companies whose stored data a person should look at: the list, leaving one as it is, and making a
company of one of its names."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget

from compliance.companies.forms import regencies_to_choose
from compliance.companies.identity import NUMBERS, SHOWN, is_filler
from compliance.companies.models import Company
from compliance.companies.queries import expect_company_version, load_company
from compliance.companies.rules import CompanyFacts, with_former_names
from compliance.companies.search.queries import Alike, alike_to
from compliance.companies.search.rules import ASK_FROM
from compliance.companies.views import LONGEST_QUERY, registry_context
from compliance.core.errors import NotFound
from compliance.core.lists import COUNTED
from compliance.core.text import say
from compliance.merges.commands import LONGEST_PAIR_NOTE
from compliance.merges.doubtful import queries as doubted
from compliance.merges.doubtful.commands import leave_as_it_is, list_again, separate_company
from compliance.merges.doubtful.queries import DoubtFilter
from compliance.merges.models import DOUBTED, LEFT_AS_IT_IS
from compliance.office.settings import served_province
from compliance.people.sessions import signed_in
from compliance.reference.regions import region_name
from compliance.web.answering import done, refusals_on, show
from compliance.web.forms import Form, options
from compliance.web.pages import keyset, page_size

blueprint = Blueprint("doubtful", __name__)
blueprint.context_processor(registry_context)


class LeaveForm(Form):
    """Why what is doubted is right."""

    note = StringField()


class SeparateForm(Form):
    """A company to make of another's name. `numbers` are those of the other that belong to it."""

    name = StringField()
    region_code = SelectField(choices=[], validate_choice=False)
    numbers = SelectMultipleField(
        choices=[],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, company: Company, alias: str) -> None:
        super().__init__(
            data={
                "name": alias,
                "region_code": company.region_code,
                "version": company.version,
                "numbers": [],
            }
        )
        self.region_code.choices = regencies_to_choose(say("Pilih kabupaten atau kota"))
        borne = [(kind, getattr(company, kind)) for kind in NUMBERS]
        borne += [("npwp", npwp) for npwp in company.other_npwps]
        self.numbers.choices = options(
            {
                f"{kind} {number}": f"{NUMBERS[kind]} {SHOWN[kind](number)}"
                for kind, number in borne
                if number and not is_filler(kind, number)
            }
        )

    def facts(self) -> CompanyFacts:
        """What was typed about the new company."""
        typed = CompanyFacts(self.name.data or "", self.region_code.data or "")
        return with_former_names(typed)

    @property
    def going_along(self) -> list[tuple[str, str]]:
        """The numbers that go along, by kind."""
        pairs = (chosen.partition(" ") for chosen in self.numbers.data or ())
        return [(kind, number) for kind, _blank, number in pairs]


@blueprint.get("/companies/doubtful")
def index() -> Response:
    """Companies whose stored data should be looked at; or those that were left as they are."""
    by, size = signed_in(), page_size()
    region = served_province().known_regency(request.args.get("region"))
    wanted = DoubtFilter(region, left=request.args.get("state") == LEFT_AS_IT_IS)
    rows = doubted.doubtful_companies(by, wanted, after=request.args.get("after"), limit=size + 1)
    tabs = {DOUBTED: DoubtFilter(region), LEFT_AS_IT_IS: DoubtFilter(region, left=True)}
    return show(
        "merges/doubtful.html",
        wanted=wanted,
        most=COUNTED,
        page=keyset(rows, size=size, cursor=doubted.OLDEST_COMPANY_FIRST.cursor),
        counts=doubted.count_doubtful(by, tabs),
        applied=[("region", region_name(region))] if region else [],
    )


@blueprint.route("/companies/doubtful/<int:id>/leave", methods=["GET", "POST"])
def leave(id: int) -> Response:
    """What is doubted is right: remembered, so that nobody is asked again."""
    company, form = _company(id), LeaveForm()
    entry = doubted.load_doubtful(signed_in(), company.id)
    if form.validate_on_submit():
        with refusals_on(form):
            leave_as_it_is(entry, company, by=signed_in(), note=form.note.data)
            return done(say("{name} dibiarkan seperti adanya.", name=company.name), ".index")
    doubts = doubted.doubts_in(entry)
    return show("merges/leave.html", form, company=company, doubts=doubts, most=LONGEST_PAIR_NOTE)


@blueprint.post("/companies/doubtful/<int:id>/list-again")
def look_again(id: int) -> Response:
    """What was left as it is should be looked at after all."""
    company = _company(id)
    list_again(doubted.load_doubtful(signed_in(), company.id), company, by=signed_in())
    sentence = say("{name} kembali ke daftar yang perlu diperiksa.", name=company.name)
    return done(sentence, ".index")


@blueprint.route("/companies/<int:id>/separate", methods=["GET", "POST"])
def separate(id: int) -> Response:
    """Make a company of its own of one of the other names of this one."""
    company, alias = _company(id), request.args.get("alias", "")[:LONGEST_QUERY]
    if alias not in company.aliases:
        raise NotFound()
    form = SeparateForm(company, alias)
    if form.validate_on_submit():
        expect_company_version(company, form.seen_version)
        with refusals_on(form):
            separated = separate_company(
                company, alias, form.facts(), form.going_along, by=signed_in()
            )
            sentence = say(
                "{name} sekarang perusahaan tersendiri; {other} tidak lagi memakai nama itu.",
                name=separated.name,
                other=company.name,
            )
            return done(sentence, "companies.show", id=separated.id)
    alike = _others_alike(company, form)
    return show("merges/separate.html", form, company=company, alias=alias, alike=alike)


def _others_alike(company: Company, form: SeparateForm) -> list[Alike]:
    """Companies that may already be the one that is about to be made."""
    facts: Any = form.facts()
    return list(alike_to(facts, least=ASK_FROM, but=(company.id,))) if facts.name else []


def _company(id: int) -> Company:
    return load_company(
        signed_in(), id, action="company.merge", for_update=request.method == "POST"
    )
