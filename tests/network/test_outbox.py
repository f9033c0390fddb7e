"""The outbox: what is to go arrives, whatever dies on the way; and it says why something waits."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive import Archive, ObjectRow
from archive.outbox import (
    LONGEST_S,
    Item,
    NotNow,
    OutboxBusy,
    Outcome,
    Queue,
    Runner,
    Session,
    destination_states,
    item_states,
    pause_s,
)
from tests.network.campaign import campaign, keeping_campaign
from tests.network.servers import free_port, storescp
from tests.network.test_store import study
from workstation.network.outgoing import StoreSender

STUDY = "1.2.3"


class Told:
    """A destination that answers what it is told to. The outbox is given any sender; the real one meets storescp."""

    def __init__(self, *answers: Outcome | NotNow) -> None:
        self.answers = list(answers)
        self.sent: list[str] = []
        self.opened = 0

    @contextmanager
    def open(self, destination: str, items: Sequence[Item]) -> Iterator[Session]:
        self.opened += 1
        yield self

    def send(self, item: Item) -> Outcome:
        self.sent.append(item.sop_instance_uid)
        answer = self.answers.pop(0) if self.answers else Outcome("stored")
        if isinstance(answer, NotNow):
            raise answer
        return answer


def rows(root: Path, count: int, start: int = 0) -> list[ObjectRow]:
    return [
        ObjectRow(root / f"studies/{n}.dcm", "1.2.3.4", f"1.2.3.4.{n}", 1, "1.2.1") for n in range(start, start + count)
    ]


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    opened = Queue(tmp_path)
    yield opened
    opened.close()


def states(queue: Queue) -> dict[str, str]:
    return {item.sop_instance_uid: item.state for item in item_states(queue)}


def test_each_object_goes_once_and_is_sent_after_its_answer(queue: Queue, tmp_path: Path) -> None:
    assert queue.add("pacs", rows(tmp_path, 40), STUDY) == 40
    assert queue.add("pacs", rows(tmp_path, 40), STUDY) == 0
    assert queue.add("other", rows(tmp_path, 3), STUDY) == 3
    sender = Told()
    assert Runner(tmp_path, queue, sender).run().stored == 43
    assert len(sender.sent) == 43 and sender.opened == 2
    assert set(states(queue).values()) == {"sent"}
    Runner(tmp_path, queue, sender).run()
    assert len(sender.sent) == 43


def test_a_broken_connection_lets_everything_wait_and_says_why(queue: Queue, tmp_path: Path) -> None:
    queue.add("pacs", rows(tmp_path, 20), STUDY)
    sender = Told(Outcome("stored"), Outcome("stored"), NotNow("It broke."))
    Runner(tmp_path, queue, sender).run()
    (state,) = destination_states(queue, time.time())
    assert (state.sent, state.waiting, state.sending, state.perhaps_twice, state.why) == (2, 18, 0, 1, "It broke.")
    assert state.next_at
    Runner(tmp_path, queue, sender).run()
    assert len(sender.sent) == 3, "it waits for its time"
    Runner(tmp_path, queue, sender, first_pause_s=0.01).run(time.time() + 20)
    assert destination_states(queue, time.time())[0].done
    assert sorted(sender.sent).count("1.2.3.4.2") == 2 and len(sender.sent) == 21


def test_one_object_that_breaks_every_connection_holds_no_other_up(queue: Queue, tmp_path: Path) -> None:
    queue.add("pacs", rows(tmp_path, 20), STUDY)

    class Poisoned(Told):
        def send(self, item: Item) -> Outcome:
            if item.sop_instance_uid == "1.2.3.4.0":
                raise NotNow("It broke.")
            return super().send(item)

    Runner(tmp_path, queue, Poisoned(), first_pause_s=0.01).run(time.time() + 0.5)
    assert list(states(queue).values()).count("sent") == 19


def test_refused_and_later_are_told_apart_and_tried_again_when_asked(queue: Queue, tmp_path: Path) -> None:
    queue.add("pacs", rows(tmp_path, 3), STUDY)
    sender = Told(Outcome("refused", "No such kind."), Outcome("later", "It is full."))
    tally = Runner(tmp_path, queue, sender).run()
    assert (tally.stored, tally.refused, tally.later) == (1, 1, 1)
    assert list(states(queue).values()) == ["refused", "waiting", "sent"]
    assert queue.retry(None, "elsewhere") == 0
    assert queue.retry(STUDY, "pacs") == 2
    Runner(tmp_path, queue, sender).run()
    assert set(states(queue).values()) == {"sent"}
    assert queue.remove(STUDY, None) == 0, "what was sent stays on record"


def test_pauses_grow_to_an_hour_and_differ() -> None:
    chance = random.Random(1)
    drawn = [[pause_s(failures, chance) for _ in range(50)] for failures in range(1, 40)]
    for failures, pauses in enumerate(drawn, start=1):
        full = min(5 * 2 ** (failures - 1), 3600)
        assert all(full / 2 <= pause <= full for pause in pauses) and len(set(pauses)) > 40


def test_a_clock_that_was_wrong_holds_nothing_up(queue: Queue, tmp_path: Path) -> None:
    queue.add("pacs", rows(tmp_path, 1), STUDY)
    queue.hold("pacs", 3, time.time() + 20 * LONGEST_S, "the clock was years ahead")
    sender = Told()
    Runner(tmp_path, queue, sender).run()
    assert len(sender.sent) == 1


def test_two_programs_do_not_send_at_once_but_both_may_put_in(queue: Queue, tmp_path: Path) -> None:
    queue.add("pacs", rows(tmp_path, 5), STUDY)
    inside, go_on = threading.Event(), threading.Event()

    class Slow(Told):
        def send(self, item: Item) -> Outcome:
            inside.set()
            go_on.wait(10)
            return super().send(item)

    sender = Slow()
    thread = threading.Thread(target=Runner(tmp_path, queue, sender).run)
    thread.start()
    assert inside.wait(10)
    other = Queue(tmp_path)
    with pytest.raises(OutboxBusy):
        Runner(tmp_path, other, Told()).run()
    assert other.add("pacs", rows(tmp_path, 5, start=100), STUDY) == 5
    other.close()
    go_on.set()
    thread.join(10)
    assert len(sender.sent) == 10


@pytest.mark.parametrize("cut", [0, 100, 4096, 5000, 12288])
def test_a_queue_that_was_cut_is_put_aside_and_said(tmp_path: Path, cut: int) -> None:
    queue = Queue(tmp_path)
    queue.add("pacs", rows(tmp_path, 500), STUDY)
    queue.close()
    path = tmp_path / "outbox.sqlite"
    path.write_bytes(path.read_bytes()[:cut])
    queue = Queue(tmp_path)
    assert bool(queue.notes) == (cut > 0) and destination_states(queue, time.time()) == []
    assert queue.add("pacs", rows(tmp_path, 1), STUDY) == 1
    queue.close()
    assert len(list(tmp_path.glob("outbox.sqlite.damaged-*"))) == (cut > 0)


def test_ten_thousand_objects_start_within_a_second(queue: Queue, tmp_path: Path) -> None:
    began_s = time.perf_counter()
    queue.add("pacs", rows(tmp_path, 10_000), STUDY)
    queue.close()
    again = Queue(tmp_path)
    sender = Told(Outcome("stored"), NotNow("enough"))
    Runner(tmp_path, again, sender).run()
    destination_states(again, time.time())
    again.close()
    assert len(sender.sent) == 2
    assert time.perf_counter() - began_s < 3  # a second on a machine that does nothing else; measured 0.2


def test_several_connections_send_each_object_once(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    found = study(tmp_path, 60)
    queue = Queue(root)
    with storescp(tmp_path) as server:
        destination = server.node.address
        queue.add(destination, found, STUDY)
        queue.add(f"NOBODY@127.0.0.1:{free_port()}", found, STUDY)
        tally = Runner(root, queue, StoreSender(), parallel=3).run()
        assert tally.stored == 60 and len(server.data_sets()) == 60
    by_name = {state.destination: state for state in destination_states(queue, time.time())}
    assert by_name[destination].sent == 60 and by_name[destination].perhaps_twice == 0
    (nobody,) = (state for name, state in by_name.items() if name != destination)
    assert nobody.waiting == 60 and "cannot be reached" in nobody.why
    queue.close()


def test_the_disk_holds_what_was_put_in_when_the_program_is_killed(tmp_path: Path) -> None:
    queue = Queue(tmp_path)
    queue.add("pacs", rows(tmp_path, 3), STUDY)
    taken = queue.take("pacs", 2, time.time())
    assert len(taken) == 2
    copy = sqlite3.connect(f"file:{tmp_path / 'outbox.sqlite'}?mode=ro", uri=True)
    assert copy.execute("SELECT count(*) FROM item WHERE state = 'sending'").fetchone() == (2,)
    copy.close()
    queue.close()
    again = Queue(tmp_path)
    assert again.resume() == 2
    assert [item.perhaps_twice for item in item_states(again)] == [True, True, False]
    again.close()


def test_server_and_sender_are_killed_and_each_object_is_there_once(tmp_path: Path) -> None:
    """The short form of benchmarks/outbox_campaign.py."""
    end = campaign(tmp_path, seed=20261130, objects=60, server_kills=4, own_kills=2)
    assert (end.there, end.changed, end.sent, end.twice_untold) == (60, 0, 60, 0), end
    assert end.server_kills + end.own_kills >= 3, end


def test_a_server_killed_in_its_database_commits_in_the_end_to_each_object_once(tmp_path: Path) -> None:
    """The short form of benchmarks/outbox_campaign.py --server orthanc."""
    end = keeping_campaign(tmp_path, seed=7, objects=30, server_kills=1, own_kills=1)
    assert (end.there, end.changed, end.committed) == (30, 0, 30), end
    assert end.server_kills + end.own_kills >= 1, end


def test_an_object_that_cannot_be_read_is_refused_alone(tmp_path: Path) -> None:
    found = study(tmp_path, 3)
    found[1].file.write_bytes(b"not dicom")
    with Archive(tmp_path / "archive") as archive, storescp(tmp_path) as server:
        queue = Queue(archive.root)
        queue.add(server.node.address, found, STUDY)
        Runner(archive.root, queue, StoreSender()).run()
        assert [item.state for item in item_states(queue)] == ["sent", "refused", "sent"]
        queue.close()
