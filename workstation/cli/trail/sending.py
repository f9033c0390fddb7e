"""`sonofill trail send`: the trail to a syslog collector over TLS, once or as a service."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING, Any

from workstation.cli.place import add_archive_option, archive_folder
from workstation.cli.record import seconds
from workstation.cli.terminal import Failure, complain, on_orders_to_stop, print_json

if TYPE_CHECKING:
    from workstation.network.collector import Waiting
    from workstation.settings import CollectorSettings

_LONGEST_PAUSE_S = 300.0


def add_to(verbs: Any) -> None:
    """Add the verb to `sonofill trail`."""
    verb = verbs.add_parser(
        "send",
        help="to the collector that the settings name, by syslog over TLS",
        description="Sends what the collector (trail_collector in settings.json) has not taken yet. While it is away the "
        "messages wait in the ledger; nothing is lost.",
    )
    verb.add_argument("--forever", action="store_true", help="until stopped, as a service")
    verb.add_argument("--every", type=seconds, default=5.0, metavar="S", help="how often to look (5)")
    add_archive_option(verb)
    verb.add_argument("--json", action="store_true", help="one JSON document")
    verb.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Status 1 where something waits still."""
    from workstation.network.collector import CollectorBusy
    from workstation.settings import SettingsUnreadable, load_settings, settings_path

    try:
        collector = load_settings(settings_path()).trail_collector
    except SettingsUnreadable as error:
        raise Failure(str(error)) from error
    if collector is None:
        raise Failure(
            f"No collector is set: put trail_collector into {settings_path()} (docs/how-to/send-the-trail.md)."
        )
    try:
        if arguments.forever:
            with on_orders_to_stop():
                return _forever(arguments, collector)
        done, trouble = _once(arguments, collector)
    except CollectorBusy as error:
        raise Failure(str(error)) from error
    if arguments.json:
        where = f"{collector.host}:{collector.port}"
        print_json({"collector": where, "sent": done.sent, "waiting": done.waiting, "ok": not trouble, "what": trouble})
        return int(bool(trouble))
    if trouble:
        return complain(f"{trouble} {done.waiting} messages wait.")
    print(f"{done.sent} messages were taken by {collector.host}:{collector.port}.")
    return 0


def _once(arguments: argparse.Namespace, collector: CollectorSettings) -> tuple[Waiting, str]:
    from archive import Archive
    from dicom_io.errors import NetworkError
    from workstation.network.collector import Waiting, send_trail, waiting

    with Archive(archive_folder(arguments), create=False) as kept:
        try:
            return send_trail(kept, collector), ""
        except NetworkError as error:
            return Waiting(waiting(kept, collector)), str(error)


def _forever(arguments: argparse.Namespace, collector: CollectorSettings) -> int:
    """Trouble is said once, and its end; while it lasts the pause grows up to five minutes."""
    said, pause = "", arguments.every
    try:
        while True:
            _, trouble = _once(arguments, collector)
            if trouble != said:
                complain(trouble or "The collector takes the trail again.")
                said = trouble
            pause = min(pause * 2, max(_LONGEST_PAUSE_S, arguments.every)) if trouble else arguments.every
            time.sleep(pause)
    except KeyboardInterrupt:
        return 0
