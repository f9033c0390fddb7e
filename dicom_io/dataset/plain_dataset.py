"""A data set in the making: attributes set by keyword, as with pydicom's Dataset, which become bytes without it.

pydicom makes, checks and writes an element in some 50 µs, and the objects of one encounter have a hundred thousand. Here a
data set is a dict, and its bytes are those of `raw_items`: explicit VR, little endian, UTF-8, defined lengths. What is read
from files and written again (`reidentify`) stays pydicom's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from dicom_io.dataset.raw_items import element, in_order, item_of, place_of

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

AnyDataset: TypeAlias = "Dataset | PlainDataset"  #: what modules are set in: an object of ours, or one that was read


class PlainDataset:
    """Attributes by keyword. A value is a str, a number, bytes, None, or a list of them; of a sequence a list of items, each
    a PlainDataset or an item's bytes.
    """

    __slots__ = ("_values",)
    _values: dict[str, Any]

    def __init__(self) -> None:
        object.__setattr__(self, "_values", {})

    def __setattr__(self, keyword: str, value: Any) -> None:
        """Raises KeyError where the standard has no such keyword."""
        place_of(keyword)
        self._values[keyword] = value

    def __getattr__(self, keyword: str) -> Any:
        try:
            return self._values[keyword]
        except KeyError:
            raise AttributeError(f"there is no {keyword}") from None

    def __delattr__(self, keyword: str) -> None:
        del self._values[keyword]

    def __contains__(self, keyword: str) -> bool:
        return keyword in self._values

    def get(self, keyword: str, default: Any = None) -> Any:
        """The value of an attribute; `default` where it is not set."""
        return self._values.get(keyword, default)

    def every(self) -> Iterator[tuple[str, Any]]:
        """Keyword and value of each attribute, at every depth; not those of items that are bytes already."""
        for keyword, value in self._values.items():
            yield keyword, value
            if isinstance(value, list):
                for one in value:
                    if isinstance(one, PlainDataset):
                        yield from one.every()

    def to_bytes(self) -> bytes:
        """The elements in the order of their tags. Raises ValueError, struct.error where a value does not fit its field."""
        return b"".join(element(keyword, _written(self._values[keyword])) for keyword in in_order(self._values))


class ConstantItem(PlainDataset):
    """An item that is made once and stands in many places, as a code does: nobody may change it, and it is written once."""

    __slots__ = ("_bytes",)
    _bytes: bytes

    def __init__(self, **values: Any) -> None:
        super().__init__()
        self._values.update(values)
        object.__setattr__(self, "_bytes", super().to_bytes())

    def __setattr__(self, keyword: str, value: Any) -> None:
        raise TypeError(f"{keyword} is set in an item that stands in many places")

    def __delattr__(self, keyword: str) -> None:
        raise TypeError(f"{keyword} is taken out of an item that stands in many places")

    def to_bytes(self) -> bytes:
        """The elements in the order of their tags."""
        return self._bytes

    def changeable(self) -> PlainDataset:
        """One of its own with the same attributes, which may be changed."""
        own = PlainDataset()
        own._values.update(self._values)
        return own


def _written(value: Any) -> Any:
    if isinstance(value, list):
        return [item_of(one.to_bytes()) if isinstance(one, PlainDataset) else one for one in value]
    return value


def as_pydicom(made: PlainDataset) -> Dataset:
    """The same as pydicom's data set, to be put into one that was read."""
    import io

    from dicom_io.dataset.lenient import read_dataset

    found = read_dataset(
        io.BytesIO(made.to_bytes()), is_implicit_VR=False, is_little_endian=True, parent_encoding="utf8"
    )
    found.decode()
    return found
