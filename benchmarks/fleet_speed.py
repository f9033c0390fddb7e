"""Many records judged together (`audit fleet`): the first time, and from kept verdicts. Goals on 2 cores: 10 000 records of
12 objects in 20 minutes, then in 1 minute; memory that does not grow with the records.

    python -m benchmarks.fleet_speed [--records 400] [--jobs 2]

One small encounter is saved as the program saves it; the others are its files with other UIDs of the same length, put into
one archive. Processor time of all processes, by record, and what 10 000 would take of it on two cores. Prints JSON.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from archive import Archive
from audit import course_rubric
from benchmarks.encounter_material import in_hand, long_encounter, save
from benchmarks.measuring import report, timed, work_folder
from dicom_io import EncodedObject
from workstation.studies.judging_fleet import judge_fleet

_KINDS = ("still", "still", "clip")
_TOGETHER = 240
_WHOLE = 10_000


def one_record(folder: Path) -> list[EncodedObject]:
    """The objects of an encounter with two stills and a clip, labelled."""
    story = long_encounter()
    images = [next(image for image in story.images if image.kind == "still")]
    images += [next(i for i in story.images if i.kind == kind and i not in images) for kind in _KINDS[1:]]
    with Archive(folder) as archive, in_hand(archive, replace(story, images=tuple(images))) as (study, encounter):
        save(archive, study, encounter)
        (row,) = archive.studies()
        return [
            EncodedObject(
                sop_instance_uid=each.sop_instance_uid,
                sop_class_uid=each.sop_class,
                transfer_syntax_uid=each.transfer_syntax,
                study_instance_uid=each.file.parent.parent.name,
                series_instance_uid=each.file.parent.name,
                number_of_frames=each.frames,
                parts=(each.file.read_bytes(),),
            )
            for each in archive.objects(row.study_instance_uid)
        ]


def copied(objects: list[EncodedObject], number: int) -> list[EncodedObject]:
    """The same objects as another record's: the last six digits of each of their UIDs are others."""
    known = {uid for o in objects for uid in (o.sop_instance_uid, o.study_instance_uid, o.series_instance_uid)}
    new = {uid: f"{uid[:-6]}{number + 100000:06d}" for uid in known}
    if len(set(new.values())) < len(known):
        raise SystemExit("two UIDs of the record become one: choose another number of records")
    either = re.compile(b"|".join(re.escape(uid.encode()) for uid in known))

    def other(data: bytes) -> bytes:
        return either.sub(lambda found: new[found[0].decode()].encode(), data)

    return [
        replace(
            o,
            sop_instance_uid=new[o.sop_instance_uid],
            study_instance_uid=new[o.study_instance_uid],
            series_instance_uid=new[o.series_instance_uid],
            parts=tuple(other(part) for part in o.parts if isinstance(part, bytes)),
        )
        for o in objects
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=400)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="fleet-", dir=work_folder()))
    os.environ["SONOFILL_STATE"] = str(folder / "state")
    try:
        objects = one_record(folder / "one")
        waiting: list[EncodedObject] = []
        with Archive(folder / "archive") as archive:
            for number in range(arguments.records):
                waiting += copied(objects, number)
                if len(waiting) >= _TOGETHER:
                    archive.put_all(waiting)
                    waiting.clear()
            archive.put_all(waiting)
            print(f"{arguments.records} records of {len(objects)} objects", file=sys.stderr)
            rubric = course_rubric()
            found = {}
            for run in ("first", "kept"):
                row = timed(lambda: judge_fleet(archive, rubric, jobs=arguments.jobs))
                found[run] = {
                    **row,
                    "cpu_ms_a_record": 1e3 * row["cpu_s"] / arguments.records,
                    "whole_on_two_cores_s": row["cpu_s"] / arguments.records * _WHOLE / 2,
                }
    finally:
        shutil.rmtree(folder)
    report("fleet_speed", {"records": arguments.records, "objects_a_record": len(objects), **found})
    return 0


if __name__ == "__main__":
    sys.exit(main())
