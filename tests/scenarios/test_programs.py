"""Every object of every scenario in programs of others: read without an error, and given back byte for byte by a PACS."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from procedure.demonstration import SCENARIOS
from tests.interop.conftest import Orthanc
from tests.interop.own_checks import check_image
from tests.interop.programs.table import Told
from tests.interop.programs.test_tools import version_of
from tests.interop.tools import errors_of_dciodvfy, run
from tests.scenarios.conftest import Made

Demo = Callable[[str], Made]
Table = Callable[[str, str], Told]
each_scenario = pytest.mark.parametrize("scenario", SCENARIOS)


@pytest.mark.requirement("S20")
@each_scenario
def test_dciodvfy(demo: Demo, scenario: str, table: Table) -> None:
    """And our own checks of what it misses."""
    made = demo(scenario)
    found = {row.file.name: errors_of_dciodvfy(row.file) for row in made.rows}
    assert {name: errors for name, errors in found.items() if errors} == {}
    for row in made.of("still", "clip"):
        check_image(row.file)
    told = run("dcentvfy", *(row.file for row in made.rows))
    assert "Error" not in told.stdout + told.stderr
    table("dciodvfy", version_of("dciodvfy", "-version")).saw(f"all of {scenario}", "opens", True)


@pytest.mark.requirement("S20")
@each_scenario
def test_dcmtk(demo: Demo, scenario: str, table: Table) -> None:
    made = demo(scenario)
    dumped = run("dcmdump", "+P", "SOPInstanceUID", *(row.file for row in made.rows)).stdout
    opened = all(row.sop_instance_uid in dumped for row in made.rows)
    trees = [row.file for row in made.of("report", "encounter", "selection", "note on objects")]
    assert len(trees) >= 6
    opened &= all("E: " not in run("dsrdump", file).stderr for file in trees)
    table("DCMTK", version_of("dcmdump")).saw(f"all of {scenario}", "opens", opened)


@pytest.mark.requirement("S20")
@each_scenario
def test_highdicom(demo: Demo, scenario: str, table: Table) -> None:
    """All kinds for which it has a reader: none for presentation states and PDFs."""
    import highdicom
    from highdicom import ko, seg, sr
    from pydicom import dcmread

    made = demo(scenario)
    readers: dict[str, Callable[[Any], Any]] = {
        "report": lambda file: sr.srread(file).content.get_planar_roi_measurement_groups(),
        "encounter": lambda file: sr.srread(file).ContentSequence,
        "segmentation": lambda file: seg.segread(file).segment_numbers,
        "selection": lambda file: ko.KeyObjectSelectionDocument.from_dataset(dcmread(file)).content,
        **dict.fromkeys(("still", "clip", "photograph", "copy with labels"), highdicom.imread),
    }
    read = [kind for kind, reader in readers.items() for row in made.of(kind) if reader(row.file)]
    assert {"report", "encounter", "segmentation", "selection", "still", "clip", "photograph"} <= set(read)
    assert len(read) == sum(len(made.of(kind)) for kind in readers)
    table("highdicom", highdicom.__version__).saw(f"all of {scenario}", "opens", True)


@pytest.mark.requirement("C5")
@each_scenario
def test_orthanc(demo: Demo, scenario: str, table: Table, orthanc: Orthanc) -> None:
    opened = True
    for row in demo(scenario).rows:
        number = json.loads(orthanc.rest("/instances", row.file.read_bytes()))["ID"]
        opened &= orthanc.rest(f"/instances/{number}/file") == row.file.read_bytes()
    table("Orthanc", version_of("Orthanc")).saw(f"all of {scenario}", "opens", opened)
