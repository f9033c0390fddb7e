"""`sonofill layers`: skin, dermis, fat, SMAS, muscle and bone as the picture shows them, with their thickness."""

from __future__ import annotations

import argparse
from typing import Any

from workstation.cli.anatomy_files import add_scale_option, head, length, points, views_of
from workstation.cli.measuring import add_measuring_command

REGIONS = ("fore", "glab", "temp", "tear", "nose", "mala", "nlf", "lipu", "lipl", "chin", "jaw", "prea")


def add_to(commands: Any) -> None:
    """Add the command."""
    parser = add_measuring_command(
        commands, "layers", "suggest the layers' boundaries and thicknesses in a picture or clip", measure, say
    )
    add_scale_option(parser)
    parser.add_argument(
        "--region", choices=REGIONS, help="where on the face: which layers are then expected, and how deep"
    )


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """The layers of each frame. Raises CannotTell where no frame shows any."""
    from imaging.errors import CannotTell
    from imaging.layers import find_layers

    frames: list[dict[str, Any]] = []
    shown, refusal = None, None
    for view in views_of(arguments):
        entry: dict[str, Any] = {"frame": view.picture.frame, "time_s": round(view.picture.time_s, 4), "layers": []}
        try:
            if view.b_mode is None:
                raise CannotTell(f"Frame {view.picture.frame}: {view.reason}.")
            found = find_layers(view.b_mode, arguments.region)
        except CannotTell as reason:
            refusal = refusal or reason
            frames.append(entry | {"reason": str(reason)})
            continue
        shown = shown or view
        entry["skin_line"] = points(found.skin)
        entry["layers"] = [
            {
                "id": layer.id,
                "name": layer.name,
                "points": points(layer.points),
                "lower": None if layer.lower is None else points(layer.lower),
                **length("depth", layer.depth),
                **({} if layer.thickness is None else length("thickness", layer.thickness)),
                f"uncertainty_{found.unit}": round(layer.unsure, 3),
                "evidence": round(layer.evidence, 2),
                "expected_from": layer.expected_from,
            }
            for layer in found.layers
        ]
        frames.append(entry)
    if shown is None and refusal is not None:
        raise refusal
    return head(arguments, frames, shown) | {"region_of_face": arguments.region}


def say(document: dict[str, Any]) -> None:
    """Print the first frame's layers for people."""
    first = next(frame for frame in document["frames"] if frame["layers"])
    unit = document["unit"]
    print(f"Frame {first['frame']}: suggestions to confirm on the picture.")
    for layer in first["layers"]:
        depth = layer[f"depth_{unit}"]["value"]
        thickness = layer.get(f"thickness_{unit}")
        told = ""
        if thickness is not None:
            low, high = thickness["ci95"]
            told = f", thickness {thickness['value']:.2f} {unit} (95 %: {low:.2f} to {high:.2f})"
        print(f"  {layer['name']}: from {depth:.2f} {unit} below the skin line{told}")
