"""Where remembered devices are kept: `devices.json` in the user's state folder, or in $SONOFILL_STATE.

It holds vendor, product, serial number and port of each USB device seen, and what a person answered where two were
alike. It can be deleted at any time: the next look remembers afresh what is plugged in.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

import platformdirs

from devices.identity import KnownDevice, Memory

log = logging.getLogger(__name__)

_VERSION = 1


def state_folder() -> Path:
    """The folder of what the program remembers between two starts: $SONOFILL_STATE, or the system's place for it."""
    named = os.environ.get("SONOFILL_STATE")
    return Path(named) if named else Path(platformdirs.user_state_dir("sonofill", appauthor=False))


def load(folder: Path) -> Memory:
    """What is remembered in `folder`; nothing where there is no file yet. A file that makes no sense is logged."""
    path = folder / "devices.json"
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["version"] != _VERSION:
            raise ValueError(f"version {content['version']!r}")
        devices = {
            entry["id"]: KnownDevice(
                id=str(entry["id"]),
                vendor_id=str(entry["vendor_id"]),
                product_id=str(entry["product_id"]),
                serial=entry["serial"],
                port_path=entry["port_path"],
                rule=str(entry["rule"]),
                seen_with=frozenset(entry["seen_with"]),
            )
            for entry in content["devices"]
        }
        return Memory(devices, {str(k): str(v) for k, v in content["chosen"].items()})
    except FileNotFoundError:
        return Memory()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("The remembered devices in %s cannot be read (%s); they are remembered afresh.", path, error)
        return Memory()


def save(folder: Path, memory: Memory) -> None:
    """Keep `memory`, replacing the file in one step. A folder that cannot be written is logged: devices work without."""
    path = folder / "devices.json"
    content = {
        "version": _VERSION,
        "devices": [
            {
                "id": known.id,
                "vendor_id": known.vendor_id,
                "product_id": known.product_id,
                "serial": known.serial,
                "port_path": known.port_path,
                "rule": known.rule,
                "seen_with": sorted(known.seen_with),
            }
            for known in memory.devices.values()
        ],
        "chosen": dict(memory.chosen),
    }
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        log.warning("Devices cannot be remembered in %s: %s.", folder, error.strerror)
