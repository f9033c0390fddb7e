"""What is watched in the live picture: one module an analysis, in the order in which the window shows what they say."""

from __future__ import annotations

from collections.abc import Sequence

from workstation.watching.turns import Analysis


def analyses() -> Sequence[Analysis]:
    """Made in the process that uses them."""
    from workstation.watching.analyses.flow import FlowAnalysis
    from workstation.watching.analyses.quality import QualityAnalysis
    from workstation.watching.analyses.readouts import ReadoutAnalysis
    from workstation.watching.analyses.scale import ScaleAnalysis

    return (ScaleAnalysis(), ReadoutAnalysis(), FlowAnalysis(), QualityAnalysis())
