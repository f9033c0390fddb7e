"""The plain model behind the canvas: what is shown, what is selected, and how a wish becomes a command. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from annotation.canvas.hit import AnyShape, moved_inside
from annotation.commands import Add, Confirm, Delete, History, Replace
from annotation.document import FramePlace
from annotation.finding import Echogenicity, Finding, Kind, VesselKind
from annotation.measure import measurements
from annotation.vocabulary import Term
from imaging.scale import Scale


class Board:
    """One frame of one picture with its findings. Not thread-safe.

    `by` is who draws. `listener` is called after each change of what is to be seen (selection or frame; changes of the
    document are told by the history).
    """

    def __init__(self, history: History, by: str) -> None:
        self.history = history
        self.by = by
        self.image: str | None = None
        self.frame = 0
        self.size = (0, 0)
        self.scale: Scale | None = None
        self.listener: Callable[[], None] = lambda: None
        self._selected: str | None = None

    def show(self, image: str | None, frame: int, size: tuple[int, int], scale: Scale | None) -> None:
        """Turn to another frame (from 0) of a picture of `size` (width, height); the selection is dropped."""
        changed = (image, frame) != (self.image, self.frame)
        self.image, self.frame, self.size, self.scale = image, frame, size, scale
        if changed:
            self._selected = None
        self.listener()

    @property
    def _place(self) -> FramePlace:
        return self.image, self.frame

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of the frame that is shown."""
        return self.history.document.on(self.image, self.frame)

    @property
    def selected(self) -> Finding | None:
        """The selected finding, as it stands; None where there is none (any more)."""
        return next((f for f in self.findings if f.tracking_uid == self._selected), None)

    def select(self, tracking_uid: str | None) -> None:
        """Select one finding or none."""
        if tracking_uid != self._selected:
            self._selected = tracking_uid
            self.listener()

    def add(self, kind: Kind, shape: AnyShape) -> Finding:
        """A new, confirmed finding without a name, selected: the person names it, never its place."""
        finding = Finding(
            kind=kind,
            shape=shape,
            image=self.image,
            frame=self.frame,
            by=self.by,
            vessel_kind="unknown" if kind == "vessel" else None,
            measurements=measurements(shape, self.scale),
        )
        self._selected = finding.tracking_uid
        self.history.do(Add(finding, label=f"draw {kind}"))
        self.listener()
        return finding

    def reshape(self, tracking_uid: str, shape: AnyShape) -> None:
        """Give a finding another shape; it is measured anew."""
        finding = self.history.document.finding(tracking_uid, self._place)
        if shape != finding.shape:
            changed = finding.reshaped(shape, measurements(shape, self.scale), self.by, datetime.now(UTC))
            self.history.do(Replace(changed, label=f"move {finding.kind}"))

    def nudge(self, columns: float, rows: float) -> None:
        """Shift the selected finding by so many pixels, not past the picture's edge."""
        if (finding := self.selected) is not None:
            self.reshape(finding.tracking_uid, moved_inside(finding.shape, columns, rows, self.size))

    def name_selected(self, term: Term | None, name: str = "") -> None:
        """Name the selected finding by a term that a person picked, or by words of their own; ValueError where it cannot be.

        An artery's or a vein's name says the vessel's kind too.
        """
        if (finding := self.selected) is None:
            return
        changes: dict[str, object] = {"term": term.id if term else None, "name": name or (term.name if term else "")}
        if finding.kind == "vessel" and term is not None:
            changes["vessel_kind"] = term.kind
        self._change(finding, f"name {finding.kind}", changes)

    def set_vessel_kind(self, kind: VesselKind) -> None:
        """Say what the selected vessel is; a term of the other kind is taken away, since both cannot be true."""
        finding = self.selected
        if finding is None or finding.kind != "vessel":
            return
        changes: dict[str, object] = {"vessel_kind": kind}
        if kind != finding.vessel_kind and finding.term is not None:
            changes |= {"term": None, "name": ""}
        self._change(finding, "kind of vessel", changes)

    def set_echogenicity(self, word: Echogenicity | None) -> None:
        """Say how bright the selected thing looks; None takes it back."""
        finding = self.selected
        if finding is not None:
            self._change(finding, f"brightness of {finding.kind}", {"echogenicity": word})

    def confirm_selected(self) -> None:
        """Take the selected suggestion over."""
        if (finding := self.selected) is not None and finding.status == "suggested":
            self.history.do(Confirm(finding.tracking_uid, self.by, datetime.now(UTC), place=self._place))

    def delete_selected(self) -> None:
        """Take the selected finding away; undo brings it back."""
        if (finding := self.selected) is not None:
            self._selected = None
            self.history.do(Delete(finding.tracking_uid, f"delete {finding.kind}", self._place))
            self.listener()

    def _change(self, finding: Finding, label: str, changes: dict[str, object]) -> None:
        if any(getattr(finding, field) != value for field, value in changes.items()):
            self.history.do(Replace(finding.changed(**changes, by=self.by, at=datetime.now(UTC)), label=label))
