"""Pages of companies that may be one: the queue of pairs, two records side by side, the merge, and its
undoing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from flask import Blueprint, Response, request, url_for

from compliance.companies import queries
from compliance.companies.identity import NUMBERS
from compliance.companies.models import Company
from compliance.companies.search.candidates import little_here
from compliance.companies.search.queries import alike_to, how_alike, traits_of, with_traits
from compliance.companies.search.rules import LEAST_NAME, name_likeness
from compliance.companies.views import LONGEST_QUERY, registry_context
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Stale
from compliance.core.lists import COUNTED
from compliance.core.text import say
from compliance.merges import commands as merge_commands
from compliance.merges import queries as duplicates
from compliance.merges.models import DISTINCT, SUSPECTED
from compliance.merges.moving import Choices, plan
from compliance.merges.panels import following
from compliance.merges.queries import PairFilter
from compliance.office.settings import served_province
from compliance.people.sessions import signed_in
from compliance.policy import require
from compliance.reference.regions import region_name
from compliance.web.answering import done, go, show, tell
from compliance.web.pages import keyset, page_size

blueprint = Blueprint("merges", __name__)
blueprint.context_processor(registry_context)
MOST_OTHERS = 10


@blueprint.get("/companies/duplicates")
def queue() -> Response:
    """Pairs that may be one company, the likeliest first; or those that were told apart."""
    by, size = signed_in(), page_size()
    region = served_province().known_regency(request.args.get("region"))
    wanted = PairFilter(region, distinct=request.args.get("state") == DISTINCT)
    rows = duplicates.pairs_of(by, wanted, after=request.args.get("after"), limit=size + 1)
    tabs = {SUSPECTED: PairFilter(region), DISTINCT: PairFilter(region, distinct=True)}
    return show(
        "merges/queue.html",
        wanted=wanted,
        most=COUNTED,
        page=keyset(rows, size=size, cursor=duplicates.LIKELIEST_FIRST.cursor),
        counts=duplicates.count_pairs(by, tabs),
        applied=[("region", region_name(region))] if region else [],
    )


@blueprint.get("/companies/<int:id>/merge")
def choose(id: int) -> Response:
    """Which other record is the same company: those that are alike, or those that a search finds."""
    by = signed_in()
    company = queries.load_company(by, id, action="company.merge")
    if company.id != id:
        return go(".choose", id=company.id)
    typed = request.args.get("q", "").strip()[:LONGEST_QUERY]
    alike = [] if typed else alike_to(traits_of(company), limit=MOST_OTHERS, but=(company.id,))
    companies = queries.find_companies(typed, limit=MOST_OTHERS) if typed else []
    return show(
        "merges/choose.html",
        company=company,
        q=typed,
        alike=alike,
        found=[
            (other, how_alike(company, other))
            for other in with_traits([one.id for one in companies if one is not company])
        ],
    )


@blueprint.route("/companies/<int:id>/merge/<int:other_id>", methods=["GET", "POST"])
def merge(id: int, other_id: int) -> Response:
    """Two records side by side; then what merging them comes to; then the merge."""
    by, sent = signed_in(), request.method == "POST"
    one, other = duplicates.load_two(by, id, other_id, for_update=sent)
    choices = _choices(request.form if sent else request.args, one, other)
    kept, gone = (one, other) if choices.kept_id == one.id else (other, one)
    if sent:
        if request.form.get("seen") != _seen(one, other):
            raise Stale()
        waited = duplicates.pair_of(one, other)
        merged = merge_commands.merge_companies(kept, gone, by=by, choices=choices)
        sentence = say(
            "Digabung menjadi {name}. Dapat diurungkan sampai {instant}.",
            name=kept.name,
            instant=merged.until,
        )
        if waited is not None and (following_pair := _next_pair()):
            return done(sentence, following_pair)
        return done(sentence, "companies.show", id=merged.kept_id)
    template = "merges/check.html" if request.args.get("check") else "merges/merge.html"
    return show(
        template,
        one=one,
        two=other,
        kept=kept,
        gone=gone,
        choices=choices,
        planned=plan(kept, gone, choices),
        alike=how_alike(one, other),
        pair=duplicates.pair_of(one, other),
        seen=_seen(one, other),
        following=following([one.id, other.id]),
    )


def _seen(one: Company, other: Company) -> str:
    """Which state of the two records the reader saw."""
    return f"{one.id}:{one.version} {other.id}:{other.version}"


def _choices(typed: Mapping[str, str], one: Company, other: Company) -> Choices:
    """What was chosen; what was not, as most would choose: the older record, its name and its
    numbers stay.
    """
    ids = {str(one.id): one.id, str(other.id): other.id}
    kept_id = ids.get(typed.get("keep", ""), min(one.id, other.id))
    renamed = name_likeness(one.name_key, other.name_key, little_here()) < LEAST_NAME
    other_name: Literal["former", "alias"] = "former" if renamed else "alias"
    if typed.get("other_name") in ("former", "alias"):
        other_name = "former" if typed["other_name"] == "former" else "alias"
    return Choices(
        kept_id=kept_id,
        name_of=ids.get(typed.get("name", ""), kept_id),
        other_name=other_name,
        main={kind: ids[typed[kind]] for kind in NUMBERS if typed.get(kind) in ids},
    )


@blueprint.post("/companies/<int:id>/apart/<int:other_id>")
def tell_apart(id: int, other_id: int) -> Response:
    """The two are not the same: remembered, so that nobody is asked again."""
    by = signed_in()
    one, other = duplicates.load_two(by, id, other_id, for_update=True)
    try:
        merge_commands.tell_apart(one, other, by=by, note=request.form.get("note"))
    except Invalid as refusal:
        tell(refusal.reason, "error")
        return go(".merge", id=id, other_id=other_id)
    sentence = say(
        "Dicatat: {name} dan {other} bukan perusahaan yang sama.", name=one.name, other=other.name
    )
    return done(sentence, _next_pair() or ".queue")


def _next_pair() -> str | None:
    """The address of the pair that waits first, to go on with; None when no other waits."""
    db.session.flush()
    waiting = duplicates.pairs_of(signed_in(), PairFilter(), after=None, limit=1)
    return url_for(".merge", id=waiting[0].low_id, other_id=waiting[0].high_id) if waiting else None


@blueprint.post("/companies/duplicates/<int:id>/reconsider")
def reconsider(id: int) -> Response:
    """Take back that the two are not the same."""
    by = signed_in()
    pair = duplicates.load_pair(by, id)
    merge_commands.reconsider_pair(pair, by=by)
    sentence = say("Pasangan ini kembali ke daftar dugaan ganda.")
    return done(sentence, ".merge", id=pair.low_id, other_id=pair.high_id)


@blueprint.route("/companies/merges/<int:id>", methods=["GET", "POST"])
def merged(id: int) -> Response:
    """What a merge did, what undoing it will do and what stands in the way; then the undoing."""
    by, sent = signed_in(), request.method == "POST"
    require(by, "company.merge")
    merge = duplicates.load_merge(by, id, for_update=sent)
    if sent:
        merge_commands.undo_merge(merge, by=by)
        sentence = say(
            "Penggabungan diurungkan: {name} berdiri sendiri lagi.", name=merge.gone.name
        )
        return done(sentence, "companies.show", id=merge.gone_id)
    return show(
        "merges/merged.html",
        merge=merge,
        obstacles=list(merge_commands.obstacles(merge)),
        now=clock.now(),
        stays=merge_commands.left_as_it_is(merge) if merge.undone_at is None else [],
    )
