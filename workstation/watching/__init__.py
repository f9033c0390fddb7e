"""What the pixels of the live picture say, found in a process of its own beside the picture. No Qt.

    a recording's newest frame ─▶ Beside ──pipe──▶ process: decode, analyses in turn ──pipe──▶ Seen ─▶ the window

The picture never waits for it: a frame is looked at when the process is free, and a process that dies is started anew. Each
analysis (scale, read-outs, flow, quality) is one module and has a share of one core that it may use; slow work, such as
reading the text of a new screen, is done by a thread of that process while the quick looks go on.
"""

from workstation.watching.beside import Beside
from workstation.watching.said import Fact, Outline, Said, Seen

__all__ = ["Beside", "Fact", "Outline", "Said", "Seen"]
