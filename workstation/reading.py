"""What stored objects say, in the words of the contracts: the labels of a study, from its reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archive import ObjectRow
from dicom_io import code_of, read_report

REPORT_CLASSES = ("1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.5.1.4.1.1.88.34")
#: What shows a report's labels to other programs: segmentation, presentation state, selection. The report has them all.
LABEL_CLASSES = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.11.2", "1.2.840.10008.5.1.4.1.1.88.59")
ENCOUNTER_CLASS = "1.2.840.10008.5.1.4.1.1.88.22"  # our labels never stand in one of these


def labels_of(objects: Sequence[ObjectRow]) -> list[dict[str, Any]]:
    """The labels in the reports among `objects`, in the order of the reports.

    Each is `{kind, name, code, frame, points, value_mm, by, status, image, measured}`: frames from 0, points [column, row]
    in pixels, `image` the SOP Instance UID of the picture, `measured` each measurement for people, with its uncertainty.
    """
    rows: list[dict[str, Any]] = []
    for item in objects:
        if item.sop_class in REPORT_CLASSES:
            document = read_report(item.file)
            rows += [
                {
                    **row,
                    "image": finding.image,
                    "measured": [f"{measured.quantity} {measured}" for measured in finding.measurements],
                }
                for row, finding in zip(document.labels_json(code_of), document.findings, strict=True)
            ]
    return rows
