"""`sonofill outbox list|run|retry|remove`: the queue of what is to go to servers."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option, archive_folder, whole_uid
from workstation.cli.server import add_waiting_options, patience_of
from workstation.cli.terminal import Failure, complain, on_orders_to_stop, print_json

if TYPE_CHECKING:
    from archive import Archive
    from archive.outbox import DestinationState, Queue


def add_to(commands: Any) -> None:
    """Add the command and its four verbs to the parser."""
    parser = commands.add_parser("outbox", help="the queue of what is to go to servers")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    listed = verbs.add_parser("list", help="how far everything has come, and why something waits")
    listed.add_argument("--study", metavar="STUDY", help="each object of this study")
    run = verbs.add_parser("run", help="send what is due; what fails waits, longer each time")
    run.add_argument(
        "--for",
        dest="seconds",
        type=float,
        metavar="S",
        help="go on trying what waits for so long (default: one try each)",
    )
    run.add_argument("--forever", action="store_true", help="go on until stopped: what the service does")
    run.add_argument(
        "--parallel", type=int, default=1, choices=range(1, 9), metavar="N", help="connections to each server (1)"
    )
    run.add_argument(
        "--pause", type=float, default=5.0, metavar="S", help="the first pause after a failure, doubled each time (5)"
    )
    add_waiting_options(run, calling=False)
    retry = verbs.add_parser("retry", help="let what was refused, or waits for its time, go at the next run")
    remove = verbs.add_parser("remove", help="take out what of a study has not been sent yet")
    retry.add_argument("study", nargs="?", metavar="STUDY", help="of this study alone")
    remove.add_argument("study", metavar="STUDY")
    for verb in (retry, remove):
        verb.add_argument("--to", metavar="NODE", help="for this server alone")
    for verb, function in ((listed, _list), (run, _run), (retry, _retry), (remove, _remove)):
        add_archive_option(verb)
        verb.add_argument("--json", action="store_true", help="one JSON document")
        verb.set_defaults(run=function)


def open_outbox(kept: Archive) -> Queue:
    """The archive's outbox; what was mended is said."""
    from archive.outbox import Queue

    queue = Queue(kept.root)
    for note in (*kept.notes, *queue.notes):
        complain(note)
    return queue


def _open(arguments: argparse.Namespace) -> tuple[Archive, Queue]:
    from archive import Archive

    kept = Archive(archive_folder(arguments), create=False)
    return kept, open_outbox(kept)


def _list(arguments: argparse.Namespace) -> int:
    from archive.outbox import destination_states, item_states

    kept, queue = _open(arguments)
    states = destination_states(queue, time.time())
    items = item_states(queue, whole_uid(kept, arguments.study)) if arguments.study else []
    if arguments.json:
        document: dict[str, object] = {"destinations": [state.to_json() for state in states]}
        print_json(document | ({"objects": [item.to_json() for item in items]} if arguments.study else {}))
    else:
        _say(states)
        for item in items:
            print(
                f"  {item.sop_instance_uid}  to {item.destination}: {item.state}{f' ({item.why})' if item.why else ''}"
            )
    return 0


def _say(states: list[DestinationState]) -> None:
    for state in states:
        counts = ", ".join(
            f"{getattr(state, name)} {name}"
            for name in ("waiting", "sending", "sent", "committed", "refused")
            if getattr(state, name)
        )
        print(f"{state.destination}: {counts or 'nothing'}")
        if state.why:
            print(f"  waits: {state.why} Next try {state.next_at or 'at the next run'}.")
        if state.perhaps_twice:
            print(
                f"  {state.perhaps_twice} were sent once more, under the same UID, after a crash or a broken connection."
            )
    if not states:
        print("Nothing was ever queued: `sonofill send STUDY --to NODE --queue`.")


def _run(arguments: argparse.Namespace) -> int:
    from archive.outbox import Runner, destination_states
    from workstation.network.outgoing import StoreSender

    kept, queue = _open(arguments)
    sender = StoreSender(patience_of(arguments), kept.is_hidden)
    runner = Runner(kept.root, queue, sender, parallel=arguments.parallel, first_pause_s=max(arguments.pause, 0.01))
    until = (
        float("inf") if arguments.forever else None if arguments.seconds is None else time.time() + arguments.seconds
    )
    with on_orders_to_stop():
        try:
            runner.run(until)
        except KeyboardInterrupt:
            if not arguments.forever:
                raise
    states = destination_states(queue, time.time())
    if arguments.json:
        tally = runner.tally
        print_json(
            {
                "sent": tally.stored,
                "refused": tally.refused,
                "later": tally.later,
                "destinations": [state.to_json() for state in states],
            }
        )
    else:
        _say(states)
    for state in states:
        if state.why:
            complain(f"{state.waiting} objects for {state.destination} wait: {state.why}")
        if state.refused:
            complain(
                f"{state.refused} objects were refused by {state.destination}: `sonofill outbox list --study` says why."
            )
    return 0 if all(state.done for state in states) else 1


def _retry(arguments: argparse.Namespace) -> int:
    kept, queue = _open(arguments)
    study = whole_uid(kept, arguments.study) if arguments.study else None
    return _told(arguments, queue.retry(study, arguments.to), "retried", "go at the next run.")


def _remove(arguments: argparse.Namespace) -> int:
    kept, queue = _open(arguments)
    return _told(arguments, queue.remove(whole_uid(kept, arguments.study), arguments.to), "removed", "are taken out.")


def _told(arguments: argparse.Namespace, count: int, key: str, what: str) -> int:
    if not count:
        raise Failure("There is nothing of that kind in the outbox: `sonofill outbox list` shows what there is.")
    if arguments.json:
        print_json({key: count})
    else:
        print(f"{count} objects {what}")
    return 0
