"""`sonofill record`: so many seconds from a device into a DICOM study, every frame accounted for."""

from __future__ import annotations

import argparse
import re
from typing import Any

from workstation.cli.place import add_archive_option, archive_folder, one_line
from workstation.cli.terminal import Failure, Progress, complain, on_orders_to_stop, print_json

PHASES = ("pre", "during", "post", "complication", "followup")


def size(text: str) -> tuple[int, int]:
    """Parse WIDTHxHEIGHT."""
    found = re.fullmatch(r"(\d{2,5})x(\d{2,5})", text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 1280x720")
    return int(found[1]), int(found[2])


def _within(text: str, most: float, what: str) -> float:
    """Parse a number above 0 and at most `most`; what is no number, NaN included, is refused as `what`."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not {what} between 0 and {most}")
    return value


def seconds(text: str) -> float:
    """Parse a length of time in seconds, above 0 and at most a day."""
    return _within(text, 86400, "a number of seconds")


def rate(text: str) -> float:
    """Parse a frame rate, above 0 and at most 1000 a second."""
    return _within(text, 1000, "a rate in frames a second")


def pause(text: str) -> float:
    """Parse a waiting time in seconds, 0 or more."""
    try:
        return 0.0 if float(text) == 0 else seconds(text)
    except ValueError:
        return seconds(text)


def patient_id(text: str) -> str:
    """Parse a Patient ID: DICOM's LO, 1 to 64 characters, no backslash and no control characters."""
    odd = any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in text)  # surrogates: bytes that are not UTF-8
    if not 1 <= len(text.strip()) <= 64 or "\\" in text or odd:
        raise argparse.ArgumentTypeError("a patient id has 1 to 64 characters, without backslash or control characters")
    return text.strip()


def patient_name(text: str) -> str:
    """Parse a person's name in DICOM's form (Family^Given)."""
    if len(text) > 64 or "\\" in text or "=" in text or any(ord(c) < 32 for c in text):
        raise argparse.ArgumentTypeError("a name has at most 64 characters, as Family^Given, without backslash or =")
    return text.strip()


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("record", help="record from a device or file into a DICOM study")
    parser.add_argument(
        "--device", type=one_line, required=True, metavar="ID|mock:NAME|FILE", help="see 'sonofill devices'"
    )
    parser.add_argument("--format", choices=["MJPEG", "YUYV", "GREY"], help="default: the device's best")
    parser.add_argument("--size", type=size, metavar="WxH", help="default: the device's best")
    parser.add_argument("--fps", type=rate, metavar="F", help="default: the device's best")
    parser.add_argument("--seconds", type=seconds, required=True, metavar="N", help="how long")
    parser.add_argument("--patient-id", type=patient_id, required=True, metavar="P")
    parser.add_argument("--patient-name", type=patient_name, default="", metavar="N", help="Family^Given")
    parser.add_argument("--phase", choices=PHASES, required=True, help="the part of the procedure")
    parser.add_argument("--laterality", choices=["R", "L", "B"], default="", help="side of the face")
    parser.add_argument("--region", default="", metavar="ID", help="region of the face, such as nlf")
    parser.add_argument("--operator", default="", metavar="NAME", help="who scans")
    parser.add_argument(
        "--reconnect-s", type=pause, default=10.0, metavar="S", help="how long to wait for a device that went away (10)"
    )
    add_archive_option(parser)
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Record, save, and say what became of every frame."""
    from devices.source import FormatRequest, PixelFormat
    from dicom_io.errors import NotEncodable
    from workstation.capture.recording import record_study
    from workstation.studies.visit import Visit

    width, height = arguments.size or (None, None)
    request = FormatRequest(
        pixel_format=PixelFormat(arguments.format) if arguments.format else None,
        width=width,
        height=height,
        fps=arguments.fps,
    )
    visit = Visit.begin(
        arguments.patient_id,
        patient_name=arguments.patient_name,
        phase=arguments.phase,
        laterality=arguments.laterality,
        region=arguments.region,
        operator=arguments.operator,
    )
    try:
        visit.check()
    except NotEncodable as error:
        raise Failure(str(error), status=2) from error
    recording, saving = Progress("recording"), Progress("saving")
    try:
        with on_orders_to_stop():
            outcome = record_study(
                arguments.device,
                visit,
                archive_folder(arguments),
                seconds=arguments.seconds,
                request=request,
                reconnect_s=arguments.reconnect_s,
                on_recording=recording,
                on_saving=saving,
            )
    finally:
        recording.end()
        saving.end()
    for sentence in outcome.warnings():
        complain(sentence)
    if arguments.json:
        print_json(outcome.to_json())
    else:
        for line in outcome.sentences():
            print(line)
    return 0 if outcome.files else 1
