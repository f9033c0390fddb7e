"""Which code says what a finding is. One rule for the report and for the lists of labels."""

from __future__ import annotations

from annotation import Finding
from dicom_io.coding.codes import CATEGORIES, VESSEL_KINDS, concept_of
from dicom_io.coding.concept import Concept


def finding_type(finding: Finding) -> Concept:
    """The code of what was found: the term's own, else artery, vein or vessel, else the kind's."""
    if finding.term is not None:
        return concept_of(finding.term)
    if finding.vessel_kind in ("artery", "vein"):
        return VESSEL_KINDS[finding.vessel_kind]
    return CATEGORIES[finding.kind]


def code_of(finding: Finding) -> str:
    """The same as text, 'SCHEME VALUE'; for `Document.labels_json`."""
    return str(finding_type(finding))
