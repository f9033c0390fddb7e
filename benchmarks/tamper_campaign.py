"""A campaign: changes made to an archive at random behind the program's back; who finds each.

    python -m benchmarks.tamper_campaign [--changes 10000] [--seed N]

Each round makes one change of `tests.archive.tampering` (or none, or an honest addition) to a copy of an archive of twelve
objects and asks `archive verify` and the stand-alone verifier, each with nothing from outside (and the index deleted) and
with a checkpoint that was kept elsewhere. Prints one JSON document as the last line of standard output. Exit status 1 where
a change was not found with the checkpoint, something was found where nothing was changed, or the two disagree.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import defaultdict
from dataclasses import astuple
from pathlib import Path

from archive import Archive
from tests.archive.objects import ultrasound
from tests.archive.tampering import CHANGES, ask, copied, make_material


def nothing(root: Path, chance: random.Random) -> None:
    """No change."""


def stored_more(root: Path, chance: random.Random) -> None:
    """What the program itself does."""
    with Archive(root) as archive:
        for _ in range(chance.randrange(1, 4)):
            archive.put(ultrasound(seed=chance.randrange(1000, 9999), size=32))


HONEST = {"nothing changed": nothing, "more was stored": stored_more}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=None, help="default: a fresh one, printed")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(2**31)
    chance = random.Random(seed)
    kinds = {**CHANGES, **HONEST}
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    disagreed = 0
    with tempfile.TemporaryDirectory(prefix="tamper-campaign-") as folder:
        material = make_material(Path(folder))
        for number in range(arguments.changes):
            kind = chance.choice([*kinds])
            with copied(material, Path(folder)) as root:
                kinds[kind](root, chance)
                answers = ask(root, material)
            disagreed += answers.ours != answers.theirs or answers.ours_outside != answers.theirs_outside
            row = found[kind]
            row[0] += 1
            for at, well in enumerate(astuple(answers), start=1):
                row[at] += not well
            if number % 500 == 499:
                print(f"{number + 1}/{arguments.changes}", file=sys.stderr)
    names = ("rounds", "verify", "verify_with_checkpoint", "stand_alone", "stand_alone_with_checkpoint")
    table = {kind: dict(zip(names, found[kind], strict=True)) for kind in kinds if kind in found}
    missed = sum(row["rounds"] - row["verify_with_checkpoint"] for kind, row in table.items() if kind in CHANGES)
    false = sum(sum(row.values()) - row["rounds"] for kind, row in table.items() if kind in HONEST)
    print(json.dumps({"seed": seed, "missed": missed, "false": false, "disagreed": disagreed, "kinds": table}))
    return 1 if missed or false or disagreed else 0


if __name__ == "__main__":
    sys.exit(main())
