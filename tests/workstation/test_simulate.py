"""`sonofill simulate`: what it lists and writes, and what it says to wrong words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.workstation.conftest import Sonofill


def test_the_list_names_every_scenario(sonofill: Sonofill) -> None:
    ran = sonofill("simulate", "--list", "--json")
    rows = json.loads(ran.out)
    assert ran.status == 0 and len(rows) > 60
    assert all(set(row) == {"name", "region", "what"} for row in rows)
    plain = sonofill("simulate", "--list")
    assert plain.out.count("\n") == len(rows)


def test_a_clip_and_its_truth(sonofill: Sonofill, tmp_path: Path) -> None:
    words = ["--scenario", "occlusion", "--seed", 4, "--seconds", 1, "--fps", 5, "--size", "640x480", "--style", 2]
    ran = sonofill("simulate", *words, "--out", "a", "--json")
    again = sonofill("simulate", *words, "--out", tmp_path / "b", "--json")
    assert ran.status == again.status == 0, ran.err
    assert json.loads(ran.out)["frames"] == 5
    assert json.loads(ran.out)["clip"] == str(tmp_path / "a" / "clip.avi")
    for name in ("clip.avi", "truth.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    told = json.loads((tmp_path / "a" / "truth.json").read_text("utf-8"))
    assert told["scenario"] == "occlusion" and told["style"] == 2 and len(told["frames"]) == 5
    assert told["frames"][0]["readouts"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--scenario", "knee"], "no scenario 'knee'"),
        (["--scenario", "occlusion", "--style", "99"], "99"),
        (["--scenario", "occlusion", "--size", "wide"], "not a size like 1280x720"),
        (["--scenario", "occlusion", "--size", "9999x9999"], "at most 3840x2160"),
        (["--scenario", "occlusion", "--fps", "nan"], "not a number of frames"),
        (["--scenario", "occlusion", "--seed", "-3"], "not a whole number"),
        ([], "needs --scenario and --out"),
    ],
)
def test_wrong_words(sonofill: Sonofill, tmp_path: Path, words: list[str], sentence: str) -> None:
    ran = sonofill("simulate", *words, "--out", tmp_path / "x")
    assert ran.status == 2 and ran.out == "" and "Traceback" not in ran.err
    assert sentence in ran.err
    assert not (tmp_path / "x" / "clip.avi").exists()
