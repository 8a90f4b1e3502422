"""What sets papers: the fonts that typst may take, and an SVG drawn as PNG. Knows no letter.

The drawing is done in a process of its own that ends when it takes too much. It is no fork (core/child):
typst has threads, which a fork does not take along. So this file is a program, too.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typst

_MOST_SECONDS = 10
_MOST_MEMORY = 2 * 1024 * 1024 * 1024
_DRAWING = b"""
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#let asked = json(bytes(sys.inputs.asked))
#let drawn = image.with(bytes(asked.svg), format: "svg")
#context {
  let wide = drawn(width: asked.width * 1mm)
  if measure(wide).height > asked.height * 1mm { drawn(height: asked.height * 1mm) } else { wide }
}
"""


class CannotDraw(Exception):
    """typst refuses the drawing, or it takes too much time or memory."""


@cache
def fonts() -> typst.Fonts:
    """The fonts of this machine and those that typst brings along, as typst takes them."""
    import typst

    return typst.Fonts()


def installed_fonts() -> list[str]:
    """Their families by name, without those that only hold mathematical signs."""
    return sorted(family for family in fonts().families() if "Math" not in family)


def drawn(svg: str, *, width: int, height: int, ppi: int) -> bytes:
    """The SVG as PNG on a transparent ground, as large as it fits into a box of so many millimetres.

    Raises CannotDraw, OSError.
    """
    asked = {"svg": svg, "width": width, "height": height, "ppi": ppi}
    try:
        done = subprocess.run(
            [sys.executable, "-I", __file__],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CannotDraw("it takes too long") from None
    if done.returncode != 0:
        raise CannotDraw(done.stderr.decode(errors="replace")[-500:])
    return done.stdout


def _draw() -> None:
    """The program: what is asked as JSON on its input, the PNG on its output."""
    import typst

    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    said = sys.stdin.read()
    made = typst.Compiler(_DRAWING, sys_inputs={"asked": said}, ignore_system_fonts=True).compile(
        format="png", ppi=json.loads(said)["ppi"]
    )
    assert isinstance(made, bytes)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    _draw()
