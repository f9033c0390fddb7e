"""Saving, opening and auditing a long encounter (60 stills, 10 clips, 460 labels), beside what a user would pick.

    python -m benchmarks.encounter_speed [--rounds 3]

save_ours: every object built and put into an archive, annotated copies drawn, all synced. pixels: of that save only what is
done to pixels (labelled frames decoded, their grey measured, labels burned in, the copy coded, the pictures' bytes hashed):
`save_pixels_aside_cpu_s` is the difference of both in each round. save_highdicom: the reports of the
same labels and a segmentation of each picture's artery built with highdicom, nothing else, and nothing stored. open_ours: the
study's headers, reports and checks, and its first picture decoded. audit_ours: every criterion of the rubric. read_pydicom:
dcmread of the same files up to their pixels, every attribute looked at once. audit_command: `sonofill audit` as a person
starts it, with Python's start. Goals, on one core: save 3 s (pixels aside), open 1 s, audit 1 s. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.encounter_material import CLIPS, HEIGHT, STILLS, WIDTH, in_hand, save
from benchmarks.measuring import HOUSE, Row, figures, ratios, report, rounds, timed, work_folder

if TYPE_CHECKING:
    from annotation import Finding

_GOALS_S = {"save_pixels_aside": 3.0, "open_ours": 1.0, "audit_ours": 1.0, "audit_command": 1.0}


def saved() -> Path:
    """The archive of the encounter; made where it is missing."""
    from archive import Archive

    root = work_folder() / "long-encounter"
    if not root.exists():
        print("making the encounter, once", file=sys.stderr)
        unfinished = Path(tempfile.mkdtemp(prefix="encounter-", dir=work_folder()))
        with Archive(unfinished) as archive, in_hand(archive) as (study, encounter):
            save(archive, study, encounter)
        unfinished.rename(root)
    return root


def _bare() -> list[Path]:
    return sorted((saved() / "studies").rglob("*.dcm"))


def save_ours() -> Row:
    """Everything that a save writes, durable and listed."""
    from archive import Archive

    folder = Path(tempfile.mkdtemp(prefix="encounter-", dir=work_folder()))
    try:
        with Archive(folder) as archive, in_hand(archive) as (study, encounter):
            row = timed(lambda: save(archive, study, encounter))
            (stored,) = archive.studies()
            row["objects"] = len(archive.objects(stored.study_instance_uid))
    finally:
        shutil.rmtree(folder)
    return row


def pixels() -> Row:
    """What a save does to pixels, and nothing else."""
    import hashlib

    import numpy as np
    import simplejpeg

    from archive import Archive
    from dicom_io.drawing.captioned import captions_of
    from dicom_io.picture.burning import burn, strip
    from dicom_io.picture.stored_picture import stored_picture
    from workstation.studies.labelled_grey import with_grey

    folder = Path(tempfile.mkdtemp(prefix="encounter-", dir=work_folder()))
    try:
        with Archive(folder) as archive, in_hand(archive) as (study, _):
            clips = {capture.key: capture.clip for capture in study.captures}
            frames: dict[tuple[str, int], list[Finding]] = {}
            for finding in study.document.findings:
                frames.setdefault((str(finding.image), finding.frame), []).append(finding)
            captions = {place: captions_of(found, WIDTH, HEIGHT) for place, found in frames.items()}
            words = ["SIMULATED. Copy of a still with labels burned in, not the original.", "Labels by AB."]

            def work() -> None:
                with_grey(study.document, study.captures)
                for (key, frame), drawn in captions.items():
                    picture = stored_picture(clips[key].still(frame))
                    burn(picture, drawn)
                    copy = np.concatenate([picture, strip(WIDTH, HEIGHT, words)])
                    simplejpeg.encode_jpeg(copy, 92, "BGR", "422")
                for clip in clips.values():
                    for frame in range(len(clip.frames)):
                        hashlib.sha256(clip.payload(frame))

            return timed(work)
    finally:
        shutil.rmtree(folder)


def save_highdicom() -> Row:
    """The same labels as TID 1500 reports, and the vessels of the stills as segmentations."""
    import warnings

    from annotation import Ellipse
    from archive import Archive
    from benchmarks.highdicom_labels import report_of, segmentation_of

    warnings.simplefilter("ignore")
    folder = Path(tempfile.mkdtemp(prefix="encounter-", dir=work_folder()))
    try:
        with Archive(folder) as archive, in_hand(archive) as (study, _):
            labels = study.document.findings
            outlines = [f.shape for f in labels if f.kind == "vessel" and isinstance(f.shape, Ellipse)][
                : STILLS + CLIPS
            ]

            def build() -> None:
                report_of(labels)
                for outline in outlines:
                    segmentation_of(outline, WIDTH, HEIGHT)

            return timed(build)
    finally:
        shutil.rmtree(folder)


def open_ours() -> Row:
    """As the window opens it, to the first picture."""
    from archive import Archive
    from workstation.review.open_study import open_study

    root = saved()
    with Archive(root, create=False) as archive:
        (stored,) = archive.studies()

    def work() -> None:
        opened = open_study(root, stored.study_instance_uid)
        if len(opened.reels) != STILLS + CLIPS or not opened.reels[0].frame(0).size:
            raise SystemExit("not every picture was opened")
        opened.close()

    return timed(work)


def audit_ours() -> Row:
    """From the files alone to the verdicts."""
    from audit import course_rubric, judge
    from workstation.studies.auditing import material_of

    files = _bare()
    return timed(lambda: judge(material_of(files), course_rubric()))


def read_pydicom() -> Row:
    """The same files, every attribute looked at."""
    from pydicom import dcmread

    files = _bare()

    def work() -> None:
        for path in files:
            for element in dcmread(path, stop_before_pixels=True).iterall():
                element.value  # noqa: B018

    return timed(work)


def audit_command() -> Row:
    """A process of its own, from its start to its end."""
    command = [sys.executable, "-m", "workstation.cli", "audit", str(saved() / "studies"), "--json"]
    return timed(lambda: subprocess.run(command, cwd=HOUSE, stdout=subprocess.DEVNULL, check=True))


_CASES: dict[str, Callable[[], Row]] = {
    "save_ours": save_ours,
    "pixels": pixels,
    "save_highdicom": save_highdicom,
    "open_ours": open_ours,
    "audit_ours": audit_ours,
    "read_pydicom": read_pydicom,
    "audit_command": audit_command,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", choices=_CASES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.case:
        print(json.dumps(_CASES[arguments.case]()))
        return
    saved()
    rows = rounds("benchmarks.encounter_speed", list(_CASES), arguments.rounds)
    by_pydicom = {case: rows[case] for case in ("read_pydicom", "open_ours", "audit_ours", "audit_command")}
    by_highdicom = {case: rows[case] for case in ("save_highdicom", "save_ours")}
    aside = sorted(
        ours["cpu_s"] - alone["cpu_s"] for ours, alone in zip(rows["save_ours"], rows["pixels"], strict=True)
    )
    values: dict[str, Any] = {
        "save_pixels_aside_cpu_s": [round(each, 2) for each in aside],
        "goals_s": _GOALS_S,
        "cpu_ratio_to_read_pydicom": ratios(by_pydicom, "read_pydicom", "cpu_s"),
        "cpu_ratio_to_save_highdicom": ratios(by_highdicom, "save_highdicom", "cpu_s"),
        "cases": figures(rows),
    }
    report("encounter_speed", values)


if __name__ == "__main__":
    main()
