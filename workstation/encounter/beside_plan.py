"""What stands beside a plan: how near its path comes to what was mapped, and what it cannot know. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from annotation import Document
from imaging.scale import Scale
from procedure import Encounter, Protocol
from procedure.documents import margin_told
from procedure.gaps import gaps
from procedure.plan import Plan
from procedure.safety import margins


def lines(
    plan: Plan,
    record: Encounter,
    document: Document,
    scale_of: Callable[[str], Scale | None],
    protocols: Mapping[str, Protocol],
) -> Iterator[str]:
    """The margins, nearest first, then the gaps; `scale_of` an image gives its scale. A distance is no verdict."""
    if plan.path is None:
        yield "Margins: draw the way of the instrument as a distance on a picture, then choose it as the path."
    else:
        found = margins(plan, document.findings, scale_of(plan.path.image.image_uid))
        for margin in found:
            yield f"Path to the {margin.name}: {margin_told(margin)}"
        if not found:
            yield "Margins: nothing is labelled as a vessel on the path's picture, so none is known."
    for gap in gaps(plan, record, protocols):
        yield gap.text
