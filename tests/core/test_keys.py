"""The keys of the log stand in the environment or in a file that is made once; nonsense is one clear line."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from compliance.core.keys import SealKeys, kept_secrets, read_seal_keys
from config import ConfigError

KEY, OLD = "k" * 40, "o" * 40


def test_a_file_of_secrets_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "instance" / "seal_key"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: kept_secrets(file), range(16)))
    assert len({tuple(secrets) for secrets in made}) == 1
    assert len(made[0][0]) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["seal_key"]


def test_what_is_given_counts_before_the_file_and_the_first_key_seals(tmp_path: Path) -> None:
    file = tmp_path / "seal_key"
    keys = read_seal_keys(f"{KEY} {OLD}", file)
    assert not file.exists()
    old = SealKeys([OLD])
    assert keys.current == SealKeys([KEY]).current != old.current
    assert keys.agrees("a" * 64, old.sign("a" * 64))
    assert keys.agrees("a" * 64, keys.sign("a" * 64))
    assert not keys.agrees("b" * 64, keys.sign("a" * 64))
    assert not old.agrees("a" * 64, keys.sign("a" * 64))
    assert KEY not in keys.sign("a" * 64)


@pytest.mark.parametrize("text", ["", "lost:abcd1234\n", f"{KEY}\nplain:many\n"])
def test_a_file_without_a_key_is_one_clear_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "seal_key"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"^Patuh: the key of the event log, .*seal_key: "):
        read_seal_keys("", file)


def test_a_file_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "instance").write_text("a file, and no folder")
    with pytest.raises(ConfigError, match=r"^Patuh: the key of the event log, "):
        read_seal_keys("", tmp_path / "instance" / "seal_key")
