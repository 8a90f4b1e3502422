"""Packets of evidence on the pages of a case: asked for with one button, taken along with another."""

from __future__ import annotations

import pytest

from compliance.files.storage import hash_of
from compliance.letters.packets.jobs import make_packets
from tests.api.test_packets import NUMBER, id, opened, the_packet  # noqa: F401  (id is a fixture)
from tests.licensing.desk import Open

pytestmark = pytest.mark.usefixtures("app", "id")


def test_the_page_offers_the_packet_says_how_far_it_is_and_gives_it(browser: Open) -> None:
    ina, number = browser("ina"), NUMBER
    page = ina.get(f"/cases/{number}/files")
    assert "Lengkap: untuk Kadis atau pengadilan" in page.text
    page = ina.post(f"/cases/{number}/packet", {"kind": "full"})
    assert "Paket bukti sedang disiapkan." in page.text
    assert "Sedang disiapkan; muat ulang" in page.text
    refused = ina.post(f"/cases/{number}/packet/download", {"kind": "full"})
    assert (refused.status, "belum siap" in refused.text) == (409, True)
    make_packets()
    page = ina.get(f"/cases/{number}/files")
    assert "11 berkas" in page.text
    assert the_packet().file.sha256 in page.text
    given = ina.post(f"/cases/{number}/packet/download", {"kind": "full"})
    assert given.response.mimetype == "application/zip"
    assert hash_of(given.response.data) == the_packet().file.sha256
    page = ina.post(f"/cases/{number}/packet", {"kind": "full"})
    assert "Isinya sama seperti yang terakhir dibuat." in page.text
    assert "Paket bukti diunduh: lengkap" in ina.get(f"/cases/{number}/history").text
    assert ina.post(f"/cases/{number}/packet", {"kind": "x"}).status == 422


@pytest.mark.one_store
def test_a_licensing_officer_asks_for_the_packet_on_the_page_of_the_case(browser: Open) -> None:
    lia, number = browser("lia"), NUMBER
    page = lia.get(f"/cases/{number}")
    assert "Untuk kantor perizinan" in page.text
    assert "Lengkap: untuk Kadis" not in page.text
    page = lia.post(f"/cases/{number}/packet", {"kind": "licensing"})
    assert (page.path, "sedang disiapkan" in page.text) == (f"/cases/{number}", True)
    make_packets()
    given = lia.post(f"/cases/{number}/packet/download", {"kind": "licensing"})
    assert "receipts.json" not in opened(given.response.data)
    assert lia.post(f"/cases/{number}/packet", {"kind": "full"}).status == 403
    assert lia.post(f"/cases/{number}/packet/download", {"kind": "full"}).status == 403
    assert lia.post(f"/cases/{number}/packet/download", {"kind": "x"}).status == 404
