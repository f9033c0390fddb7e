"""Who can read an archive beside its owner: other users by its modes, and who carries the disk away."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from archive import Archive
from tests.archive.objects import ultrasound
from workstation.cli import main
from workstation.studies.disk import encryption_of, open_to_others

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what Linux tells of its disks")


def device(system: Path, number: str, uuid: str = "", on: tuple[str, ...] = ()) -> Path:
    """A block device as /sys shows it."""
    folder = system / "sys" / "dev" / "block" / number
    (folder / "slaves").mkdir(parents=True)
    if uuid:
        (folder / "dm").mkdir()
        (folder / "dm" / "uuid").write_text(uuid + "\n")
    for other in on:
        (folder / "slaves" / other.replace(":", "-")).symlink_to(system / "sys" / "dev" / "block" / other)
    return folder


@pytest.mark.parametrize(
    ("uuid", "below", "expected"),
    [
        ("", {}, False),
        ("CRYPT-LUKS2-0123-home", {}, True),
        ("LVM-abc", {"8:1": "CRYPT-LUKS2-0123-pv"}, True),
        ("LVM-abc", {"8:1": "CRYPT-LUKS2-0123-pv", "8:2": ""}, False),
        ("mpath-x", {"8:1": ""}, False),
    ],
)
def test_an_encrypted_disk_is_told_from_others(
    tmp_path: Path, uuid: str, below: dict[str, str], expected: bool
) -> None:
    number = tmp_path.stat().st_dev
    for name, kind in below.items():
        device(tmp_path, name, kind)
    device(tmp_path, f"{os.major(number)}:{os.minor(number)}", uuid, tuple(below))
    assert encryption_of(tmp_path / "not" / "there", tmp_path) is expected


def test_a_disk_that_the_system_does_not_know_is_told_as_that(tmp_path: Path) -> None:
    assert encryption_of(tmp_path, tmp_path) is None


def test_doctor_tells_what_others_could_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Archive(tmp_path / "archive") as kept:
        path = kept.put(ultrasound())
    assert not open_to_others(kept.root), "an archive is its owner's as it is made"
    path.chmod(0o644)
    assert not open_to_others(kept.root), "nobody comes to it"
    kept.root.chmod(0o755)
    assert open_to_others(kept.root) == [kept.root, path]
    main(["doctor", "--archive", str(kept.root), "--json"])
    findings = {one["what"]: one for one in json.loads(capsys.readouterr().out)["findings"]}
    (readable,) = (one for what, one in findings.items() if what.startswith("other users cannot read"))
    assert not readable["ok"] and readable["mend"] == f"chmod -R go= {kept.root}"
    assert any("encrypted" in what for what in findings)
