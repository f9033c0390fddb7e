"""A short form of benchmarks/kill_campaign.py: ten `kill -9` at random moments of one archive's life."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.scenarios.kill_rounds import kill_round


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.requirement("N4")
def test_ten_kills(tmp_path: Path) -> None:
    chance = random.Random()
    rounds = [kill_round(tmp_path / "archive", chance) for _ in range(10)]
    assert sum(found.lost for found in rounds) == 0, rounds
