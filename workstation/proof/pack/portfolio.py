"""The portfolio on a pack's page: each encounter on a line, and the counts against what the course asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from audit.portfolio import Counted, Entry, Requirement, learner_of
from workstation.proof.pack.contents import counts_of, places_of

_BLANK = "<span class=blank>not told by the course</span>"


def portfolio_section(entries: Sequence[Entry], requirement: Requirement, counts: Sequence[Counted]) -> str:
    """The section as HTML; nothing where the pack holds no record of an encounter."""
    return "".join(_section(entries, requirement, counts)) if entries else ""


def _section(entries: Sequence[Entry], requirement: Requirement, counts: Sequence[Counted]) -> Iterator[str]:
    yield f"<section id=portfolio><h2>Portfolio</h2><p>{escape(requirement.name)}, version {escape(requirement.version)}: "
    yield f"{escape(requirement.source)}. Counts say how many there are; how good they are is for a person to judge.</p>"
    yield "<table><tr><th>encounter<th>of<th>where<th>kind<th>state<th>criteria</tr>"
    yield from (_line(entry) for entry in entries)
    yield "</table><table class=counts><tr><th>what is counted<th>there are<th>needed<th></tr>"
    yield from (_count(one) for one in counts)
    yield "</table></section>"


def _line(entry: Entry) -> str:
    record = entry.encounter
    cells = (
        f"{record.started_at:%Y-%m-%d %H:%M}",
        learner_of(record) or "nobody is named",
        places_of(record),
        "mock (simulated)" if record.simulated else "real",
        str(record.state),
        counts_of(entry.judgements),
    )
    return "<tr>" + "".join(f"<td>{escape(cell)}" for cell in cells) + "</tr>"


def _count(one: Counted) -> str:
    needed = _BLANK if one.row.needed is None else str(one.row.needed)
    kind, words = {True: ("met", "enough"), False: ("not_met", "not enough"), None: ("", "")}[one.enough]
    what = f"<b>{escape(one.row.id)}</b> {escape(one.row.what)}"
    return f"<tr class='{kind}'><td>{what}<td>{one.count}<td>{needed}<td class=verdict>{words}</tr>"
