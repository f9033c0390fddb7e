"""The protocols that hold here: those of the program, and a clinic's own in their place. No Qt.

A clinic's files lie in `protocols/` beside its settings. They are read each time anew, so that what was mended holds at once.
"""

from __future__ import annotations

from pathlib import Path

from procedure import ProtocolWrong
from procedure.protocol import Protocol
from procedure.protocol_files import built_in, protocols
from workstation.settings import settings_path


def clinic_folder() -> Path:
    """Where a clinic's own protocols lie; it need not be there."""
    return settings_path().parent / "protocols"


def held_protocols() -> dict[str, Protocol]:
    """The protocols by region. Raises ProtocolWrong where a file of the clinic's is none: nothing of it is used."""
    folder = clinic_folder()
    return protocols(folder if folder.is_dir() else None)


def protocols_or_ours() -> tuple[dict[str, Protocol], str]:
    """As `held_protocols`, for what must go on (a window, a save): where a file is wrong, ours alone and the sentence."""
    try:
        return held_protocols(), ""
    except ProtocolWrong as error:
        return built_in(), f"The clinic's protocols are not used: {error}"
