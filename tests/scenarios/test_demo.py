"""The demonstration as a whole encounter: made by the command, and read back by others and from the files alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread

from annotation import Document, Finding
from archive import Archive
from dicom_io import read_encounter
from dicom_io.picture.photograph import View, read_photograph
from dicom_io.report.read import read_stored_report
from procedure import Encounter, Phase
from procedure.answers import Answer, Sight
from procedure.changes import changes_of
from procedure.coverage import Status, coverage
from procedure.demonstration import OPERATOR, SCENARIOS
from procedure.images import ImageKind
from procedure.injections import TipSight
from procedure.missing import missing
from procedure.observing import unchecked_fillers
from procedure.protocol_files import built_in
from procedure.questions import questions
from procedure.record import Record, fields_of
from procedure.settings import SettingsSource
from procedure.states import State
from tests.interop.tools import errors_of_dciodvfy
from tests.scenarios.conftest import Made
from workstation.cli import main
from workstation.demo import demo_visit
from workstation.studies.encounters import newest_encounter, reported_changes, store_encounter
from workstation.studies.found_files import found_files

Demo = Callable[[str], Made]
each_scenario = pytest.mark.parametrize("scenario", SCENARIOS)


def labels(made: Made) -> list[Finding]:
    return [finding for _, document in made.reports for finding in document.findings]


@pytest.mark.requirement("S17")
@pytest.mark.requirement("S32")
@each_scenario
def test_the_demonstration_is_a_whole_encounter(demo: Demo, scenario: str) -> None:
    made = demo(scenario)
    assert {str(row.file) for row in made.rows} == set(made.told["files"])
    counted = made.told["objects"]
    phases = {Phase.PRE, Phase.DURING, Phase.POST} | ({Phase.COMPLICATION} if scenario != "normal" else set())
    assert counted["encounter"] == 1 and counted["report"] == len(phases)
    assert counted["still"] + counted["clip"] + counted["photograph"] == len(made.encounter.images)
    assert {image.phase for image in made.encounter.images} == phases
    assert made.encounter.simulated and made.told["simulated"]
    assert {finding.by for finding in labels(made)} == {OPERATOR}
    assert bool(made.encounter.complications) == (scenario == "occlusion-rescue")


@each_scenario
def test_the_record_leaves_no_question_and_lacks_only_what_the_story_leaves_out(demo: Demo, scenario: str) -> None:
    encounter = demo(scenario).encounter
    assert questions(encounter, built_in()) == ()
    assert all(entry.status is Status.DONE for entry in coverage(encounter, built_in()))
    left = {blank.requirement for blank in missing(encounter, built_in())}
    assert left == ({"S33"} if scenario == "normal" else {"S12", "S15", "S33"})


@pytest.mark.requirement("S12")
@pytest.mark.requirement("S20")
@each_scenario
def test_the_face_is_photographed_before_and_after(demo: Demo, scenario: str) -> None:
    """As the record names them, each marked as simulated; a suspected occlusion has one that shows its sign."""
    made = demo(scenario)
    read = {
        photograph.sop_instance_uid: photograph
        for row in made.of("photograph")
        if (photograph := read_photograph(row.file))
    }
    named = {image.image_uid: image for image in made.encounter.images if image.kind is ImageKind.PHOTOGRAPH}
    assert {uid: (p.phase, p.at, p.view) for uid, p in read.items()} == {
        uid: (image.phase, image.at, View.FRONT) for uid, image in named.items()
    }
    rescue = {Phase.COMPLICATION} if scenario == "occlusion-rescue" else set()
    assert {image.phase for image in named.values()} == {Phase.PRE, Phase.POST} | rescue
    assert all("Simulated" in photograph.comments and photograph.burned_in for photograph in read.values())
    signs = [sign.images for event in made.encounter.complications for sign in event.signs]
    assert rescue <= {named[ref.image_uid].phase for images in signs for ref in images if ref.image_uid in named}
    for row in made.of("photograph"):
        assert errors_of_dciodvfy(row.file) == []


@pytest.mark.requirement("S1")
@pytest.mark.requirement("S16")
@pytest.mark.requirement("N2")
@each_scenario
def test_pictures_bear_the_time_the_settings_and_the_indices_of_the_record(demo: Demo, scenario: str) -> None:
    made = demo(scenario)
    files = {row.sop_instance_uid: row.file for row in made.rows}
    for image in made.encounter.images:
        if image.kind is ImageKind.PHOTOGRAPH:
            continue
        header = dcmread(files[image.image_uid], stop_before_pixels=True)
        taken = datetime.strptime(str(header.AcquisitionDateTime), "%Y%m%d%H%M%S.%f%z")
        assert taken == image.at
        said = image.settings
        assert said is not None and said.source is SettingsSource.SIMULATED
        assert float(header.MechanicalIndex) == said.mechanical_index
        assert float(header.SoftTissueThermalIndex) == said.thermal_index_soft_tissue
        assert header.DepthOfScanField == said.depth_mm
        assert int(header.get("NumberOfFrames", 1)) == image.frames
    times = [image.at for image in made.encounter.images]
    assert len(set(times)) == len(times), "two pictures at one time have no order"
    assert max(times) < datetime.now(UTC)
    exposed = {entry.mechanical_index for entry in made.encounter.exposures}
    assert exposed == {image.settings.mechanical_index for image in made.encounter.images if image.settings}
    (change,) = made.encounter.setting_changes
    gains = {image.settings.gain for image in made.encounter.images if image.settings and image.at < change.at}
    later = {image.settings.gain for image in made.encounter.images if image.settings and image.at > change.at}
    assert (gains, later) == ({60.0}, {48.0}) and (change.before, change.after) == ("60 %", "48 %")


@pytest.mark.requirement("S4")
@pytest.mark.requirement("N5")
@each_scenario
def test_one_vessel_has_one_tracking_uid_in_labels_reports_and_record(demo: Demo, scenario: str) -> None:
    made = demo(scenario)
    drawn: dict[str, set[str]] = {}
    phases: dict[str, set[str]] = {}
    for row, document in made.reports:
        phase = dcmread(row.file, stop_before_pixels=True).SeriesDescription.split()[0]
        for finding in document.findings:
            if finding.kind == "vessel":
                drawn.setdefault(finding.tracking_uid, set()).add(finding.name)
                phases.setdefault(finding.tracking_uid, set()).add(phase)
    assert all(len(names) == 1 for names in drawn.values())
    assert {vessel.tracking_uid: {vessel.name} for vessel in made.encounter.vessels} == drawn
    for vessel in made.encounter.vessels:
        assert {seen.phase.value for seen in vessel.observations} == phases[vessel.tracking_uid]
    segments = {
        str(segment.TrackingUID)
        for row in made.of("segmentation")
        for segment in dcmread(row.file, stop_before_pixels=True).SegmentSequence
    }
    assert segments >= set(drawn)


@pytest.mark.requirement("S17")
@each_scenario
def test_the_record_says_of_a_vessel_what_its_labels_measure(demo: Demo, scenario: str) -> None:
    made = demo(scenario)
    artery = next(vessel for vessel in made.encounter.vessels if vessel.term == "fa")
    found = labels(made)
    for seen in artery.observations:
        assert seen.image is not None and seen.depth_mm is not None and seen.diameter_mm is not None
        on = [f for f in found if (f.image, f.frame) == (seen.image.image_uid, seen.image.frame) and f.term == "fa"]
        widths = [m.value for f in on if f.kind == "vessel" for m in f.measurements if m.quantity == "diameter"]
        depths = [m.value for f in on if f.kind == "distance" for m in f.measurements if m.quantity == "length"]
        assert ([seen.diameter_mm.value], [seen.depth_mm.value]) == (widths, depths)
        assert seen.layer == "sfat"
    after = {change.after.phase: change for change in changes_of(artery) if change.after.station_id == "nlf-2"}
    assert {change.field for change in after[Phase.POST].changes} >= {
        "depth_mm",
        "diameter_mm",
        "peak_systolic_velocity_cm_s",
    }
    flows = [seen.flow for seen in artery.observations if seen.phase is Phase.COMPLICATION]
    assert flows == ([] if scenario == "normal" else [Sight.NOT_SEEN, Sight.SEEN])


@pytest.mark.requirement("S2")
@pytest.mark.requirement("S3")
@pytest.mark.requirement("S22")
@each_scenario
def test_vessels_and_filler_say_what_they_looked_like_and_filler_was_checked(demo: Demo, scenario: str) -> None:
    made = demo(scenario)
    found = labels(made)
    fillers = [f for f in found if f.kind == "filler"]
    assert {f.echogenicity for f in found if f.kind in ("vessel", "filler")} <= {"anechoic", "hypoechoic"}
    lumens = [f.grey for f in found if f.kind == "vessel" and f.echogenicity == "anechoic" and f.grey is not None]
    darker = [grey for grey in lumens if grey.around_mean is not None and grey.mean < grey.around_mean]
    assert {grey.around for grey in lumens} >= {"layer"} and len(darker) > 0.9 * len(lumens) > 10
    assert len({f.tracking_uid for f in fillers}) == (2 if scenario == "normal" else 3)
    document = Document(findings=tuple(fillers))
    assert unchecked_fillers(document, made.encounter) == ()
    bare = replace(made.encounter, filler_checks=())
    assert {f.tracking_uid for f in unchecked_fillers(document, bare)} == {f.tracking_uid for f in fillers}
    artery = next(vessel for vessel in made.encounter.vessels if vessel.term == "fa")
    traced = [seen for seen in artery.observations if seen.peak_systolic_velocity_cm_s is not None]
    assert {seen.phase for seen in traced} >= {Phase.PRE, Phase.DURING, Phase.POST}
    for seen in traced:
        assert seen.end_diastolic_velocity_cm_s and seen.resistance_index and seen.heart_rate_per_min
        assert seen.direction is not None and seen.pulsatile is Answer.YES


@pytest.mark.requirement("S7")
@pytest.mark.requirement("S24")
@each_scenario
def test_the_record_has_the_layers_thickness_and_what_clips_show_of_pressure(demo: Demo, scenario: str) -> None:
    made = demo(scenario)
    before = [visit for visit in made.encounter.visits if visit.phase is Phase.PRE]
    assert len(before) == 3
    for visit in before:
        told = {look.structure: look.thickness_mm for look in visit.seen if look.thickness_mm is not None}
        assert {"epi", "der-u", "der-l", "sfat", "smas"} <= set(told), "each whose next boundary is drawn"
        for thickness in told.values():
            assert 0.02 < thickness.value < 15 and thickness.uncertainty is not None
    shrunk = [one for visit in before for one in visit.compressions]
    assert shrunk and all(20 < one.least_percent <= 100 and one.frames > 2 for one in shrunk)
    assert {one.vessel_uid for one in shrunk} <= {vessel.tracking_uid for vessel in made.encounter.vessels}


@pytest.mark.requirement("S17")
@each_scenario
def test_each_later_report_tells_how_the_vessels_changed(demo: Demo, scenario: str) -> None:
    """Diameter, depth and flow, each with its uncertainty, under the vessel's one tracking UID."""
    made = demo(scenario)
    told = reported_changes(made.encounter)
    assert set(told) == {image.phase for image in made.encounter.images} - {Phase.PRE}
    for row in made.of("report"):
        report = read_stored_report(row.file)
        phase = Phase(dcmread(row.file, stop_before_pixels=True).SeriesDescription.split()[0])
        assert report.changes == told.get(phase, ())
        for change in report.changes:
            assert {f.tracking_uid for f in report.document.findings} >= {change.tracking_uid}
            assert {"depth_mm", "diameter_mm"} <= {value.field for value in change.values}
            for value in change.values:
                assert value.value == value.after.value - value.before.value and value.uncertainty is not None
    after = next(c for c in told[Phase.POST] if (c.term, c.station_id) == ("fa", "nlf-2"))
    assert (after.flow_before, after.flow_after) == (Sight.SEEN, Sight.SEEN)
    assert "peak_systolic_velocity_cm_s" in {value.field for value in after.values}
    if scenario == "occlusion-rescue":
        flows = [c.flow_after for c in told[Phase.COMPLICATION] if c.term == "fa"]
        assert flows == [Sight.NOT_SEEN, Sight.SEEN]


@pytest.mark.requirement("S25")
@each_scenario
def test_each_deposit_has_its_clip_with_the_tip_labelled(demo: Demo, scenario: str) -> None:
    made = demo(scenario)
    tips = {(f.image, f.frame): f for f in labels(made) if f.kind == "tip"}
    first, second = made.encounter.injections
    assert first.image_uids != second.image_uids
    for injection in (first, second):
        assert injection.tip is TipSight.SEEN and injection.tip_image is not None
        assert 0 < (injection.tip_unseen_frames or 0) < (injection.tip_frames or 0)
        clip = made.encounter.image(injection.tip_image.image_uid)
        assert clip is not None and clip.seconds is not None
        assert clip.at < injection.at < clip.at + timedelta(seconds=clip.seconds)
        assert (injection.tip_image.image_uid, injection.tip_image.frame) in tips
        assert made.encounter.vessel(injection.nearest_vessel_uid or "") is not None


@pytest.mark.requirement("N6")
@each_scenario
def test_the_record_comes_from_the_files_alone_in_the_same_bytes(
    demo: Demo, scenario: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    made = demo(scenario)
    copy = tmp_path / "copy"
    shutil.copytree(made.archive, copy, ignore=shutil.ignore_patterns("index.sqlite*"))
    assert main(["archive", "reindex", "--archive", str(copy)]) == 0
    capfdbinary.readouterr()
    assert main(["record-export", made.uid, "--archive", str(copy), "--json"]) == 0
    from_archive = capfdbinary.readouterr().out
    for file in copy.rglob("*"):
        if file.is_file() and file.suffix != ".dcm":
            file.unlink()
    assert main(["record-export", str(copy), "--json"]) == 0
    assert capfdbinary.readouterr().out == from_archive
    stored = [read_encounter(copy / row.file.relative_to(made.archive)) for row in made.of("encounter")]
    assert [(one.encounter, one.json_agrees) for one in stored] == [(made.encounter, True)]
    assert main(["archive", "verify", "--archive", str(made.archive)]) == 0


def until(record: Record, moment: datetime) -> Record:
    """A record as it stood at a moment: what has a later time is not in it yet."""
    kept: dict[str, Any] = {}
    for field in fields_of(type(record)):
        if field.many and issubclass(field.base, Record):
            parts = getattr(record, field.name)
            kept[field.name] = tuple(until(part, moment) for part in parts if _begun(part) <= moment)
    return replace(record, **kept)


def _begun(part: Record) -> datetime:
    for name in ("at", "noticed_at"):
        if isinstance(found := getattr(part, name, None), datetime):
            return found
    return datetime.min.replace(tzinfo=UTC)


@pytest.mark.requirement("N6")
def test_an_encounter_cut_off_at_any_step_opens_and_says_what_is_missing(
    demo: Demo, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Broken off at a moment, with no picture saved: the record alone is stored, found again, and tells its blanks."""
    whole = demo("occlusion-rescue").encounter
    counted = []
    for minutes in (0, 9, 17, 27, 36, 50, 73):
        cut = until(whole, whole.started_at + timedelta(minutes=minutes))
        assert isinstance(cut, Encounter)
        cut = replace(cut, signatures=(), state=State.DRAFT)
        visit = demo_visit()
        with Archive(tmp_path / str(minutes)) as kept:
            store_encounter(kept, cut, visit.study())
            rows = kept.objects(visit.study_instance_uid)
        assert newest_encounter(found_files([row.file for row in rows])).encounter == cut
        counted.append(len(missing(cut, built_in())))
        assert main(["record-export", str(tmp_path / str(minutes))]) == 0
        told = capsys.readouterr().out
        assert "draft, simulated" in told and told.count("missing (") == counted[-1] > 0
    assert len(set(counted)) > 4 and counted[-1] < counted[0]


@pytest.mark.requirement("N6")
def test_a_study_that_lost_files_shows_the_rest(demo: Demo) -> None:
    """Without its clips, reports and areas the record of the encounter is the same, and what is left opens."""
    made = demo("occlusion-rescue")
    lost = made.of("clip", "report", "segmentation", "copy with labels")
    found = newest_encounter(found_files([row.file for row in made.rows if row not in lost]))
    assert found.encounter == made.encounter and not found.unread
    assert len(labels(made)) == made.told["labels"]
