"""What the record shows and proves: images with labels, blanks and questions, states and versions, the files' digests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from annotation import Finding
from procedure import telling
from procedure.documents._names import Names, cell, image_name
from procedure.documents.blocks import Blank, Block, Cell, Figure, Figures, Heading, Table, Text, Tone
from procedure.documents.sources import Picture, Sources
from procedure.encounter import Encounter
from procedure.images import ImageKind, KeptImage
from procedure.missing import missing
from procedure.protocol import Protocol
from procedure.questions import questions
from procedure.record import fields_of
from procedure.settings import Settings
from procedure.wording import MEASURED

Protocols = Mapping[str, Protocol]


def images(encounter: Encounter, sources: Sources, names: Names) -> Iterator[Block]:
    """The list of images with the settings of each, then the pictures with their labels."""
    yield Heading("Images")
    groups: dict[Settings, str] = {}
    for image in encounter.images:
        if image.settings is not None:
            groups.setdefault(image.settings, f"S{len(groups) + 1}")
    rows = tuple(_listed(place, image, groups, names) for place, image in enumerate(encounter.images, start=1))
    columns = ("no.", "when, by whom", "what", "plane, landmark", "settings", "further")
    yield Table(columns, (0.7, 2.4, 2.8, 2.2, 1.1, 4), rows)
    if groups:
        yield Heading("Settings of the images", 2)
        sets = tuple((name, *_told_and_blank(told)) for told, name in groups.items())
        yield Table(("set", "settings", "not recorded"), (0.7, 7, 4), sets)
    yield Heading("Pictures with their labels", 2)
    yield Text(f"{MEASURED} Labels stand where they were drawn; numbers refer to the lines below.", Tone.SMALL)
    figures = [
        figure
        for place, image in enumerate(encounter.images, start=1)
        for figure in _figures(f"Image {place}", image, sources)
    ]
    listed = {image.image_uid for image in encounter.images}
    for uid, kept in sources.pictures.items():
        if uid not in listed:
            figures += [_figure(f"An image that the record does not list, {uid}", p, sources, ()) for p in kept]
    if figures:
        yield Figures(tuple(figures))
    else:
        yield Text("There is no picture.", Tone.NOTICE)


def _listed(place: int, image: KeptImage, groups: Mapping[Settings, str], names: Names) -> tuple[Cell, ...]:
    placed = [telling.word(image.plane) if image.plane else "", telling.landmark(image.landmark)]
    told = ", ".join(part for part in placed if part)
    shown = {
        "image_uid",
        "at",
        "by",
        "kind",
        "station_id",
        "side",
        "phase",
        "mode",
        "place",
        "plane",
        "landmark",
        "settings",
    }
    if image.kind != "clip":
        shown |= {"frames"} if image.frames == 1 else set()
    further = names.rest(image, shown)
    return (
        str(place),
        f"{telling.moment(image.at)}\n{image.by}",
        image_name(image),
        told if told or image.kind is ImageKind.PHOTOGRAPH else Blank.NOT_RECORDED,
        _settings(image, groups),
        f"UID: {image.image_uid}" + (f"; {further}" if further else ""),
    )


def _told_and_blank(told: Settings) -> tuple[str, str]:
    """The settings of one set, and the names of those that nobody recorded."""
    given = dict(telling.facts(told))
    names = (telling.label(field.name) for field in fields_of(Settings))
    blank = ", ".join(name for name in names if name not in given)
    return "; ".join(f"{name}: {text}" for name, text in given.items()), blank or "nothing"


def _settings(image: KeptImage, groups: Mapping[Settings, str]) -> Cell:
    if image.settings is not None:
        return groups[image.settings]
    return "" if image.kind is ImageKind.PHOTOGRAPH else Blank.NOT_RECORDED


def _figures(name: str, image: KeptImage, sources: Sources) -> Iterator[Figure]:
    title = f"{name}: {image_name(image)}, {telling.moment(image.at)}"
    lines = []
    if image.rejection is not None:
        lines.append(f"Hidden by a rejection note: {telling.word(image.rejection.reason)}. It is kept among the files.")
    kept = sources.pictures.get(image.image_uid, ())
    for picture in kept:
        scanned = image.kind is not ImageKind.PHOTOGRAPH
        clip = image.kind is ImageKind.CLIP
        yield _figure(title, picture, sources, tuple(lines), scanned=scanned, clip=clip)
    if not kept:
        there = "could not be read" if sources.has(image.image_uid) else "is not among the files"
        why = "is hidden by a rejection note" if image.image_uid in sources.rejected else there
        yield Figure(title, None, (), (*lines, f"The picture {why}."))


def _figure(
    title: str, picture: Picture, sources: Sources, lines: tuple[str, ...], *, scanned: bool = True, clip: bool = False
) -> Figure:
    """One picture with its labels in words; of a photograph nobody asks for labels or a scale."""
    labels = sources.on(picture)
    told = list(lines)
    for note in sources.notes_on(picture):
        words = (note.plane and f"plane {note.plane}", note.landmark and telling.landmark(note.landmark))
        told.append(f"Labelled as: {', '.join(word for word in words if word)}.")
    told += [f"{place}: {label_line(label)}" for place, label in enumerate(labels, start=1)]
    if labels or scanned:
        told.append(_labelled_by(labels) if labels else "No label on this picture.")
    if scanned and not picture.scales:
        told.append("The scale of this picture is not known: lengths are in pixels.")
    frame = f", frame {picture.frame + 1}" if picture.frame or clip else ""
    return Figure(f"{title}{frame}", picture, labels, tuple(told))


#: A label's depth is counted from the top of the scanned area, gel and stand-off included. What lies between skin and vessel
#: is a distance that a person drew.
_QUANTITIES: Final = {"depth": "depth below the scan's upper edge"}


def label_line(label: Finding) -> str:
    """One label in words: name, kind, measurements with their uncertainty, how bright it looked and is on the screen."""
    name = label.name or f"{label.kind} without a name"
    kind = f" ({label.vessel_kind})" if label.vessel_kind and label.vessel_kind not in name else ""
    measured = "".join(f", {_QUANTITIES.get(value.quantity, value.quantity)} {value}" for value in label.measurements)
    looked = f", {label.echogenicity}" if label.echogenicity else ""
    return f"{name}{kind}{measured}{looked}" + (f", {label.grey}" if label.grey else "")


def _labelled_by(labels: Sequence[Finding]) -> str:
    """Who answers for the labels: their numbers, and when each was drawn last."""
    groups: dict[tuple[str, str], list[int]] = {}
    for place, label in enumerate(labels, start=1):
        groups.setdefault((label.status, label.by), []).append(place)
    last = telling.moment(max(label.at for label in labels))
    told = "; ".join(
        f"{status} by {by}" + (f": {', '.join(map(str, places))}" if len(groups) > 1 else "")
        for (status, by), places in groups.items()
    )
    return f"{told[0].upper()}{told[1:]}, last at {last}."


def blanks(encounter: Encounter, protocols: Protocols, sources: Sources) -> Iterator[Block]:
    """What is missing, what is asked, what could not be read."""
    yield Heading("What is missing")
    rows = tuple((blank.requirement, telling.place(blank.where), blank.text) for blank in missing(encounter, protocols))
    yield Table(
        ("requirement", "place in the record", "what"), (1.5, 4, 7), rows, "Nothing that the program knows to ask."
    )
    yield Heading("Questions about the record")
    asked = tuple(
        (question.id, telling.place(question.where), question.text) for question in questions(encounter, protocols)
    )
    yield Table(("question", "place in the record", "what is asked"), (2, 3.5, 7), asked, "None.")
    if sources.troubles:
        yield Heading("What could not be read")
        for trouble in sources.troubles:
            yield Text(trouble, Tone.ITEM)


def states(encounter: Encounter, digest: str) -> Iterator[Block]:
    """State, signatures, earlier versions, each with its reason and digest."""
    yield Heading("State, signatures and versions")
    rows = tuple(
        (
            telling.word(signature.state),
            telling.moment(signature.at),
            cell(signature.by),
            "; ".join(f"{label}: {text}" for label, text in telling.facts(signature, {"state", "at", "by"})),
        )
        for signature in encounter.signatures
    )
    yield Table(("state", "when", "by whom", "further"), (1.5, 3, 3, 4), rows)
    versions = tuple(
        (str(version.number), f"{telling.moment(version.at)}\n{version.by}", cell(version.reason), version.sha256)
        for version in encounter.earlier_versions
    )
    yield Table(
        ("earlier version", "corrected when, by whom", "why", "SHA-256 of its record"),
        (1.2, 2.6, 3.2, 5.5),
        versions,
        "There is no earlier version.",
    )
    yield Text(f"SHA-256 of this version's record (canonical JSON, version {encounter.version}): {digest}", Tone.SMALL)


def files(sources: Sources) -> Iterator[Block]:
    """The digest of each DICOM file that this document was made from."""
    yield Heading("Source files")
    yield Text(
        "This document is a rendering of these DICOM files. Whoever holds the files can take their SHA-256 and compare. "
        "Printed documents that are stored with the study are not among them.",
        Tone.SMALL,
    )
    rows = tuple((file.what, file.sop_instance_uid, file.sha256, str(file.size)) for file in sources.files)
    columns = ("file", "SOP Instance UID", "SHA-256 of the file", "bytes")
    yield Table(columns, (2, 4, 5, 1.3), rows, "No DICOM file was given.")
