"""What is done once when the window opens. No Qt."""

from __future__ import annotations

import gc
import getpass


def keep_lasting() -> None:
    """Take what was made so far out of garbage collection: it lasts as long as the program.

    A full collection looks at each object and holds every thread meanwhile: 50 to 90 ms of processor for the 50 000 to
    100 000 that the libraries and the pages bring, measured on a busy machine, in the middle of a press.
    """
    gc.freeze()


def warm_up() -> None:
    """Import now what the first save would import, and take what that leaves in memory out of garbage collection.

    The libraries bring objects that live as long as the program. A full collection looked at each of them and held every
    thread for 0.2 s in the middle of a save: longer than a driver's four buffers last at 30/s.
    """
    import dicom_io.report.content  # noqa: F401

    gc.freeze()


def user_name() -> str:
    """Who is logged in, as far as the system knows; 'operator' otherwise."""
    try:
        return getpass.getuser()[:64]
    except (KeyError, OSError, ImportError):
        return "operator"
