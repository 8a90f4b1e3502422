"""Finds the rules that all rooms share (laws 2 and 17) where they are written anew.

Each law is a function from a module's tree to the lines that break it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from compliance.cases import workflow as cases
from compliance.imports import workflow as imports
from compliance.reference.provinces import provinces
from tests.house.source import calls, dotted
from tests.house.writers import imported, resolved

ANY_BLANKS = re.compile(r"(\\s|\[[ \\strn]*\]| )(\+|\*|\{2,\}|\\s\+| \+)")
ONLY_DIGITS = re.compile(r"\^?(\\d|\[0-9\])(\+|\*|\{[01],\d*\})(\$|\\Z)?")
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


def called(call: ast.Call) -> str:
    """The last word of what is called: `split` of `text.strip().split()`."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else dotted(call.func)


def patterns(call: ast.Call) -> set[str]:
    """What a call is given as text, by position or by name: one of it may be a pattern."""
    given = (*call.args, *(word.value for word in call.keywords))
    return {str(each.value) for each in given if isinstance(each, ast.Constant)}


def named_after(tree: ast.Module, wanted: re.Pattern[str]) -> set[str]:
    """The variables that are given the value of an expression which `wanted` finds, also by way of others."""
    known: set[str] = set()
    given = [
        (node.targets[0], node.value) if isinstance(node, ast.Assign) else (node.target, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value is not None
    ]
    while True:
        before = len(known)
        for target, value in given:
            is_plain = isinstance(target, ast.Name) and target.id not in known
            if is_plain and (wanted.search(ast.unparse(value)) or dotted(value) in known):
                known.add(target.id)
        if len(known) == before:
            return known


def digits_read_by_hand(tree: ast.Module) -> Iterator[int]:
    """A guard that asks whether text is made of digits, in whatever way; the largest id written anew."""
    asks = ("isdigit", "isdecimal", "isnumeric")
    picked = {
        id(argument)
        for call in calls(tree)
        if dotted(call.func) in ("filter", "map")
        for argument in call.args
    }
    picked -= {  # all of them, and not some
        id(each) for call in calls(tree) if dotted(call.func) == "all" for each in ast.walk(call)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in asks and id(node) not in picked:
            yield node.lineno
        if isinstance(node, ast.Constant):
            if node.value in (2**31, 2**31 - 1, 2**63, 2**63 - 1, "0123456789"):
                yield node.lineno
        elif dotted(node) in ("string.digits", "sys.maxsize"):
            yield node.lineno
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow | ast.LShift):
            yield node.lineno
        if isinstance(node, ast.Try) and any(
            "ValueError" in _caught(each) for each in node.handlers
        ):
            yield from (
                each.lineno
                for line in node.body
                for each in calls(line)
                if dotted(each.func) == "int" and len(each.args) == 1
            )
        if isinstance(node, ast.Call):
            typed = next((word.value for word in node.keywords if word.arg == "type"), None)
            if typed is not None and dotted(typed) == "int" and called(node) in ("get", "getlist"):
                yield node.lineno
            if any(ONLY_DIGITS.fullmatch(each) for each in patterns(node)):
                yield node.lineno


def _caught(handler: ast.ExceptHandler) -> str:
    return ast.unparse(handler.type) if handler.type is not None else ""


CUTS_OF_REGIONS = {
    "startswith", "istartswith", "endswith", "removeprefix", "removesuffix", "like", "ilike", "op", "between",
    "contains", "partition", "rpartition", "split", "rsplit", "count", "find", "index", "regexp_match",
    "substr", "substring", "left", "match", "fullmatch", "search", "len",
}  # fmt: skip


SQL_ABOUT_REGIONS = re.compile(r"\bregion_code\b[^,]*\b(LIKE|BETWEEN|substr)\b", re.I)


def regions_compared_by_hand(tree: ast.Module) -> Iterator[int]:
    """A region that is asked for how its code begins, how long it is or what is in it, or cut up."""
    names = {"region", *named_after(tree, re.compile(r"\bregion(_code)?$"))}
    region = re.compile("region|" + "|".join(rf"\b{name}\b" for name in names))

    def about(node: ast.AST) -> bool:
        return region.search(ast.unparse(node)) is not None

    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in CUTS_OF_REGIONS and about(node):
            yield node.lineno
        elif isinstance(node, ast.Compare):
            whole = node.comparators[-1]
            whole = whole.values[0] if isinstance(whole, ast.BoolOp) else whole
            if any(isinstance(op, ast.In | ast.NotIn) for op in node.ops):
                if dotted(whole).endswith(
                    ("region", "region_code")
                ):  # one code, not a list of them
                    yield node.lineno
            elif any(isinstance(op, ast.Gt | ast.GtE | ast.Lt | ast.LtE) for op in node.ops):
                if about(node):
                    yield node.lineno
            elif about(node) and any(_is_cut(side) for side in (node.left, *node.comparators)):
                yield node.lineno
        elif (_is_cut(node) and about(node.value)) or (
            isinstance(node, ast.Constant) and SQL_ABOUT_REGIONS.search(str(node.value))
        ):  # type: ignore[attr-defined]
            yield node.lineno


def _is_cut(node: ast.AST) -> bool:
    """Whether an expression is the first or last letters of something."""
    cut = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice)
    return cut and not isinstance(node.value, ast.Subscript)  # type: ignore[attr-defined]


def blanks_folded_by_hand(tree: ast.Module) -> Iterator[int]:
    """`" ".join(text.split())`, however it is spelt, and whitespace replaced by a pattern."""
    words = named_after(tree, re.compile(r"\.split\((None)?\)$"))
    blanks = named_after(tree, re.compile("^' '$"))
    for call in calls(tree):
        if called(call) == "join" and isinstance(call.func, ast.Attribute) and call.args:
            said = [call.func.value, *call.args]
            blank = any(
                (isinstance(each, ast.Constant) and each.value == " ") or dotted(each) in blanks
                for each in said
            )
            joined = call.args[-1]
            if blank and (dotted(joined) in words or any(map(_splits_at_blanks, calls(joined)))):
                yield call.lineno
        by_pattern = called(call) in ("sub", "subn", "split", "compile", "regexp_replace")
        if by_pattern and any(map(ANY_BLANKS.fullmatch, patterns(call))):
            yield call.lineno
        if called(call) == "replace" and "  " in patterns(call):
            yield call.lineno
        if any(re.fullmatch(r"Paling panjang \{\w+\} huruf\.?", each) for each in patterns(call)):
            yield call.lineno


def _splits_at_blanks(call: ast.Call) -> bool:
    separator = patterns(call)
    return called(call) == "split" and (not call.args or bool(separator & {"None", " "}))


NAMES_OF_REGIONS = {
    name
    for province in provinces()
    for region in province.regencies
    for name in (region.name, region.long_name, province.long_name)
}


def names_of_regions_by_hand(tree: ast.Module) -> Iterator[int]:
    """A list or map of regions with their names, made where it is shown; and a region's name written out."""
    full = imported(tree)
    known = {"regencies", *named_after(tree, re.compile(r"\bregencies$"))}
    for node in ast.walk(tree):
        simple = isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr | ast.Return | ast.For)
        if simple and any(_is_regencies(each, full, known) for each in ast.walk(node)):
            shown = re.search(r"\.(name|long_name)\b|'(name|long_name)'", ast.unparse(node))
            if shown or re.search(r"\bdict\(", ast.unparse(node)):
                yield node.lineno
        if isinstance(node, ast.Constant) and node.value in NAMES_OF_REGIONS:
            yield node.lineno


def _is_regencies(node: ast.AST, full: dict[str, str], known: set[str]) -> bool:
    named = resolved(node, full) if isinstance(node, ast.Name | ast.Attribute) else ""
    return named.rsplit(".", 1)[-1] in known


def cursors_made_by_hand(tree: ast.Module) -> Iterator[int]:
    """Rows compared by several columns at once, pages counted off, a page's cursor written on the spot,
    and a cursor taken apart.
    """
    full = imported(tree)
    names = named_after(tree, re.compile(r"""["'](after|before|cursor)["']\]?\)?( or .*)?$"""))
    cursor = re.compile(r"\b(" + "|".join(["after", "cursor", "at", "before", *names]) + r")\b")
    compared = {
        name.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        for name in ast.walk(node)
        if isinstance(name, ast.Name)
    }
    one_of = [  # rows that are asked for by several columns, not compared
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("in_", "not_in")
    ]
    passed = {id(node) for node in one_of} | {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and dotted(node.targets[0]) in {dotted(each) for each in one_of} - compared
    }
    for node in ast.walk(tree):
        on_the_spot = isinstance(node, ast.Assign) and isinstance(node.value, ast.JoinedStr)
        if on_the_spot and dotted(node.targets[0]).split(".")[-1] in ("after", "before", "cursor"):
            yield node.lineno
        if not isinstance(node, ast.Call):
            continue
        name = resolved(node.func, full).rsplit(".", 1)[-1] or called(node)
        if name == "tuple_" and id(node) not in passed:
            yield node.lineno
        if name in ("offset", "slice", "paginate") and isinstance(node.func, ast.Attribute):
            yield node.lineno
        if name == "or_" and any(map(_compares_further, calls(node))):
            yield node.lineno
        written = next((word.value for word in node.keywords if word.arg == "cursor"), None)
        if name == "keyset" and written is not None and not _is_keysets(written):
            yield node.lineno
        cut = isinstance(node.func, ast.Attribute) and name in (
            "partition",
            "rpartition",
            "split",
            "rsplit",
        )
        if cut and cursor.search(ast.unparse(node.func)):
            yield node.lineno
        reads = name in ("int", "fromisoformat", "loads", "b64decode", "match", "fullmatch")
        if reads and re.search(
            r"\b(after|cursor" + "".join(f"|{each}" for each in names) + r")\b",
            ", ".join(map(ast.unparse, node.args)),
        ):
            yield node.lineno


def _is_keysets(cursor: ast.expr) -> bool:
    """Whether a page's cursor is that of a keyset, or written by `write_cursor`."""
    return (
        dotted(cursor).endswith("cursor") and "." in dotted(cursor)
    ) or "write_cursor" in ast.unparse(cursor)


def _compares_further(call: ast.Call) -> bool:
    """Whether an `and_` says: equal in one column, and beyond it in the next."""
    sides = [each.ops[0] for each in call.args if isinstance(each, ast.Compare)]
    beyond = any(isinstance(op, ast.Gt | ast.Lt) for op in sides)
    return called(call) == "and_" and beyond and any(isinstance(op, ast.Eq) for op in sides)
