"""An import outside the request: crashes, two workers, stopping, and what other rooms let follow
from a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from threading import Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from compliance.companies.commands import change_company, facts_of, register_company
from compliance.companies.models import Company
from compliance.companies.rules import CompanyFacts
from compliance.core import clock
from compliance.core.db import db, transaction
from compliance.core.events import Event
from compliance.core.text import Text, say
from compliance.core.walk import verify
from compliance.imports import jobs as import_jobs
from compliance.imports.commands import run as import_run
from compliance.imports.commands.claims import LEASE, MOST_ATTEMPTS, Lost, claim
from compliance.imports.commands.job import CHUNK
from compliance.imports.commands.run import carry_out, rehearse
from compliance.imports.kinds import IMPORT_KINDS, FollowedRow, ListColumn, ListKind
from compliance.imports.models import Import
from compliance.policy import SYSTEM
from tests.factories import a_company
from tests.imports.conftest import MANY, a_list, long_list
from tests.imports.importer import Desk, names, tick


def imported() -> list[Event]:
    return list(
        db.session.scalars(
            sa.select(Event).where(Event.kind == "companies.imported").order_by(Event.id)
        )
    )


MARKS = sa.Table(
    "marks_of_a_test", sa.MetaData(),
    sa.Column("company_id", sa.Integer), sa.Column("word", sa.String(20)), sa.Column("batch", sa.Integer),
)  # fmt: skip


class Marks:
    """What a kind of list with a column of its own may do: mark the companies; refuse a mark; fail
    when told to.
    """

    def __init__(self) -> None:
        self.fails_at = 0
        self.keeps: set[int] = set()

    def check(self, extras: Mapping[str, str]) -> Mapping[str, Text]:
        return (
            {}
            if extras["mark"] in ("A", "B")
            else {"mark": say("Isi {typed} tidak dikenal", typed=extras["mark"])}
        )

    def follow(self, batch: Any, rows: Sequence[FollowedRow]) -> None:
        if any(each.number == self.fails_at for each in rows):
            raise RuntimeError("the room above stumbled")
        known = set(db.session.scalars(sa.select(MARKS.c.company_id)))
        new = [
            {"company_id": each.company_id, "word": each.extras["mark"], "batch": batch.id}
            for each in rows
            if each.company_id not in known
        ]
        if new:
            db.session.execute(sa.insert(MARKS), new)

    def unfollow(self, batch: Any, rows: Sequence[FollowedRow]) -> Mapping[int, Text]:
        gone = [each.company_id for each in rows if each.number not in self.keeps]
        db.session.execute(
            sa.delete(MARKS).where(MARKS.c.company_id.in_(gone), MARKS.c.batch == batch.id)
        )
        return {
            each.number: say("Tandanya sudah dipakai") for each in rows if each.number in self.keeps
        }


@pytest.fixture
def marks(app: Flask) -> Iterator[Marks]:
    """A second kind of list, as a room above would register it."""
    made = Marks()
    mark = ListColumn("mark", say("Tanda"), "tanda, mark")
    before = tuple(IMPORT_KINDS)
    kind = ListKind(
        "marked",
        say("Daftar bertanda"),
        (mark,),
        ("name", "mark"),
        made.check,
        made.follow,
        made.unfollow,
    )
    IMPORT_KINDS.fill((*before, kind))
    with transaction():
        db.session.execute(
            sa.text(
                "CREATE TABLE marks_of_a_test (company_id INTEGER REFERENCES companies (id), word"
                " VARCHAR(20), batch INTEGER)"
            )
        )
    yield made
    IMPORT_KINDS.fill(before)


def marked() -> list[str]:
    return sorted(db.session.scalars(sa.select(MARKS.c.word)))


def test_what_follows_from_a_row_happens_in_its_chunk_and_again_changes_nothing(
    desk: Desk, marks: Marks
) -> None:
    content = "Nama;Kota;Tanda\nPT Contoh;Ende;A\nUD Misal;Ende;B\nUD Umpama;Ende;X\n"
    page = desk.whole(content, kind="marked")
    assert desk.outcomes == ["new", "new", "refused"]
    assert "Tanda: Isi X tidak dikenal" in page.text
    assert marked() == ["A", "B"]
    desk.whole(content, kind="marked")
    assert desk.outcomes == ["same", "same", "refused"]
    assert marked() == ["A", "B"]


def test_a_kind_asks_for_its_own_column(desk: Desk, marks: Marks) -> None:
    desk.upload("Nama;Kota\nPT Contoh;Ende\n", kind="marked")
    assert "Pilih kolom yang berisi Tanda" in desk.browser.submit(f"/imports/{desk.id}").text


def test_a_row_that_somebody_decides_about_is_followed_too(desk: Desk, marks: Marks) -> None:
    desk.rehearse("Nama;Kota;Tanda\nPT Contoh;Ende;A\nPT Contoh;Sikka;B\n", kind="marked")
    assert desk.outcomes == ["new", "to_decide"]
    desk.act("decide", **{"row-3": "new"})
    desk.act("start")
    tick()
    assert marked() == ["A", "B"]


def test_what_followed_is_taken_back_before_the_company(desk: Desk, marks: Marks) -> None:
    desk.whole("Nama;Kota;Tanda\nPT Contoh;Ende;A\nUD Misal;Ende;B\n", kind="marked")
    marks.keeps = {3}
    desk.act("undo", sure="yes")
    tick()
    assert (names(), marked()) == (["UD Misal"], ["B"])
    assert "Baris 3, UD Misal: Tandanya sudah dipakai" in desk.look().text


def test_a_chunk_that_fails_leaves_nothing_half_written_and_the_import_goes_on_from_there(
    desk: Desk, marks: Marks
) -> None:
    rows = "\n".join(f"PT Contoh {at};91{at:011};Ende;A" for at in range(MANY))
    desk.rehearse(f"Nama;NIB;Kota;Tanda\n{rows}\n", kind="marked")
    marks.fails_at = CHUNK + 20
    desk.act("start")
    assert tick() == {"rows": CHUNK, "failed": 1}
    batch = desk.batch
    assert (batch.status, batch.done_rows, batch.counts) == ("failed", CHUNK, {"new": CHUNK})
    assert len(names()) == len(marked()) == CHUNK
    page = desk.look()
    assert f"{CHUNK} dari {MANY} baris sudah dikerjakan" in page.text
    assert "RuntimeError: the room above stumbled" in page.text
    marks.fails_at = 0
    desk.act("start")
    tick()
    assert desk.batch.status == "done"
    assert names() == [f"PT Contoh {at}" for at in range(MANY)]
    assert len(marked()) == MANY
    assert list(verify()) == []


def test_a_worker_that_vanishes_is_replaced_when_its_claim_ends_and_nothing_is_done_twice(
    desk: Desk, at: Callable[[str], None]
) -> None:
    desk.rehearse(long_list())
    desk.act("start")
    taken = claim()
    assert taken is not None
    vanished = carry_out(*taken, until=None)
    assert (
        len(list(islice(vanished, CHUNK))) == CHUNK
    )  # one chunk is committed, then it is heard of no more
    assert tick() == {}  # its claim still holds
    at("2026-11-30 09:02")
    assert tick() == {"rows": MANY - CHUNK}
    assert names() == [f"PT Contoh {each}" for each in range(MANY)]
    with pytest.raises(Lost):
        next(vanished)  # should it come back, it writes nothing
    db.session.rollback()
    assert len(names()) == MANY
    assert [len(each.data["new"]) for each in imported()] == [CHUNK, CHUNK, 20]


def test_a_trial_that_was_cut_off_begins_anew(desk: Desk, at: Callable[[str], None]) -> None:
    desk.upload(long_list())
    desk.browser.submit(f"/imports/{desk.id}")
    taken = claim()
    assert taken is not None
    list(islice(rehearse(*taken), CHUNK))
    at("2026-11-30 09:02")
    tick()
    assert desk.batch.counts == {"new": MANY}
    assert desk.outcomes == ["new"] * MANY


def test_two_workers_never_hold_the_same_import(desk: Desk) -> None:
    ids = []
    for _ in range(2):
        desk.rehearse(a_list("PT Contoh;;;;Ende;;;;"))
        ids.append(desk.id)
    for desk.id in ids:
        desk.act("start")
    taken = [claim(), claim(), claim()]
    assert [each and each[0] for each in taken] == [*ids, None]


def test_an_import_that_kills_its_workers_is_given_up_visibly(desk: Desk) -> None:
    desk.rehearse(a_list("PT Contoh;;;;Ende;;;;"))
    desk.act("start")
    for _ in range(MOST_ATTEMPTS):
        assert claim() is not None
        with transaction():
            db.session.execute(sa.update(Import).values(claimed_until=clock.now() - LEASE))
    assert claim() is None
    assert desk.batch.status == "failed"
    desk.act("start")
    tick()
    assert names() == ["PT Contoh"]


def test_somebody_may_stop_an_import_between_two_chunks_and_go_on_later(desk: Desk) -> None:
    desk.rehearse(long_list())
    desk.act("start")
    taken = claim()
    assert taken is not None
    work = carry_out(*taken, until=None)
    list(islice(work, CHUNK))
    assert "Dihentikan" in desk.act("stop").text
    with pytest.raises(Lost):
        next(work)
    db.session.rollback()
    assert len(names()) == CHUNK
    assert desk.batch.counts == {"new": CHUNK}
    assert tick() == {}
    desk.act("start")
    tick()
    assert (len(names()), desk.batch.status) == (MANY, "done")


def test_the_job_hands_back_after_its_time_and_goes_on_in_its_next_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.rehearse(long_list())
    desk.act("start")
    monkeypatch.setattr(import_jobs, "AT_MOST_SECONDS", -1)
    assert [tick(), tick(), tick(), tick(), tick()] == [
        {"rows": CHUNK},
        {"rows": CHUNK},
        {"rows": 20},
        {},
        {},
    ]
    assert (len(names()), desk.batch.status) == (MANY, "done")
    desk.act("undo", sure="yes")
    assert [tick()["rows"], tick()["rows"], tick()["rows"]] == [CHUNK, CHUNK, 20]
    tick()
    assert (names(), desk.batch.status) == ([], "undone")


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Let somebody else act at the end of the first transaction that only reads."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    acts = [act]

    def in_another_session() -> None:
        with app.app_context(), transaction():
            acts.pop()()

    def read(_connection: Any) -> None:
        if acts:
            somebody = Thread(target=in_another_session)
            somebody.start()
            somebody.join()

    sa.event.listen(db.engine, "rollback", read)
    yield
    sa.event.remove(db.engine, "rollback", read)
    assert not acts


@pytest.mark.parametrize("between_chunks", [False, True])
def test_what_somebody_saves_after_the_rows_were_decided_is_seen_before_they_are_stored(
    desk: Desk, between_chunks: bool
) -> None:
    a_company("PT Contoh Lama", nib="9120000000001")
    filling = [
        f"PT Contoh {at};91{at:011};;;Ende;;;;" for at in range(CHUNK if between_chunks else 0)
    ]
    desk.rehearse(
        a_list(
            *filling,
            "PT Contoh Lama;9120000000001;;;Kota Kupang;Jl. Misal;;;",
            "UD Baru;;;;Ende;;;;",
        )
    )
    desk.act("start")
    claimed = claim()
    assert claimed is not None
    rows = carry_out(*claimed, until=None)

    def save() -> None:
        known = db.session.scalars(sa.select(Company).where(Company.nib == "9120000000001")).one()
        change_company(known, facts_of(known, address="Jl. Umpama"), by=SYSTEM)
        register_company(CompanyFacts("UD Baru", "53.08"), by=SYSTEM)

    if between_chunks:
        assert len(list(islice(rows, CHUNK))) == CHUNK
        with transaction():
            save()
        reports = [next(rows), next(rows)]
    else:
        with meanwhile(save):
            reports = [next(rows), next(rows)]
    assert [(report.outcome, report.differs) for report in reports] == [
        ("same", ("Alamat",)),
        ("same", ()),
    ]
    assert names().count("UD Baru") == 1


def test_an_import_alone_looks_at_the_registry_once_for_many_chunks(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    look = import_run._look
    monkeypatch.setattr(
        import_run,
        "_look",
        lambda job, rows, **more: looks.append(len(rows)) or look(job, rows, **more),
    )
    desk.whole(long_list())
    assert len(names()) == MANY > 2 * CHUNK
    assert looks == [MANY]
