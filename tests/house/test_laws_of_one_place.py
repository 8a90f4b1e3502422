"""Laws 2 and 17: the states of a record and the rules that all rooms share stand in one place each.

Each law is a function from a module's tree to the lines that break it, so that the same function is
shown to catch the breakages listed beside it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import get_args

import pytest

from compliance.api.schemas.requests import Status
from compliance.cases import workflow as cases
from compliance.imports import workflow as imports
from tests.house.source import ROOT, calls, dotted, modules

CUTS = ("partition", "rpartition", "split", "rsplit")
ANY_BLANKS = re.compile(r"(\\s|\[[ \\strn]*\]| )(\+|\{2,\})")
Law = Callable[[ast.Module], Iterator[int]]
STATES = set(cases.STATUSES) | set(imports.STATUSES)
ALSO_PLAIN_WORDS = {"done", "failed"}
"""States that are also the word for a banner or a count; only beside a status do they mean the state."""
ONLY_STATES = STATES - ALSO_PLAIN_WORDS
QUOTED = re.compile(rf"'({'|'.join(STATES)})'")


def states_written_out(tree: ast.Module) -> Iterator[int]:
    """Strings that name a state, alone, several in one, or within SQL; docstrings and names of steps may."""
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for call in calls(tree):
        if dotted(call.func).split(".")[-1] in ("move", "refusal", "step"):
            passed |= {id(argument) for argument in call.args}
        if dotted(call.func) == "dict" and {word.arg for word in call.keywords} & ONLY_STATES:
            yield call.lineno
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in passed
        ):
            words = set(re.findall(r"[^\s,;|]+", node.value))
            if (words and words <= ONLY_STATES) or QUOTED.search(node.value):
                yield node.lineno
    statuses = _names_of_statuses(tree)
    for node in ast.walk(tree):
        if _names_in(node) & statuses:
            yield from (
                each.lineno
                for each in ast.walk(node)
                if isinstance(each, ast.Constant) and each.value in ALSO_PLAIN_WORDS
            )


def _names_of_statuses(tree: ast.Module) -> set[str]:
    """The names that mean a status: the column's own, and those that are given its value."""
    copies = (
        {dotted(target) for target in node.targets}
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and dotted(node.value).endswith(".status")
    )
    return {"status", "statuses"}.union(*copies)


def _names_in(node: ast.AST) -> set[str]:
    """What a comparison, a call, a keyword or a constant is about, without what stands in strings."""
    about: list[ast.AST] = []
    if isinstance(node, ast.Compare):
        about = [node.left, *node.comparators]
    elif isinstance(node, ast.Call):
        about = [node.func]
    elif isinstance(node, ast.Match):
        about = [node.subject]
    elif isinstance(node, ast.Assign):
        about = list(node.targets)
    names = {word for each in about for word in dotted(each).split(".")}
    names |= {word.lower() for name in names if name.isupper() for word in name.split("_")}
    for each in about:
        if isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Constant):
            names.add(str(each.slice.value))
    return names | ({node.arg or ""} if isinstance(node, ast.keyword) else set())


def states_in_a_template(source: str) -> Iterator[int]:
    """A state that a page compares with, or lists, instead of asking the room for its name."""
    for tag in re.finditer(r"\{[{%](?P<code>.*?)[}%]\}", source, re.S):
        said = set(re.findall(r"""["'](\w+)["']""", tag["code"]))
        beside = re.search(r"\bstatus\b", tag["code"]) is not None
        if said & (STATES if beside else ONLY_STATES):
            yield source.count("\n", 0, tag.start()) + 1


def digits_read_by_hand(tree: ast.Module) -> Iterator[int]:
    """A guard that asks whether text is made of digits, and the largest id written anew."""
    asks = ("isdigit", "isdecimal", "isnumeric")
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in asks
        ):
            yield node.lineno
        if isinstance(node, ast.Constant) and node.value in (2**31, 2**31 - 1, 2**63, 2**63 - 1):
            yield node.lineno
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow | ast.LShift):
            yield node.lineno


def regions_compared_by_hand(tree: ast.Module) -> Iterator[int]:
    """A region that is asked for how its code begins, or cut into pieces."""
    cuts = (
        "startswith",
        "istartswith",
        "removeprefix",
        "like",
        "ilike",
        "partition",
        "split",
        "between",
        "regexp_match",
    )
    for node in ast.walk(tree):
        cut = (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in cuts
        )
        sliced = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice)
        if cut and "region" in ast.unparse(node):
            yield node.lineno
        if (
            sliced
            and not isinstance(node.value, ast.Subscript)
            and "region" in ast.unparse(node.value)
        ):
            yield node.lineno


def blanks_folded_by_hand(tree: ast.Module) -> Iterator[int]:
    """`" ".join(text.split())`, however it is spelt, and whitespace replaced by a pattern."""
    for call in calls(tree):
        name = dotted(call.func) or (call.func.attr if isinstance(call.func, ast.Attribute) else "")
        if name.endswith("join") and call.args and isinstance(call.func, ast.Attribute):
            blank = isinstance(call.func.value, ast.Constant) and call.func.value.value == " "
            splits = [
                inner
                for inner in calls(call.args[0])
                if isinstance(inner.func, ast.Attribute) and inner.func.attr == "split"
            ]
            if blank and any(not split.args for split in splits):
                yield call.lineno
        pattern = call.args[0] if call.args else None
        if (
            name.endswith("sub")
            and isinstance(pattern, ast.Constant)
            and ANY_BLANKS.fullmatch(str(pattern.value))
        ):
            yield call.lineno
        said = [
            each.value
            for each in call.args
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        if any(re.fullmatch(r"Paling panjang \{\w+\} huruf\.?", each) for each in said):
            yield call.lineno


def names_of_regions_by_hand(tree: ast.Module) -> Iterator[int]:
    """A list or map of regions with their names, made where it is shown."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ListComp | ast.DictComp | ast.GeneratorExp | ast.SetComp):
            walks = any("REGENCIES" in ast.unparse(part.iter) for part in node.generators)
            shown = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            if walks and any(
                re.search(r"\.(name|long_name)\b", ast.unparse(part)) for part in shown
            ):
                yield node.lineno
        if isinstance(node, ast.Dict) and any(
            isinstance(key, ast.Constant) and key.value == "53.71" for key in node.keys
        ):
            yield node.lineno


def cursors_made_by_hand(tree: ast.Module) -> Iterator[int]:
    """Rows compared by several columns at once, a page's cursor written on the spot, and a cursor
    taken apart.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(
            isinstance(side, ast.Call) and dotted(side.func).endswith("tuple_")
            for side in (node.left, *node.comparators)
        ):
            yield node.lineno
        if not isinstance(node, ast.Call):
            continue
        written = next((word.value for word in node.keywords if word.arg == "cursor"), None)
        if (
            dotted(node.func).endswith("keyset")
            and isinstance(written, ast.Lambda)
            and "write_cursor" not in ast.unparse(written)
        ):
            yield node.lineno
        cut = isinstance(node.func, ast.Attribute) and node.func.attr in CUTS
        if cut and re.search(r"\b(after|cursor|at|before)\b", ast.unparse(node.func)):
            yield node.lineno
        if dotted(node.func) in ("int", "date.fromisoformat") and re.search(
            r"\b(after|cursor)\b", ast.unparse(node)
        ):
            yield node.lineno


LAWS: dict[str, tuple[Law, tuple[str, ...]]] = {
    "states": (states_written_out, (
        "cases/workflow", "cases/models", "imports/workflow", "imports/models", "merges/models", "demo/",
        "api/schemas",  # the description of the API is made of literal types; compared with the chart below
    )),
    "digits": (digits_read_by_hand, (
        "core/keyset", "core/parsing", "companies/identity", "companies/search/rules", "web/exports",
    )),
    "regions": (regions_compared_by_hand, ("policy", "reference/regions")),
    "blanks": (blanks_folded_by_hand, ("core/parsing", "companies/names")),
    "names of regions": (names_of_regions_by_hand, ("reference/regions", "demo/")),
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
    ],
    "regions": [
        "Case.region_code.startswith(by.region_code, autoescape=True)",
        "inside = code.startswith(office.region_code)",
        'Flag.region_code.like(f"{region}%")',
        'province = region_code.partition(".")[0]',
        "province = row.region_code[:2]",
        'Case.region_code.between(region, region + ".99")',
    ],
    "blanks": [
        'name = " ".join(name.split())',
        'name = " ".join((name or "").split())[:80]',
        'name = " ".join(word for word in typed.split())',
        'name = re.sub(r"\\s+", " ", typed)',
        'name = re.sub(r"[ \\t]+", " ", typed)',
        'problem = say("Paling panjang {count} huruf", count=most)',
        'problem = say("Paling panjang {limit} huruf.", limit=most)',
    ],
    "names of regions": [
        "REGIONS = {each.code: each.name for each in REGENCIES}",
        "choices = [(place.code, place.name) for place in regions.REGENCIES]",
        (
            "choices = [('', ''), *((each.code, each.long_name) for each in sorted(REGENCIES,"
            " key=by_name))]"
        ),
        'REGIONS = {"53.71": "Kota Kupang"}',
    ],
    "cursors": [
        "query.where(sa.tuple_(Case.effective_on, Case.id) > last)",
        "query.where(last < tuple_(Case.effective_on, Case.id))",
        'keyset(rows, size=size, cursor=lambda row: f"{row.score}.{row.id}")',
        "keyset(rows, size=size, cursor=lambda row: str(row.id))",
        'day, _, id = (after or "").partition(".")',
        'id = int(request.args["after"])',
        'part, last = cursor.split("-")',
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
        ("names of regions", "codes = [region.code for region in REGENCIES]"),
        ("cursors", "sa.tuple_(key, *more).in_(keys)"),
    ],
)
def test_what_only_looks_like_it_is_left_alone(name: str, source: str) -> None:
    assert broken_by(LAWS[name][0], source) == []
