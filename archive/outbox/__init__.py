"""The outbox: a queue on disk of what is to go where, whatever happens. Knows no sockets: it is given a sender.

    queue = Queue(archive.root)
    queue.add("pacs", archive.objects(study), study)          # on the disk when it returns
    Runner(archive.root, queue, sender).run()                 # what is due; what failed waits, longer each time
    for state in destination_states(queue, time.time()):
        print(state.destination, state.waiting, state.why)

Each object is sent once, or known to have been sent twice under the same UID; 'sent' stands there after the server's answer,
'committed' after its commitment. Nothing is deleted from the archive.
"""

from archive.outbox.commitment import asked, reported, to_commit
from archive.outbox.pauses import LONGEST_S, pause_s
from archive.outbox.queue import Queue
from archive.outbox.run import OutboxBusy, Runner, Tally
from archive.outbox.sender import Item, NeverSo, NotNow, Outcome, Sender, Session
from archive.outbox.state import DestinationState, ItemState, destination_states, item_states

__all__ = [
    "LONGEST_S",
    "DestinationState",
    "Item",
    "ItemState",
    "NeverSo",
    "NotNow",
    "OutboxBusy",
    "Outcome",
    "Queue",
    "Runner",
    "Sender",
    "Session",
    "Tally",
    "asked",
    "destination_states",
    "item_states",
    "pause_s",
    "reported",
    "to_commit",
]
