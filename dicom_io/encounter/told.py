"""Whether what was told of a visit can stand in the standard's fields: asked before anything is recorded for it."""

from __future__ import annotations

from dicom_io.coding.anatomy import anatomy_module
from dicom_io.composite.modules import patient_module, series_module, study_module
from dicom_io.context import Series, Study
from dicom_io.dataset.plain_dataset import PlainDataset


def check_told(study: Study, series: Series) -> None:
    """Raises NotEncodable where a text of patient, study or series cannot stand in an object, as encoding would later."""
    told = PlainDataset()
    patient_module(told, study.patient)
    study_module(told, study)
    series_module(told, study, series, "US")
    anatomy_module(told, series)
