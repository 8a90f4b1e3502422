"""Stored bytes are hashed again; what is changed or gone is found, and reported until it is put right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from compliance.admin.jobs import check_stored_files
from compliance.core.db import db, transaction
from compliance.core.outbox import Message
from compliance.files.commands import add_file, keep_bytes
from compliance.files.jobs import FilesBroken, check_files, count_unnamed_bytes
from compliance.files.models import StoredFile
from compliance.files.storage import storage

pytestmark = pytest.mark.usefixtures("app")
CHECKED = {"checked": 1, "broken": 0}


def kept(content: bytes) -> tuple[int, Path]:
    """The id of a stored file, and where its bytes are."""
    bytes_kept = keep_bytes(content, kind="pdf")
    with transaction():
        file = add_file(bytes_kept)
    folder = storage().folder  # type: ignore[attr-defined]
    return file.id, folder / file.sha256[:2] / file.sha256[2:4] / file.sha256


def test_the_same_bytes_are_one_row() -> None:
    assert kept(b"a") == kept(b"a")
    assert kept(b"b") != kept(b"a")
    assert db.session.query(StoredFile).count() == 2


@pytest.mark.one_store
def test_every_night_has_its_share_and_a_month_sees_all(at: Callable[[str], None]) -> None:
    for number in range(31):
        kept(b"%d" % number)
    begun = db.session.scalar(sa.select(sa.func.max(StoredFile.checked_at)))
    for day in range(1, 17):
        at(f"2026-12-{day:02}")
        assert check_files() == {"checked": 2, "broken": 0}
    assert db.session.query(StoredFile).filter(StoredFile.checked_at <= begun).count() == 0


@pytest.mark.parametrize("harm", [lambda path: path.write_bytes(b"x"), Path.unlink])
def test_a_changed_byte_is_found_and_reported_until_it_is_put_right(
    harm: Callable[[Path], None], at: Callable[[str], None]
) -> None:
    _id, path = kept(b"a")
    assert check_files() == {"checked": 0, "broken": 0}, "it was hashed a moment ago"
    at("2026-12-31")
    assert check_files() == CHECKED
    at("2027-01-31")
    harm(path)
    for _night in range(2):
        with pytest.raises(FilesBroken, match=path.name):
            check_stored_files()
    told = db.session.query(Message).filter_by(kind="files.broken", channel="inbox").all()
    assert [message.fact("hashes") for message in told] == [[path.name]], "once, to the admin"
    path.write_bytes(b"a")
    assert check_files() == CHECKED


def test_bytes_that_no_row_names_are_counted_a_day_later_and_left(
    at: Callable[[str], None],
) -> None:
    kept(b"a")
    lost = storage().put(b"b")
    assert count_unnamed_bytes() == {"unnamed": 0}
    at("2099-01-01")
    assert count_unnamed_bytes() == {"unnamed": 1}
    assert storage().get(lost) == b"b"


def test_what_was_left_unfinished_is_removed_a_day_later(at: Callable[[str], None]) -> None:
    left = storage().workshop() / "separuh.zip"
    left.write_bytes(b"PK")
    check_files()
    assert left.exists()
    at("2099-01-01")
    check_files()
    assert not left.exists()
