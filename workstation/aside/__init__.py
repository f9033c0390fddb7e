"""Slow work of the processor, in a process of its own. No Qt.

    a thread of the window ─job─▶ Aside ──pipe──▶ process: job(*words) ──pipe──▶ answer, in that thread

Threads of one Python share one interpreter: while a screen's text is read in one of them, the thread that takes frames from
the probe and the one that answers keys wait for their turn. So what the pixels say (a screen, a change of depth,
suggestions) is worked out by a process that stands below them, one job at a time, begun once and kept. Budget of what is
left in the window's process: decoding what is shown, waiting for pipe and disk, and writing files.
"""

from workstation.aside.aside import Aside, AsideLost
from workstation.aside.spawned import put_away, settle, spawned

__all__ = ["Aside", "AsideLost", "put_away", "settle", "spawned"]
