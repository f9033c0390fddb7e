"""`sonofill read-screen FILE`: the settings printed on a probe's screen."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workstation.cli.measuring import add_measuring_command


def add_to(commands: Any) -> None:
    """Add the command."""
    add_measuring_command(commands, "read-screen", "The settings printed on a probe's screen", _read, _say)


def _read(arguments: argparse.Namespace) -> dict[str, Any]:
    from imaging import CannotTell, Pictures
    from imaging.readout import ReadoutWatch, ScreenReader

    pictures = Pictures(arguments.file)
    watch = ReadoutWatch(ScreenReader(_header_names(arguments.file) if pictures.is_dicom else ()))
    changes = []
    for picture in pictures:
        changes += watch.see(picture.frame, picture.bgr)
    first = watch.first
    if first is None or not (first or changes):
        raise CannotTell("No read-out is found on this screen: nothing is printed that states a setting beyond doubt.")
    document = first.document()
    if changes:
        document["changes"] = [change.document() for change in changes]
    return document


def _header_names(path: Path) -> list[str]:
    from dicom_io.dataset.lenient import dcmread

    header = dcmread(path, stop_before_pixels=True)
    wanted = ("PatientName", "PatientID", "OtherPatientIDs", "InstitutionName", "OperatorsName")
    return [str(header.get(name, "")) for name in wanted]


def _say(document: dict[str, Any]) -> None:
    for key, reading in document.items():
        if key == "patient_text":
            print(f"{len(reading)} line(s) on the screen may tell who the patient is: see --json")
        elif key == "changes":
            for change in reading:
                print(f"frame {change['frame']}: {change['key']} {change['from']} -> {change['to']}")
        else:
            unit = f" {reading['unit']}" if reading["unit"] else ""
            print(f"{key}: {reading['value']}{unit} (printed: {reading['text']})")
