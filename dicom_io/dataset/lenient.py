"""pydicom's readers, told to take a value that breaks the standard as it is.

Else pydicom would warn, and repeat the value: it may be a patient's name. Imported where a file is read with pydicom, not
before: loading it takes longer than reading a study by hand.
"""

from __future__ import annotations

from pydicom import config, dcmread
from pydicom.filereader import read_dataset

__all__ = ["dcmread", "read_dataset"]

config.settings.reading_validation_mode = config.IGNORE
