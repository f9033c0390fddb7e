"""The equipment log: entered once, kept in the ledger among the objects, due again in time."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from audit.equipment import Axis, Entry, EquipmentWrong, Kind, due_of, dumped, read_entry, tolerance_of
from tests.archive.objects import ultrasound
from workstation.cli import main

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WORDS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12)
DISTANCES = st.floats(0.1, 900)


def phantom(measured_mm: float, at: datetime = NOW, probe: str = "L12 SN 1", **more: Any) -> Entry:
    return Entry(Kind.PHANTOM, probe, at, "A", "", Axis.DEPTH, 30.0, measured_mm, more.pop("tolerance_mm", 0.6), **more)


@given(
    st.one_of(
        st.builds(
            Entry, st.just(Kind.PHANTOM), WORDS, st.just(NOW), WORDS, WORDS, st.sampled_from(Axis), DISTANCES, DISTANCES,
            DISTANCES, next_due=st.one_of(st.none(), st.dates()),
        ),
        st.builds(Entry, st.sampled_from([Kind.SERVICE, Kind.DECONTAMINATION]), WORDS, st.just(NOW), WORDS, WORDS),
    )
)  # fmt: skip
def test_what_goes_in_comes_back(entry: Entry) -> None:
    assert read_entry(json.loads(dumped(entry))) == entry


@pytest.mark.parametrize(
    ("measured_mm", "passed"), [(30.0, True), (30.6, True), (29.4, True), (30.61, False), (29.3, False), (3.0, False)]
)
def test_a_check_is_within_its_tolerance_or_due_at_once(measured_mm: float, passed: bool) -> None:
    entry = phantom(measured_mm)
    assert entry.passed is passed
    assert entry.due == (NOW.date() + timedelta(days=180) if passed else NOW.date())
    assert tolerance_of(30) == pytest.approx(0.6) and tolerance_of(10) == 0.5


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "x"}, {"probe": " "}, {"at": "2026-03-02T09:30"}, {"nominal_mm": 0}, {"nominal_mm": float("nan")},
        {"measured_mm": "30"}, {"axis": "along"}, {"kind": "service"}, {"colour": "red"}, {"next_due": "soon"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(EquipmentWrong):
        read_entry({**phantom(30.0).to_json(), **change})


def test_what_is_due_of_each_probe() -> None:
    late = NOW + timedelta(days=10)
    entries = [
        phantom(30.1, late),
        phantom(35.0, NOW),  # the newer one counts, whatever the order
        phantom(30.0, NOW, "L12 SN 2", next_due=date(2026, 3, 4)),
        Entry(Kind.SERVICE, "L12 SN 2", NOW, "A", "yearly"),
        Entry(Kind.DECONTAMINATION, "C5 SN 3", NOW, "A", "high level"),
    ]
    assert [(due.probe, str(due.kind), due.on) for due in due_of(entries)] == [
        ("C5 SN 3", "phantom", None),
        ("L12 SN 2", "phantom", date(2026, 3, 4)),
        ("L12 SN 1", "phantom", late.date() + timedelta(days=180)),
        ("L12 SN 2", "service", NOW.date() + timedelta(days=365)),
    ]


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONOFILL_CONFIG", str(tmp_path / "config"))
    root = tmp_path / "a"
    with Archive(root) as kept:
        image = kept.put(ultrasound(study="1.2.3")).stem

    def run(*words: str, status: int = 0) -> Any:
        capsys.readouterr()
        assert main(["equipment", *words, "--archive", str(root), "--json"]) == status
        return json.loads(capsys.readouterr().out or "null")

    assert run("list") == {"entries": []} and run("due") == {"due": []}
    check = ("add", "phantom", "--probe", "L12 SN 1", "--nominal-mm", "30", "--axis", "depth", "--measured-mm")
    assert run(*check, "29.8", "--image", image, "--by", "Å. Ö")["passed"] is True
    run(*check, "29.8", "--image", "1.2.3", status=1)
    run("add", "service", "--probe", "L12 SN 1", "--nominal-mm", "30", "--what", "yearly", status=1)
    run("add", "decontamination", "--probe", "L12 SN 1", "--what", "wipe, chlorine dioxide")
    assert run("due")["due"][0]["over"] is False
    assert run(*check, "33", status=1)["passed"] is False
    (due,) = run("due", status=1)["due"]
    assert due["over"] and due["last"]["measured_mm"] == 33.0
    main(["doctor", "--archive", str(root), "--json"])
    told = {finding["what"]: finding["ok"] for finding in json.loads(capsys.readouterr().out)["findings"]}
    assert any("outside its tolerance" in what and not ok for what, ok in told.items())
    with Archive(root) as kept:
        assert kept.verify().ok and kept.checkpoint().size == 4
        kept.put(ultrasound(study="1.2.3", seed=2))
    ledger = root / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b"29.8", b"29.9", 1))
    with Archive(root) as kept:
        assert not kept.verify().ok, "an entry that was changed is found"
