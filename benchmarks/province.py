"""A seeded, repeatable province of any size, as rows for the tables of the store.

Company number n is the same in every size. About two cases a company: of the second ones 13.4 % are overdue with their
warning, 2.6 % unresolved with their hold, 25.6 % in remedy; all others are resolved. Two events a company and one for
every flag are sealed as the application seals them, so that its own check of the log accepts them.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from benchmarks.bare.seal import seal

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
SYLLABLES = "ba be bi bo da de di do ga gi ja je ka ke ki ko la le li lo ma me mi mo na ni no pa pe ra ri ro sa se si ta te ti wa ya"
Row = tuple[Any, ...]
Rows = dict[str, list[Row]]

COLUMNS = {
    "users": "id email name role office_id language password_hash wants_email shortcuts hints_seen active created_at version",
    "api_tokens": "id user_id label secret_hash created_at",
    "companies": "id name name_key region_code nib npwp npwp_core npp kbli kbli_version scale address workers_total created_at version",
    "company_names": "id company_id kind name key until",
    "company_words": "word backwards",
    "company_numbers": "id company_id kind number core since",
    "workplaces": "id company_id name region_code address workers_total created_at",
    "duplicate_pairs": "id low_id high_id score reasons state found_at",
    "duplicate_search": "id last_event_id",
    "cases": "id number draft_key draft status company_id inspector_id region_code workers_total workers_registered due_on"
             " effective_on due_why next_step_at created_at updated_at unresolved_on resolved_on version",
    "notas": "id case_id kind number inspector_id inspected_on issued_on conveyed_on company_name workers_total workers_registered",
    "findings": "id case_id nota_id violation_id position programmes workers_affected deadline_days deadline_day_type fixed_on",
    "visits": "id case_id visited_on outcome workers_registered by_id recorded_at",
    "plan_entries": "id company_id region_code workers_total workers_registered created_at",
    "plan_reasons": "id entry_id category source listed_on",
    "flags": "id case_id company_id region_code level reason since_on review_on raised_at raised_by lifted_at lifted_by lift_reason version",
    "licence_checks": "id receipt code asked company_id verdict answer checked_at by_id office_id",
    "messages": "id key kind channel user_id language case_id data created_at read_at attempts sent_at",
    "events": "id at kind actor_id actor_name case_id company_id subject data seen_version hash",
    "counters": "name year last",
}  # fmt: skip
"""Every table that the province fills, in an order in which its rows may be written, and the columns that it gives."""
OF_THE_APPLICATION = {
    "offices", "violations", "holidays", "event_head", "beats", "job_runs", "job_states", "alembic_version",
}  # fmt: skip
"""Filled by the migrations, or by the application while it is measured."""
LEFT_EMPTY = {
    "settings": "the defaults hold",
    "sign_in_attempts": "forgotten every night", "held_forms": "forgotten every night", "password_resets": "forgotten every night",
    "sign_ins": "made by signing in", "saved_views": "a few per person", "idempotent_answers": "forgotten after two days",
    "acknowledgements": "read with a flag, by its id",
    "imports": "made by the benchmark of imports", "import_files": "kept a month", "import_rows": "made by the benchmark of imports",
    "import_mappings": "a few", "merges": "rare",
}  # fmt: skip
"""Tables without rows, and why they need none. A new table must be named here or be filled: a test looks."""


def people(office_ids: dict[str, int], password_hash: str) -> Rows:
    """The inspectors, an officer for each licensing office, a member of the team and a supervisor."""
    roles = [(COUNTER, "counter", "licensing", office_ids["ptsp-53.71"]), (3, "team", "compliance", None),
             (4, "supervisor", "supervisor", None)]  # fmt: skip
    offices = sorted(code for code in office_ids if code.startswith("ptsp-") and code != "ptsp-53.71")
    roles += [(10 + at, f"officer-{code}", "licensing", office_ids[code]) for at, code in enumerate(offices)]
    roles += [(FIRST_INSPECTOR + at, f"inspector-{at}", "inspector", None) for at in range(INSPECTORS)]
    users = [
        (id, f"{name}@bench.example", f"{name} Contoh", role, office, "id", password_hash, 1, 1, "[]", 1, STAMP, 1)
        for id, name, role, office in roles
    ]  # fmt: skip
    return {
        "users": users,
        "api_tokens": [(1, COUNTER, "bench", hashlib.sha256(TOKEN.encode()).hexdigest(), STAMP)],
    }


def vocabulary() -> tuple[list[str], list[float]]:
    """The words that names are made of, and how often: some are common, most are rare."""
    chance, syllables = random.Random(5), SYLLABLES.split()
    words = sorted({"".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(30_000)})
    chance.shuffle(words)
    return words, [1 / (rank + 10) for rank in range(len(words))]


class Province:
    """Writes the rows of the companies 1 to `size`, a chunk at a time."""

    def __init__(
        self, size: int, *, violations: list[int], office_id: int, last_event: int, last_hash: str
    ) -> None:
        self.size, self.violations, self.office_id = size, violations, office_id
        self.words, self.weights = vocabulary()
        self.last_event, self.sealed = last_event, last_hash
        self.known_words = set[str]()
        self.ids = {table: count(1) for table in COLUMNS}

    def chunks(self) -> Iterator[Rows]:
        """Every row that belongs to a company, then the words and marks that follow from all of them."""
        for start in range(0, self.size, CHUNK):
            yield self._chunk(start)
        yield {
            "company_words": [(word, word[::-1]) for word in sorted(self.known_words)],
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
        name, key, region = f"PT {' '.join(words).title()}", " ".join(words), chance.choice(REGIONS)
        npp = f"JJ{id:07}" if id % 5 else None
        rows["companies"].append(
            (id, name, key, region, f"{9_100_000_000_000 + id}", f"0{id:09}922000", f"{id:09}", npp, "47111", 2020,
             ("micro", "small", "medium", "large")[id % 4], f"Jalan Contoh {id}", 20, STAMP, 1)
        )  # fmt: skip
        rows["company_names"].append((next(self.ids["company_names"]), id, "current", name, key, None))
        self.known_words.update(word for word in words if len(word) >= 4)
        if id % 20 == 0:
            self._seldom(rows, id, words, region)
        for turn in (1, 2):
            self._case(rows, id, name, region, turn, chance)
        if id % 10 == 0:
            number = next(self.ids["licence_checks"])
            code = "".join(ALPHABET[(number * 7919 >> 5 * at) & 31] for at in range(10))
            rows["licence_checks"].append(
                (number, f"CK-{TODAY.year}-{number:06}", code, f"{9_100_000_000_000 + id}", id, "clear", "{}", STAMP, COUNTER,
                 self.office_id)
            )  # fmt: skip

    def _seldom(self, rows: Rows, id: int, words: list[str], region: str) -> None:
        """What one company in twenty has: a branch with its own NPWP, a former name, an entry of the plan."""
        number = next(self.ids["company_numbers"])
        rows["company_numbers"].append((number, id, "npwp", f"0{id:09}922001", f"{id:09}", STAMP))
        rows["workplaces"].append((number, id, "Cabang Contoh", region, f"Jalan Cabang {id}", 5, STAMP))
        former = f"CV {' '.join(words[:2]).title()}"
        names = next(self.ids["company_names"])
        rows["company_names"].append((names, id, "former", former, " ".join(words[:2]), "2025-06-30"))
        rows["plan_entries"].append((number, id, region, 20, 8, STAMP))
        rows["plan_reasons"].append((number, number, "PDS-TK", "Daftar contoh", "2026-10-01"))
        if id % 1000 == 0:
            pair = next(self.ids["duplicate_pairs"])
            rows["duplicate_pairs"].append((pair, id - 1, id, 70, "[]", "suspected", STAMP))
            draft_key = f"00000000-0000-4000-8000-{id:012}"
            case = self._case_row(2 * self.size + pair, id, region, "draft", None, draft_key, FIRST_INSPECTOR)
            rows["cases"].append(case)

    def _case(self, rows: Rows, company: int, name: str, region: str, turn: int, chance: random.Random) -> None:
        case_id, inspector = 2 * company - 2 + turn, FIRST_INSPECTOR + chance.randrange(INSPECTORS)
        status, effective = _fate(turn, chance)
        issued = effective - timedelta(days=91)
        rows["cases"].append(self._case_row(case_id, company, region, status, effective, None, inspector))
        day, number = str(issued), f"560/{case_id:07}-NP/{issued.year}"
        rows["notas"].append((case_id, case_id, "I", number, inspector, day, day, day, name, 20, 8))
        fixed = str(effective) if status == "resolved" else None
        violation = self.violations[case_id % len(self.violations)]
        rows["findings"].append(
            (case_id, case_id, case_id, violation, 1, "[]", 12, 14, "calendar", fixed)
        )
        self._event(rows, "nota.issued", at=issued, actor=inspector, case_id=case_id, company_id=company, data={
            "number": number, "case_number": _number(case_id, issued), "nota_kind": "I", "inspected_on": {"day": day},
            "issued_on": {"day": day}, "findings": 1, "workers_total": 20, "workers_registered": 8,
            "due_on": {"day": str(effective)}, "effective_on": {"day": str(effective)}})  # fmt: skip
        if status in ("resolved", "unresolved"):
            outcome, registered = ("complied", 20) if status == "resolved" else ("not_complied", 8)
            visit = next(self.ids["visits"])
            rows["visits"].append((visit, case_id, str(effective), outcome, registered, inspector, STAMP))
        level = {"recheck_due": "warning", "unresolved": "hold"}.get(status)
        if level is not None and effective < TODAY:
            self._flag(rows, level, case_id, company, name, region, effective, inspector, lifted=False)
        elif status == "resolved" and turn == 1 and company % 10 == 0:
            self._flag(rows, "warning", case_id, company, name, region, effective, inspector, lifted=True)

    def _case_row(
        self, id: int, company: int, region: str, status: str, effective: date | None, draft_key: str | None, inspector: int
    ) -> Row:  # fmt: skip
        if effective is None:
            return (id, None, draft_key, '{"step": "place"}', status, company, inspector, region, None, None, None, None, None,
                    None, STAMP, STAMP, None, None, 1)  # fmt: skip
        day = str(effective)
        begins = effective if status == "in_remedy" else effective + timedelta(days=1)
        step = f"{begins - timedelta(days=1)} 16:00:00.000000"  # midnight at the office, in UTC
        why = json.dumps([{"say": "Nota diterbitkan {day}.", "day": {"day": str(effective - timedelta(days=91))}}])
        return (
            id, _number(id, effective - timedelta(days=91)), None, None, status, company, inspector, region, 20,
            20 if status == "resolved" else 8, day, day, why, step if begins > TODAY and status in ("in_remedy", "recheck_due") else None,
            f"{effective - timedelta(days=91)} 01:00:00.000000", STAMP, day if status == "unresolved" else None,
            day if status == "resolved" else None, 1,
        )  # fmt: skip

    def _flag(
        self, rows: Rows, level: str, case_id: int, company: int, name: str, region: str, effective: date, inspector: int,
        *, lifted: bool,
    ) -> None:  # fmt: skip
        id, since = next(self.ids["flags"]), effective + timedelta(days=1)
        day = {"day": str(effective)}
        why = {"say": "Jatuh tempo {day} lewat tanpa hasil cek ulang.", "day": day}
        if level == "hold":
            why = {"say": "Cek ulang {day} menemukan kewajiban belum dipenuhi.", "day": day}
        end = (STAMP, "sistem", '{"say": "Kewajiban sudah dipenuhi."}') if lifted else (None, None, None)
        rows["flags"].append(
            (id, case_id, company, region, level, json.dumps(why), str(since), str(since + timedelta(days=365)),
             f"{since} 01:00:00.000000", "sistem", *end, 1)
        )  # fmt: skip
        self._event(rows, "flag.raised", at=since, actor=None, case_id=case_id, company_id=company, subject=f"flag:{id}",
                    data={"level": level, "why": why, "since_on": {"day": str(since)}})  # fmt: skip
        told = {"level": level, "company": name, "case_number": _number(case_id, effective - timedelta(days=91)),
                "since_on": {"day": str(since)}, "why": why, "by": "sistem", "reader": "inspector"}  # fmt: skip
        read = None if id % 10 == 0 else STAMP
        rows["messages"].append(
            (id, f"flag:{id}:raised:inbox:{inspector}", "flag.raised", "inbox", inspector, "id", case_id, json.dumps(told),
             STAMP, read, 0, STAMP)
        )  # fmt: skip

    def _event(
        self, rows: Rows, kind: str, *, at: date, actor: int | None, case_id: int, company_id: int, data: dict[str, Any],
        subject: str | None = None,
    ) -> None:  # fmt: skip
        self.last_event += 1
        id, name = self.last_event, f"inspector-{actor - FIRST_INSPECTOR} Contoh" if actor else "sistem"
        content = [id, f"{at}T01:00:00+00:00", kind, actor, name, case_id, company_id, subject, None, data, 1]
        self.sealed = seal(self.sealed, content)
        rows["events"].append(
            (id, f"{at} 01:00:00.000000", kind, actor, name, case_id, company_id, subject, json.dumps(data), 1, self.sealed)
        )  # fmt: skip


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


def _number(case_id: int, issued: date) -> str:
    return f"NTT-{issued.year}-{case_id:07}"
