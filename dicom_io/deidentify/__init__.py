"""De-identification (PS3.15, annex E): objects that tell of nobody, and by which key the same person is the same again.

    deidentified    one file as an object that tells of nobody, with what was taken out and how its pictures were covered
    Cleaner         cleans a data set in place and says what it took out
    PROFILES        which options of the Basic Profile each named profile takes
    ScreenMemory    what was read on the pictures of one run: the same content is read once
    Pseudonyms      names, UIDs and days by a key; `key_in` reads or makes one

`profile` reads the standard's table, `words` knows which texts may stay, `moments` changes dates, `content` the trees of
structured reports. `screens` finds the text on pictures, `jpeg_cover` covers it without decoding, `pictures` proves that it
is gone and that nothing else changed; `objects` joins all of it.
"""

from dicom_io.deidentify.dataset import Cleaner
from dicom_io.deidentify.objects import Deidentified, deidentified
from dicom_io.deidentify.pictures import Covered
from dicom_io.deidentify.profile import PROFILES, Option
from dicom_io.deidentify.pseudonyms import Pseudonyms, key_in
from dicom_io.deidentify.screen_memory import ScreenMemory
from dicom_io.deidentify.told import Told

__all__ = [
    "PROFILES",
    "Cleaner",
    "Covered",
    "Deidentified",
    "Option",
    "Pseudonyms",
    "ScreenMemory",
    "Told",
    "deidentified",
    "key_in",
]
