"""A campaign: `kill -9` at a hundred random moments of a recording; what each next start finds.

    python benchmarks/kill_campaign.py [--rounds 100] [--seed N]

Prints each round on standard error and one JSON document as the last line of standard output. Exit status 1 where a frame
was lost that had to be there, or anything in the archive was harmed. A short form of it is in the tests.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.workstation.kill_rounds import kill_round


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=None, help="default: a fresh one, printed")
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(2**31)
    chance = random.Random(seed)
    rounds = []
    with tempfile.TemporaryDirectory(prefix="kill-campaign-") as folder:
        archive = Path(folder) / "archive"
        for number in range(arguments.rounds):
            found = kill_round(archive, chance)
            rounds.append(found)
            print(f"{number + 1}/{arguments.rounds}: {found}", file=sys.stderr)
    result = {
        "seed": seed,
        "rounds": len(rounds),
        "stages": dict(Counter(r.stage for r in rounds)),
        "frames_expected": sum(r.frames_expected for r in rounds),
        "frames_offered": sum(r.frames_offered for r in rounds),
        "frames_lost": sum(r.lost for r in rounds),
    }
    print(json.dumps(result))
    return 1 if result["frames_lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
