"""Where on the body and in which part of the procedure: region, side, phase."""

from __future__ import annotations

from typing import Final

from annotation.vocabulary import REGIONS
from dicom_io.coding.codes import FACE, LATERALITY, PHASES, concept_of
from dicom_io.context import Phase, Series
from dicom_io.dataset.plain_dataset import PlainDataset
from dicom_io.errors import NotEncodable

# Body Part Examined has few words for the face. Those of paired structures (CHEEK, ZYGOMA) need a side beside them.
_BODY_PARTS: Final = {
    "nose": "NOSE",
    "mala": "ZYGOMA",
    "nlf": "CHEEK",
    "prea": "CHEEK",
    "lipu": "MOUTH",
    "lipl": "MOUTH",
    "chin": "JAW",
    "jaw": "JAW",
}
_PAIRED: Final = ("ZYGOMA", "CHEEK")
_REGION_IDS: Final = frozenset(region.id for region in REGIONS)
_STAGES: Final = list(Phase)


def anatomy_module(dataset: PlainDataset, series: Series) -> None:
    """Body part, side and region of an image. The region is the face where nobody said more.

    Raises NotEncodable where the vocabulary has no such region.
    """
    if series.region and series.region not in _REGION_IDS:
        raise NotEncodable(
            f"The vocabulary has no region {series.region!r}: choose one of {', '.join(sorted(_REGION_IDS))}."
        )
    part = _BODY_PARTS.get(series.region, "FACE")
    if series.laterality:
        dataset.ImageLaterality = series.laterality
    elif part in _PAIRED:
        part = "FACE"  # without a side only an unpaired structure is allowed
    dataset.BodyPartExamined = part
    dataset.AnatomicRegionSequence = [region_item(series)]


def region_item(series: Series) -> PlainDataset:
    """The region's code with its side."""
    item = (concept_of(series.region) if series.region else FACE).item().changeable()
    if series.laterality:
        item.AnatomicRegionModifierSequence = [LATERALITY[series.laterality].item()]
    return item


def stage_module(dataset: PlainDataset, series: Series) -> None:
    """The part of the procedure as a stage: one of five, in the order of time."""
    dataset.StageNumber = _STAGES.index(series.phase) + 1
    dataset.NumberOfStages = len(_STAGES)
    dataset.StageCodeSequence = [PHASES[series.phase].item()]
    dataset.ViewNumber = 1
    dataset.NumberOfViewsInStage = 1
