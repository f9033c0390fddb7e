"""A medium that cannot be made leaves nothing half-made, and touches nothing else."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from archive import Archive
from tests.archive.objects import ultrasound
from workstation.studies.exporting import CannotExport, Format, export


@pytest.mark.requirement("C5")
@pytest.mark.parametrize("kind", ["folder", "dicomdir", "zip"])
@pytest.mark.parametrize("there", [True, False])
def test_nothing_half_made_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Format, there: bool) -> None:
    out = tmp_path / "medium"
    if there and kind != "zip":
        out.mkdir()
    with Archive(tmp_path / "a") as archive:
        study = "2.25.77"
        for number in range(3):
            archive.put(ultrasound(study, f"2.25.77.{number}", number=number))
        rows = archive.objects(study)
        done = 0

        def full(part: float, of: float) -> None:
            nonlocal done
            done += 1
            if done == 2:
                raise OSError(errno.ENOSPC, "No space left on device")

        with pytest.raises(CannotExport, match="No space left"):
            export(rows, out, kind, full)
        assert done == 2 and sorted(os.listdir(tmp_path)) == ["a", *(["medium"] if out.exists() else [])]
        assert not out.exists() or list(out.iterdir()) == []
        assert len(export(rows, out, kind).files) == 3, "it can be tried again at the same place"
