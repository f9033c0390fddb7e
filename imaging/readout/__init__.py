"""Read-outs: the settings that a probe prints on its screen, as values with units, read by OCR and a grammar of labels.

What is implausible, or could mean two things, is left out: a value that was never printed is worse than one missed.
`ScreenReader` reads one screen, `ReadoutWatch` follows a clip.
"""

from imaging.readout.readings import IdentifyingText, Reading, ScreenReadings
from imaging.readout.screen import ScreenReader
from imaging.readout.watch import Change, ReadoutWatch

__all__ = ["Change", "IdentifyingText", "Reading", "ReadoutWatch", "ScreenReader", "ScreenReadings"]
