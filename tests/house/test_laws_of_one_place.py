"""Laws 2 and 17: the states of a record and the rules that all rooms share stand in one place each.

Each law is a function from a module's tree to the lines that break it, so that the same function is
shown to catch the breakages listed beside it.
"""

from __future__ import annotations

import ast
from typing import get_args

import pytest

from compliance.api.schemas.requests import Status
from compliance.cases import workflow as cases
from compliance.imports import workflow as imports
from tests.house.one_place import (
    Law,
    blanks_folded_by_hand,
    cursors_made_by_hand,
    digits_read_by_hand,
    names_of_regions_by_hand,
    regions_compared_by_hand,
    states_in_a_template,
    states_written_out,
)
from tests.house.provinces import province_in_a_module
from tests.house.source import ROOT, modules

LAWS: dict[str, tuple[Law, tuple[str, ...]]] = {
    "states": (states_written_out, (
        "cases/workflow", "cases/models", "imports/workflow", "imports/models", "merges/models", "demo/",
        "letters/workflow",
        "api/schemas",  # the description of the API is made of literal types; compared with the chart below
    )),
    "digits": (digits_read_by_hand, (
        "core/keyset", "core/parsing", "companies/identity", "companies/search", "imports/reading/cells",
        "web/exports",
    )),
    "regions": (regions_compared_by_hand, ("policy", "reference/")),
    "blanks": (blanks_folded_by_hand, (
        "core/parsing", "companies/names", "companies/search/spelling", "reference/typed_regencies",
    )),
    "names of regions": (names_of_regions_by_hand, (
        "reference/", "companies/search/spelling", "demo/",
    )),
    "provinces": (province_in_a_module, ("reference/", "demo/", "core/availability")),
    "cursors": (cursors_made_by_hand, ("core/keyset",)),
}  # fmt: skip
"""Each law, and where its rule stands: there it may be written out."""


def broken_by(law: Law, source: str) -> list[int]:
    return list(law(ast.parse(source)))


@pytest.mark.parametrize("name", LAWS)
def test_a_rule_that_rooms_share_stands_in_one_place(name: str) -> None:
    law, at_home = LAWS[name]
    found = [
        f"{path}:{line}"
        for path, tree in modules().items()
        if not path.removeprefix("compliance/").startswith(at_home)
        for line in law(tree)
    ]
    assert found == []


def test_no_template_writes_a_state_out() -> None:
    assert [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "templates").rglob("*.*"))
        for line in states_in_a_template(path.read_text())
    ] == []


@pytest.mark.parametrize(
    "source",
    [
        '{% if case.status == "resolved" %}',
        "{% if batch.status in ('failed', 'stopped') %}",
        '{% set kind = {"unresolved": "hold"}.get(case.status) %}',
        '{{ "ok" if batch.status == "done" }}',
        '{{ tag("withdrawn") }}',
    ],
)
def test_a_state_in_a_template_is_seen(source: str) -> None:
    assert list(states_in_a_template(source)) != []


def test_the_api_knows_the_states_of_the_chart() -> None:
    assert get_args(Status) == cases.ISSUED


def test_the_sets_of_states_are_made_of_states() -> None:
    for states in (cases.AWAITING, cases.OPEN, cases.ISSUED):
        assert set(states) <= set(cases.STATUSES)
    assert set(cases.STATUSES) - set(cases.ISSUED) == {cases.DRAFT}
    assert set(imports.WORKING) | set(imports.CAN_BE_DECIDED) <= set(imports.STATUSES)


BREAKAGES: dict[str, list[str]] = {
    "states": [
        'if case.status == "draft": pass',
        'query.where(Case.status.in_(("recheck_due", "unresolved")))',
        'OPEN = "in_remedy recheck_due".split()',
        "IS_OPEN = sa.text(\"cases.status IN ('in_remedy', 'recheck_due')\")",
        "condition = sa.text(f\"cases.status <> 'draft' AND {more}\")",
        'WORDS = {"resolved": "Patuh"}',
        'if batch.status in ("done", "failed"): pass',
        'Import(status="done")',
        'query.where(Import.status.in_(["failed"]))',
        'if "done" == batch.status: pass',
        'OPEN = "in_remedy,recheck_due".split(",")',
        'WORDS = dict(resolved="Patuh", draft="Draf")',
        'state = batch.status\nif state == "done": pass',
        'STATUS_WORDS = {"done": "Selesai", "failed": "Terhenti"}',
        'match batch.status:\n    case "done": pass',
        'if row["status"] == "done": pass',
    ],
    "digits": [
        "if typed.isascii() and typed.isdigit() and len(typed) < 10: pass",
        "number = int(typed) if str(typed).isdecimal() else 0",
        "number = int(typed) if str.isnumeric(typed) else 0",
        "row = load(id) if 0 < id < 2**31 else None",
        "LARGEST_ID = 2147483647",
        "LARGEST = (1 << 31) - 1",
        r'whole = re.fullmatch(r"\d+", typed)',
        '_WHOLE = re.compile("[0-9]{1,9}$")',
        "try:\n    id = int(typed)\nexcept (TypeError, ValueError):\n    id = 0",
        'id = request.args.get("id", type=int)',
        "is_number = str.isdigit\nif is_number(typed): pass",
        "if all(map(str.isdigit, typed)): pass",
        'if all(sign in "0123456789" for sign in typed): pass',
        "if set(typed) <= set(string.digits): pass",
        "LARGEST = sys.maxsize",
    ],
    "regions": [
        "Case.region_code.startswith(by.region_code, autoescape=True)",
        "inside = code.startswith(office.region_code)",
        'Flag.region_code.like(f"{region}%")',
        'province = region_code.partition(".")[0]',
        "province = row.region_code[:2]",
        'Case.region_code.between(region, region + ".99")',
        "area = by.region_code\ninside = code.startswith(area)",
        "inside = sa.func.substr(Case.region_code, 1, 5) == by.region_code",
        "inside = code[:5] == by.region_code",
        'parts = row.region_code.rsplit(".", 1)',
        "inside = re.match(region, code)",
        "is_province = len(by.region_code) == 2",
        "inside = by.region_code in row.region_code",
        'is_city = "." in (by.region_code or "")',
        'query.where(sa.text("cases.region_code LIKE :area"))',
        "query.where(Case.region_code >= region, Case.region_code < beyond)",
        'is_city = region_code.endswith(".71")',
    ],
    "blanks": [
        'name = " ".join(name.split())',
        'name = " ".join((name or "").split())[:80]',
        'name = " ".join(word for word in typed.split())',
        'name = re.sub(r"\\s+", " ", typed)',
        'name = re.sub(r"[ \\t]+", " ", typed)',
        'problem = say("Paling panjang {count} huruf", count=most)',
        r'BLANKS = re.compile(r"\s+")' + '\nname = BLANKS.sub(" ", typed)',
        'name = str.join(" ", typed.split())',
        'words = typed.split()\nname = " ".join(words)',
        'BLANK = " "\nname = BLANK.join(typed.split())',
        'name = " ".join(typed.split(None))',
        'name = " ".join(filter(None, typed.split(" ")))',
        'name = typed.replace("  ", " ")',
        r'name = " ".join(re.split(r"\s+", typed))',
        r'name = re.sub(pattern=r"\s\s+", repl=" ", string=typed)',
        r'name = sa.func.regexp_replace(Company.name, r"\s+", " ", "g")',
        'problem = say("Paling panjang {limit} huruf.", limit=most)',
    ],
    "names of regions": [
        "REGIONS = {each.code: each.name for each in province.regencies}",
        "choices = [(place.code, place.name) for place in province.regencies]",
        (
            "choices = [('', ''), *((each.code, each.long_name) for each in sorted(province.regencies,"
            " key=by_name))]"
        ),
        'REGIONS = {"53.71": "Kota Kupang"}',
        "for region in province.regencies:\n    choices.append((region.code, region.name))",
        "choices = list(map(lambda region: (region.code, region.name), province.regencies))",
        ("ALL = served_province().regencies\nNAMES = {region.code: region.name for region in ALL}"),
        "rows = province.regencies\nNAMES = {row.code: row.name for row in rows}",
        'NAMES = dict(zip(CODES, map(attrgetter("name"), province.regencies)))',
        'if office.name == "Kab. Ende": pass',
    ],
    "cursors": [
        "query.where(sa.tuple_(Case.effective_on, Case.id) > last)",
        "query.where(last < tuple_(Case.effective_on, Case.id))",
        'keyset(rows, size=size, cursor=lambda row: f"{row.score}.{row.id}")',
        "keyset(rows, size=size, cursor=lambda row: str(row.id))",
        'day, _, id = (after or "").partition(".")',
        'id = int(request.args["after"])',
        'part, last = cursor.split("-")',
        "query.limit(size).offset((page - 1) * size)",
        "rows = db.paginate(query, per_page=size)",
        "from sqlalchemy import tuple_ as pair\nquery.where(pair(Case.day, Case.id) > last)",
        "both = sa.tuple_(Case.day, Case.id)\nquery.where(both > last)",
        "query.where(sa.or_(Case.day > day, sa.and_(Case.day == day, Case.id > id)))",
        'place = request.args["after"]\nday, id = place.split(".")',
        r'found = re.match(r"(.*)\.(\d+)", cursor)',
        "last = json.loads(base64.b64decode(after))",
        "keyset(rows, size=size, cursor=written)",
        'page.cursor = f"{row.day}.{row.id}"',
    ],
}


@pytest.mark.parametrize(
    ("name", "source"),
    [(name, source) for name, sources in BREAKAGES.items() for source in sources],
)
def test_a_rule_written_anew_is_seen(name: str, source: str) -> None:
    assert broken_by(LAWS[name][0], source) != []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("states", 'flash(render_text(told), "done")'),
        ("states", 'CHART.move(batch, "rehearsed")'),
        ("states", 'did["failed"] += 1'),
        ("states", 'def draft() -> None:\n    "draft"'),
        ("digits", "number = read_id(typed)"),
        ("digits", 'digits = "".join(filter(str.isdigit, typed))'),
        ("regions", "if path.startswith(each): pass"),
        ("blanks", 'names = " ".join(names)'),
        ("names of regions", "codes = [region.code for region in province.regencies]"),
        ("digits", r'day = re.fullmatch(r"\d{4}-\d\d", typed)'),
        ("digits", "try:\n    day = date.fromisoformat(typed)\nexcept ValueError:\n    day = None"),
        ("regions", "if region_code not in REGION_NAMES: pass"),
        ("regions", "if case.region_code == office.region_code: pass"),
        ("blanks", 'words = typed.split(";")\nnames = " ".join(words)'),
        ("cursors", "sa.tuple_(key, *more).in_(keys)"),
        ("cursors", "pairs = sa.tuple_(key, *more)\nquery.where(pairs.in_(keys))"),
        ("cursors", "keyset(rows, size=size, cursor=NEWEST_FIRST.cursor)"),
        ("cursors", "sa.or_(Case.due_on < day, sa.and_(Case.due_on.is_(None), Case.id > 1))"),
    ],
)
def test_what_only_looks_like_it_is_left_alone(name: str, source: str) -> None:
    assert broken_by(LAWS[name][0], source) == []
