"""The words beside a shape. No Qt."""

from __future__ import annotations

from annotation.finding import Finding


def caption(finding: Finding) -> str:
    """What is shown beside a finding: its name, a vessel's kind, its chief measurement, and whether it is a suggestion."""
    name = finding.name or ("" if finding.kind == "distance" else finding.kind)
    if finding.vessel_kind is not None and finding.vessel_kind not in name:
        name = f"{name} ({'kind unknown' if finding.vessel_kind == 'unknown' else finding.vessel_kind})"
    value = str(finding.measurements[0]) if finding.measurements and finding.kind != "layer" else ""
    text = "  ".join(part for part in (name, value) if part)
    return f"suggested: {text}" if finding.status == "suggested" else text
