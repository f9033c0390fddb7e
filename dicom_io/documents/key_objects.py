"""What every Key Object Selection of ours has (TID 2010): a title, what it is for, and the objects that it names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dicom_io.coding.concept import Concept
from dicom_io.composite.sr_document import document_modules, references
from dicom_io.context import Series, Study
from dicom_io.dataset.plain_dataset import PlainDataset
from dicom_io.encoded import Instance
from dicom_io.labels.labelled import image_reference

KEY_OBJECT_SELECTION: Final = "1.2.840.10008.5.1.4.1.1.88.59"
DESCRIPTION: Final = Concept("113012", "DCM", "Key Object Description")


def key_object_document(
    title: Concept,
    content: Sequence[PlainDataset],
    named: Sequence[Instance],
    study: Study,
    series: Series,
    sop_instance_uid: str,
    software_version: str,
) -> PlainDataset:
    """The document but for its file header; `named` are the objects that `content` refers to."""
    dataset = PlainDataset()
    dataset.ValueType = "CONTAINER"
    dataset.ConceptNameCodeSequence = [title.item()]
    dataset.ContinuityOfContent = "SEPARATE"
    template = PlainDataset()
    template.MappingResource = "DCMR"
    template.TemplateIdentifier = "2010"
    dataset.ContentTemplateSequence = [template]
    dataset.ContentSequence = list(content)
    dataset.InstanceNumber = 1
    dataset.ReferencedPerformedProcedureStepSequence = []
    dataset.CurrentRequestedProcedureEvidenceSequence = references(named)
    document_modules(dataset, study, series, KEY_OBJECT_SELECTION, sop_instance_uid, software_version, modality="KO")
    return dataset


def reference(value_type: str, of: Instance, frames: Sequence[int] = ()) -> PlainDataset:
    """An object in the content; IMAGE or COMPOSITE, and which frames (from 0) where only some are meant."""
    item = PlainDataset()
    item.RelationshipType = "CONTAINS"
    item.ValueType = value_type
    item.ReferencedSOPSequence = [image_reference(of, [frame + 1 for frame in frames])]
    return item
