"""The verbs on two records that may be one company: merge, undo a merge, tell apart, and take that back.

Nothing is lost: cases, flags, checks and numbers follow to the record that stays, both records' names and
numbers lead to it, and for thirty days the merge can be undone. Refuses what would have to guess.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from compliance.companies import identity
from compliance.companies.identity import NUMBERS
from compliance.companies.models import Company
from compliance.companies.numbers import ids_bearing_exactly
from compliance.companies.search.queries import how_alike
from compliance.core import clock
from compliance.core.db import db
from compliance.core.errors import Invalid, Refusal
from compliance.core.events import Subject, record
from compliance.core.parsing import clean_line, too_long
from compliance.core.text import Text, say, to_json
from compliance.merges.models import DISTINCT, MERGED, SUSPECTED, DuplicatePair, Merge
from compliance.merges.moving import FILLED, Choices, move_records, restored, take_back
from compliance.policy import Actor, System, command, require

LONGEST_PAIR_NOTE = 500


@command("company.merge")
def merge_companies(kept: Company, gone: Company, *, by: Actor | System, choices: Choices) -> Merge:
    """Make `gone` a part of `kept`. Both must be loaded for it (`duplicates.load_two`), which locks them."""
    require(by, "company.merge", gone)
    if kept.id == gone.id or choices.kept_id != kept.id:
        raise Refusal(say("Pilih dua perusahaan yang berbeda."))
    version, names = kept.version, (kept.name, gone.name)
    pair = _pair(kept, gone)
    merge = Merge(
        kept_id=kept.id, gone_id=gone.id, by_id=by.actor_id, merged_at=clock.now(), moved={}
    )
    db.session.add(merge)
    _decide(pair, MERGED, by=by)
    db.session.flush()
    counts = move_records(merge, kept, gone, choices)
    db.session.flush()
    db.session.expire_all()
    record(
        "company.merged",
        by=by,
        company_id=merge.kept_id,
        subject=Subject("merge", merge.id),
        name=kept.name,
        names=list(names),
        other_id=merge.gone_id,
        moved=counts,
        version=version,
    )
    return merge


@command("company.merge")
def undo_merge(merge: Merge, *, by: Actor | System) -> None:
    """Make two companies of one again, exactly as they were. Raises Refusal with what is in the way."""
    reasons = list(obstacles(merge))
    if reasons:
        raise Refusal(reasons[0])
    kept, version = merge.kept, merge.kept.version
    take_back(merge)
    merge.undone_at = clock.now()
    db.session.flush()
    db.session.expire_all()
    pair = _pair(kept, merge.gone)
    pair.state, pair.decided_at, pair.decided_by_id = SUSPECTED, None, None
    for company, other in ((kept, merge.gone), (merge.gone, kept)):
        record(
            "company.merge_undone",
            by=by,
            company_id=company.id,
            subject=Subject("merge", merge.id),
            name=company.name,
            other_name=other.name,
            other_id=other.id,
            version=version,
        )


@command("company.merge")
def tell_apart(
    one: Company, other: Company, *, by: Actor | System, note: str | None = None
) -> DuplicatePair:
    """Remember that the two are not the same, so that nobody is asked again."""
    require(by, "company.merge", other)
    note = clean_line(note)
    if reason := too_long(note, LONGEST_PAIR_NOTE):
        raise Invalid({"note": reason})
    pair = _pair(one, other)
    if pair.state != SUSPECTED:
        raise Refusal(say("Pasangan ini sudah diputuskan."))
    _decide(pair, DISTINCT, by=by)
    pair.note = note
    db.session.flush()
    record(
        "company.told_apart",
        by=by,
        company_id=one.id,
        subject=Subject("pair", pair.id),
        reason=note,
        name=one.name,
        other_name=other.name,
        other_id=other.id,
    )
    return pair


@command("company.merge")
def reconsider_pair(pair: DuplicatePair, *, by: Actor | System) -> None:
    """Take back that the two are not the same: they are asked about again."""
    if pair.state != DISTINCT:
        raise Refusal(say("Pasangan ini tidak ditandai sebagai perusahaan yang berbeda."))
    pair.state, pair.decided_at, pair.decided_by_id, pair.note = SUSPECTED, None, None, None
    db.session.flush()
    record(
        "company.reconsidered",
        by=by,
        company_id=pair.low_id,
        subject=Subject("pair", pair.id),
        name=pair.low.name,
        other_name=pair.high.name,
        other_id=pair.high_id,
    )


def _pair(one: Company, other: Company) -> DuplicatePair:
    """The stored pair of the two companies, or a new one."""
    low, high = sorted((one, other), key=lambda company: company.id)
    query = sa.select(DuplicatePair).where(
        DuplicatePair.low_id == low.id, DuplicatePair.high_id == high.id
    )
    pair = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if pair is None:
        alike = how_alike(low, high)
        pair = DuplicatePair(
            low_id=low.id,
            high_id=high.id,
            score=alike.score,
            reasons=[to_json(reason) for reason in alike.reasons],
            state=SUSPECTED,
            found_at=clock.now(),
        )
        db.session.add(pair)
    return pair


def _decide(pair: DuplicatePair, state: str, *, by: Actor | System) -> None:
    pair.state, pair.decided_by_id, pair.decided_at = state, by.actor_id, clock.now()


def obstacles(merge: Merge) -> Iterator[Text]:
    """Why a merge cannot be undone as it stands, and what to do about it; nothing when it can."""
    kept = merge.kept
    if merge.undone_at is not None:
        yield say("Penggabungan ini sudah diurungkan.")
        return
    if clock.now() > merge.until:
        yield say(
            "Penggabungan hanya dapat diurungkan dalam 30 hari; batasnya {instant}.",
            instant=merge.until,
        )
    if kept.merged_into_id is not None:
        into = db.session.get_one(Company, kept.merged_into_id)
        yield say(
            "{name} sendiri sudah digabungkan ke {other}. Urungkan dulu penggabungan itu.",
            name=kept.name,
            other=into.name,
        )
        return
    later = sa.select(Merge).where(
        Merge.kept_id == kept.id, Merge.undone_at.is_(None), Merge.id > merge.id
    )
    for newer in db.session.scalars(later.order_by(Merge.id.desc()).limit(1)):
        yield say(
            "Sesudah ini {other} juga digabungkan ke {name}. Urungkan dulu penggabungan itu.",
            other=newer.gone.name,
            name=kept.name,
        )
    yield from _changed_since(merge)
    yield from _taken_since(merge)


def _changed_since(merge: Merge) -> Iterator[Text]:
    """The name or a main number that the merge chose, and that was changed again."""
    was, became = restored(merge.moved["before"]["kept"]), restored(merge.moved["after"])
    for column in ("name", *NUMBERS):
        if was[column] == became[column] or getattr(merge.kept, column) == became[column]:
            continue
        value = became[column]
        if column not in NUMBERS:
            yield say(
                "Nama perusahaan sudah diubah sesudah penggabungan. Kembalikan dulu menjadi {name},"
                " lalu urungkan.",
                name=value,
            )
        else:
            yield say(
                "{label} utama sudah diubah sesudah penggabungan. Kembalikan dulu menjadi {number},"
                " lalu urungkan.",
                label=NUMBERS[column],
                number=identity.SHOWN[column](value) if value else say("kosong"),
            )


def _taken_since(merge: Merge) -> Iterator[Text]:
    """A number that would come back, but was given to another company, or became the main one of the one that
    stays."""
    before, became = merge.moved["before"], merge.moved["after"]
    gone = {(kind, before["gone"][kind]) for kind in NUMBERS if before["gone"][kind]}
    gone |= {
        (row["kind"], row["number"])
        for _id, row in merge.moved["further"]
        if row["company_id"] == merge.gone_id
    }
    coming = gone | {(kind, before["kept"][kind]) for kind in NUMBERS if before["kept"][kind]}
    for kind, label in NUMBERS.items():
        main = getattr(merge.kept, kind)
        if (kind, main) in gone and main != became[kind]:
            yield say(
                "{label} utama {name} sekarang nomor milik {other}. Ganti dulu, lalu urungkan.",
                label=label,
                name=merge.kept.name,
                other=before["gone"]["name"],
            )
        numbers = [number for of, number in coming if of == kind]
        theirs = sa.select(Company).where(
            Company.id.in_(ids_bearing_exactly([(kind, numbers)])),
            Company.id.not_in((merge.kept_id, merge.gone_id)),
        )
        for company in db.session.scalars(theirs) if numbers else ():
            yield say(
                "{label} yang akan kembali sekarang dipakai {name}. Perbaiki dulu nomor perusahaan"
                " itu.",
                label=label,
                name=company.name,
            )


def left_as_it_is(merge: Merge) -> list[str]:
    """The fields that the merge filled in and somebody changed since: undoing leaves them alone."""
    was, became = restored(merge.moved["before"]["kept"]), restored(merge.moved["after"])
    return [
        field
        for field in FILLED
        if was.get(field) != became.get(field) and getattr(merge.kept, field) != became.get(field)
    ]
