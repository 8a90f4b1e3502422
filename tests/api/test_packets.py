"""Packets of evidence: made by a job from what a case holds, the same bytes for the same facts."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask

from compliance.cases.commands.nota import record_receipt
from compliance.cases.evidence.queries import about_case
from compliance.cases.models import Case
from compliance.core.db import db, transaction
from compliance.core.events import Event, EventHead
from compliance.evidence.commands import add_evidence, withdraw_evidence
from compliance.evidence.jobs import make_clean_copies
from compliance.evidence.models import Evidence
from compliance.files.commands import keep_bytes
from compliance.files.examining import examine
from compliance.files.storage import Folder, hash_of, storage
from compliance.letters.jobs import set_letters
from compliance.letters.packets.jobs import make_packets
from compliance.letters.packets.models import Packet
from compliance.office.settings import today
from tests.factories import a_case, a_company, user
from tests.files.buckets import new_bucket, s3_service
from tests.files.pictures import pdf, picture
from tests.intruder import verified
from tests.licensing.desk import Clock, Open

pytestmark = pytest.mark.usefixtures("app")
NUMBER = "NTT-2026-0001"
SECRET = "Upah 12 orang tidak dicatat"
LARGEST_AT_ONCE = 5 * 1024 * 1024
"""Bytes that are sent to a bucket at once; what is larger goes in parts."""
DONE = {"packets": 1, "packets_failed": 0}


def add(id: int, content: bytes, name: str, *, about: str = "case", class_: str = "normal") -> int:
    """One more photo or PDF of Ina's about a case or its first finding; its id."""
    examined = examine(content)
    kept = keep_bytes(content, kind=examined.kind)
    with transaction():
        case = db.session.get_one(Case, id)
        subject = about_case(case, about, id if about == "case" else case.findings[0].id)
        facts = {"examined": examined, "kept": kept, "name": name, "class_": class_}
        return add_evidence(subject, by=user("ina"), note=f"Foto {name}", **facts).id


@pytest.fixture
def id() -> int:
    """The id of a case of Ina's with a letter, a receipt and three pieces of evidence."""
    made = a_case(company=a_company("PT Contoh Bahari Timur", nib="9120000000017"))
    with transaction():
        made = db.session.get_one(Case, made.id)
        made.findings[0].note = SECRET
        facts = {"received_on": today(), "received_by": "Ani Contoh"}
        record_receipt(made, by=user("ina"), **facts)
    add(made.id, picture(), "depan.jpg")
    add(made.id, pdf(), "pekerja.pdf", class_="restricted")
    add(made.id, picture(colour="navy"), "gaji.jpg", about="finding")
    set_letters()
    make_clean_copies()
    return made.id


def packet_of(who: Any, id: int, kind: str) -> bytes:
    """The bytes of a packet that is asked for, made and fetched by a program."""
    asked = who.post(f"/cases/{id}/packet", kind=kind)
    assert (asked.status_code, asked.headers["Retry-After"]) == (202, "5"), asked.text
    make_packets()
    answer = who.get(f"/cases/{id}/packet", kind=kind)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip"), answer.text
    return bytes(answer.data)


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def words(content: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


class Killed(BaseException):
    """The process ends here."""


def hash_again(event: dict[str, Any]) -> str:
    """The hash of an event, computed from what a packet says of it, as docs/audit.md tells."""
    names = "previous id at kind actor_id actor_name case_id company_id subject reason data seen_version"
    content = [event[name] for name in names.split()]
    content += [event["origin"]] if event["origin"] else []
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hash_of(text.encode())


def the_packet() -> Packet:
    db.session.rollback()
    return db.session.scalars(sa.select(Packet)).one()


def test_a_full_packet_is_asked_for_made_and_fetched(api: Any, id: int, at: Clock) -> None:
    at("2026-11-30 09:00:00.123456")  # real clocks do not stop at whole seconds
    ina = api("ina")
    assert ina.get(f"/cases/{id}/packet").status_code == 404
    asked = ina.post(f"/cases/{id}/packet", kind="full")
    assert (asked.status_code, asked.json["state"]) == (202, "waiting")
    assert asked.headers["Location"] == f"/api/v1/cases/{id}/packet?kind=full"
    again = ina.post(f"/cases/{id}/packet", kind="full")
    assert again.json == asked.json, "the one that waits"
    waiting = ina.get(f"/cases/{id}/packet")
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (202, "5")
    assert make_packets() == DONE
    answer = ina.get(f"/cases/{id}/packet")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert answer.headers["ETag"].strip('"') == hash_of(answer.data) == the_packet().file.sha256
    assert "paket-bukti-NTT-2026-0001-full.zip" in answer.headers["Content-Disposition"]
    assert (
        ina.get(
            f"/cases/{id}/packet", headers={"If-None-Match": answer.headers["ETag"]}
        ).status_code
        == 304
    )


def test_a_full_packet_holds_all_and_its_index_is_right(api: Any, id: int) -> None:
    files = opened(packet_of(api("ina"), id, "full"))
    assert list(files) == [
        "INDEX.pdf",
        "index.json",
        "case.json",
        "receipts.json",
        "letters/001-nota_1-v1.pdf",
        "evidence/0001-clean.jpg",
        "evidence/0001-original.jpg",
        "evidence/0002-original.pdf",
        "evidence/0003-clean.jpg",
        "evidence/0003-original.jpg",
        "events.json",
    ]
    index = json.loads(files["index.json"])
    assert [entry["name"] for entry in index["files"]] == list(files)[2:]
    for entry in index["files"]:
        content = files[entry["name"]]
        assert (hash_of(content), len(content)) == (entry["sha256"], entry["size"])
        assert entry["date"] and entry["source"] and entry["class"]
    assert files["evidence/0001-original.jpg"] == picture()
    assert SECRET in files["case.json"].decode()
    assert json.loads(files["receipts.json"])["notas"][0]["received_by"] == "Ani Contoh"
    classes = {entry["name"]: entry["class"] for entry in index["files"]}
    assert classes["evidence/0002-original.pdf"] == "restricted"
    assert classes["letters/001-nota_1-v1.pdf"] == "confidential"
    said = words(files["INDEX.pdf"])
    for entry in [*index["files"], {"name": "index.json", "sha256": hash_of(files["index.json"])}]:
        assert entry["name"] in said
        assert entry["sha256"] in said, entry["name"]
    for line in (
        "Paket bukti kasus NTT-2026-0001",
        "Rahasia",
        "PT Contoh Bahari Timur",
        "Ina",
        f"{len(files)}: INDEX.pdf ini dan {len(files) - 1} yang didaftar",
        "Nota terbit: 560/001-NP/XI/2026",
        "Ani Contoh",
        "SHA-256 dari daftar JSON",
    ):
        assert line in said, line
    assert "docs/" not in said
    titles = [entry["title"] for entry in index["files"]]
    assert len(titles) == len(set(titles)), titles


def test_its_events_can_be_hashed_again_up_to_the_head_of_the_log(api: Any, id: int) -> None:
    ina = api("ina")
    first = (
        db.session.get_one(EventHead, 1).last_id + 1
    )  # the event of asking comes before the contents are fixed
    files = opened(packet_of(ina, id, "full"))
    events = json.loads(files["events.json"])
    assert [event["kind"] for event in events][:2] == ["draft.started", "nota.issued"]
    assert not [event for event in events if event["kind"].startswith("packet.")]
    for told in events:
        event = db.session.get_one(Event, told["id"])
        assert (told["hash"], told["mac"]) == (event.hash, event.mac)
        assert hash_again(told) == told["hash"]
    index = json.loads(files["index.json"])
    assert index["head"]["id"] == first
    assert index["head"]["hash"] == db.session.get_one(Event, first).hash
    assert f"{first}:{index['head']['hash']}" in words(files["INDEX.pdf"])


def test_a_packet_for_licensing_holds_no_finding_no_nota_and_no_restricted_file(
    api: Any, id: int
) -> None:
    content = packet_of(api("lia"), id, "licensing")
    files = opened(content)
    assert list(files) == ["INDEX.pdf", "index.json", "case.json", "events.json"]
    told = json.loads(files["case.json"])
    assert (told["number"], told["notas"][0]["number"]) == ("NTT-2026-0001", "560/001-NP/XI/2026")
    assert told["obligations"] == ["Jaminan sosial ketenagakerjaan"]
    text = words(files["INDEX.pdf"]) + " ".join(
        files[name].decode() for name in files if name.endswith(".json")
    )
    for secret in (SECRET, "JS-02", "pekerja.pdf", "Ani Contoh", "findings", "Rahasia", "reason"):
        assert secret not in text, secret
    kinds = {event["kind"] for event in json.loads(files["events.json"])}
    assert kinds == {"nota.conveyed"}


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with s3_service() as address:
        yield address


@pytest.mark.one_store
def test_photos_letters_and_packets_may_lie_in_a_bucket(
    app: Flask, api: Any, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PATUH_FILES"] = new_bucket(service, monkeypatch)
    id, content = a_case().id, picture() + bytes(LARGEST_AT_ONCE)
    add(id, content, "depan.jpg")
    set_letters()
    make_clean_copies()
    files = opened(packet_of(api("ina"), id, "full"))
    assert files["evidence/0001-original.jpg"] == content
    assert files["letters/001-nota_1-v1.pdf"].startswith(b"%PDF-")
    assert (verified(app)[0], len(list(storage().names()))) == (0, 5)


@pytest.mark.one_store
def test_who_may_have_which_packet(api: Any, id: int, cast: Any) -> None:
    for who, kind, status in (
        ("ina", "full", 202),
        ("sari", "full", 202),
        ("tika", "full", 403),
        ("lia", "full", 403),
        ("adi", "full", 403),
        ("budi", "full", 404),
        ("tika", "licensing", 202),
        ("lia", "licensing", 202),
        ("budi", "licensing", 404),
        ("adi", "licensing", 403),
    ):
        assert api(who).post(f"/cases/{id}/packet", kind=kind).status_code == status, (who, kind)
    make_packets()
    for who, kind, status in (
        ("ina", None, 200),
        ("tika", None, 200),
        ("lia", None, 200),
        ("tika", "full", 403),
        ("lia", "full", 403),
        ("budi", None, 404),
        ("adi", None, 403),
    ):
        query = {"kind": kind} if kind else {}
        answer = api(who).get(f"/cases/{id}/packet", **query)
        assert answer.status_code == status, (who, kind)
        if who in ("tika", "lia") and status == 200:
            assert "case.json" in opened(answer.data) and "receipts.json" not in opened(answer.data)
    assert api("ina").post(f"/cases/{id}/packet", kind="all").status_code == 422
    assert api("ina").post(f"/cases/{id}/packet").status_code == 422
    assert api("ina").get("/cases/999999/packet").status_code == 404
    assert api("ina").get(f"/cases/{id}/packet", kind="all").status_code == 422


def test_a_packet_made_again_for_the_same_facts_is_the_same_file(
    api: Any, id: int, at: Clock
) -> None:
    ina = api("ina")
    first = packet_of(ina, id, "full")
    a_case()  # what happens elsewhere is no fact of this case
    at("2026-12-01")
    assert packet_of(ina, id, "full") == first
    assert db.session.query(Packet).count() == 1
    evidence = db.session.scalars(sa.select(Evidence).order_by(Evidence.id)).first()
    with transaction():
        subject = about_case(db.session.get_one(Case, id), "case", id)
        withdraw_evidence(evidence, subject=subject, by=user("ina"), reason="Foto lain")
    other = packet_of(ina, id, "full")
    assert other != first
    listed = json.loads(opened(other)["index.json"])["files"]
    assert {entry["taken_back_because"] for entry in listed if "taken_back_because" in entry} == {
        None,
        "Foto lain",
    }


@pytest.mark.one_store
def test_the_same_contents_give_the_same_bytes_and_nothing_is_left_unfinished(
    id: int, monkeypatch: pytest.MonkeyPatch, api: Any
) -> None:
    """A job that was cut off after the contents were fixed is followed by one that makes the same."""
    from compliance.letters.packets import commands

    api("ina").post(f"/cases/{id}/packet", kind="full")
    write, seen = commands.write_zip, []

    def cut_off(path: Path, items: Any, *, told: Any) -> None:
        write(path, items, told=told)
        seen.append(path.read_bytes())
        raise Killed

    monkeypatch.setattr(commands, "write_zip", cut_off)
    with pytest.raises(Killed):
        make_packets()
    assert the_packet().is_waiting
    a_company()  # the log goes on
    monkeypatch.setattr(commands, "write_zip", write)
    assert make_packets() == DONE
    assert storage().get(the_packet().file.sha256) == seen[0]
    assert list(storage().workshop().iterdir()) == []
    assert make_packets() == {"packets": 0, "packets_failed": 0}


@pytest.mark.one_store
def test_taking_a_packet_along_is_recorded_with_the_channel(api: Any, id: int) -> None:
    packet_of(api("ina"), id, "full")
    kinds = sa.select(Event).where(Event.case_id == id, Event.kind.startswith("packet."))
    events = db.session.scalars(kinds.order_by(Event.id)).all()
    assert [(event.kind, event.actor_name, event.channel) for event in events] == [
        ("packet.asked", "Ina Contoh", "api"),
        ("packet.made", "sistem", None),
        ("packet.downloaded", "Ina Contoh", "api"),
    ]
    assert events[1].fact("sha256") == events[2].fact("sha256") == the_packet().file.sha256


@pytest.mark.one_store
def test_a_packet_waits_for_letters_and_photos_that_are_being_made(api: Any, at: Clock) -> None:
    id, ina = a_case().id, api("ina")
    add(id, picture(), "a.jpg")
    ina.post(f"/cases/{id}/packet", kind="full")
    assert make_packets() == {"packets": 0, "packets_failed": 0}
    set_letters()
    make_clean_copies()
    assert make_packets() == DONE
    add(id, picture(colour="red"), "b.jpg")
    ina.post(f"/cases/{id}/packet", kind="full")
    at("2026-11-30 10:30")
    assert make_packets() == DONE, "an hour is long enough"


@pytest.mark.one_store
def test_a_stored_file_that_is_gone_stops_the_packet_with_a_sentence(
    api: Any, browser: Open, id: int
) -> None:
    ina, number = api("ina"), NUMBER
    ina.post(f"/cases/{id}/packet", kind="full")
    folder, name = storage(), hash_of(picture())
    assert isinstance(folder, Folder)
    path = folder.folder / name[:2] / name[2:4] / name
    path.write_bytes(picture()[:-1] + b"\0")
    assert make_packets() == {"packets": 0, "packets_failed": 1}
    answer = ina.get(f"/cases/{id}/packet")
    assert answer.status_code == 409
    assert "evidence/0001-original.jpg hilang atau berubah" in answer.json["detail"]
    assert "hilang atau berubah" in browser("ina").get(f"/cases/{number}/files").text
    path.write_bytes(picture())
    assert len(packet_of(ina, id, "full")) > 0


@pytest.mark.one_store
def test_a_full_disk_leaves_the_packet_waiting(
    api: Any, id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from compliance.files import storage as storage_module

    api("ina").post(f"/cases/{id}/packet", kind="full")
    room = storage_module.LEAST_FREE
    monkeypatch.setattr(storage_module, "LEAST_FREE", 1 << 60)
    with pytest.raises(OSError, match="No space"):
        make_packets()
    assert the_packet().is_waiting
    assert list(storage().workshop().iterdir()) == []
    monkeypatch.setattr(storage_module, "LEAST_FREE", room)
    assert make_packets() == DONE


@pytest.mark.one_store
def test_many_files_are_written_one_piece_at_a_time(
    api: Any, id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from compliance.letters.packets import zipping

    api("ina").post(f"/cases/{id}/packet", kind="full")
    monkeypatch.setattr(storage(), "get", None)  # nothing asks for all bytes of a file
    monkeypatch.setattr(zipping, "PIECE", 100)
    assert make_packets() == DONE
