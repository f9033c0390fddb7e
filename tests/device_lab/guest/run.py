"""Run scenarios inside the guest and print one line for each: `LAB-RESULT {"scenario": …, "result": …}` or `"error"`.

`python -m tests.device_lab.guest.run [NAME …]`; without names all of them. This process imports what they need once and
forks for each, because starting Python takes seconds in an emulated machine.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path

from tests.device_lab.guest.lab import SCENARIOS, Scenario

_VHCI = Path("/sys/devices/platform/vhci_hcd.0")


def main() -> None:
    for module in ("vhci_hcd", "uvcvideo", "evdev"):
        subprocess.run(["modprobe", module], check=True)
    for path in sorted(Path(__file__).parent.glob("scenario_*.py")):
        importlib.import_module(f"tests.device_lab.guest.{path.stem}")
    for name in sys.argv[1:] or SCENARIOS:
        function, limit_s = SCENARIOS[name]
        began_s = time.monotonic()
        result = _run(function, limit_s)
        result["seconds"] = round(time.monotonic() - began_s, 1)
        print("LAB-RESULT", json.dumps({"scenario": name, **result}), flush=True)
        _empty_ports()


def _run(function: Scenario, limit_s: float) -> dict[str, object]:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        os.setsid()
        _child(function, write)
    os.close(write)
    signal.signal(signal.SIGALRM, lambda *_: _kill(child))
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    with os.fdopen(read, "rb") as answer:
        said = answer.read()
    os.waitpid(child, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)
    _kill(child)  # cameras that the scenario left behind
    if not said:
        return {"error": f"no answer in {limit_s:g} s, or the scenario's process died"}
    result: dict[str, object] = json.loads(said)
    return result


def _child(function: Scenario, write: int) -> None:
    code = 1
    try:
        try:
            said: dict[str, object] = {"result": function()}
        except BaseException:  # whatever ends a scenario is told to the host  # noqa: BLE001
            said = {"error": traceback.format_exc()}
        with os.fdopen(write, "wb") as answer:
            answer.write(json.dumps(said).encode())
        code = 0
    finally:
        os._exit(code)


def _kill(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _empty_ports() -> None:
    """Unplug what a scenario left plugged in."""
    for line in (_VHCI / "status").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[2] == "006":  # in use
            with contextlib.suppress(OSError):
                (_VHCI / "detach").write_text(str(int(fields[1])))
    time.sleep(0.2)


if __name__ == "__main__":
    main()
