"""Whatever is done to an archive in whatever order, it lists what was put in, and verifies."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from archive import Archive
from archive.incoming import Incoming
from archive.layout import Layout
from archive.ledger import Entry, hold
from archive.write import digest_parts
from tests.archive.objects import content, ultrasound

_NEW, _ENTERED = "written, not entered", "entered, not placed"


class ArchiveMachine(RuleBasedStateMachine):
    """The model is a dictionary: SOP Instance UID to study and content."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="archive-"))
        self.archive = Archive(self.root)
        self.model: dict[str, tuple[str, bytes]] = {}
        self.last = ultrasound()
        self.seed = 0

    def teardown(self) -> None:
        self.archive.close()
        shutil.rmtree(self.root)

    def next_object(self, same_study: bool, phase: str) -> None:
        self.seed += 1
        study = self.last.study_instance_uid if same_study else None
        self.last = ultrasound(study, phase=phase, seed=self.seed, size=16, number=self.seed)

    @rule(same_study=st.booleans(), phase=st.sampled_from(["pre", "during", "post"]))
    def put(self, same_study: bool, phase: str) -> None:
        self.next_object(same_study, phase)
        self.archive.put(self.last)
        self.model[self.last.sop_instance_uid] = (self.last.study_instance_uid, content(self.last))

    @rule()
    def put_again(self) -> None:
        if self.last.sop_instance_uid in self.model:
            self.archive.put(self.last)

    @rule(moment=st.sampled_from([_NEW, _ENTERED]), torn=st.booleans())
    def crash(self, moment: str, torn: bool) -> None:
        """What a program leaves that dies in the middle of a save; the next opening settles it."""
        self.next_object(same_study=True, phase="pre")
        obj, layout = self.last, Layout(self.root)
        incoming = Incoming(layout.incoming, obj.sop_instance_uid)
        incoming.path.write_bytes(content(obj))
        incoming.release()
        file = layout.relative_of(obj.study_instance_uid, obj.series_instance_uid, obj.sop_instance_uid)
        with hold(layout.ledger) as held:
            if moment == _ENTERED:
                held.append([Entry(obj.sop_instance_uid, file, obj.size, digest_parts(obj))])
                self.model[obj.sop_instance_uid] = (obj.study_instance_uid, content(obj))
        if torn:
            with layout.ledger.open("ab") as ledger:
                ledger.write(b'{"n": 7, "time": "20')
        self.reopen()

    @rule()
    def reopen(self) -> None:
        self.archive.close()
        self.archive = Archive(self.root, create=False)

    @rule()
    def delete_index(self) -> None:
        (self.root / "index.sqlite").unlink()

    @rule()
    def delete_index_while_closed(self) -> None:
        self.archive.close()
        for path in self.root.glob("index.sqlite*"):
            path.unlink()
        self.archive = Archive(self.root, create=False)

    @rule()
    def reindex(self) -> None:
        assert self.archive.reindex() == []

    @rule()
    def verify(self) -> None:
        found = self.archive.verify()
        assert found.ok, found.problems

    @invariant()
    def lists_what_was_put_in(self) -> None:
        listed = {
            o.sop_instance_uid: (s.study_instance_uid, o.file.read_bytes())
            for s in self.archive.studies()
            for o in self.archive.objects(s.study_instance_uid)
        }
        assert listed == self.model
        assert sum(s.objects for s in self.archive.studies()) == len(self.model)


TestArchive = ArchiveMachine.TestCase
TestArchive.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
