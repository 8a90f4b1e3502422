"""A crest is a drawing: nothing that runs, nothing from elsewhere, nothing that grows beyond measure."""

from __future__ import annotations

import io

import PIL.Image
import pytest

from compliance.files.rules import BadFile
from compliance.office.letterheads.crests import read_crest
from compliance.office.letterheads.rules import svg_problem

DRAWN = '<circle cx="50" cy="60" r="40" fill="#a11"/>'


def svg(inside: str = DRAWN, head: str = "") -> bytes:
    """An SVG with this in it."""
    return (
        f'{head}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 100 120">{inside}</svg>'
    ).encode()


def png(side: int = 300, colour: str = "red") -> bytes:
    made = io.BytesIO()
    PIL.Image.new("RGBA", (side, side), colour).save(made, "PNG", dpi=(72, 72))
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "size"), [(svg(), (551, 661)), (png(1_400), (660, 660)), (png(300), (300, 300))]
)
def test_a_crest_becomes_a_clean_png_as_large_as_print_needs(
    content: bytes, size: tuple[int, int]
) -> None:
    picture = PIL.Image.open(io.BytesIO(read_crest(content)))
    assert picture.format == "PNG"
    assert all(abs(one - other) <= 2 for one, other in zip(picture.size, size, strict=True))
    assert picture.info == {}


USE = '<g id="a"><use href="#b"/></g><g id="b"/><use href="#a"/>'


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<script>alert(1)</script>", "program"),
        ('<h:script xmlns:h="http://www.w3.org/1999/xhtml"/>', "program"),
        ('<rect onload="alert(1)" width="9" height="9"/>', "program"),
        ("<foreignObject><p/></foreignObject>", "program"),
        ('<animate attributeName="x"/>', "program"),
        ('<a xlink:href="javascript:alert(1)"><rect/></a>', "program"),
        ('<use xlink:href="https://contoh.example/a.svg#b"/>', "luar"),
        ('<image href="file:///etc/passwd"/>', "luar"),
        ('<rect fill="url(https://contoh.example/a)"/>', "luar"),
        ('<style>@import "a.css";</style>', "luar"),
        (r'<rect style="fill:u\72l(//contoh.example)"/>', "luar"),
        ("<text>Dinas</text>", "text"),
        ("<filter/>", "filter"),
        (USE, "rumit"),
        ('<use href="#a"/>' * 201, "rumit"),
        ("<g/>" * 5_001, "rumit"),
        ("<rect", "rusak"),
    ],
)
def test_an_svg_that_is_more_than_a_drawing_is_refused(inside: str, said: str) -> None:
    problem = svg_problem(svg(inside).decode())
    assert problem is not None
    assert said in str(problem)


def test_a_plain_drawing_with_parts_of_its_own_is_taken() -> None:
    inside = (
        '<defs><linearGradient id="g"/></defs><rect fill="url(#g)" width="9" height="9"/>'
        '<g id="a"/><use href="#a"/><style>.b { fill: url("#g") }</style>'
    )
    assert svg_problem(svg(inside).decode()) is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "kosong"),
        (svg("<g/>"), "tidak ada yang terlihat"),
        (svg(head='<!DOCTYPE svg [<!ENTITY a "b">]>'), "luar"),
        (svg().decode().encode("utf-16"), "SVG atau PNG"),
        (b"GIF89a", "SVG atau PNG"),
        (png()[:-20], "terpotong"),
        (png()[:60] + b"\0" * 9 + png()[69:], "rusak"),
        (png(40), "terlalu kecil"),
        (png(5_000), "piksel"),
        (png(colour="#0000"), "tidak ada yang terlihat"),
        (png() + b"\0" * 1_100_000, "1 MB"),
        (svg('<rect width="1" height="1"/><g/>')[:-3], "rusak"),
    ],
)
def test_what_is_no_crest_is_refused_with_its_reason(content: bytes, said: str) -> None:
    with pytest.raises(BadFile) as refusal:
        read_crest(content)
    assert said in str(refusal.value.reason)
