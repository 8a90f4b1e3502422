"""A seeded, repeatable province of any size, as rows for the tables of the store.

Company number n is the same in every size. A company has two cases. Of the second ones 13.4 % are overdue
with their warning, 2.6 % unresolved with their hold, 25.6 % in remedy; all others are resolved. Events tell
of the start and the end of every case and flag, sealed as the application does it, so that its own check
accepts them.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from benchmarks.bare.seal import seal
from benchmarks.environment import SEAL_KEY
from benchmarks.tables import COLUMNS
from compliance.companies.search.spelling import name_columns
from compliance.core.keys import SealKeys

NOW = datetime(2026, 11, 24, 1, tzinfo=UTC)
"""Tuesday, 24 November 2026, nine o'clock at the office (WITA)."""
TODAY = date(2026, 11, 24)
STAMP = "2026-11-20 01:00:00.000000"
CHUNK = 1_000
INSPECTORS = 200
COUNTER, FIRST_INSPECTOR = 2, 101
"""The ids of the officer at the counter and of the first inspector; 1 is the administrator."""
PASSWORD = "kata sandi contoh"
TOKEN = "a bearer token of the benchmarks, known to everybody"
REGIONS = [f"53.{number:02}" for number in (*range(1, 22), 71)]
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYLLABLES = [consonant + vowel for consonant in "bdgjklmnprsw" for vowel in "aeio"]
KEYS = SealKeys([SEAL_KEY])
FLAGGED = {"recheck_due": "warning", "unresolved": "hold"}
Row = tuple[Any, ...]
Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the rows about one case have in common. `effective` is its effective due day."""

    id: int
    company_id: int
    company: str
    region: str
    inspector: int
    status: str
    effective: date

    @property
    def issued(self) -> date:
        return self.effective - timedelta(days=91)

    @property
    def number(self) -> str:
        return f"NTT-{self.issued.year}-{self.id:07}"

    @property
    def next_step(self) -> str | None:
        """The midnight at the office, in UTC, at which the clock makes the case's next step."""
        day = self.effective if self.status == "in_remedy" else self.effective + timedelta(days=1)
        waits = self.status in ("in_remedy", "recheck_due") and day > TODAY
        return f"{day - timedelta(days=1)} 16:00:00.000000" if waits else None


def people(office_ids: dict[str, int], password_hash: str) -> Rows:
    """The inspectors, an officer for each licensing office, a member of the team and a supervisor."""
    roles: list[tuple[int, str, str, int | None]] = [
        (COUNTER, "counter", "licensing", office_ids["ptsp-53.71"]),
        (3, "team", "compliance", None),
        (4, "supervisor", "supervisor", None),
    ]
    offices = sorted(
        code for code in office_ids if code.startswith("ptsp-") and code != "ptsp-53.71"
    )
    roles += [
        (10 + at, f"officer-{code}", "licensing", office_ids[code])
        for at, code in enumerate(offices)
    ]
    roles += [
        (FIRST_INSPECTOR + at, f"inspector-{at}", "inspector", None) for at in range(INSPECTORS)
    ]
    users = [
        (
            id,
            f"{name}@bench.example",
            f"{name} Contoh",
            role,
            office,
            "id",
            password_hash,
            1,
            1,
            "[]",
            0,
            1,
            STAMP,
            1,
        )
        for id, name, role, office in roles
    ]
    token = (1, COUNTER, "bench", hashlib.sha256(TOKEN.encode()).hexdigest(), STAMP)
    return {"users": users, "api_tokens": [token]}


def vocabulary() -> tuple[list[str], list[float]]:
    """The words that names are made of, and how often: some are common, most are rare."""
    chance = random.Random(5)
    words = sorted(
        {"".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(30_000)}
    )
    chance.shuffle(words)
    return words, [1 / (rank + 10) for rank in range(len(words))]


def _name(name: str) -> tuple[str | None, ...]:
    """A name and the columns that follow from it."""
    columns = name_columns(name)
    return tuple(columns[column] for column in ("name", "key", "form", "search_key", "initials"))


class Province:
    """Writes the rows of companies 1 to `size`, a chunk at a time; the log goes on behind `last_event`."""

    def __init__(
        self, size: int, *, violations: list[int], office_id: int, last_event: int, last_hash: str
    ) -> None:
        self.size, self.violations, self.office_id = size, violations, office_id
        self.last_event, self.sealed = last_event, last_hash
        self.words, self.weights = vocabulary()
        self.ids = {table: count(1) for table in COLUMNS}

    def chunks(self) -> Iterator[Rows]:
        """Every row that belongs to a company, then the marks that follow from all of them."""
        for start in range(0, self.size, CHUNK):
            yield self._chunk(start)
        yield {
            "duplicate_search": [(1, self.last_event)],
            "counters": [("check", TODAY.year, next(self.ids["licence_checks"]) - 1)],
        }

    def _chunk(self, start: int) -> Rows:
        rows: Rows = {table: [] for table in COLUMNS}
        chance = random.Random(f"companies from {start}")
        drawn = chance.choices(self.words, self.weights, k=3 * CHUNK)
        for at in range(min(CHUNK, self.size - start)):
            self._company(rows, start + at + 1, drawn[3 * at : 3 * at + 3], chance)
        return rows

    def _company(self, rows: Rows, id: int, words: list[str], chance: random.Random) -> None:
        key, region = " ".join(words), chance.choice(REGIONS)
        name, nib = f"PT {key.title()}", f"{9_100_000_000_000 + id}"
        npp, scale = f"JJ{id:07}" if id % 5 else None, ("micro", "small", "medium", "large")[id % 4]
        rows["companies"].append(
            (
                id,
                name,
                key,
                region,
                nib,
                f"0{id:09}922000",
                f"{id:09}",
                npp,
                "47111",
                2020,
                scale,
                f"Jalan Contoh {id}",
                f"jalancontoh{id}",
                20,
                STAMP,
                1,
            )
        )
        rows["company_names"].append(
            (next(self.ids["company_names"]), id, "current", *_name(name), None)
        )
        for turn in (1, 2):
            status, effective = _fate(turn, chance)
            inspector = FIRST_INSPECTOR + chance.randrange(INSPECTORS)
            self._case(
                rows, CaseFacts(2 * id - 2 + turn, id, name, region, inspector, status, effective)
            )
        if id % 10 == 0:
            self._check(rows, id, nib)
        if id % 20 == 0:
            self._seldom(rows, id, words, region)
        if id % 1000 == 0:
            self._rare(rows, id, region)

    def _check(self, rows: Rows, company_id: int, nib: str) -> None:
        """A check at the counter; its answer is put in by whoever writes the row."""
        id = next(self.ids["licence_checks"])
        code = "".join(ALPHABET[(id * 7919 >> 5 * at) & 31] for at in range(10))
        receipt = f"CK-{TODAY.year}-{id:06}"
        rows["licence_checks"].append(
            (id, receipt, code, nib, company_id, "clear", "", STAMP, COUNTER, self.office_id)
        )

    def _seldom(self, rows: Rows, id: int, words: list[str], region: str) -> None:
        """What one company in twenty has: a branch with its own NPWP, a former name, an entry of the plan."""
        number, name_id = next(self.ids["company_numbers"]), next(self.ids["company_names"])
        former = " ".join(words[:2])
        rows["company_numbers"].append((number, id, "npwp", f"0{id:09}922001", f"{id:09}", STAMP))
        rows["workplaces"].append(
            (number, id, "Cabang Contoh", region, f"Jalan Cabang {id}", 5, STAMP)
        )
        rows["company_names"].append(
            (name_id, id, "former", *_name(f"CV {former.title()}"), "2025-06-30")
        )
        rows["plan_entries"].append((number, id, region, 20, 8, STAMP))
        rows["plan_reasons"].append((number, number, "PDS-TK", "Daftar contoh", "2026-10-01"))

    def _rare(self, rows: Rows, id: int, region: str) -> None:
        """What one company in a thousand has: another one that may be the same, and a draft."""
        pair, key = next(self.ids["duplicate_pairs"]), f"00000000-0000-4000-8000-{id:012}"
        rows["duplicate_pairs"].append((pair, id - 1, id, 70, "[]", "suspected", STAMP))
        case = (
            2 * self.size + pair,
            None,
            key,
            '{"step": "place"}',
            "draft",
            id,
            FIRST_INSPECTOR,
            region,
        )
        rows["cases"].append((*case, *[None] * 6, STAMP, STAMP, None, None, None, 1))
        begun = CaseFacts(case[0], id, "", region, FIRST_INSPECTOR, "draft", TODAY)
        self._event(rows, begun, "draft.started", TODAY, FIRST_INSPECTOR, {})

    def _case(self, rows: Rows, case: CaseFacts) -> None:
        day, issued, resolved = str(case.effective), str(case.issued), case.status == "resolved"
        why = json.dumps([{"say": "Nota diterbitkan {day}.", "day": {"day": issued}}])
        rows["cases"].append(
            (
                case.id,
                case.number,
                None,
                None,
                case.status,
                case.company_id,
                case.inspector,
                case.region,
                20,
                20 if resolved else 8,
                day,
                day,
                why,
                case.next_step,
                f"{issued} 01:00:00.000000",
                STAMP,
                day if case.status == "unresolved" else None,
                str(TODAY + timedelta(days=30)) if case.status == "unresolved" else None,
                day if resolved else None,
                1,
            )
        )
        nota = f"560/{case.id:07}-NP/{case.issued.year}"
        days = (issued, issued, issued)
        rows["notas"].append(
            (case.id, case.id, "I", nota, case.inspector, *days, case.company, 20, 8)
        )
        violation, fixed = (
            self.violations[case.id % len(self.violations)],
            day if resolved else None,
        )
        rows["findings"].append(
            (case.id, case.id, case.id, violation, 1, "[]", 12, 14, "calendar", fixed)
        )
        self._event(
            rows,
            case,
            "nota.issued",
            case.issued,
            case.inspector,
            {
                "number": nota,
                "case_number": case.number,
                "nota_kind": "I",
                "inspected_on": {"day": issued},
                "issued_on": {"day": issued},
                "findings": 1,
                "workers_total": 20,
                "workers_registered": 8,
                "due_on": {"day": day},
                "effective_on": {"day": day},
            },
        )
        self._end(rows, case)
        if case.status in ("resolved", "unresolved"):
            outcome, registered = ("complied", 20) if resolved else ("not_complied", 8)
            id = next(self.ids["visits"])
            rows["visits"].append((id, case.id, day, outcome, registered, case.inspector, STAMP))
        if case.status in FLAGGED and case.effective < TODAY:
            self._flag(rows, case, FLAGGED[case.status], lifted=False)
        elif resolved and case.id % 20 == 1:
            self._flag(rows, case, "warning", lifted=True)

    def _end(self, rows: Rows, case: CaseFacts) -> None:
        """What became of the case, as an event: the log explains every status."""
        day = {"day": str(case.effective)}
        if case.status == "recheck_due":
            self._event(rows, case, "recheck.due", case.effective, None, {"effective_on": day})
        elif case.status != "in_remedy":
            kind = f"case.{case.status}"
            self._event(rows, case, kind, case.effective, case.inspector, {"on": day})

    def _flag(self, rows: Rows, case: CaseFacts, level: str, *, lifted: bool) -> None:
        id, since = next(self.ids["flags"]), case.effective + timedelta(days=1)
        why = {
            "say": "Jatuh tempo {day} lewat tanpa hasil cek ulang.",
            "day": {"day": str(case.effective)},
        }
        if level == "hold":
            why = {**why, "say": "Cek ulang {day} menemukan kewajiban belum dipenuhi."}
        end = (
            (STAMP, "sistem", '{"say": "Kewajiban sudah dipenuhi."}')
            if lifted
            else (None, None, None)
        )
        rows["flags"].append(
            (
                id,
                case.id,
                case.company_id,
                case.region,
                level,
                json.dumps(why),
                str(since),
                str(since + timedelta(days=365)),
                f"{since} 01:00:00.000000",
                "sistem",
                *end,
                1,
            )
        )
        facts = {"level": level, "why": why, "since_on": {"day": str(since)}}
        self._event(rows, case, "flag.raised", since, None, facts, subject=f"flag:{id}")
        if lifted:
            ended = {"level": level, "why": {"say": "Kewajiban sudah dipenuhi."}}
            self._event(rows, case, "flag.lifted", TODAY, None, ended, subject=f"flag:{id}")
        data = {
            **facts,
            "company": case.company,
            "case_number": case.number,
            "by": "sistem",
            "reader": "inspector",
        }
        key, read_at = f"flag:{id}:raised:inbox:{case.inspector}", STAMP if id % 10 else None
        rest = (case.inspector, "id", case.id, json.dumps(data), STAMP, read_at, 0, STAMP)
        rows["messages"].append((id, key, "flag.raised", "inbox", *rest))

    def _event(
        self,
        rows: Rows,
        case: CaseFacts,
        kind: str,
        on: date,
        actor: int | None,
        data: dict[str, Any],
        subject: str | None = None,
    ) -> None:
        self.last_event += 1
        name = f"inspector-{actor - FIRST_INSPECTOR} Contoh" if actor else "sistem"
        who = (kind, actor, name, case.id, case.company_id, subject)
        self.sealed = seal(
            self.sealed, [self.last_event, f"{on}T01:00:00+00:00", *who, None, data, 1]
        )
        end = (json.dumps(data), 1, self.sealed, KEYS.sign(self.sealed))
        rows["events"].append((self.last_event, f"{on} 01:00:00.000000", *who, *end))


def _fate(turn: int, chance: random.Random) -> tuple[str, date]:
    """What became of a company's first or second case, and its effective due day."""
    luck = chance.random() if turn == 2 else 1.0
    if luck < 0.134:
        return "recheck_due", TODAY - timedelta(days=chance.randint(1, 180))
    if luck < 0.16:
        return "unresolved", TODAY - timedelta(days=chance.randint(30, 600))
    if luck < 0.416:
        effective = TODAY + timedelta(days=chance.randint(0, 90))
        return ("in_remedy" if effective > TODAY else "recheck_due"), effective
    return "resolved", TODAY - timedelta(days=chance.randint(200, 900))
