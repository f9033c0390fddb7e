"""De-identification (PS3.15, annex E): objects that tell of nobody, and by which key the same person is the same again.

    Cleaner         cleans a data set in place and says what it took out
    PROFILES        which options of the Basic Profile each named profile takes
    Pseudonyms      names, UIDs and days by a key; `key_in` reads or makes one

`profile` reads the standard's table, `words` knows which texts may stay, `moments` changes dates, `content` the trees of
structured reports.
"""

from dicom_io.deidentify.dataset import Cleaner
from dicom_io.deidentify.profile import PROFILES, Option
from dicom_io.deidentify.pseudonyms import Pseudonyms, key_in
from dicom_io.deidentify.told import Told

__all__ = ["PROFILES", "Cleaner", "Option", "Pseudonyms", "Told", "key_in"]
