"""Scatter plots as a PNG with numpy alone: what is shown where no widget runs."""

from __future__ import annotations

import base64
import html
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectory._errors import InvalidError
from vectory._http import Json, item
from vectory._layout import Layout
from vectory._speaker import Speaker

# Okabe and Ito (2008) without the vermilion, which marks neighbours, and a darker yellow.
PALETTE = (
    (0, 114, 178),
    (230, 159, 0),
    (0, 158, 115),
    (204, 121, 167),
    (86, 180, 233),
    (150, 140, 20),
    (110, 80, 160),
    (120, 85, 60),
)
GREY = (110, 110, 110)
#: A column with more values says nothing by colours.
MANY_VALUES = 20
MANY_ROWS = 20_000


def colours(labels: Sequence[str]) -> NDArray[np.uint8]:
    """Give an n×3 array: a colour for each value, in the order of the values."""
    values, codes = np.unique(np.asarray(labels), return_inverse=True)
    hues = np.arange(len(values)) / max(1, len(values))
    wheel = 150 + 90 * np.cos(2 * np.pi * (hues[:, None] + np.array([0, 1 / 3, 2 / 3])))
    table = np.array(PALETTE, dtype=np.uint8) if len(values) <= len(PALETTE) else wheel.astype(np.uint8)
    inked: NDArray[np.uint8] = table[codes]
    return inked


def scatter(xy: NDArray[np.floating[Any]], ink: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Draw n points on white: size×size×3. Rows with a coordinate that is not finite are left out."""
    page = np.full((size, size, 3), 255, dtype=np.uint8)
    there = np.isfinite(xy).all(axis=1)
    xy, ink = xy[there, :2], ink[there]
    if not len(xy):
        return page
    low, high = xy.min(axis=0), xy.max(axis=0)
    scale = (size - 17) / max(float((high - low).max()), 1e-30)
    at = np.rint((xy - (low + high) / 2) * scale + size / 2).astype(int)
    reach = (-1, 0, 1) if len(xy) < 20_000 else (0,)
    for dx in reach:
        for dy in reach:
            page[size - 1 - (at[:, 1] + dy), at[:, 0] + dx] = ink
    return page


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(page: NDArray[np.uint8]) -> bytes:
    """Encode a height×width×3 array (PNG, ISO/IEC 15948: header, filter 0 before each line, zlib)."""
    height, width, _ = page.shape
    lines = np.zeros((height, 1 + 3 * width), dtype=np.uint8)
    lines[:, 1:] = page.reshape(height, -1)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(lines.tobytes(), 6)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def named(picture: bytes, name: str) -> bytes:
    """Write a name (ASCII) into a PNG, behind its header, where it does not show."""
    header = 8 + 12 + 13  # the signature, and the chunk IHDR
    return picture[:header] + _chunk(b"tEXt", b"Title\0" + name.encode()) + picture[header:]


def label_column(client: Speaker, space: str, wanted: str = "") -> tuple[str, list[str]]:
    """Give name and values by row of a column of a space's dataset: the wanted one, or one of few values.

    ("", []) where there is none; above MANY_ROWS rows only a column that is asked for is read.
    """
    dataset, found = _dataset_of(client, space, wanted)
    if found is None:
        return "", []
    for name in [wanted] if wanted else found["columns"] if found["rows"] <= MANY_ROWS else []:
        column = client._ask("GET", f"{item('datasets', dataset)}/{item('columns', name)}")
        if wanted or 2 <= len(column["values"]) <= MANY_VALUES:
            return name, [column["values"][code] for code in column["codes"]]
    return "", []


def colour_column(client: Speaker, space: str, wanted: str = "") -> str:
    """Give the name of the column that `label_column` takes; one that is asked for is not read."""
    if not wanted:
        return label_column(client, space)[0]
    return wanted if _dataset_of(client, space, wanted)[1] else ""


def _dataset_of(client: Speaker, space: str, wanted: str) -> tuple[str, Json | None]:
    name = client._ask("GET", item("spaces", space))["dataset"]
    if name is None:
        return "", None
    found = client._ask("GET", item("datasets", name))
    if wanted and wanted not in found["columns"]:
        raise InvalidError(f"no column {wanted!r} in dataset {name!r}", f"the columns are {found['columns']}")
    return name, found


def draw(client: Speaker, request: dict[str, Any], colour: str, *, wait: bool) -> bytes:
    """Lay the spaces of a request out and draw them side by side: a PNG. wait: until they have settled."""
    layout = Layout(client, request)
    frames = layout.wait().coords() if wait else layout.coords(patience=0.3)
    if request.get("timeline"):
        frames = frames[:1] + frames[1:][-1:]  # the first step and the last
    return png(side_by_side(frames, _ink(client, layout, len(frames[0]), colour)))


def _ink(client: Speaker, layout: Layout, rows: int, colour: str) -> NDArray[np.uint8]:
    """Give a colour for each row of a layout; grey where there is no column to tell."""
    grey = np.tile(np.array(GREY, dtype=np.uint8), (rows, 1))
    labels = label_column(client, layout.raw["spaces"][0], colour)[1]
    if not labels:
        return grey
    if len(labels) != rows:
        if "row_a" not in (layout.raw["columns"] or []):
            return grey
        labels = [labels[row] for row in layout.column("row_a")]
    return colours(labels)


def side_by_side(frames: list[NDArray[np.float32]], ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Draw each frame in a square of its own, a grey line between."""
    line = np.full((360, 1, 3), 200, dtype=np.uint8)
    parts: list[NDArray[np.uint8]] = []
    for frame in frames:
        parts += [line, scatter(frame, ink, 360)]
    return np.concatenate(parts[1:], axis=1)


#: What to do for more than a picture. Not the extra: where this package was installed from is not known.
WORD = "For plots that you can click and that settle before your eyes: pip install anywidget"


@dataclass(frozen=True, repr=False)
class Picture:
    """A still picture of one or two spaces with the numbers beneath: what `show` gives without anywidget."""

    image: bytes
    text: str
    table: str

    def __repr__(self) -> str:
        """Headline of what is shown, and what to do for more."""
        return f"{self.text}\n{WORD}"

    def _repr_png_(self) -> bytes:
        return self.image

    def _repr_html_(self) -> str:
        source = base64.b64encode(self.image).decode()
        return (
            f'<div><img alt="{html.escape(self.text, quote=True)}" src="data:image/png;base64,{source}"/>'
            f"{self.table}<p>{html.escape(WORD)}</p></div>"
        )
