"""A program that stores objects and dies. For each object it prints `storing UID` before and `stored UID` after.

`python -m tests.archive.crashing run ROOT SEED COUNT` stores COUNT objects, and is killed from outside.
`python -m tests.archive.crashing sweep FOLDER` (or `together FOLDER`: one call stores nine) stores two objects in
FOLDER/1, FOLDER/2, ...; the n-th time it dies at the n-th call of the system's file functions, until one time comes
through. What was printed is in FOLDER/n.out.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from archive import Archive
from tests.archive.objects import in_ranges, ultrasound

# What archive calls, directly and through pathlib, that changes the disk or waits for it.
CALLS = ["open", "write", "fsync", "rename", "unlink", "mkdir", "close", "ftruncate"]
DEAD = 99


def die_at(limit: int, calls: Sequence[str] = CALLS) -> None:
    """Patches `os` in this process: its `limit`-th call ends the process at once, as kill -9 would."""
    count = 0

    def counting(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **keywords: Any) -> Any:
            nonlocal count
            count += 1
            if count == limit:
                if call.__name__ == "write":  # half of it is on the disk
                    call(args[0], bytes(args[1])[: len(args[1]) // 2])
                os._exit(DEAD)
            return call(*args, **keywords)

        return counted

    for name in calls:
        setattr(os, name, counting(getattr(os, name)))


def run(root: Path, seed: int, count: int, limit: int | None = None, together: bool = False) -> None:
    folder = root.with_name(root.name + "-sources")
    objects = [ultrasound("2.25.1", "2.25.2", size=64, seed=k) for k in range(count)] if together else []
    for k in range(0 if together else count):
        sources = folder / f"{seed}-{k}"
        sources.mkdir(parents=True, exist_ok=True)
        objects.append(in_ranges(ultrasound(size=128, seed=seed + k), sources))
    if limit is not None:
        die_at(limit, ["write", "fsync", "rename"] if together else CALLS)
    with Archive(root) as archive:
        if together:
            for obj in objects:
                print("storing", obj.sop_instance_uid, flush=True)
            archive.put_all(objects)
            for obj in objects:
                print("stored", obj.sop_instance_uid, flush=True)
            return
        for obj in objects:
            print("storing", obj.sop_instance_uid, flush=True)
            archive.put(obj)
            print("stored", obj.sop_instance_uid, flush=True)


def sweep(folder: Path, together: bool = False) -> None:
    status, limit = DEAD, 0
    while status == DEAD:
        limit += 1
        child = os.fork()
        if child == 0:
            sys.stdout = (folder / f"{limit}.out").open("w")
            run(folder / str(limit), limit, 9 if together else 2, limit, together)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        sys.exit(f"the child of step {limit} failed")


if __name__ == "__main__":
    if sys.argv[1] in ("sweep", "together"):
        sweep(Path(sys.argv[2]), sys.argv[1] == "together")
    else:
        run(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
