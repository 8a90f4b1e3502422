"""Previews, scans, texts of articles and the public page, attacked: all is refused, nothing leaks."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pytest

from compliance.core.db import db, transaction
from compliance.evidence.models import Evidence
from compliance.letters.models import Delivery
from compliance.office.commands import change_settings
from tests.cases.walk import begin, fill
from tests.factories import a_case, a_company, user
from tests.files.pictures import pdf, picture
from tests.letters.test_road_on_paper import drafted, the_letters
from tests.licensing.desk import Open

pytestmark = pytest.mark.one_store
OTHERS = ("budi", "tika", "lia", "eda", "adi", None)


def test_nobody_else_reads_a_nota_before_it_is_issued(browser: Open, head: None) -> None:
    ina = browser("ina")
    key = begin(ina, a_company("PT Contoh Rahasia"))
    fill(ina, key)
    for who in OTHERS:
        seen = browser(who) if who else browser()
        page = seen.get(f"/notas/{key}/preview.pdf")
        assert page.response.mimetype != "application/pdf", who
        assert "PT Contoh Rahasia" not in page.text, who
    with transaction():
        change_settings({"letter_approval": "on"}, by=user("adi"))
    assert ina.submit(f"/notas/{key}/review").status == 200
    assert browser("sari").get("/approvals/1/preview.pdf").response.mimetype == "application/pdf"
    for who in ("ina", *OTHERS):
        seen = browser(who) if who else browser()
        page = seen.get("/approvals/1/preview.pdf")
        assert page.response.mimetype != "application/pdf", who
        assert "PT Contoh Rahasia" not in page.text, who
    for id in ("0", "99999999999999999999", "-1", "1%00"):
        assert browser("sari").get(f"/approvals/{id}/preview.pdf").status in (400, 404), id


def test_a_draft_of_a_letter_is_read_by_those_who_may(
    browser: Open, api: Any, case_id: int
) -> None:
    id = drafted(api, case_id, "cover_ptsp")["id"]
    for who in ("budi", "lia", "eda", "yos", "adi", None):
        seen = browser(who) if who else browser()
        assert seen.get(f"/letters/{id}/preview.pdf").response.mimetype != "application/pdf", who
        assert seen.get(f"/letters/{id}.pdf").response.mimetype != "application/pdf", who


def test_a_note_of_a_file_serves_nobody_but_its_sender(
    browser: Open, api: Any, case_id: int
) -> None:
    (nota,) = [letter.id for letter in the_letters()]
    api("ina").post(f"/letters/{nota}/signature", how="wet_ink", signed_on="2026-11-30")
    scan = (io.BytesIO(picture()), "strip.jpg")
    bad = browser("ina").submit(f"/letters/{nota}/serve", served_on="x", scan=scan)
    note = bad.value("scan_kept")
    assert note
    served = {"how": "hand", "served_on": "30-11-2026", "receiver": "Rina"}
    page = browser("sari").submit(f"/letters/{nota}/serve", **served, scan_kept=note)
    assert page.status == 200
    assert db.session.query(Evidence).count() == 0
    assert db.session.query(Delivery).count() == 1
    for forged in (note[:-2], f"{note}x", "null", "[]", "." * 5000):
        again = browser("ina").submit(
            f"/letters/{nota}/serve", **served, restart_deadlines="no", scan_kept=forged
        )
        assert again.status == 200, forged
    assert db.session.query(Evidence).count() == 0


def test_a_scan_of_a_letter_of_another_inspector_is_not_looked_at(
    browser: Open, api: Any, case_id: int
) -> None:
    (nota,) = [letter.id for letter in the_letters()]
    api("ina").post(f"/letters/{nota}/signature", how="wet_ink", signed_on="2026-11-30")
    other = browser("budi")
    other.get("/field")
    page = other.post(
        f"/letters/{nota}/serve",
        how="hand",
        served_on="30-11-2026",
        receiver="X",
        scan=(io.BytesIO(pdf(script=True)), "a.pdf"),
    )
    assert (page.status, "memuat program" in page.text) == (404, False)


def _pdf_of(objects: dict[int, bytes], more: bytes = b"") -> bytes:
    made, places = b"%PDF-1.7\n" + more, {}
    for number, body in objects.items():
        places[number] = len(made)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(places))
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    return (
        made
        + head
        + table
        + (
            b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
            % (len(places) + 1, len(made))
        )
    )


PAGE = {
    1: b"<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[4 0 R]>>>>",
    2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>",
}
FIELD = b"<</FT/Sig/T(a)/V 5 0 R>>"
HOSTILE = {
    "a range beyond the file": {
        **PAGE,
        4: FIELD,
        5: b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached"
        b"/ByteRange[0 99999999999 5 -7]/Contents<00>>>",
    },
    "contents that are no signature": {
        **PAGE,
        4: FIELD,
        5: b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached"
        b"/ByteRange[0 10 20 30]/Contents<" + b"30" * 5000 + b">>>",
    },
    "a field that is its own parent": {
        **PAGE,
        4: b"<</FT/Sig/T(a)/Parent 4 0 R/Kids[4 0 R]>>/ByteRange",
    },
    "a field without end": {**PAGE, 4: b"<</FT/Sig/T(" + b"(" * 50_000 + b"/ByteRange"},
    "a bomb": {
        **PAGE,
        4: b"<</Filter/FlateDecode/Type/XRef/ByteRange 1/Length 9>>\nstream\n"
        + zlib.compress(bytes(100_000_000), 9)
        + b"\nendstream",
    },
}


@pytest.mark.parametrize("objects", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_pdf_at_the_public_page_is_refused(
    browser: Open, objects: dict[int, bytes]
) -> None:
    stranger = browser()
    stranger.get("/verify")
    page = stranger.post("/verify", file=(io.BytesIO(_pdf_of(objects)), "a.pdf"))
    assert (page.status, "PDF ini rusak" in page.text) == (422, True), page.text


def test_a_pdf_of_ends_alone_is_not_ours(browser: Open) -> None:
    stranger, content = browser(), b"%PDF-1.7\n" + b"%%EOF" * 400_000
    stranger.get("/verify")
    page = stranger.post("/verify", file=(io.BytesIO(content), "a.pdf"))
    assert (page.status, "Berkas ini bukan dari kami" in page.text) == (200, True)


def test_texts_of_articles_are_of_the_admin(browser: Open) -> None:
    a_case()
    for who in ("ina", "sari", "tika", "lia", None):
        seen = browser(who) if who else browser()
        for address in ("/admin/articles", "/admin/articles/1", "/admin/articles/1/preview"):
            for page in (seen.get(address), seen.post(address, text="x")):
                refused = page.status in (403, 404, 405) or page.path == "/login"
                assert refused, (who, address, page.status)
    for id in ("0", "9" * 30, "-1"):
        assert browser("adi").get(f"/admin/articles/{id}").status == 404, id
