"""`sonofill devices`: what is plugged in, and the simulated probe."""

from __future__ import annotations

import argparse
from typing import Any

from workstation.cli.terminal import print_json


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("devices", help="list the devices that can be recorded from")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """List the devices."""
    from workstation.capture.sources import device_registry

    found = device_registry().discover()
    if arguments.json:
        print_json([device.to_json() for device in found])
        return 0
    for device in found:
        best = device.formats[0] if device.formats else "no formats known"
        print(f"{device.id:32} {device.name} ({device.kind}); {best}; known by its {device.identity_rule}")
    return 0
