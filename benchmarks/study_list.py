"""Lists of an archive of a million objects: how long the index takes. `python -m benchmarks.study_list [--objects N]`

20 objects a study, 5 studies a patient. The rows go into the index as `Archive.put` enters them; there are no files. Warm;
medians of 200 calls. Goal: at most 1 ms each. Prints JSON.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from archive.header import Header
from archive.index import Index
from archive.layout import Layout
from benchmarks.measuring import report, work_folder

OBJECTS_A_STUDY, STUDIES_A_PATIENT = 20, 5


def fill(index: Index, objects: int) -> None:
    """Enters the objects, all in one change."""
    with index.change():
        for n in range(objects):
            s = n // OBJECTS_A_STUDY
            study, series, sop = f"1.2.{s}", f"1.3.{s}.{n % 2}", f"1.4.{n}"
            day = f"20{s % 25:02d}-{s % 12 + 1:02d}-{s % 28 + 1:02d}"
            patient = f"P{s // STUDIES_A_PATIENT:07d}"
            syntax, sop_class = "1.2.840.10008.1.2.4.50", "1.2.840.10008.5.1.4.1.1.3.1"
            header = Header(
                study, series, sop, sop_class, syntax, patient, day, f"{s % 86400:06d}", "pre", n % 2, n, 100
            )
            index.add(header, f"studies/{study}/{series}/{sop}.dcm")


def median_ms(call: Callable[[], object], calls: int = 200) -> float:
    times = []
    for _ in range(calls):
        began_s = time.perf_counter()
        call()
        times.append(time.perf_counter() - began_s)
    return round(statistics.median(times) * 1000, 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=1_000_000)
    objects = parser.parse_args().objects
    with tempfile.TemporaryDirectory(prefix="index-", dir=work_folder()) as folder:
        index = Index(Layout(Path(folder)))
        began_s = time.perf_counter()
        fill(index, objects)
        filled_s = time.perf_counter() - began_s
        middle = objects // 2
        study = middle // OBJECTS_A_STUDY
        values = {
            "newest_100_ms": median_ms(lambda: index.studies(100, None)),
            "of_a_patient_ms": median_ms(lambda: index.studies(None, f"P{study // STUDIES_A_PATIENT:07d}")),
            "objects_of_a_study_ms": median_ms(lambda: index.objects(f"1.2.{study}")),
            "path_of_an_object_ms": median_ms(lambda: index.path_of(f"1.4.{middle}")),
            "entering_an_object_ms": round(filled_s * 1000 / objects, 4),
        }
        index.close()
    report("study_list", {"objects": objects, **values})


if __name__ == "__main__":
    main()
