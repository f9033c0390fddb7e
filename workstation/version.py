"""The program's version, as it stands in each DICOM object."""

VERSION = "0.1.0"
