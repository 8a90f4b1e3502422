"""Static files under digested names, and what is compressed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from compliance.web import assets
from tests.browser import Browser

pytestmark = pytest.mark.one_store


def test_a_static_file_bears_its_digest_and_may_be_kept_for_ever(
    browser: Callable[..., Browser],
) -> None:
    stranger = browser()
    names = re.findall(r'(?:href|src)="(/assets/[^"]+)"', stranger.get("/login").html)
    assert {name.rsplit("/", 1)[1] for name in names} >= {
        "bootstrap.min.css",
        "app.css",
        "app.js",
        "icon.svg",
    }
    for name in names:
        kept = stranger.client.get(name)
        assert kept.status_code == 200, name
        assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_an_older_name_leads_to_the_present_file_but_is_not_kept(
    browser: Callable[..., Browser],
) -> None:
    older = browser().client.get("/assets/000000000000/app.css")
    assert older.status_code == 200
    assert older.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("env", ["development", "production"])
def test_only_in_development_is_a_changed_file_called_by_another_name(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, env: str
) -> None:
    monkeypatch.setattr(assets, "STATIC_FOLDER", tmp_path)
    monkeypatch.setitem(app.config, "PATUH_ENV", env)
    file, names = tmp_path / f"{env}.css", set()
    for second, content in enumerate(("a", "b")):
        file.write_text(content)
        os.utime(file, (second, second))
        with app.test_request_context("/"):
            names.add(assets.asset(file.name))
    assert len(names) == (2 if env == "development" else 1)


def test_an_address_keeps_the_path_under_which_the_page_was_asked_for(app: Flask) -> None:
    for root in ("", "/patuh"):
        with app.test_request_context("/", base_url=f"http://localhost{root}"):
            assert assets.asset("app.css").startswith(f"{root}/assets/")


def test_no_name_leads_out_of_the_folder_of_static_files(browser: Callable[..., Browser]) -> None:
    stranger = browser()
    for name in (
        "../assets.py",
        "%2e%2e/assets.py",
        "bootstrap/../../../__init__.py",
        "nothing.css",
        "bootstrap",
    ):
        assert stranger.client.get(f"/assets/0/{name}").status_code == 404, name


def test_pages_and_styles_are_compressed_for_those_who_ask(browser: Callable[..., Browser]) -> None:
    stranger = browser()
    style = re.findall(r'href="(/assets/[^"]+bootstrap.min.css)"', stranger.get("/login").html)[0]
    for address in ("/login", style):
        small = stranger.client.get(address, headers={"Accept-Encoding": "gzip"})
        plain = stranger.client.get(address)
        assert small.headers["Content-Encoding"] == "gzip"
        assert len(small.data) < len(plain.data) / 2
        assert "Accept-Encoding" in small.headers["Vary"]


def test_answers_to_programs_keep_their_etag_because_they_are_not_compressed(
    browser: Callable[..., Browser],
) -> None:
    description = browser().client.get(
        "/api/v1/openapi.json", headers={"Accept-Encoding": "gzip, br"}
    )
    assert "Content-Encoding" not in description.headers


def test_the_houses_style_sheet_stays_short() -> None:
    assert (assets.STATIC_FOLDER / "app.css").stat().st_size <= 15 * 1024
