"""How a vessel changed since before the procedure: a section of the later phase's report (TID 1501, TID 300), and back.

`procedure.changes` computes it from the record of the encounter. Here each compared quantity is a number: later minus
earlier, told as a difference, with its 95 % uncertainty, and below it both values with theirs. That no signal was seen at one
look and one at the other is told as two codes: neither says that there is no flow. The pictures are named by UID and frame:
that of the earlier look is no evidence of this report.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dicom_io.coding import codes
from dicom_io.coding.concept import Concept, private
from dicom_io.coding.encounter import NO_UNITS, UNCERTAINTY, field_concept, id_of, unit_of, word_concept, word_of
from dicom_io.composite import content_items as items
from dicom_io.composite import raw_content as raw
from dicom_io.dataset.attributes import AnyItem
from procedure.answers import Estimate, Sight
from procedure.changes import COMPARED, Change, VesselChange
from procedure.vessels import Vessel

_DERIVATION: Final = Concept("121401", "DCM", "Derivation")
_DIFFERENCE: Final = private("DIFFERENCE", "Difference: this look less the look before the procedure")
_BEFORE: Final = private("VALUE_BEFORE", "Value before the procedure")
_AFTER: Final = private("VALUE_NOW", "Value at this look")
_FLOW_BEFORE: Final = private("FLOW_BEFORE", "Doppler signal before the procedure")
_FLOW_AFTER: Final = private("FLOW_NOW", "Doppler signal at this look")
_STATION: Final = private("STATION", "Station of the protocol")
_BEYOND: Final = private("BEYOND_UNSURE", "Whether the difference is larger than its uncertainty")
#: Picture and frame of the earlier look, then of the later one. A UIDREF has nothing below it.
_PLACES: Final = (
    (private("PICTURE_BEFORE", "Picture before the procedure"), private("FRAME_BEFORE", "Its frame, counted from 1")),
    (private("PICTURE_NOW", "Picture at this look"), private("FRAME_NOW", "Its frame, counted from 1")),
)
_TRACKING_UID: Final = ("DCM", "112040")
_FINDING: Final = ("DCM", "121071")
ImageFrame = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ReportedChange:
    """One vessel between its last look before the procedure and a later one at the same station.

    `values` are in the order of `procedure.changes.COMPARED`. `image_before` and `image_after` are (SOP Instance UID, frame
    from 0) of the pictures that were labelled; an empty UID where there is none. `at` and `by` are those of the later look.
    """

    tracking_uid: str
    term: str
    name: str
    station_id: str
    at: datetime
    by: str
    values: tuple[Change, ...]
    flow_before: Sight | None = None
    flow_after: Sight | None = None
    image_before: ImageFrame = ("", 0)
    image_after: ImageFrame = ("", 0)


def reported(vessel: Vessel, change: VesselChange) -> ReportedChange:
    """A change of the record in the report's terms."""

    def place(seen_on: object) -> ImageFrame:
        return (seen_on.image_uid, seen_on.frame) if seen_on is not None else ("", 0)  # type: ignore[attr-defined]

    return ReportedChange(
        tracking_uid=vessel.tracking_uid,
        term=vessel.term,
        name=vessel.name,
        station_id=change.after.station_id,
        at=change.after.at,
        by=change.after.by,
        values=change.changes,
        flow_before=change.before.flow,
        flow_after=change.after.flow,
        image_before=place(change.before.image),
        image_after=place(change.after.image),
    )


def change_items(change: ReportedChange) -> list[bytes]:
    """The content of a change's group but for its observer."""
    found = [_number(value) for value in change.values]
    for name, flow in ((_FLOW_BEFORE, change.flow_before), (_FLOW_AFTER, change.flow_after)):
        if flow is not None:
            found.append(raw.coded(name, word_concept(flow)))
    for (picture, number), (uid, frame) in zip(_PLACES, (change.image_before, change.image_after), strict=True):
        if uid:
            found += [raw.uid(picture, uid), raw.number(number, frame + 1, NO_UNITS)]
    if change.station_id:
        found.append(raw.text(_STATION, change.station_id))
    if change.name:
        found.append(raw.text(codes.NAME, change.name))
    return found


def _number(value: Change) -> bytes:
    unit = unit_of(value.field)
    below = [raw.coded(_DERIVATION, _DIFFERENCE, raw.MODIFIER), *_unsure(value.uncertainty, unit)]
    for name, estimate in ((_BEFORE, value.before), (_AFTER, value.after)):
        below.append(raw.number(name, estimate.value, unit, raw.PROPERTY, below=_unsure(estimate.uncertainty, unit)))
    if value.beyond_uncertainty is not None:
        answer = codes.YES if value.beyond_uncertainty else codes.NO
        below.append(raw.coded(_BEYOND, answer, raw.PROPERTY))
    return raw.number(field_concept(value.field), value.value, unit, below=below)


def _unsure(uncertainty: float | None, unit: Concept) -> list[bytes]:
    return [] if uncertainty is None else [raw.number(UNCERTAINTY, uncertainty, unit, raw.PROPERTY)]


def read_change(group: AnyItem, by: str) -> ReportedChange:
    """A change out of its group. Raises LookupError, ValueError, AttributeError where it is none."""
    content = list(group.ContentSequence)
    by_name: dict[items.Key, list[AnyItem]] = {}
    for item in content:
        by_name.setdefault(items.name_of(item), []).append(item)

    def words(concept: Concept) -> str:
        found = by_name.get((concept.scheme, concept.value), [])
        return str(found[0].TextValue) if found else ""

    def flow(concept: Concept) -> Sight | None:
        found = by_name.get((concept.scheme, concept.value), [])
        word = word_of(Sight, *items.code_value(found[0])) if found else None
        return Sight(word) if word is not None else None

    def place(picture: Concept, number: Concept) -> ImageFrame:
        uid = by_name.get((picture.scheme, picture.value))
        return (
            (str(uid[0].UID), int(items.number_value(by_name[number.scheme, number.value][0])) - 1) if uid else ("", 0)
        )

    before, after = (place(*names) for names in _PLACES)
    values = []
    for field, _, _ in COMPARED:
        concept = field_concept(field)
        values += [_value(field, item) for item in by_name.get((concept.scheme, concept.value), [])]
    return ReportedChange(
        tracking_uid=str(by_name[_TRACKING_UID][0].UID),
        term=id_of(*items.code_value(by_name[_FINDING][0])) or "",
        name=words(codes.NAME),
        station_id=words(_STATION),
        at=items.moment_of(str(group.ObservationDateTime)),
        by=by,
        values=tuple(values),
        flow_before=flow(_FLOW_BEFORE),
        flow_after=flow(_FLOW_AFTER),
        image_before=before,
        image_after=after,
    )


def _value(field: str, item: AnyItem) -> Change:
    below = {items.name_of(one): one for one in item.ContentSequence}
    before, after = (_estimate(below[concept.scheme, concept.value]) for concept in (_BEFORE, _AFTER))
    return Change(field, before, after, items.number_value(item), _uncertainty(item.ContentSequence))


def _estimate(item: AnyItem) -> Estimate:
    return Estimate(items.number_value(item), _uncertainty(item.get("ContentSequence") or []))


def _uncertainty(content: Iterable[AnyItem]) -> float | None:
    key = UNCERTAINTY.scheme, UNCERTAINTY.value
    return next((items.number_value(one) for one in content if items.name_of(one) == key), None)
