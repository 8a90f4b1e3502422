"""Three companies of the demo with all their papers: one that does not comply, one that did, and one whose
recheck is near. What is written in a letter is what happened in its case, on working days.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from compliance.cases.commands.drafts import start_draft
from compliance.cases.commands.nota import issue_nota
from compliance.cases.commands.second_nota import issue_second_nota
from compliance.cases.commands.visits import record_visit
from compliance.cases.models import Case
from compliance.cases.proofs.commands import add_file_of_visit
from compliance.cases.proofs.rules import PROOF_FILES, ProofFacts
from compliance.cases.rules import FindingFacts, NotaFacts, VisitFacts
from compliance.companies.models import Company
from compliance.core.db import db, reading
from compliance.core.workdays import WorkCalendar
from compliance.demo.desk import Desk, keep
from compliance.demo.pictures import photo, scan
from compliance.evidence.jobs import make_clean_copies
from compliance.evidence.models import EVIDENCE_CLASSES, RESTRICTED
from compliance.letters.commands.drafting import replace_letter
from compliance.letters.packets.commands import ask_for_packet
from compliance.letters.packets.jobs import make_packets
from compliance.letters.packets.rules import FULL_PACKET
from compliance.letters.queries import letter_in_force
from compliance.office.queries import find_office
from compliance.office.settings import served_province

MET, POSITION, PLACE = "Rina Contoh", "Bagian kepegawaian", "kantor perusahaan"
ASKED_FOR = ("daftar pekerja", "daftar upah", "bukti pembayaran iuran terakhir")
FILM = (
    ("Papan nama perusahaan", "#2f6b5e"),
    ("Ruang kerja", "#8a4b2a"),
    ("Papan pengumuman pekerja", "#3b5a8c"),
)
"""The photos that are taken at an inspection."""
FEWEST_WORKERS = 12


@dataclass(frozen=True)
class DayOfPapers:
    """What is done on one day; each act has its own hour and its own transaction."""

    work: Callable[[], None]

    def __call__(self) -> None:
        self.work()


class Papers:
    """The papers of some companies, planned day by day: what follows is planned when its day is known."""

    def __init__(
        self,
        calendar: WorkCalendar,
        zone: ZoneInfo,
        *,
        later: Callable[[date, int, Callable[[], None]], None],
    ) -> None:
        self.calendar = calendar
        self.desk = Desk(zone)
        self._later = later

    def _plan(self, day: date, work: Callable[..., None], *facts: object) -> None:
        """Do it on this day, or on the next working day."""
        self._later(day, 0, DayOfPapers(partial(work, *facts)))

    def _soon(self, day: date, days: int) -> date:
        return self.calendar.add_working_days(day, days)

    def tell_of_the_whole_road(self, company_ids: Sequence[int], *, now: date) -> None:
        """Two companies: one that still does not comply after Nota II, and one that did in the end."""
        query = sa.select(Company).where(
            Company.id.in_(company_ids),
            Company.region_code == served_province().example.code,
            Company.workers_total >= FEWEST_WORKERS,
            Company.npp.is_not(None),
        )
        with reading():
            ids = [
                company.id for company in db.session.scalars(query.order_by(Company.id).limit(2))
            ]
        for id, days, follow in zip(
            ids, (115, 190), (self._go_on_to_nota_2, self._announce), strict=True
        ):
            self._begin(id, now - timedelta(days=days), follow)

    def tell_of_a_coming_recheck(self, company_id: int, inspected: date, *, now: date) -> None:
        """One company whose recheck is near: it was announced, and announced anew."""
        self._begin(company_id, inspected, partial(self._announce_twice, now))

    def _begin(self, id: int, day: date, follow: Callable[[int, date], None]) -> None:
        """An order, three working days before the inspection; what comes after the receipt is `follow`."""
        day, _skipped = self.calendar.next_working(day)
        before = day
        for _ in range(3):
            before = self.calendar.previous_working(before)
        self._plan(before, self._order, id, before, day)
        self._plan(day, self._inspect, id, day)
        self._plan(self._soon(day, 1), self._hand_over, id, self._soon(day, 1), follow)

    def _order(self, id: int, day: date, visit_on: date) -> None:
        with reading():
            inspector = self.desk.inspector.id
        options = {"inspectors": [inspector], "visit_on": visit_on, "visit_at": "09.00"}
        self.desk.write("spt", day, "10:00", options, company_id=id, numbered="10:40")

    def _inspect(self, id: int, day: date) -> None:
        """Photos, nota and record on the day of the inspection; its papers in the afternoon."""
        desk = self.desk
        with reading():
            company = db.session.get_one(Company, id)
            name, total = company.name, company.workers_total or FEWEST_WORKERS
        registered = total * 3 // 5
        with desk.at(day, "09:05"):
            case_id = start_draft(
                db.session.get_one(Company, id),
                by=desk.inspector,
                draft_key=str(uuid.uuid5(uuid.NAMESPACE_URL, f"nota-{id}")),
            ).id
        self._take_photos("case", case_id, day, ("09:12", "09:20", "09:34"), name)
        listed = scan(
            "Daftar pekerja", name, "berisi data pribadi", made_at=desk.moment(day, "09:50")
        )
        desk.add(
            "case",
            case_id,
            day,
            "09:55",
            keep("Daftar pekerja.pdf", listed),
            note="Daftar pekerja dengan NIK dan upahnya",
            class_=RESTRICTED,
        )
        with desk.at(day, "10:30"):
            issue_nota(
                db.session.get_one(Case, case_id),
                by=desk.inspector,
                facts=NotaFacts(
                    inspected_on=day,
                    issued_on=day,
                    workers_total=total,
                    workers_registered=registered,
                    findings=[
                        FindingFacts("JS-02", workers_affected=total - registered),
                        FindingFacts("WL-02"),
                    ],
                    place=PLACE,
                    met=f"{MET}, {POSITION.lower()}",
                ),
            )
        desk.write(
            "ba",
            day,
            "11:00",
            {
                "held_on": day,
                "held_at": "09.00",
                "place": PLACE,
                "met_name": MET,
                "met_position": POSITION,
                "result": f"Dari {total} pekerja, {registered} terdaftar pada BPJS Ketenagakerjaan "
                f"dan {total - registered} belum. Wajib lapor ketenagakerjaan tahun ini belum disampaikan.",
                "documents": list(ASKED_FOR),
            },
            company_id=id,
        )
        self._write_receipt(id, day)
        desk.sign_nota(id, "nota_1", day, "13:30")
        options = {"cover": "information", "office": self._office(id)}
        desk.write("cover_ptsp", day, "14:00", options, company_id=id, numbered="14:20")

    def _take_photos(
        self, kind: str, id: int, day: date, hours: Sequence[str], company: str
    ) -> None:
        for (title, colour), hour in zip(FILM, hours, strict=False):
            taken = self.desk.moment(day, hour)
            content = photo(title, company, f"{taken:%d-%m-%Y %H.%M}", colour=colour, taken=taken)
            name = f"IMG_{taken:%Y%m%d_%H%M%S}.jpg"
            self.desk.add(kind, id, day, hour, keep(name, content), note=title)
        self.desk.let_jobs_work(day, hours[-1], make_clean_copies)

    def _write_receipt(self, id: int, day: date) -> None:
        with reading():
            letter = letter_in_force(self.desk.case_of(id), "nota_1")
            assert letter is not None
            options = {"about_letter": letter.id, "sheets": 2}
        self.desk.write("receipt", day, "11:20", options, company_id=id)

    def _office(self, id: int) -> str:
        with reading():
            region = db.session.get_one(Company, id).region_code
            office = find_office(f"ptsp-{region}")
            return office.code if office is not None else ""

    def _hand_over(self, id: int, day: date, follow: Callable[[int, date], None]) -> None:
        """The nota goes to the company, the cover letter to the licensing office."""
        self.desk.serve_nota(id, "nota_1", day, "10:00")
        with reading():
            cover = letter_in_force(self.desk.case_of(id), "cover_ptsp")
            assert cover is not None
            letter_id = cover.id
        self.desk.serve_office(letter_id, day, "14:00")
        follow(id, day)

    def _go_on_to_nota_2(self, id: int, day: date) -> None:
        """The time of Nota I passes: Nota II, and later its report."""
        with reading():
            limits = [finding.deadline_on for finding in self.desk.case_of(id).findings]
            issued = self._soon(max(limit for limit in limits if limit), 2)
        self._plan(issued, self._issue_nota_2, id, issued)
        self._announce(id, day)

    def _issue_nota_2(self, id: int, day: date) -> None:
        with self.desk.at(day, "09:30"):
            issue_second_nota(self.desk.case_of(id), by=self.desk.inspector, issued_on=day)
        self.desk.sign_nota(id, "nota_2", day, "13:00")
        self._plan(self._soon(day, 1), self._hand_over_nota_2, id, self._soon(day, 1))

    def _hand_over_nota_2(self, id: int, day: date) -> None:
        self.desk.serve_nota(id, "nota_2", day, "10:00")
        with reading():
            second = self.desk.case_of(id).second_nota
            assert second is not None and second.deadline_on is not None
            reported = self._soon(second.deadline_on, 2)
        self._plan(reported, self._report, id, reported)

    def _report(self, id: int, day: date) -> None:
        proposal = "rekomendasi pengenaan sanksi administratif"
        self.desk.write("noncompliance_report", day, "09:00", {"proposal": proposal}, company_id=id)

    def _announce(self, id: int, day: date) -> None:
        """Ten days before the recheck, the company is told when it will be and what to show."""
        with reading():
            due = self.desk.case_of(id).effective_on
            assert due is not None
        told = self.calendar.previous_working(due - timedelta(days=9))
        self._plan(told, self._write_notice, id, told, due)
        self._plan(due, self._find_still_open, id, due)

    def _write_notice(self, id: int, day: date, visit_on: date) -> None:
        options = {"visit_on": visit_on, "visit_at": "09.30"}
        letter_id = self.desk.write(
            "recheck_notice", day, "09:00", options, company_id=id, numbered="11:00"
        )
        self.desk.serve_company(letter_id, day, "15:00")

    def _announce_twice(self, now: date, id: int, day: date) -> None:
        """The hour that was told first did not suit the company; a new letter replaces the first."""
        with reading():
            due = self.desk.case_of(id).effective_on
            assert due is not None
        again = self.calendar.previous_working(now)
        told = self.calendar.previous_working(self.calendar.previous_working(again))
        self._plan(told, self._write_notice, id, told, due)
        self._plan(again, self._tell_again, id, again, due)

    def _tell_again(self, id: int, day: date, visit_on: date) -> None:
        options = {"visit_on": visit_on, "visit_at": "13.00"}
        with self.desk.at(day, "09:00"):
            old = letter_in_force(self.desk.case_of(id), "recheck_notice")
            assert old is not None
            reason = "Perusahaan meminta jam lain karena stok opname."
            new = replace_letter(old, by=self.desk.inspector, reason=reason, options=options)
            new_id = new.id
        self.desk.issue(new_id, day, "10:00")

    def _find_still_open(self, id: int, day: date) -> None:
        """The recheck finds the obligation not met; what follows depends on whether Nota II went out."""
        desk = self.desk
        with desk.at(day, "10:15"):
            case = desk.case_of(id)
            visit = record_visit(
                case,
                by=desk.inspector,
                facts=VisitFacts(
                    visited_on=day,
                    outcome="not_complied",
                    workers_registered=case.workers_registered,
                    fixed=(),
                    note="Daftar pekerja sama dengan saat pemeriksaan.",
                ),
            )
            visit_id, name = visit.id, case.company.name
            warned_twice = case.second_nota is not None
        self._take_photos("visit", visit_id, day, ("10:20",), name)
        if warned_twice:
            self._plan(self._soon(day, 4), self._pack, id, self._soon(day, 4))
        else:
            self._plan(self._soon(day, 14), self._find_complied, id, self._soon(day, 14))

    def _pack(self, id: int, day: date) -> None:
        """The head asks for a packet of evidence; the job makes it."""
        with self.desk.at(day, "13:00"):
            ask_for_packet(self.desk.case_of(id), by=self.desk.head, kind=FULL_PACKET)
        self.desk.let_jobs_work(day, "13:01", make_packets)

    def _find_complied(self, id: int, day: date) -> None:
        """The company registered everybody, and showed its certificate and its last contribution."""
        desk, shown = self.desk, self.desk.moment(day, "09:40")
        titles = [note.sentence for note in PROOF_FILES.values()]
        files = [
            keep(f"{title}.pdf", scan(title, "diperlihatkan saat kunjungan", made_at=shown))
            for title in titles
        ]
        with desk.at(day, "10:00"):
            case = desk.case_of(id)
            total = case.workers_total or 0
            visit = record_visit(
                case,
                by=desk.inspector,
                facts=VisitFacts(
                    visited_on=day,
                    outcome="complied",
                    workers_total=total,
                    workers_registered=total,
                    fixed=[finding.id for finding in case.findings],
                    proof=ProofFacts(
                        npp=case.company.npp,
                        month=day.replace(day=1) - relativedelta(months=1),
                        programmes=("JKK", "JKM", "JHT"),
                        workers=total,
                        checked_on=day,
                        checked_by=f"{desk.inspector.name}, pengawas",
                        certificate="KP-CONTOH-12",
                        certificate_on=self.calendar.previous_working(day),
                        note="Tanda terima wajib lapor ketenagakerjaan diperlihatkan.",
                    ),
                ),
            )
            for title, file, class_ in zip(titles, files, EVIDENCE_CLASSES, strict=True):
                add_file_of_visit(
                    case,
                    by=desk.inspector,
                    visit=visit,
                    examined=file.examined,
                    kept=file.kept,
                    name=file.name,
                    note=title,
                    class_=class_,
                )
        self._plan(self._soon(day, 1), self._clear, id, self._soon(day, 1), total)

    def _clear(self, id: int, day: date, total: int) -> None:
        """The record ended: the licensing office is told by letter."""
        options = {
            "proof": [
                "sertifikat kepesertaan Nomor KP-CONTOH-12",
                f"bukti pembayaran iuran terakhir untuk {total} pekerja",
                "tanda terima wajib lapor ketenagakerjaan",
            ],
            "office": self._office(id),
        }
        letter_id = self.desk.write(
            "clearance_letter", day, "09:00", options, company_id=id, numbered="10:00"
        )
        self.desk.serve_office(letter_id, day, "14:00")
