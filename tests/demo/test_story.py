"""The demo tells a story that does not contradict itself."""

from __future__ import annotations

import random

import pytest

from compliance.demo.story import findings_of


@pytest.mark.parametrize("scale", ["micro", "small", "medium", "large", None])
def test_no_finding_of_the_demo_speaks_against_another_or_against_the_workers(
    scale: str | None,
) -> None:
    chance = random.Random(7)
    for _ in range(200):
        total = chance.randint(2, 40)
        registered = chance.choice((0, chance.randint(0, total - 1)))
        findings = findings_of(chance, total=total, registered=registered, scale=scale)
        codes = {finding.violation for finding in findings}
        assert ("JS-01" in codes) == (registered == 0)
        assert findings[0].workers_affected == total - registered
        if registered == 0:
            assert not codes & {"JS-02", "JS-04", "JS-06"}
        if total < 10:
            assert "PP-01" not in codes
        if scale not in ("medium", "large"):
            assert not codes & {"JS-04", "UP-01"}
