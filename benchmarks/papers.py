"""A process that sets letters, ours and by typst alone, turn by turn, and prints what they cost as JSON.

`python -m benchmarks.papers PAIRS`: the CPU of one letter, and what it says, for whoever makes more of them.
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import segno
import typst

from compliance import create_app
from compliance.letters.examples import example_facts
from compliance.letters.rendering import LAYOUTS, render
from compliance.office.letterheads.queries import letterhead_facts

DAY, CODE = date(2026, 11, 30), "CONTOHCNTH"
NOON = datetime(2026, 11, 30, 4, tzinfo=UTC)


def bare(facts: dict[str, Any], fonts: typst.Fonts) -> Callable[[str], object]:
    """The same source and facts through typst, with nothing of ours around it."""
    drawn = io.BytesIO()
    segno.make("http://127.0.0.1:8000/verify/CONTO-HCNTH", error="m").save(
        drawn, kind="svg", border=0, xmldecl=False
    )
    check = {
        "code": "CONTO-HCNTH",
        "address": "http://127.0.0.1:8000",
        "qr": drawn.getvalue().decode(),
    }

    def compile_it(number: str) -> object:
        text = json.dumps({**facts, "number": number, "check": check}, ensure_ascii=False)
        compiler = typst.Compiler(
            LAYOUTS / "letter.typ", root=LAYOUTS, font_paths=fonts, sys_inputs={"facts": text}
        )
        return compiler.compile(format="pdf", pdf_standards=["a-3a", "ua-1"], timestamp=NOON)

    return compile_it


def cpu_of(act: Callable[[str], object], number: str) -> float:
    begun = time.process_time()
    act(number)
    return time.process_time() - begun


def main(pairs: int) -> None:
    with create_app(pages=False).app_context():
        facts = example_facts("nota_1", DAY, letterhead=letterhead_facts("53", DAY), head=None)

        def ours(number: str) -> bytes:
            return render("letter", {**facts, "number": number}, code=CODE, issued_at=NOON)

        programs = {"ours": ours, "bare": bare(facts, typst.Fonts())}
        spent: dict[str, list[float]] = {name: [] for name in programs}
        for turn in range(pairs + 1):
            for name, act in programs.items():
                used = cpu_of(act, f"560/{name}-{turn}/2026")  # typst keeps what it has set
                if turn:  # the first one loads the fonts
                    spent[name].append(used)
    figures = {name: statistics.median(times) for name, times in spent.items()}
    print(json.dumps({**figures, "facts": facts}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
