"""TABLE: the kinds of lists that can be imported: their columns, what headers call them, and what follows a
row.

Every kind is a list of companies; a kind may have columns of its own and may act on the companies that its
rows mean. Rooms above add theirs to IMPORT_KINDS. Knows neither Flask nor the store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from compliance.core.slots import Slot
from compliance.core.text import Text, say

LONGEST_QUOTED = 60
"""How much of a cell a remark repeats: it is kept with its row."""


@dataclass(frozen=True)
class ListColumn:
    """What a column may hold: its name in facts, its title, and the headers by which it is known."""

    name: str
    title: Text
    headers: str


@dataclass(frozen=True)
class FollowedRow:
    """A row whose company is known and stored: its number in the sheet, the company, and its own columns as
    typed."""

    number: int
    company_id: int
    outcome: str
    extras: Mapping[str, str]


@dataclass(frozen=True)
class Foreseen:
    """What the store says of a row beyond its cells, by field: why it will not do, and what to know of it."""

    refusals: Mapping[str, Text] = field(default_factory=dict)
    remarks: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class ListAsked:
    """What a person says of a historic list as a whole: who holds what names nobody (`holder_id`), and from
    which day the clock counts what has passed.
    """

    holder_id: int | None = None
    counts_from: date | None = None


Foresee = Callable[[ListAsked], Callable[[Sequence[Any]], Mapping[int, Foreseen]]]
Check = Callable[[Mapping[str, str]], Mapping[str, Text]]
Follow = Callable[[Any, Sequence[FollowedRow]], None]
Unfollow = Callable[[Any, Sequence[FollowedRow]], Mapping[int, Text]]


def _words(title: str) -> str:
    return re.sub(r"[\W_]+", " ", title.casefold()).strip()


@dataclass(frozen=True)
class ListKind:
    """One kind of list. `extras` are columns beyond those of a company, given to `follow` as they were typed.

    `check` answers by field why the extras of a row will not do: such a row is refused. `follow` acts on the
    rows of a chunk, `unfollow` takes that back and answers by row number why it cannot; both in the chunk's
    transaction, with the batch. The same list again must change nothing, so `follow` sees what it did before.
    `foresee` answers, for one pass over a list, a function that looks at rows in their order before they are
    decided about: what it refuses is not written, and the trial says the same.
    A `dated` list says whose it is and of which day, as the batch's `source` and `listed_on`.
    Of a `historic` one, a person says what stands in ListAsked.
    """

    name: str
    title: Text
    extras: tuple[ListColumn, ...] = ()
    required: tuple[str, ...] = ("name",)
    check: Check | None = None
    follow: Follow | None = None
    unfollow: Unfollow | None = None
    dated: bool = False
    historic: bool = False
    leads_to: tuple[str, Text] | None = None
    """Where one looks at what became of the list: an address, and what its link says."""
    foresee: Foresee | None = None

    @property
    def fields(self) -> tuple[ListColumn, ...]:
        return (*COMPANY_FIELDS, *self.extras)

    @cached_property
    def field_of(self) -> Mapping[str, str]:
        """Which field each known header means."""
        return {
            header: column.name for column in self.fields for header in column.headers.split(", ")
        }

    @property
    def header(self) -> Sequence[Text]:
        """The columns of an empty list of this kind: those whose title is a header that means them."""
        return [
            column.title
            for column in self.fields
            if self.field_of.get(_words(column.title.sentence)) == column.name
        ]

    def title_of(self, field: str) -> Text:
        """What people call a field."""
        return next(column.title for column in self.fields if column.name == field)


COMPANY_FIELDS = (
    ListColumn("name", say("Nama perusahaan"),
        "nama, nama perusahaan, perusahaan, nama badan usaha, badan usaha, nama usaha, "
        "nama pemberi kerja, pemberi kerja, nama pt, name, company, company name, employer, "
        "employer name, business name, nama di berkas, name in the file"),
    ListColumn("region_code", say("Kabupaten/kota"),
        "region code, region, wilayah, kode wilayah, kabupaten, kabupaten kota, kab kota, kode "
        "kabupaten, "
        "kode kabupaten kota, kode kab kota, kota, regency, regency city, regency code, kode kemendagri"),
    ListColumn("district_code", say("Kecamatan"), "kecamatan, kec, nama kecamatan, distrik, district, "
                                                  "subdistrict, kode kecamatan"),
    ListColumn("nib", say("NIB"), "nib, nomor induk berusaha, business identification number"),
    ListColumn("npwp", say("NPWP"),
        "npwp, npwp perusahaan, nomor pokok wajib pajak, npwp15, npwp16, tax id, tax number, "
        "taxpayer number"),
    ListColumn("npp", say("NPP"),
        "npp, npp bpjs, npp bpjs ketenagakerjaan, npp bpjstk, npp perusahaan, "
        "nomor pendaftaran perusahaan, nomor peserta perusahaan, nomor pendaftaran peserta"),
    ListColumn("kbli", say("KBLI"), "kbli, kode kbli, kbli utama, kbli code, kode lapangan usaha, "
                                    "industry code"),
    ListColumn("scale", say("Skala usaha"),
        "scale, skala, skala usaha, business scale, kelas usaha, jenis skala usaha"),
    ListColumn("workers_total", say("Jumlah pekerja"),
        "workers total, workers, total workers, number of workers, jumlah pekerja, jumlah tenaga "
        "kerja, "
        "jumlah karyawan, jml pekerja, jml tenaga kerja, jml tk, jumlah tk, tk, jml karyawan, total "
        "pekerja, "
        "total tenaga kerja, tenaga kerja, pekerja, employees"),
    ListColumn("address", say("Alamat"),
        "address, alamat, alamat perusahaan, alamat usaha, alamat kantor, alamat lengkap, alamat jalan, "
        "company address"),
    ListColumn("phone", say("Telepon"),
        "phone, telepon, telp, tlp, telpon, hp, telepon perusahaan, telp hp, telepon hp, handphone, "
        "phone number, telephone"),
    ListColumn("email", say("Surel"), "email, e mail, surel, alamat email, alamat surel, email "
                                      "perusahaan, email address"),
    ListColumn("aliases", say("Nama lain"),
        "aliases, alias, nama lain, nama dahulu, nama lama, nama sebelumnya, dahulu bernama, nama "
        "dagang, "
        "former name, former names, trade name, also known as"),
)  # fmt: skip
COMPANY_LIST = ListKind("companies", say("Daftar perusahaan"))
IMPORT_KINDS: Slot[ListKind] = Slot()
"""The kinds of lists that rooms above add."""


def kinds() -> dict[str, ListKind]:
    """The kinds of lists by name, in the order in which a person chooses among them."""
    return {kind.name: kind for kind in (COMPANY_LIST, *IMPORT_KINDS)}
