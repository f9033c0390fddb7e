"""How everything here is measured: each case in a fresh process, the cases of a round one after the other, ratios by round.

A case prints one JSON object as its last line. Before each case dirty pages are written out, and a quiet moment is waited
for (20 s at most). A figure of one machine says little on another; a ratio inside one round does.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

HOUSE = Path(__file__).parents[1]
Row = dict[str, float]


def work_folder() -> Path:
    """Where material and temporary files lie: $SONOFILL_BENCHMARKS, or a folder of this user among the temporary ones."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(os.environ.get("SONOFILL_BENCHMARKS") or Path(tempfile.gettempdir()) / f"sonofill-benchmarks-{user}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def cpu_s() -> float:
    """Processor time of this process, its threads and its ended children."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def memory_mib(name: str) -> float:
    """VmRSS (now) or VmHWM (the peak since `forget_peak`) of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise ValueError(name)


def forget_peak() -> None:
    """Starts the peak anew from what is used now."""
    Path("/proc/self/clear_refs").write_text("5")


def quiet(limit_s: float = 20.0) -> None:
    """Writes dirty pages out, then waits until the others use less than a fifth of a core."""
    os.sync()
    end_s = time.monotonic() + limit_s
    while time.monotonic() < end_s:
        busy_s, began_s = _busy_s(), time.monotonic()
        time.sleep(0.3)
        if (_busy_s() - busy_s) / (time.monotonic() - began_s) < 0.2:
            return


def _busy_s() -> float:
    fields = [int(x) for x in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    return (sum(fields[:3]) + sum(fields[5:7])) / os.sysconf("SC_CLK_TCK")


def rounds(module: str, cases: Sequence[str], count: int, *more: str) -> dict[str, list[Row]]:
    """Runs `python -m module --case CASE ...` for each case, `count` rounds; what each printed."""
    rows: dict[str, list[Row]] = {case: [] for case in cases}
    for number in range(count):
        for case in cases:
            quiet()
            done = subprocess.run(
                [sys.executable, "-m", module, "--case", case, *more], cwd=HOUSE, stdout=subprocess.PIPE, text=True
            )
            if done.returncode:
                sys.exit(f"{module}: case {case} failed")
            rows[case].append(json.loads(done.stdout.splitlines()[-1]))
            print(f"round {number + 1} {case}: {rows[case][-1]}", file=sys.stderr)
    return rows


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, least and greatest."""
    return {"median": round(statistics.median(values), 5), "min": round(min(values), 5), "max": round(max(values), 5)}


def ratios(rows: dict[str, list[Row]], base: str, key: str) -> dict[str, dict[str, float]]:
    """Each case's `key` as a multiple of the base's in the same round."""
    return {
        case: spread([row[key] / other[key] for row, other in zip(of_case, rows[base], strict=True)])
        for case, of_case in rows.items()
        if case != base
    }


def figures(rows: dict[str, list[Row]]) -> dict[str, dict[str, dict[str, float]]]:
    """The spread of everything that the cases printed."""
    return {case: {key: spread([row[key] for row in of_case]) for key in of_case[0]} for case, of_case in rows.items()}


def report(name: str, values: dict[str, object]) -> None:
    """Prints the benchmark's one JSON document."""
    machine = {"cpus": os.cpu_count(), "kernel": platform.release(), "python": platform.python_version()}
    print(json.dumps({"benchmark": name, "machine": machine, **values}))


def timed(work: Callable[[], object]) -> Row:
    """Wall and processor time of `work`, and how far memory grew meanwhile."""
    before_mib = memory_mib("VmRSS")
    forget_peak()
    began_s, began_cpu_s = time.perf_counter(), cpu_s()
    work()
    return {
        "wall_s": time.perf_counter() - began_s,
        "cpu_s": cpu_s() - began_cpu_s,
        "grown_mib": memory_mib("VmHWM") - before_mib,
    }
