"""`sonofill calibrate FILE`: millimetres per pixel, read off the screen or from two points, or the reason why not."""

from __future__ import annotations

import argparse
import itertools
from typing import TYPE_CHECKING, Any

from workstation.cli.measuring import add_measuring_command
from workstation.cli.terminal import Failure

if TYPE_CHECKING:
    from imaging import Pictures, Scale
    from imaging.pictures import Bgr
    from imaging.scale import FilmReading


def add_to(commands: Any) -> None:
    """Add the command to the command line."""
    parser = add_measuring_command(
        commands, "calibrate", "Say how many millimetres a pixel is, and what tells so.", _calibrate, _say
    )
    parser.add_argument("--points", metavar="X0,Y0,X1,Y1", help="two points in pixels whose distance is known")
    parser.add_argument("--mm", type=float, metavar="L", help="the distance between the two points, mm")
    parser.add_argument("--remember", metavar="NAME", help="keep the two-point scale for this probe and depth")


def _calibrate(arguments: argparse.Namespace) -> dict[str, Any]:
    from imaging import CannotTell, Pictures
    from imaging.scale import read_film

    if (arguments.points is None) != (arguments.mm is None) or (arguments.remember and arguments.points is None):
        raise Failure("Give --points and --mm together (and --remember only with them).", 2)
    pictures = Pictures(arguments.file)
    if arguments.points is not None:
        return _by_points(arguments, pictures)
    stated = _stated(pictures)
    try:
        film = read_film(pictures, stated)
    except CannotTell as refusal:
        document = _by_memory(pictures.first().bgr)
        if document is None:
            raise refusal
        return document
    return _film_document(film, pictures)


def _film_document(film: FilmReading, pictures: Pictures) -> dict[str, Any]:
    document = film.first.document()
    if film.frame:
        document["frame"] = film.frame
    changes: list[dict[str, Any]] = []
    for change in film.changes:
        if change.reading is None:
            changes.append({"frame": change.frame, "mm_per_pixel": None, "reason": change.reason})
        else:
            changes.append({"frame": change.frame, **change.reading.document()})
    if changes or len(list(itertools.islice(pictures, 2))) > 1:
        document["changes"] = changes
    return document


def _stated(pictures: Pictures) -> tuple[Scale, ...]:
    """The regions of a DICOM header."""
    if not pictures.is_dicom:
        return ()
    from dicom_io.dataset.lenient import dcmread
    from dicom_io.picture.calibration import scales_from

    return scales_from(dcmread(pictures.path, stop_before_pixels=True))


def _by_points(arguments: argparse.Namespace, pictures: Pictures) -> dict[str, Any]:
    from imaging import CannotTell
    from workstation.probe_screen.two_points import scale_by_points

    try:
        x0, y0, x1, y1 = (float(part) for part in arguments.points.split(","))
    except ValueError:
        raise Failure("--points takes four numbers with commas: X0,Y0,X1,Y1 in pixels.", 2) from None
    bgr = pictures.first().bgr
    rows, columns = bgr.shape[:2]
    if not (all(0 <= x < columns for x in (x0, x1)) and all(0 <= y < rows for y in (y0, y1))):
        raise Failure(f"A point lies outside the picture of {columns}x{rows} pixels.", 2)
    try:
        pointed = scale_by_points(bgr, (x0, y0), (x1, y1), arguments.mm, arguments.remember)
    except ValueError as error:
        raise Failure(str(error), 2) from None
    if arguments.remember and pointed.remembered_as is None:
        raise CannotTell(pointed.why_not)
    says = f"{arguments.mm:g} mm between two points given by a person"
    return _document(pointed.scale, [{"kind": "two-point", "says": says, "agrees": True}])


def _by_memory(bgr: Bgr) -> dict[str, Any] | None:
    """A remembered two-point scale whose screen fits; None without one."""
    from workstation.probe_screen.two_points import recalled

    found = recalled(bgr)
    if found is None:
        return None
    says = f"two points remembered as {found.name!r}; the screen's ruler and stated depth are those of then"
    return _document(found.scale, [{"kind": "profile", "says": says, "agrees": True}])


def _document(scale: Scale, evidence: list[dict[str, Any]]) -> dict[str, Any]:
    x0, y0, x1, y1 = scale.box
    value, half = scale.mm_per_pixel_y, scale.mm_per_pixel_y * scale.relative_uncertainty
    return {
        "mm_per_pixel": value,
        "ci95": [value - half, value + half],
        "source": scale.source,
        "region": {"x0": x0, "y0": y0, "x1": x1, "y1": y1},
        "evidence": evidence,
    }


def _say(document: dict[str, Any]) -> None:
    value = document["mm_per_pixel"]
    told = f"{value[0]:.5f} across, {value[1]:.5f} down" if isinstance(value, list) else f"{value:.5f}"
    low, high = document["ci95"]
    print(f"{told} mm per pixel (95 %: {low:.5f} to {high:.5f}), source: {document['source']}")
    for piece in document["evidence"]:
        print(f"  {'+' if piece['agrees'] else '-'} {piece['says']}")
    for change in document.get("changes", []):
        new = change["mm_per_pixel"]
        print(f"  from frame {change['frame']} on: {change['reason'] if new is None else new}")
