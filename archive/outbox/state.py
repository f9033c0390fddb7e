"""How far everything has come, and why something waits: for people, and for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from archive.outbox.pauses import is_due
from archive.outbox.queue import Queue

STATES = ("waiting", "sending", "sent", "committed", "refused")


@dataclass(frozen=True, slots=True)
class DestinationState:
    """Numbers of objects by state for one destination. `perhaps_twice`: sent again after a crash came before the answer.

    `next_at` is the next try as ISO 8601 (empty: at the next run, or nothing waits); `why` the reason that it waits.
    """

    destination: str
    waiting: int
    sending: int
    sent: int
    committed: int
    refused: int
    perhaps_twice: int
    next_at: str
    why: str

    def to_json(self) -> dict[str, object]:
        return asdict(self)

    @property
    def done(self) -> bool:
        """Whether nothing waits, is on its way or was refused."""
        return not (self.waiting or self.sending or self.refused)


@dataclass(frozen=True, slots=True)
class ItemState:
    """One object's way to one destination; times are ISO 8601 in UTC, empty where it has not come so far."""

    destination: str
    study_instance_uid: str
    sop_instance_uid: str
    state: str
    attempts: int
    perhaps_twice: bool
    why: str
    added_at: str
    sent_at: str
    committed_at: str

    def to_json(self) -> dict[str, object]:
        return asdict(self)


def destination_states(queue: Queue, now: float) -> list[DestinationState]:
    """Each destination that ever was in the queue, in order of its name."""
    found = []
    for name, next_at, why in queue.rows("SELECT name, next_at, why FROM destination ORDER BY name"):
        counts = dict.fromkeys(STATES, 0) | dict(
            queue.rows("SELECT state, count(*) FROM item WHERE destination = ? GROUP BY state", (name,))
        )
        ((twice, first, reason),) = queue.rows(
            "SELECT sum(perhaps_twice), min(next_at) FILTER (WHERE state = 'waiting'),"
            " min(why) FILTER (WHERE state = 'waiting' AND why <> '') FROM item WHERE destination = ?",
            (name,),
        )
        due = max(next_at, first or 0.0)
        waits = counts["waiting"] > 0
        found.append(
            DestinationState(
                destination=name,
                **counts,
                perhaps_twice=twice or 0,
                next_at="" if not waits or is_due(due, now) else _moment(due),
                why=(why or reason or "") if waits else "",
            )
        )
    return found


def item_states(queue: Queue, study_instance_uid: str | None = None) -> list[ItemState]:
    """Each object, or those of one study, in the order in which they were put in."""
    rows = queue.rows(
        "SELECT destination, study, object, state, attempts, perhaps_twice, why, added_at, sent_at, committed_at FROM item"
        " WHERE ?1 IS NULL OR study = ?1 ORDER BY number",
        (study_instance_uid,),
    )
    return [
        ItemState(
            *(destination, study, uid, state, attempts, bool(twice), why),
            *(_moment(added), _moment(sent), _moment(committed)),
        )
        for destination, study, uid, state, attempts, twice, why, added, sent, committed in rows
    ]


def _moment(at: float | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
