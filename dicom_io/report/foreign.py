"""What is understood of a measurement report of another maker (TID 1500): regions on pictures, and numbers with units.

Nothing is guessed: a group is shown where it says on which picture and where; names and codes are the maker's own. What is in
no group that is understood is listed by its name, so that nobody takes what is shown for the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dicom_io.coding import codes
from dicom_io.composite import content_items as items
from dicom_io.dataset.attributes import AnyItem
from dicom_io.dataset.parse import damage_as, read_with
from dicom_io.errors import NotAReport

if TYPE_CHECKING:
    pass

_GROUP: Final = ("DCM", "125007")
_FINDING: Final = ("DCM", "121071")
_TRACKING: Final = ("DCM", "112039")
_MILLIMETRES: Final = {"mm": 1.0, "cm": 10.0, "um": 0.001}
#: What a group says about itself, and needs no line of its own among what is not understood.
_FRAME: Final = {_FINDING, _TRACKING, ("DCM", "112040"), ("SCT", "276214006"), items.key(codes.OBSERVER_NAME)}


@dataclass(frozen=True, slots=True)
class ForeignLabel:
    """One region or measurement: `points` are [column, row], `frame` counts from 0, `value_mm` a length where one is told.

    `kind` is the standard's graphic type in lower case (point, polyline, ellipse, circle, multipoint), `measured` the
    numbers as the maker wrote them.
    """

    kind: str
    name: str
    code: str
    image: str
    frame: int
    points: tuple[tuple[float, float], ...]
    value_mm: float | None
    measured: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class ForeignReport:
    """`not_understood` names what else the report says, each thing once, in the maker's words."""

    labels: tuple[ForeignLabel, ...]
    not_understood: tuple[str, ...]

    def told(self, path: Path) -> str:
        """One sentence for a person, about the report in `path`."""
        rest = (
            f" What else it says is kept and not shown: {', '.join(self.not_understood)}."
            if self.not_understood
            else ""
        )
        return f"{path} is a report of another maker: {len(self.labels)} labels of it are shown as it says them.{rest}"


def read_foreign_report(path: Path) -> ForeignReport:
    """Raises CannotOpen, NotDicom; NotAReport where the file is no structured report."""
    return read_with(path, lambda dataset: _read(dataset, path))


def _read(dataset: AnyItem, path: Path) -> ForeignReport:
    with damage_as(lambda error: NotAReport(f"{path} is no report that this program can read ({error}).")):
        if "ContentSequence" not in dataset:
            raise NotAReport(f"{path} is no structured report.")
        labels: list[ForeignLabel] = []
        rest: dict[str, None] = {}
        for group in _groups(dataset):
            here = _label(group)
            if here is None:
                rest[_words(group)] = None
            else:
                labels.append(here)
            rest |= dict.fromkeys(_words(item) for item in _strange(group, here is not None))
        rest |= dict.fromkeys(_words(item) for item in _outside(dataset))
        return ForeignReport(tuple(labels), tuple(words for words in rest if words))


def _groups(root: AnyItem) -> Iterator[AnyItem]:
    for item in root.get("ContentSequence") or []:
        if items.name_of(item) == _GROUP:
            yield item
        else:
            yield from _groups(item)


def _label(group: AnyItem) -> ForeignLabel | None:
    """The region of a group; None where it has none on one picture."""
    content = list(group.get("ContentSequence") or [])
    region = next((i for i in content if i.get("ValueType") == "SCOORD"), None)
    measured = [i for i in content if i.get("ValueType") == "NUM" and i.get("MeasuredValueSequence")]
    if region is None:  # a caliper has its ends below its number
        region = next(
            (b for i in measured for b in i.get("ContentSequence") or [] if b.get("ValueType") == "SCOORD"), None
        )
    source = next(
        (i for i in (region.get("ContentSequence") if region else None) or [] if i.get("ValueType") == "IMAGE"), None
    )
    if region is None or source is None:
        return None
    reference = source.ReferencedSOPSequence[0]
    frames = reference.get("ReferencedFrameNumber")
    frame = int(frames[0] if hasattr(frames, "__iter__") else frames or 1) - 1
    flat = [float(value) for value in region.GraphicData]
    finding = next((i for i in content if items.name_of(i) == _FINDING and i.get("ConceptCodeSequence")), None)
    observer = next((i for i in content if items.name_of(i) == items.key(codes.OBSERVER_NAME)), None)
    lengths = [value for item in measured if (value := _length_mm(item)) is not None]
    return ForeignLabel(
        kind=str(region.GraphicType).lower(),
        name=_name(content, finding),
        code=" ".join(items.code_value(finding)) if finding is not None else "",
        image=str(reference.ReferencedSOPInstanceUID),
        frame=frame,
        points=tuple(zip(flat[0::2], flat[1::2], strict=True)),
        value_mm=lengths[0] if lengths else None,
        measured=tuple(_told(item) for item in measured),
        by=str(observer.get("PersonName") or observer.get("TextValue") or "").removesuffix("^") if observer else "",
    )


def _name(content: list[AnyItem], finding: AnyItem | None) -> str:
    if finding is not None:
        return str(finding.ConceptCodeSequence[0].get("CodeMeaning") or "")
    return next((str(i.get("TextValue") or "") for i in content if items.name_of(i) == _TRACKING), "")


def _unit(item: AnyItem) -> str:
    units: Any = item.MeasuredValueSequence[0].get("MeasurementUnitsCodeSequence")
    return str(units[0].CodeValue) if units else ""


def _length_mm(item: AnyItem) -> float | None:
    factor = _MILLIMETRES.get(_unit(item))
    return None if factor is None else items.number_value(item) * factor


def _told(item: AnyItem) -> str:
    return f"{_words(item)} {items.number_value(item):.6g} {_unit(item)}".strip()


def _strange(group: AnyItem, understood: bool) -> Iterator[AnyItem]:
    """What a group says beside its region, numbers and names."""
    for item in group.get("ContentSequence") or []:
        shown = item.get("ValueType") in ("SCOORD", "NUM", "IMAGE") if understood else False
        if not shown and items.name_of(item) not in _FRAME:
            yield item


def _outside(root: AnyItem) -> Iterator[AnyItem]:
    """What stands in no measurement group: the leaves of the rest of the tree, but for its context."""
    for item in root.get("ContentSequence") or []:
        if items.name_of(item) == _GROUP or item.get("RelationshipType") in ("HAS OBS CONTEXT", "HAS CONCEPT MOD"):
            continue
        if item.get("ValueType") == "CONTAINER":
            yield from _outside(item)
        else:
            yield item


def _words(item: AnyItem) -> str:
    names = item.get("ConceptNameCodeSequence")
    return (
        str(names[0].get("CodeMeaning") or names[0].get("CodeValue") or "")
        if names
        else str(item.get("ValueType") or "")
    )
