"""Drawing a plan on the face map: the tools, the plan's depth and plane, what stands beside its path, and undo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PyQt5.QtCore import QObject, Qt, pyqtSignal
from PyQt5.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QShortcut, QWidget

from procedure import Encounter, Protocol
from procedure.beside_path import beside_path
from procedure.errors import FieldWrong
from procedure.plan import Plan
from procedure.record import fields_of
from workstation.desk import Desk
from workstation.encounter.face_map import FaceMap, MapPoint
from workstation.encounter.forms.choices import Choices
from workstation.encounter.forms.form import editor_of
from workstation.encounter.in_hand import now
from workstation.encounter.map_drawing import (
    Drawn,
    MapTool,
    plan_in_hand,
    pointed,
    taken_off,
    with_deposit,
    with_injection_place,
    with_path,
)
from workstation.record.visit_form import Choice

_TOOLS = {
    MapTool.LOOK: "Look",
    MapTool.PATH: "Draw path",
    MapTool.DEPOSIT: "Deposit",
    MapTool.INJECTION: "Injection",
}
_HINTS = {
    MapTool.LOOK: "A map says nothing of what lies between its marks.",
    MapTool.PATH: "Press where the instrument enters, then where it is to end; or arrow keys and Enter. Escape ends.",
    MapTool.DEPOSIT: "Press where product is to be laid down; or arrow keys and Enter. Escape ends.",
    MapTool.INJECTION: "Press where the injection was done: of the chosen mark, else of the newest without a place.",
}


class PlanOnMap(QObject):
    """The tools above the map, the row of the plan below them, and the list of what stands beside its path."""

    hint = pyqtSignal(str, bool)  #: a sentence about what a press does, or why nothing was drawn (then True)
    tool_changed = pyqtSignal(object)  #: a MapTool

    def __init__(self, face: FaceMap, desk: Desk, protocols: Mapping[str, Protocol], parent: QWidget) -> None:
        super().__init__(parent)
        self._map, self._desk, self._protocols = face, desk, protocols
        self._undo: list[tuple[Encounter, Encounter]] = []
        self.tools = Choice({tool.value: text for tool, text in _TOOLS.items()})
        self.tools.choose(MapTool.LOOK.value)
        self.tools.changed.connect(lambda key: self.use(MapTool(key)))
        self.off, self.undo = QPushButton("Take off"), QPushButton("Undo")
        self.off.setToolTip("Takes the chosen path, deposit or place off the map; the entry stays.  Ctrl+Shift+Delete")
        self.undo.setToolTip("Takes the last drawing back.  Ctrl+Z")
        self.off.clicked.connect(self.take_off)
        self.undo.clicked.connect(self.take_back)
        QShortcut("Ctrl+Shift+Delete", parent, self.off.click)
        QShortcut("Ctrl+Z", parent, self.undo.click)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.tools, 4)
        row.addWidget(self.off)
        row.addWidget(self.undo)
        self.row = row
        choices = Choices(desk.encounter.record, desk.history.document, protocols)
        fields = {field.name: field for field in fields_of(Plan)}
        self.depth, self.plane = editor_of(fields["depth_mm"], choices), editor_of(fields["plane"], choices)
        self.depth.changed.connect(self._entered)
        self.plane.changed.connect(self._entered)
        self.whose = QLabel()
        self.plan_row = QWidget()
        told = QHBoxLayout(self.plan_row)
        told.setContentsMargins(0, 0, 0, 0)
        told.setSpacing(10)
        for widget, share in (
            (self.whose, 0),
            (QLabel("Depth"), 0),
            (self.depth, 2),
            (QLabel("Plane"), 0),
            (self.plane, 2),
        ):
            told.addWidget(widget, share)
        self.beside = QListWidget()
        self.beside.setAccessibleName("What stands beside the planned path")
        self.beside.setWordWrap(True)
        self.beside.setHorizontalScrollBarPolicy(Qt.ScrollBarAlwaysOff)
        face.pointed.connect(self._point)
        face.drawn.connect(self._draw)
        face.given_up.connect(lambda: self.use(MapTool.LOOK))

    def use(self, tool: MapTool) -> None:
        """Take a tool in hand."""
        self.tools.choose(tool.value)
        self._map.use_tool(tool)
        self.hint.emit(_HINTS[tool], False)
        self.tool_changed.emit(tool)

    def take_off(self) -> None:
        """What was drawn under the chosen mark is taken off the map."""
        self._take(taken_off(self._record, self._map.number))

    def take_back(self) -> None:
        """The last drawing never was, where nothing else of the plans and injections was told since."""
        if not self._undo:
            return
        before, after = self._undo.pop()
        record = self._record
        if (record.plans, record.injections) != (after.plans, after.injections):
            self._undo.clear()
            self.hint.emit("Plan or injections were told anew since: take it off instead, or change the entry.", True)
        else:
            self._desk.encounter.change(
                replace(record, plans=before.plans, injections=before.injections), "Drawing on the face taken back"
            )
        self.refresh()

    def refresh(self) -> None:
        """The record changed."""
        place = plan_in_hand(self._record, self._map.number)
        plan = self._record.plans[place] if place is not None else None
        self.plan_row.setVisible(plan is not None)
        self.undo.setEnabled(bool(self._undo))
        self.beside.clear()
        if plan is None or place is None:
            self.beside.addItem("No plan yet: draw its path on the face.")
            return
        self.whose.setText(f"Plan {place + 1}")
        self.depth.show_value(plan.depth_mm)
        self.plane.show_value(plan.plane)
        lines = [line.text for line in beside_path(plan, self._record, self._protocols)]
        for text in lines or ["Its path is not drawn on the face yet."]:
            item = QListWidgetItem(text)
            item.setToolTip(text)
            self.beside.addItem(item)

    def forget(self) -> None:
        """Another encounter is in hand."""
        self._undo.clear()

    @property
    def _record(self) -> Encounter:
        return self._desk.encounter.record

    def _draw(self, entry: MapPoint, target: MapPoint) -> None:
        begins, ends = pointed(entry), pointed(target)
        if begins is None or ends is None:
            self.hint.emit("That lies beside the face: nothing was drawn.", True)
            return
        encounter = self._desk.encounter
        place = plan_in_hand(encounter.record, self._map.number)
        self._take(with_path(encounter.record, begins, ends, place, encounter.by, now()))

    def _point(self, at: MapPoint) -> None:
        found = pointed(at)
        if found is None:
            self.hint.emit("That lies beside the face: nothing was placed.", True)
        elif self._map.tool is MapTool.DEPOSIT:
            self._take(with_deposit(self._record, found, plan_in_hand(self._record, self._map.number)))
        else:
            self._take(with_injection_place(self._record, found, self._map.number))

    def _take(self, drawn: Drawn) -> None:
        """The record is as it was drawn."""
        if drawn.why_not:
            self.hint.emit(drawn.why_not, True)
            return
        self._undo.append((self._record, drawn.record))
        self._desk.encounter.change(drawn.record, drawn.what)
        self.hint.emit(f"{drawn.what}.", False)
        self.refresh()

    def _entered(self) -> None:
        """Depth or plane of the plan were told beside the map."""
        record = self._record
        place = plan_in_hand(record, self._map.number)
        if place is None:
            return
        try:
            changed = replace(record.plans[place], depth_mm=self.depth.value(), plane=self.plane.value())
        except FieldWrong as error:
            self.hint.emit(str(error), True)
            return
        plans = (*record.plans[:place], changed, *record.plans[place + 1 :])
        self._desk.encounter.change(replace(record, plans=plans), f"Plan {place + 1}: depth and plane, on the face map")
