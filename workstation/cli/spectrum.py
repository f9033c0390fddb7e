"""`sonofill spectrum FILE`: speeds, ratios and heart rate off a Doppler spectrum."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workstation.cli.measuring import add_measuring_command

if TYPE_CHECKING:
    from imaging.spectrum import Measured, SpectrumReading

_WHAT = "read a Doppler spectrum off the screen: peak systolic and end-diastolic velocity, resistance index, heart rate"


def add_to(commands: Any) -> None:
    """Add the command."""
    parser = add_measuring_command(commands, "spectrum", _WHAT, _measure, _say)
    parser.add_argument(
        "--angle-deg",
        type=_angle,
        metavar="DEG",
        help="the Doppler angle, where the screen does not print it (0 to 89)",
    )


def _angle(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 89:
        raise argparse.ArgumentTypeError("the angle is a number of degrees from 0 to 89")
    return value


def _measure(arguments: argparse.Namespace) -> dict[str, Any]:
    from imaging.pictures import Pictures
    from imaging.spectrum import measure_clip
    from imaging.text import TextReader

    frame, reading = measure_clip(Pictures(arguments.file), TextReader(), angle_deg=arguments.angle_deg)
    return _document(frame, reading)


def _document(frame: int, reading: SpectrumReading) -> dict[str, Any]:
    x0, y0, x1, y1 = reading.area.box
    times = reading.timebase
    return {
        "frame": frame,
        "region": {"x0": x0, "y0": y0, "x1": x1, "y1": y1},
        "cm_s_per_pixel": reading.axis.cm_s_per_pixel,
        "s_per_pixel": times.s_per_pixel if times is not None else None,
        "baseline_row": reading.axis.zero_row,
        "axis_inverted": reading.axis.inverted,
        "side": "above" if reading.envelope.above else "below",
        "peak_systolic_velocity_cm_s": _value(reading.peak_systolic_velocity_cm_s),
        "end_diastolic_velocity_cm_s": _value(reading.end_diastolic_velocity_cm_s),
        "mean_velocity_cm_s": reading.mean_velocity_cm_s,
        "resistance_index": _value(reading.resistance_index),
        "pulsatility_index": reading.pulsatility_index,
        "heart_rate_per_min": _value(reading.heart_rate_per_min),
        "beats": reading.beats,
        "angle_deg": reading.angle_deg,
        "angle_source": reading.angle_source,
        "angle_corrected": "unknown",
        "both_directions": reading.both_directions,
        "cut_off": reading.cut_off,
        "kind": reading.kind.name,
        "reason": reading.kind.reason,
        "remarks": list(reading.remarks),
        "evidence": [*reading.area.evidence, *reading.axis.evidence, *(times.evidence if times is not None else ())],
    }


def _value(measured: Measured | None) -> dict[str, Any] | None:
    return None if measured is None else {"value": measured.value, "ci95": list(measured.ci95)}


def _say(document: dict[str, Any]) -> None:
    for name, key, unit in (
        ("Peak systolic velocity", "peak_systolic_velocity_cm_s", " cm/s"),
        ("End-diastolic velocity", "end_diastolic_velocity_cm_s", " cm/s"),
        ("Resistance index", "resistance_index", ""),
        ("Heart rate", "heart_rate_per_min", "/min"),
    ):
        measured = document[key]
        if measured is None:
            print(f"{name}: cannot be told")
        else:
            digits = 2 if not unit else 1
            low, high = measured["ci95"]
            print(f"{name}: {measured['value']:.{digits}f}{unit} (95 % {low:.{digits}f} to {high:.{digits}f})")
    if document["angle_deg"] is not None:
        print(f"Angle: {document['angle_deg']:g} degrees ({document['angle_source']})")
    print(f"Kind: {document['kind']}. {document['reason']}")
    for remark in document["remarks"]:
        print(remark)
