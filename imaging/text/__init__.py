"""Text on a screen: where it stands and what it says, by a kept OCR library that works offline.

The engine is RapidOCR (Apache-2.0) with the PP-OCR models that its package carries, on onnxruntime. What the words mean
is not this room's question: `imaging.readout` reads settings from them, `imaging.scale` the numbers beside a ruler.
"""

from imaging.text.reader import TextLine, TextReader

__all__ = ["TextLine", "TextReader"]
