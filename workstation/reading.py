"""What stored objects say, in the words of the contracts: the labels of a study, from its reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dicom_io import label_rows, read_report

REPORT_CLASSES = ("1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.5.1.4.1.1.88.34", "1.2.840.10008.5.1.4.1.1.88.22")


def labels_of(objects: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The labels in the reports among `objects` (rows of `Archive.objects`), in the order of the reports.

    Each is `{kind, name, code, frame, points, value_mm, by, status}`: frames from 0, points [column, row] in pixels.
    """
    rows: list[dict[str, Any]] = []
    for item in objects:
        if item["sop_class"] in REPORT_CLASSES:
            rows.extend(label_rows(read_report(Path(item["file"]))))
    return rows
