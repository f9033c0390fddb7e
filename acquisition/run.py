"""A run: one device's frames from the first to the one before it went away, changed its size, slept or was stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from acquisition.accounting import Accountant, Counts, account, gaps_of
from acquisition.cine import Clip, Gap, SpooledFrame, StreamDescription
from acquisition.events import RunEnd
from acquisition.pins import Pin
from acquisition.spool import SpoolWriter
from devices.source import Frame


class Run:
    """One spool stream with its account. The writer's thread appends and ends; clips are cut from any thread."""

    def __init__(self, spool: SpoolWriter) -> None:
        self.spool = spool
        self.ended: RunEnd | None = None
        self.ended_ns = 0
        self.gone = False  #: discarded: only the figures stay
        self._account = Accountant(spool.description.nominal_fps)
        self._lost_at_end = 0
        self._looked_through: list[SpooledFrame] | None = None
        self._kept: Pin | None = None

    @property
    def stream(self) -> StreamDescription:
        """Who sent the frames."""
        return self.spool.description

    @property
    def counts(self) -> Counts:
        """The figures so far."""
        return self._account.counts

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The gaps known so far; all of them once the run has ended."""
        return self._account.gaps

    @property
    def span_ns(self) -> tuple[int, int] | None:
        """The time stamps of the first and the newest frame; None before there is one."""
        first, last = self._account.first_ns, self._account.last_ns
        return None if first is None or last is None else (first, last)

    def append(self, frame: Frame, lost_before: int) -> list[Gap]:
        """Store a frame; returns the gaps that it brings to light. Raises what `SpoolWriter.append` raises."""
        return self._account.add(self.spool.append(frame, lost_before))

    def end(self, reason: RunEnd, at_ns: int, lost: int = 0) -> list[Gap]:
        """Close the stream; returns the gaps found at the end.

        A disk that is full, or that fails, at the last sync has been told of already by then, or is now (SpoolFull,
        SpoolFailed): the run has ended all the same.
        """
        if self.ended is not None:
            return []
        self.ended, self.ended_ns = reason, at_ns
        self._lost_at_end = lost
        news = self._account.finish(lost)
        self.spool.close()
        return news

    def cut(self, choose: Callable[[Sequence[SpooledFrame]], Sequence[SpooledFrame]]) -> tuple[Clip, Pin] | None:
        """A clip of the whole frames among those that `choose` picks out of the stream, pinned; None where it picks none.

        Where the bounds have taken frames from the middle of them, the newest part is meant.
        """
        with self.spool.pin():
            chosen = list(choose(self.spool.frames))
            for at in range(len(chosen) - 1, 0, -1):
                if chosen[at].index != chosen[at - 1].index + 1:
                    del chosen[:at]
                    break
            while chosen and chosen[0].corrupt:
                del chosen[0]
            while chosen and chosen[-1].corrupt:
                chosen.pop()
            if not chosen:
                return None
            pin = self.spool.pin(chosen[0].index, chosen[-1].index)
        whole = [frame for frame in chosen if not frame.corrupt]
        return Clip(self.stream, whole, gaps_of(chosen, self.stream.nominal_fps)), pin

    def whole(self) -> Clip | None:
        """All whole frames of the run, with all its gaps; None where there are none. Pinning is the caller's matter."""
        found = self.spool.frames if self._looked_through is None else self._looked_through
        frames = [frame for frame in found if not frame.corrupt]
        return Clip(self.stream, frames, self.gaps) if frames else None

    def look_through(self) -> int:
        """Read each frame of the ended run again: one that is not what was spooled counts as corrupt; how many those are.

        For a disk that has failed. Takes as long as the disk does.
        """
        frames = self.spool.frames
        found = [f if f.corrupt or f.lies_unharmed() else f._replace(corrupt=True) for f in frames]
        self._looked_through = found
        self._account = account(found, self.stream.nominal_fps, self._lost_at_end)
        return sum(f.corrupt for f in found) - sum(f.corrupt for f in frames)

    def keep(self) -> None:
        """Pin all frames of the run, those to come included."""
        if self._kept is None:
            self._kept = self.spool.pin()

    def let_go(self) -> None:
        """Undo `keep`; clips stay pinned by themselves."""
        if self._kept is not None:
            self._kept.release()
            self._kept = None

    def discard(self) -> None:
        """Take the frames off the disk. Raises SpoolDenied, SpoolFailed."""
        self.gone = True
        self.spool.discard()

    def discard_unless_pinned(self) -> bool:
        """The same where nobody keeps frames of it; whether it is gone. Raises SpoolDenied, SpoolFailed, and then it is."""
        if not self.gone:
            self.gone = self.spool.forget_unless_pinned()
            if self.gone:
                self.spool.discard()
        return self.gone
