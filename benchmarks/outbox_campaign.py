"""Server and sender are killed at random moments of a queue: what is there at the end?

    python -m benchmarks.outbox_campaign [--server storescp|orthanc] [--objects 500] [--server-kills 50] [--own-kills 20]
                                         [--seed N]

DCMTK's storescp gets a queue of stills through a connection that delays each piece, and is killed with `kill -9`, as our own
`sonofill outbox run` is. At the end each object must be there once, with the bytes that it has in the archive, and
whatever was received twice must be known to the queue. With `--server orthanc` a server with a database is killed
instead, and at the end it must commit to each object (storage commitment). Prints JSON; exit status 1
where that does not hold.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.measuring import report, work_folder
from tests.network.campaign import campaign, keeping_campaign


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=500)
    parser.add_argument("--server-kills", type=int, default=50)
    parser.add_argument("--own-kills", type=int, default=20)
    parser.add_argument("--delay-s", type=float, default=0.1, help="of each piece on its way up")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    parser.add_argument("--server", choices=("storescp", "orthanc"), default="storescp")
    arguments = parser.parse_args()
    kills = (arguments.seed, arguments.objects, arguments.server_kills, arguments.own_kills)
    if arguments.server == "orthanc":
        with tempfile.TemporaryDirectory(prefix="outbox-", dir=work_folder()) as folder:
            kept = keeping_campaign(Path(folder), *kills)
        holds = (kept.there, kept.changed, kept.committed) == (kept.objects, 0, kept.objects)
        report("outbox_campaign", {"server": "orthanc", "seed": arguments.seed, "holds": holds, **asdict(kept)})
        sys.exit(not holds)
    with tempfile.TemporaryDirectory(prefix="outbox-", dir=work_folder()) as folder:
        end = campaign(Path(folder), *kills, delay_s=arguments.delay_s)
    holds = (end.there, end.changed, end.sent, end.twice_untold) == (end.objects, 0, end.objects, 0)
    report("outbox_campaign", {"seed": arguments.seed, "holds": holds, **asdict(end)})
    sys.exit(not holds)


if __name__ == "__main__":
    main()
