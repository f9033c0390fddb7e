"""A short form of benchmarks/kill_campaign.py: ten `kill -9` at random moments of one archive's life."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.workstation.conftest import Sonofill
from tests.workstation.kill_rounds import ENVIRONMENT, kill_round


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.requirement("N4")
def test_ten_kills(tmp_path: Path, sonofill: Sonofill) -> None:
    chance = random.Random()

    def ask(*words: object) -> Any:
        ran = sonofill(*words, "--json", SONOFILL_READ_SCREENS=ENVIRONMENT["SONOFILL_READ_SCREENS"])
        assert ran.status == 0, f"{words} failed: {ran.err}"
        return ran.document

    rounds = [kill_round(tmp_path / "archive", chance, ask) for _ in range(10)]
    assert sum(found.lost for found in rounds) == 0, rounds
