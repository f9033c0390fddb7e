"""The ledger: appending a line with its fsync, and proving one entry of a million.

    python -m benchmarks.ledger_proof [--lines 1000000] [--rounds 50]

Goals: at most 5 ms for an append, 50 ms for a proof (made, and checked against the ledger's own line). The index that the
proof comes from is made first, which is timed too. `median_cpu_ms` is the processor's time: where others use the machine
the rest says nothing. Prints one JSON document as its last line.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from archive.checkpoint import SignedCheckpoint
from archive.index import Index
from archive.layout import Layout
from archive.ledger import Entry, hold, lines
from archive.proving import ledger_state, prove_object
from benchmarks.measuring import work_folder

_TOGETHER = 10_000


def entry(number: int) -> Entry:
    return Entry(f"1.2.{number}", f"studies/1.2/1.3/1.2.{number}.dcm", number, f"{number:064x}")


def times_ms(rounds: int, act: Callable[[], object]) -> dict[str, float]:
    taken, used = [], []
    for _ in range(rounds):
        begun, begun_cpu = time.perf_counter(), time.process_time()
        act()
        taken.append((time.perf_counter() - begun) * 1e3)
        used.append((time.process_time() - begun_cpu) * 1e3)
    return {
        "median_ms": round(statistics.median(taken), 3),
        "greatest_ms": round(max(taken), 3),
        "median_cpu_ms": round(statistics.median(used), 3),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=50)
    arguments = parser.parse_args()
    count = arguments.lines
    with tempfile.TemporaryDirectory(prefix="ledger-", dir=work_folder()) as folder:
        layout = Layout(Path(folder))
        with hold(layout.ledger) as held:
            for start in range(0, count, _TOGETHER):
                held.append([entry(k) for k in range(start, min(start + _TOGETHER, count))])
        print(f"{count} lines written", file=sys.stderr)
        index = Index(layout)
        begun = time.perf_counter()
        with index.change():
            index.take(lines(layout.ledger))
        made_s = time.perf_counter() - begun
        state = ledger_state(layout, index)
        signed = SignedCheckpoint(state, state.text(), ())
        chance = random.Random(1)
        proof = times_ms(
            arguments.rounds, lambda: prove_object(layout, index, f"1.2.{chance.randrange(count)}", signed)
        )
        index.close()
        with hold(layout.ledger) as held:
            fresh = iter(range(count, count + arguments.rounds))
            append = times_ms(arguments.rounds, lambda: held.append([entry(next(fresh))]))
    print(json.dumps({"lines": count, "index_made_s": round(made_s, 2), "proof": proof, "append": append}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
