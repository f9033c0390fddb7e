"""DICOM: to and from the standard. Knows nothing of which study lies on which disk."""
