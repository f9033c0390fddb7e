"""Who is at the window: the page that asks for it, the lock when nobody touches anything, and what each may do then.

    page      the page that lies over the window while nobody is signed in: no picture and no name of a patient below it
    guard     what is typed and pressed meanwhile reaches that page alone
    control   joins both with the gate (`workstation.people`) and the pages of the window
    reader    the lock of the reviewer's window
    telling   what was done in the window, told in the trail, and the trail sent to the collector

Where no accounts are set up, none of it shows. Recording goes on behind the page; a suspected complication waits for nobody.
"""

from workstation.admission.control import AdmissionControl
from workstation.admission.reader import ReaderLock

__all__ = ["AdmissionControl", "ReaderLock"]
