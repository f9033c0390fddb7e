"""Hostile callers at our own listening place: does it stay up, within its folder, and within its memory?

    python -m benchmarks.receive_fuzz [--count 100000] [--seed N]

`sonofill receive` runs in a process of its own and gets inputs of ten kinds from a caller that it knows
(`tests.network.hostile`). It must answer an echo at the end, have stored nothing outside its archive, have a sound archive,
written no traceback, and grown by at most 100 MiB. Prints JSON; exit status 1 where that does not hold.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measuring import report, work_folder
from tests.network.test_receive import attack


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    arguments = parser.parse_args()
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=work_folder()) as folder:
        end = attack(Path(folder), arguments.seed, arguments.count)
    holds = bool(end["alive"]) and not end["outside"] and float(str(end["grown_mib"])) < 100
    seconds = round(time.monotonic() - began_s)
    report(
        "receive_fuzz", {"seed": arguments.seed, "inputs": arguments.count, "seconds": seconds, "holds": holds, **end}
    )
    sys.exit(not holds)


if __name__ == "__main__":
    main()
