"""Everything dies: the server again and again at random moments of a queue, and our own process too. What is there then?

Used by a short test and by `benchmarks/outbox_campaign.py`.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from archive import Archive, ObjectRow
from archive.outbox import Queue, destination_states, item_states
from dicom_io.network import parse_address
from tests.archive.objects import ultrasound
from tests.network.proxy import Fault, Proxy
from tests.network.servers import Pacs, Storescp, data_set_of, free_port, orthanc, storescp
from workstation.network.committing import Committing

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Survived:
    """What was found at the end. `twice_untold` were received more than once and the queue does not know it."""

    objects: int
    there: int
    changed: int
    sent: int
    server_kills: int
    own_kills: int
    received_twice: int
    twice_untold: int
    seconds: float


def campaign(
    folder: Path, seed: int, objects: int, server_kills: int, own_kills: int, delay_s: float = 0.02
) -> Survived:
    """Queue `objects` stills and send them while server and sender are killed; then let it end in peace."""
    chance = random.Random(seed)
    rows, queue = _queued(folder, objects)
    port = free_port()
    began_s = time.monotonic()
    with ExitStack() as stack:
        proxy = stack.enter_context(Proxy(port, Fault("delay", "up", delay_s=delay_s)))
        destination = f"STORESCP@127.0.0.1:{proxy.port}"
        queue.add(destination, rows, rows[0].file.parent.parent.name)
        deaths = [True] * server_kills + [False] * own_kills
        chance.shuffle(deaths)
        server, sender = _server(folder, port, stack), _sender(folder)
        # The moments are drawn over the time that the whole queue would take, so that most fall into it.
        step_s = objects * delay_s * 1.5 / (len(deaths) + 1)
        killed = Counter[bool]()
        for of_server in deaths:
            time.sleep(chance.uniform(0.2, 1.8) * step_s)
            if not destination_states(queue, time.time())[0].waiting:
                break  # nothing left to disturb
            if of_server:
                server.process.kill()
                server.process.wait()
                _kill_children(server)
                server = _server(folder, port, stack)
            else:
                _kill(sender)
                sender = _sender(folder)
            killed[of_server] += 1
        until_s = time.monotonic() + 120
        while not destination_states(queue, time.time())[0].done and time.monotonic() < until_s:
            if sender.poll() is not None:
                sender = _sender(folder)
            time.sleep(0.1)
        seconds = time.monotonic() - began_s
        _kill(sender)
    (state,) = destination_states(queue, time.time())
    there = server.data_sets()
    truth = {row.sop_instance_uid: data_set_of(row.file) for row in rows}
    received = _received(folder / "storescp.log")
    twice = {uid for uid, count in received.items() if count > 1}
    known = {item.sop_instance_uid for item in item_states(queue) if item.perhaps_twice}
    queue.close()
    return Survived(
        objects=objects,
        there=len(there.keys() & truth.keys()),
        changed=sum(there[uid] != truth[uid] for uid in there.keys() & truth.keys()) + len(there.keys() - truth.keys()),
        sent=state.sent,
        server_kills=killed[True],
        own_kills=killed[False],
        received_twice=len(twice),
        twice_untold=len(twice - known),
        seconds=round(seconds, 1),
    )


@dataclass(frozen=True)
class Kept:
    """What a server that keeps a database has at the end. `asked_again`: objects that it had answered for and lost."""

    objects: int
    there: int
    changed: int
    committed: int
    server_kills: int
    own_kills: int
    asked_again: int
    seconds: float


def keeping_campaign(folder: Path, seed: int, objects: int, server_kills: int, own_kills: int) -> Kept:
    """As `campaign` against Orthanc, killed in the midst of its database's work; at the end its commitment is asked for.

    What it does not commit to waits in the outbox again, and is sent again: so often until all is committed.
    """
    chance = random.Random(seed)
    rows, queue = _queued(folder, objects)
    port, listen = free_port(), free_port()
    us = {"us": ["SONOFILL", "127.0.0.1", listen]}
    began_s = time.monotonic()
    delay_s = 0.02
    with ExitStack() as stack:
        proxy = stack.enter_context(Proxy(port, Fault("delay", "up", delay_s=delay_s)))
        node = parse_address(f"ORTHANC@127.0.0.1:{proxy.port}")
        queue.add(node.address, rows, rows[0].file.parent.parent.name)

        def started() -> Pacs:
            return stack.enter_context(orthanc(folder / "orthanc", us, DicomPort=port))

        server, sender = started(), _sender(folder)
        deaths = [True] * server_kills + [False] * own_kills
        chance.shuffle(deaths)
        step_s = objects * delay_s * 1.5 / (len(deaths) + 1)
        killed = Counter[bool]()
        for of_server in deaths:
            time.sleep(chance.uniform(0.2, 1.8) * step_s)
            if not destination_states(queue, time.time())[0].waiting:
                break
            if of_server:
                _kill(server.process)
                server = started()
            else:
                _kill(sender)
                sender = _sender(folder)
            killed[of_server] += 1
        asked_again = 0
        until_s = time.monotonic() + 120
        while time.monotonic() < until_s:
            while not destination_states(queue, time.time())[0].done and time.monotonic() < until_s:
                if sender.poll() is not None:
                    sender = _sender(folder)
                time.sleep(0.1)
            found = Committing(queue, node, node.address, listen=("127.0.0.1", listen)).run(None, 20)
            asked_again += found.failed
            if destination_states(queue, time.time())[0].committed == objects:
                break
        _kill(sender)
        truth = {row.sop_instance_uid: data_set_of(row.file) for row in rows}
        there = changed = 0
        for uid, data in truth.items():
            ids = server.find(uid)
            there += len(ids) == 1
            got = folder / "got.dcm"
            got.write_bytes(server.rest(f"/instances/{ids[0]}/file") if ids else b"")
            changed += bool(ids) and data_set_of(got) != data
        (state,) = destination_states(queue, time.time())
    queue.close()
    seconds = round(time.monotonic() - began_s, 1)
    return Kept(objects, there, changed, state.committed, killed[True], killed[False], asked_again, seconds)


def _queued(folder: Path, objects: int) -> tuple[list[ObjectRow], Queue]:
    """A study of so many stills in an archive, and its outbox."""
    first = ultrasound(size=96)
    with Archive(folder / "archive") as archive:
        archive.put(first)
        for number in range(1, objects):
            archive.put(ultrasound(first.study_instance_uid, number=number + 1, size=96, seed=number))
        return archive.objects(first.study_instance_uid), Queue(archive.root)


def _server(folder: Path, port: int, stack: ExitStack) -> Storescp:
    return stack.enter_context(storescp(folder, "-d", port=port))


def _kill_children(server: Storescp) -> None:
    """storescp forks for each association: those that are at work die with it."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = status.read_text().rsplit(")", 1)
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if str(server.folder).encode() in command and str(server.port).encode() in command:
            os.kill(int(words[0].split(" ", 1)[0]), signal.SIGKILL)


def _sender(folder: Path) -> subprocess.Popen[bytes]:
    words = ("outbox", "run", "--archive", folder / "archive", "--for", 600, "--timeout", 5, "--pause", 0.1)
    with (folder / "sender.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "workstation.cli", *map(str, words)],
            cwd=ROOT, stdout=log, stderr=log, env={**os.environ, "SONOFILL_CONFIG": str(folder / "config")},
        )  # fmt: skip


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def _received(log: Path) -> Counter[str]:
    """How often each object was received whole, or as far as its command, by storescp's own log."""
    found = Counter[str]()
    of_store = False
    for line in log.read_text(errors="replace").splitlines():
        if "Message Type" in line:
            of_store = "C-STORE RQ" in line
        elif of_store and (match := re.search(r"Affected SOP Instance UID\s+: ([0-9.]+)", line)):
            found[match[1]] += 1
    return found
