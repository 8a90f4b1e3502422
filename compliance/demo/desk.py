"""What the people of the demo do with a letter or a file: the commands of the pages, in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from compliance.cases.models import Case
from compliance.companies.models import Company
from compliance.core import clock
from compliance.core.channels import through
from compliance.core.db import db, reading, transaction
from compliance.demo.names import ACCOUNTS
from compliance.demo.pictures import scan
from compliance.evidence.commands import add_evidence
from compliance.evidence.models import NORMAL
from compliance.evidence.subjects import load_subject
from compliance.files.commands import ReceivedFile, keep_bytes
from compliance.files.examining import examine
from compliance.letters.commands.drafting import draft_letter
from compliance.letters.commands.issuing import issue_own_letter, number_letter
from compliance.letters.commands.serving import Attempt, serve_letter, sign_letter
from compliance.letters.models import Letter
from compliance.letters.queries import letter_in_force
from compliance.letters.signing.checking import LetterToSign, check_signed_file
from compliance.letters.signing.commands import sign_with_file
from compliance.office.models import Office
from compliance.people.models import User


def keep(name: str, content: bytes) -> ReceivedFile:
    """A file that is looked at and kept, as a page does before it writes about it."""
    examined = examine(content)
    return ReceivedFile(name, examined, keep_bytes(content, kind=examined.kind))


class Desk:
    """The desk of one inspector and of the head of inspection."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    @property
    def inspector(self) -> User:
        return self._with_account("inspector")

    @property
    def head(self) -> User:
        return self._with_account("supervisor")

    def _with_account(self, role: str) -> User:
        return db.session.scalars(sa.select(User).where(User.email == ACCOUNTS[role][0])).one()

    def moment(self, day: date, hour: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(hour), self.zone)

    @contextmanager
    def at(self, day: date, hour: str) -> Iterator[None]:
        """One act, at this hour, in a transaction of its own. Nothing is done later than now."""
        with clock.replaying(min(self.moment(day, hour), clock.now())), transaction():
            db.session.info.clear()
            yield

    def case_of(self, company_id: int) -> Case:
        query = sa.select(Case).where(Case.company_id == company_id)
        return db.session.scalars(query).one()

    def write(
        self,
        kind: str,
        day: date,
        hour: str,
        options: Mapping[str, Any],
        *,
        company_id: int,
        numbered: str | None = None,
    ) -> int:
        """The inspector drafts a letter at `hour` and issues it; what the head signs, the head numbers at
        `numbered`. Then it is signed in ink. Answers its id.
        """
        with self.at(day, hour):
            case = None if kind == "spt" else self.case_of(company_id)
            letter = draft_letter(
                kind,
                by=self.inspector,
                company=db.session.get_one(Company, company_id),
                case=case,
                issued_on=day,
                options=options,
            )
            id = letter.id
        self.issue(id, day, numbered or hour)
        return id

    def issue(self, id: int, day: date, hour: str) -> None:
        """A draft gets its number from whoever may give it, and is signed."""
        with self.at(day, hour):
            letter = db.session.get_one(Letter, id)
            by_head = letter.by_the_head
            if by_head:
                number_letter(letter, by=self.head)
            else:
                issue_own_letter(letter, by=self.inspector)
            is_strip = letter.kind == "receipt"
        if not is_strip:
            with self.at(day, hour):
                who = self.head if by_head else self.inspector
                letter = db.session.get_one(Letter, id)
                sign_letter(letter, by=who, how="wet_ink", signed_on=day)

    def sign_nota(self, company_id: int, kind: str, day: date, hour: str) -> None:
        """The head and the inspector have signed a nota in ink, and its scan is kept."""
        with reading():
            letter = letter_in_force(self.case_of(company_id), kind)
            assert letter is not None and letter.file is not None
            id, sha256, title = letter.id, letter.file.sha256, letter.facts["subject"]
            number = letter.number or ""
        content = scan(
            title, number, "dipindai sesudah ditandatangani", made_at=self.moment(day, hour)
        )
        signed = check_signed_file(content, LetterToSign(sha256, (), (), clock.now(), self.zone))
        with self.at(day, hour):
            letter = db.session.get_one(Letter, id)
            sign_with_file(letter, by=self.inspector, signed=signed, signed_on=day)

    def serve_nota(self, company_id: int, kind: str, day: date, hour: str) -> None:
        """The inspector hands a nota over; the signed strip is kept as evidence."""
        with self.at(day, hour):
            letter = letter_in_force(self.case_of(company_id), kind)
            assert letter is not None
            serve_letter(
                letter,
                by=self.inspector,
                attempt=Attempt(
                    "hand", day, receiver="Rina Contoh", receiver_position="Bagian kepegawaian"
                ),
            )
            id, title, number = letter.id, letter.facts["subject"], letter.number or ""
        words = ("Tanda terima", f"{title} {number}", "diterima Rina Contoh")
        content = scan(*words, made_at=self.moment(day, hour))
        self.add("letter", id, day, hour, keep("Tanda terima.pdf", content), note=words[0])

    def serve_office(self, id: int, day: date, hour: str) -> None:
        """A letter to the licensing office is handed over at its counter."""
        with self.at(day, hour):
            letter = db.session.get_one(Letter, id)
            query = sa.select(User).join(Office)
            query = query.where(User.role == "licensing", Office.region_code == letter.region_code)
            officer = db.session.scalars(query.order_by(User.id)).first()
            serve_letter(
                letter,
                by=self.inspector,
                attempt=Attempt(
                    "hand",
                    day,
                    receiver=officer.name if officer is not None else "Petugas loket",
                    receiver_position="Petugas perizinan",
                ),
            )

    def serve_company(self, id: int, day: date, hour: str) -> None:
        """A letter to the company is sent by mail, and somebody there answers that it came."""
        with self.at(day, hour):
            serve_letter(
                db.session.get_one(Letter, id),
                by=self.inspector,
                attempt=Attempt("email", day, receiver="Rina Contoh"),
            )

    def add(
        self,
        kind: str,
        id: int,
        day: date,
        hour: str,
        file: ReceivedFile,
        *,
        note: str,
        class_: str = NORMAL,
    ) -> None:
        """The inspector adds evidence."""
        with self.at(day, hour):
            add_evidence(
                load_subject(self.inspector, kind, id, action="evidence.add", for_update=True),
                by=self.inspector,
                examined=file.examined,
                kept=file.kept,
                name=file.name,
                note=note,
                class_=class_,
            )

    def let_jobs_work(self, day: date, hour: str, job: Callable[[], object]) -> None:
        """A job does what waits for it, soon after."""
        moment = min(self.moment(day, hour) + timedelta(minutes=1), clock.now())
        with clock.replaying(moment), through("job"):
            job()
