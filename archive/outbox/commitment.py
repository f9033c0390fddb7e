"""Storage commitment as the outbox keeps it: what was asked for in which transaction, and what was answered.

`sent` becomes `committed` where the server takes on to keep the object. Where it says that it does not have it, the object
waits again: that is what commitment is for.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

from archive.outbox.queue import Queue
from archive.outbox.sender import Item


def to_commit(queue: Queue, destination: str, study_instance_uid: str | None = None) -> list[Item]:
    """What was sent there and is not committed: all, or of one study."""
    return queue.items(
        "destination = ?1 AND state = 'sent' AND (?2 IS NULL OR study = ?2) ORDER BY number",
        (destination, study_instance_uid),
    )


def asked(queue: Queue, items: Sequence[Item], transaction_uid: str) -> None:
    """The destination is about to be asked for these. On the disk when it returns: the answer may come much later."""
    with queue.change(durable=True) as db:
        db.executemany(
            "UPDATE item SET asked_in = ? WHERE number = ? AND state = 'sent'",
            [(transaction_uid, item.number) for item in items],
        )


def reported(queue: Queue, transaction_uid: str, committed: Iterable[str], failed: Mapping[str, str]) -> bool:
    """Take in a destination's answer; False where nothing was asked in that transaction.

    `failed` are SOP Instance UIDs with the reason: these are sent again.
    """
    if not transaction_uid or not queue.rows("SELECT 1 FROM item WHERE asked_in = ? LIMIT 1", (transaction_uid,)):
        return False
    with queue.change(durable=True) as db:
        db.executemany(
            "UPDATE item SET state = 'committed', committed_at = ?, why = '' WHERE asked_in = ? AND object = ?"
            " AND state = 'sent'",
            [(time.time(), transaction_uid, uid) for uid in committed],
        )
        db.executemany(
            "UPDATE item SET state = 'waiting', next_at = 0, why = ?, asked_in = '' WHERE asked_in = ? AND object = ?"
            " AND state = 'sent'",
            [(f"The server does not commit to it: {why}.", transaction_uid, uid) for uid, why in failed.items()],
        )
    return True
