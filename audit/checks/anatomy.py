"""Layers and vessels labelled on pictures of before the procedure, in place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from annotation import Finding
from audit.material import Label, Material
from audit.verdict import Evidence, Part, lacking, met, not_asked, undecided
from procedure import Phase, telling
from procedure.answers import Sight
from procedure.encounter import Site
from procedure.words import structure_name

#: The layers that the course names, those of one kind together: one of them is enough. Asked for where the region has them.
ASKED_LAYERS: Final = (("epi",), ("der-u", "der-l"), ("sfat",), ("smas",), ("musc",))


def layers_labelled(material: Material) -> Iterator[Part]:
    """Each layer of the course that a treated region has is labelled on a picture of before the procedure."""
    if not material.encounter.sites:
        yield lacking("It is not said where is to be treated.")
    for site in material.encounter.sites:
        protocol = material.protocols.get(site.region)
        if protocol is None:
            yield undecided(
                f"{telling.region(site.region)}: there is no protocol, so it is not known which layers the region has."
            )
            continue
        drawn = [label for label in _before(material, site) if label.finding.kind == "layer"]
        for kind in ASKED_LAYERS:
            wanted = [layer for layer in kind if layer in protocol.layers]
            if not wanted:
                continue
            name = structure_name(wanted[0]) or wanted[0]
            shown = _shown(material, [label for label in drawn if label.finding.term in wanted])
            if shown:
                yield met(f"{telling.region(site.region)}: labelled: {name}.", shown[0])
            else:
                yield lacking(
                    f"{telling.region(site.region)}: not labelled on a picture of before the procedure: {name}."
                )


def vessels_labelled(material: Material) -> Iterator[Part]:
    """A vessel is labelled before the procedure at each site, or it is recorded that none was seen."""
    for site in material.encounter.sites:
        shown = _shown(material, [label for label in _before(material, site) if label.finding.kind == "vessel"])
        if shown:
            yield met(f"{telling.region(site.region)}: a vessel is labelled.", *shown[:3])
            continue
        unseen = [v for v in material.visits(Phase.PRE, site) if v.doppler_signal is Sight.NOT_SEEN]
        if unseen:
            yield met(
                f"{telling.region(site.region)}: recorded that no signal was seen.",
                material.told(f"{unseen[0].station_id}: no Doppler signal was seen", unseen[0].at),
            )
        else:
            yield lacking(
                f"{telling.region(site.region)}: no vessel is labelled, and it is not recorded that none was seen."
            )


def labels_on_picture(material: Material) -> Iterator[Part]:
    """Every label lies on a picture of the study, inside it."""
    if not material.labels:
        yield lacking("Nothing is labelled.")
        return
    good: list[Evidence] = []
    for label in material.labels:
        finding = label.finding
        picture = material.picture(finding.image or "")
        if picture is None:
            yield lacking(f"The picture of a label is not among the files: {_name(finding)}, {finding.image}.")
        elif finding.frame >= picture.frames:
            yield lacking(f"{picture.file.name}: the label {_name(finding)} is on a frame that the picture has not.")
        elif not all(0 <= x <= picture.columns and 0 <= y <= picture.rows for x, y in finding.shape.points):
            yield lacking(f"{picture.file.name}: the label {_name(finding)} reaches out of the picture.")
        else:
            good.append(Evidence(picture.file, finding.frame, f"label {_name(finding)}"))
    if good:
        yield met(f"{len(good)} labels lie inside their pictures.", good[0])


def labels_placed(material: Material) -> Iterator[Part]:
    """Every labelled picture has its plane and its landmark."""
    labelled = {label.finding.image for label in material.labels}
    pictures = [image for image in material.scans() if image.image_uid in labelled]
    if not pictures:
        yield not_asked("No picture of the record is labelled.")
        return
    loose = [image for image in pictures if image.plane is None or not image.landmark]
    for image in loose:
        yield lacking(f"A labelled picture has no plane or no landmark: {image.station_id or image.image_uid}.")
    placed = [image for image in pictures if image not in loose]
    if placed:
        first = material.shown(placed[0].image_uid, f"{placed[0].plane} plane, landmark {placed[0].landmark}")
        yield met(f"{len(placed)} labelled pictures have plane and landmark.", *([first] if first else []))


def _before(material: Material, site: Site) -> tuple[Label, ...]:
    """The labels on pictures that were taken at a site before the procedure."""
    images = [image for image in material.scans(Phase.PRE) if material.is_at(image.station_id, image.side, site)]
    return material.labels_on(images)


def _shown(material: Material, labels: list[Label]) -> list[Evidence]:
    """The labels whose picture is there."""
    found = []
    for label in labels:
        one = material.shown(label.finding.image or "", f"label {_name(label.finding)}", label.finding.frame)
        if one is not None:
            found.append(one)
    return found


def _name(finding: Finding) -> str:
    return finding.name or finding.kind
