"""Bytes are kept once, whole and durable, in a folder or in a bucket."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import obstore
import pytest
from structlog.testing import capture_logs

from compliance.core.availability import unavailable
from compliance.files import storage as storage_module
from compliance.files.storage import (
    PIECE,
    Bucket,
    Folder,
    MissingBytes,
    Storage,
    hash_of,
    hash_of_pieces,
    storage_at,
)
from tests.files.buckets import new_bucket, s3_service


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with s3_service() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
def kept(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Storage:
    if request.param == "folder":
        return storage_at(f"file://{tmp_path}/berkas")
    return a_bucket(request.getfixturevalue("service"), monkeypatch)


def a_bucket(service: str, monkeypatch: pytest.MonkeyPatch) -> Storage:
    return Bucket(new_bucket(service, monkeypatch))


def test_what_is_put_comes_back_under_its_hash_and_is_kept_once(kept: Storage) -> None:
    name = kept.put(b"foto")
    assert name == hash_of(b"foto")
    assert kept.put(b"foto") == name
    assert kept.get(name) == b"foto"
    kept.put(b"lain")
    assert sorted(name for name, _since in kept.names()) == sorted([name, hash_of(b"lain")])
    assert all(since.tzinfo is not None for _name, since in kept.names())


def test_bytes_that_were_never_put_are_missing(kept: Storage) -> None:
    with pytest.raises(MissingBytes):
        kept.get(hash_of(b"never"))


def test_only_bytes_that_somebody_asks_for_and_that_are_gone_are_reported_as_broken(
    kept: Storage,
) -> None:
    with capture_logs() as said:
        name = kept.put(b"baru")
        made = kept.workshop() / f"paket-{os.urandom(4).hex()}"
        made.write_bytes(b"paket baru")
        kept.put_file(made)
        made.unlink(missing_ok=True)
        kept.get(name)
    assert said == []
    with capture_logs() as said, pytest.raises(MissingBytes):
        kept.get(hash_of(b"never"))
    assert [line["sha256"] for line in said] == [hash_of(b"never")]


def test_a_file_goes_in_and_out_piece_by_piece(kept: Storage) -> None:
    content = os.urandom(PIECE) * 3 + b"akhir"
    for _twice in range(2):
        made = kept.workshop() / f"paket-{os.urandom(4).hex()}"
        made.write_bytes(content)
        name = kept.put_file(made)
        made.unlink(missing_ok=True)
        assert name == hash_of(content)
    pieces = list(kept.pieces(name))
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) < len(content)
    assert hash_of_pieces(iter(pieces)) == (name, len(content))
    assert [name for name, _since in kept.names()] == [name]


def test_what_was_left_in_the_workshop_is_tidied_away_when_it_is_old(kept: Storage) -> None:
    left = kept.workshop() / f"sisa-{os.urandom(4).hex()}"
    left.write_bytes(b"PK")
    kept.tidy(datetime.fromtimestamp(left.stat().st_mtime - 60, UTC))
    assert left.exists()
    assert kept.tidy(datetime.fromtimestamp(left.stat().st_mtime + 60, UTC)) >= 1
    assert not left.exists()
    assert list(kept.names()) == []


def test_only_this_user_reads_the_folder_and_nothing_unfinished_stays(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "a" / "berkas")
    name = folder.put(b"foto")
    path = tmp_path / "a" / "berkas" / name[:2] / name[2:4] / name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list((tmp_path / "a" / "berkas" / "unfinished").iterdir()) == []


def test_a_full_disk_leaves_nothing_and_is_said_to_be_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)

    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (tmp_path / "unfinished").mkdir()
    name = hash_of(b"foto")
    (tmp_path / name[:2] / name[2:4]).mkdir(parents=True)
    with pytest.raises(OSError, match="No space") as failure:
        folder.put(b"foto")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    refusal = unavailable(failure.value)
    assert refusal is not None
    assert "penuh" in str(refusal.reason)


def test_a_service_that_is_away_is_said_to_be_away(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = a_bucket(service, monkeypatch)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    away = Bucket("s3://patuh/berkas")
    assert kept.put(b"foto")
    with pytest.raises(OSError) as failure:
        away.put(b"foto")
    refusal = unavailable(failure.value)
    assert refusal is not None
    assert refusal.status == 503


def test_harmed_bytes_are_put_right_when_they_are_sent_again(kept: Storage) -> None:
    name = kept.put(b"foto")
    harm(kept, name)
    assert kept.get(name) == b"fot"
    assert kept.put(b"foto") == name
    assert kept.get(name) == b"foto"
    harm(kept, name)
    made = kept.workshop() / f"foto-{os.urandom(4).hex()}"
    made.write_bytes(b"foto")
    assert kept.put_file(made) == name
    made.unlink(missing_ok=True)
    assert kept.get(name) == b"foto"


def harm(kept: Storage, name: str) -> None:
    """Write other bytes under a name, as a failing disk or a person might."""
    if isinstance(kept, Folder):
        (kept.folder / name[:2] / name[2:4] / name).write_bytes(b"fot")
    else:
        assert isinstance(kept, Bucket)
        obstore.put(kept._store, kept._key(name), b"fot")


def test_files_leave_room_for_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_module, "LEAST_FREE", 1 << 60)
    with pytest.raises(OSError, match="No space"):
        Folder(tmp_path).put(b"foto")
