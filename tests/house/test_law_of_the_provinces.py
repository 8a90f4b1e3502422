"""Law: any province can be served. What one province alone would say stands in `reference`, in the demo, and
nowhere else: rooms, pages, mails and letters ask `served_province()`.

The modules of the rooms are looked at with the other rules that stand in one place.
"""

from __future__ import annotations

import ast

import pytest

from tests.house.provinces import province_in_a_module, province_in_a_template
from tests.house.source import ROOT, tracked

SHOWN = ("templates/", "compliance/web/static/")
KINDS_OF_TEXT = (".html", ".txt", ".typ", ".js", ".css", ".svg", ".xml", ".json")


def test_no_page_mail_letter_or_script_says_what_only_one_province_would_say() -> None:
    shown = [path for path in tracked() if path.startswith(SHOWN) and path.endswith(KINDS_OF_TEXT)]
    assert len(shown) > 200
    found = [
        f"{path}:{line}"
        for path in shown
        if (ROOT / path).exists()
        for line in province_in_a_template((ROOT / path).read_text(encoding="utf-8"))
    ]
    assert found == []


BREAKS = [
    'zone = "Asia/Makassar"',
    'moment = f"{time} WITA"',
    'PATTERN = "ntt-{year}-{serial}"',
    'name = "Pemerintah Provinsi " + "Nusa " "Tenggara Timur"',
    'name = " ".join(("Nusa", "Tenggara", "Timur"))',
    'office = "ptsp-53.71"',
    'office = f"ptsp-53.{number}"',
    'code = "53" + ".71"',
    'if region.province == "53": pass',
    'say("Pilih kabupaten atau kota, misalnya Kota Kupang")',
    'hint = """Misalnya\nKUPANG"""',
    'name = "\\x4eTT"',
    'name = b"NTT"',
    "assert len(province.regencies) == 22",
    "if len(licensing_offices) != 23: pass",
    'text = "Semua 22 kabupaten dan kota"',
    'ZONES = {"Asia/Makassar": "WITA"}',
]


@pytest.mark.parametrize("source", BREAKS)
def test_a_module_that_speaks_of_one_province_is_found(source: str) -> None:
    assert list(province_in_a_module(ast.parse(source))) != []


@pytest.mark.parametrize(
    "source",
    [
        '"""A regency such as Kota Kupang (53.71)."""',
        'ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}',
        'say("Misalnya {place}", place=served_province().capital)',
        "if len(words) == 22: pass",
        'at = "12.53.10"',
        'number = "1.53"',
        'name = "jawita tenggarai"',
        'VERSION = "2.53.71"',
    ],
)
def test_a_module_that_speaks_of_any_province_is_not(source: str) -> None:
    assert list(province_in_a_module(ast.parse(source))) == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<p>\n{{ _('Kota Kupang') }}</p>", [2]),
        ("<p>pukul 09.32 WITA</p>", [1]),
        ("{# Kupang #}<p>NTT</p>", [1]),
        ("{# Kupang\n53.71 #}\n<p>53.71</p>", [3]),
        ("<p>22 kabupaten</p>", [1]),
        ("<p>{{ served_province().name }} 5,53.1.2</p>", []),
        ("{# Kota Kupang is an example #}", []),
    ],
)
def test_a_page_that_speaks_of_one_province_is_found(source: str, lines: list[int]) -> None:
    assert list(province_in_a_template(source)) == lines
