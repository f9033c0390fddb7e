"""What dciodvfy lets pass although it is wrong: looked at in the file's bytes, without any code of ours."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.encaps import generate_frames, parse_basic_offsets, parse_fragments

JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
CENTIMETRES = 3


def check_image(path: Path) -> Dataset:
    """Raises AssertionError where something is wrong; returns the data set."""
    dataset = dcmread(path)
    frames = int(dataset.get("NumberOfFrames", 1))
    _check_time(dataset, path.read_bytes(), frames)
    _check_regions(dataset)
    _check_frames(dataset, frames)
    assert "PixelSpacing" not in dataset, "a second calibration beside the regions"
    assert dataset.BurnedInAnnotation == "YES"
    assert not ("Laterality" in dataset and "ImageLaterality" in dataset)
    return dataset


def _check_time(dataset: Dataset, raw: bytes, frames: int) -> None:
    if "NumberOfFrames" not in dataset:
        assert "FrameTimeVector" not in dataset
        assert "FrameIncrementPointer" not in dataset
        return
    assert dataset.FrameIncrementPointer == 0x00181065
    assert "FrameTime" not in dataset, "two ways to tell the time"
    vector = dataset.FrameTimeVector
    vector = [vector] if isinstance(vector, (int, float)) else list(vector)
    assert len(vector) == frames
    assert vector[0] == 0
    assert all(step >= 0 for step in vector)
    at = raw.index(struct.pack("<HH", 0x0018, 0x1065))
    assert raw[at + 4 : at + 6] == b"DS", "too long for a decimal string: written as unknown"
    assert dataset.CineRate >= 1
    assert dataset.RecommendedDisplayFrameRate >= 1
    assert float(dataset.EffectiveDuration) >= sum(map(float, vector)) / 1000 - 1e-3


def _check_regions(dataset: Dataset) -> None:
    for region in dataset.get("SequenceOfUltrasoundRegions", []):
        assert 0 <= region.RegionLocationMinX0 < region.RegionLocationMaxX1 < dataset.Columns
        assert 0 <= region.RegionLocationMinY0 < region.RegionLocationMaxY1 < dataset.Rows
        assert region.PhysicalUnitsXDirection == region.PhysicalUnitsYDirection == CENTIMETRES
        assert 0 < region.PhysicalDeltaX < 0.1
        assert 0 < region.PhysicalDeltaY < 0.1


def _check_frames(dataset: Dataset, frames: int) -> None:
    offsets = parse_basic_offsets(dataset.PixelData)
    fragments, places = parse_fragments(dataset.PixelData[8 + 4 * len(offsets) :])
    assert fragments == frames, "one fragment a frame"
    if "ExtendedOffsetTable" in dataset:
        assert not offsets, "two offset tables"
        extended = dataset.ExtendedOffsetTable
        lengths = dataset.ExtendedOffsetTableLengths
        offsets = list(struct.unpack(f"<{len(extended) // 8}Q", extended))
        assert len(lengths) == len(extended)
    assert offsets == places
    body = dataset.PixelData[8 + (0 if "ExtendedOffsetTable" in dataset else 4 * len(offsets)) :]
    stored = 0
    for offset in offsets:
        tag, length = struct.unpack_from("<II", body, offset)
        assert tag == 0xE000FFFE
        assert length % 2 == 0
        payload = body[offset + 8 : offset + 8 + length]
        if dataset.file_meta.TransferSyntaxUID == JPEG_BASELINE:
            assert payload[:2] == b"\xff\xd8", "does not begin a JPEG"
            assert payload.rstrip(b"\x00").endswith(b"\xff\xd9"), "does not end a JPEG"
            assert b"\xff\xc4" in payload, "no Huffman tables: DCMTK cannot decode it"
            stored += payload.rfind(b"\xff\xd9") + 2
    if dataset.file_meta.TransferSyntaxUID == JPEG_BASELINE:
        assert dataset.LossyImageCompression == "01"
        assert dataset.LossyImageCompressionMethod == "ISO_10918_1"
        whole = dataset.Rows * dataset.Columns * dataset.SamplesPerPixel * frames
        assert abs(float(dataset.LossyImageCompressionRatio) - whole / stored) < 1e-3


def check_segmentation(path: Path, source: Path) -> None:
    """A segmentation of the picture in `source`. Raises AssertionError where something is wrong."""
    dataset, picture = dcmread(path), dcmread(source, stop_before_pixels=True)
    rows, columns, frames = int(dataset.Rows), int(dataset.Columns), int(dataset.NumberOfFrames)
    assert (rows, columns) == (picture.Rows, picture.Columns), "does not lie over its picture"
    assert len(dataset.PixelData) == (frames * rows * columns + 15) // 16 * 2
    assert len(dataset.PerFrameFunctionalGroupsSequence) == frames
    numbers = [int(segment.SegmentNumber) for segment in dataset.SegmentSequence]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len({segment.TrackingUID for segment in dataset.SegmentSequence}) == len(numbers)
    of_clip = "NumberOfFrames" in picture
    seen = set()
    bits = np.unpackbits(np.frombuffer(dataset.PixelData, np.uint8), bitorder="little")
    for number, group in enumerate(dataset.PerFrameFunctionalGroupsSequence):
        (reference,) = group.DerivationImageSequence[0].SourceImageSequence
        _check_source(reference, picture)
        segment = int(group.SegmentIdentificationSequence[0].ReferencedSegmentNumber)
        values = group.FrameContentSequence[0].DimensionIndexValues
        assert list(values) == [segment, reference.ReferencedFrameNumber] if of_clip else values == segment
        seen.add(segment)
        assert bits[number * rows * columns : (number + 1) * rows * columns].any(), "an empty frame"
    assert seen == set(numbers), "a segment without a frame"
    assert dataset.LossyImageCompression == picture.get("LossyImageCompression", "00")


def check_presentation(path: Path, source: Path) -> None:
    """A presentation state over the picture in `source`. Raises AssertionError where something is wrong."""
    dataset, picture = dcmread(path), dcmread(source, stop_before_pixels=True)
    (series,) = dataset.ReferencedSeriesSequence
    assert series.SeriesInstanceUID == picture.SeriesInstanceUID
    assert [i.ReferencedSOPInstanceUID for i in series.ReferencedImageSequence] == [picture.SOPInstanceUID]
    layers = {layer.GraphicLayer for layer in dataset.GraphicLayerSequence}
    assert {item.GraphicLayer for item in dataset.GraphicAnnotationSequence} == layers
    for item in dataset.GraphicAnnotationSequence:
        for reference in item.ReferencedImageSequence:
            _check_source(reference, picture)
        for graphic in item.GraphicObjectSequence:
            assert graphic.GraphicAnnotationUnits == "PIXEL"
            assert len(graphic.GraphicData) == 2 * graphic.NumberOfGraphicPoints
            assert all(0 <= x <= picture.Columns for x in graphic.GraphicData[0::2])
            assert all(0 <= y <= picture.Rows for y in graphic.GraphicData[1::2])
            assert graphic.GraphicType != "ELLIPSE" or graphic.NumberOfGraphicPoints == 4
            assert graphic.TrackingUID
        for text in item.get("TextObjectSequence", []):
            for corner in ("BoundingBoxTopLeftHandCorner", "BoundingBoxBottomRightHandCorner", "AnchorPoint"):
                if corner in text:
                    x, y = text[corner].value
                    assert 0 <= x <= picture.Columns and 0 <= y <= picture.Rows, corner
    assert dataset.ICCProfile[12:16] == b"scnr"
    assert int.from_bytes(dataset.ICCProfile[:4], "big") == len(dataset.ICCProfile)
    assert dataset.SpecificCharacterSet == "ISO_IR 192"


def check_copy(path: Path, source: Path) -> None:
    """A copy with labels of the picture in `source`. Raises AssertionError where something is wrong."""
    dataset, picture = dcmread(path), dcmread(source, stop_before_pixels=True)
    (reference,) = dataset.SourceImageSequence
    _check_source(reference, picture)
    assert list(dataset.ImageType[:2]) == ["DERIVED", "SECONDARY"]
    assert dataset.BurnedInAnnotation == "YES"
    assert dataset.DerivationDescription
    assert (dataset.Columns, "NumberOfFrames" in dataset) == (picture.Columns, False)
    assert dataset.Rows > picture.Rows, "no strip below that says what it is"
    _check_regions(dataset)
    assert dataset.get("SequenceOfUltrasoundRegions") == picture.get("SequenceOfUltrasoundRegions")
    assert dataset.LossyImageCompression == "01"
    assert len(dataset.LossyImageCompressionRatio) == len(dataset.LossyImageCompressionMethod) == 2, "two losses"
    first, second = dataset.LossyImageCompressionRatio
    assert first > 1 and abs(second - dataset.Rows * dataset.Columns * 3 / _jpeg_bytes(dataset)) < 1e-3
    assert dataset.UltrasoundColorDataPresent == picture.UltrasoundColorDataPresent
    assert dataset.SeriesInstanceUID != picture.SeriesInstanceUID


def _jpeg_bytes(dataset: Dataset) -> int:
    (payload,) = generate_frames(dataset.PixelData, number_of_frames=1)
    return payload.rfind(b"\xff\xd9") + 2


def check_selection(path: Path, known: set[str]) -> None:
    """A selection among the objects of these UIDs. Raises AssertionError where something is wrong."""
    dataset = dcmread(path)
    named = [
        i.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for i in dataset.ContentSequence if i.ValueType != "TEXT"
    ]
    evidence = [
        reference.ReferencedSOPInstanceUID
        for study in dataset.CurrentRequestedProcedureEvidenceSequence
        for series in study.ReferencedSeriesSequence
        for reference in series.ReferencedSOPSequence
    ]
    assert len(named) == len(set(named)), "one object twice"
    assert set(named) == set(evidence), "selected and not among the evidence, or the other way round"
    assert set(named) <= known, "an object that is not in the study"


def _check_source(reference: Dataset, picture: Dataset) -> None:
    """A reference to a picture, with the frame where it is a clip and without one where it is a still."""
    assert reference.ReferencedSOPInstanceUID == picture.SOPInstanceUID
    assert reference.ReferencedSOPClassUID == picture.SOPClassUID
    if "NumberOfFrames" in picture:
        numbers = reference.ReferencedFrameNumber
        for number in [numbers] if isinstance(numbers, int) else numbers:
            assert 1 <= number <= picture.NumberOfFrames
    else:
        assert "ReferencedFrameNumber" not in reference
