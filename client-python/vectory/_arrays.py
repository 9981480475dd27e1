"""Arrays on their way to the daemon: checked, then sent as .npy without a second copy."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectory._errors import InvalidError, WrongTypeError

#: The type of bfloat16 values in numpy: their bytes, no numbers.
BFLOAT16 = np.dtype("V2")
BLOCK_BYTES = 1 << 20  # a block is checked, then sent while it still is in the cache


def as_matrix(x: Any, *, raw: bool = False) -> NDArray[Any]:
    """Give x as an n×d numeric array; tensors and frames convert themselves, without a copy where they can.

    bfloat16, which numpy does not have, comes as float32; with raw as it is, an array of BFLOAT16.
    Raises InvalidError for a wrong rank, WrongTypeError for what is no numbers.
    """
    brain = False
    if hasattr(x, "detach"):
        x = x.detach().cpu()
        if brain := str(x.dtype) == "torch.bfloat16":
            x = x.contiguous().view(_of_module(x, "int16"))
    if hasattr(x, "to_numpy"):
        x = x.to_numpy()
    try:
        array = np.asarray(x)
    except ValueError as fault:  # rows of different lengths
        raise InvalidError(f"the rows make no array: {fault}") from fault
    if brain or array.dtype.name == "bfloat16":  # torch, or ml_dtypes
        array = np.ascontiguousarray(array).view(BFLOAT16)
        if not raw:
            array = _widened(array)
    elif array.dtype.kind not in "fiub" or array.dtype.itemsize > 8:
        read = isinstance(x, (str, PathLike))
        raise WrongTypeError(
            f"the array has the type {array.dtype}, not numbers",
            "numpy.load(path) reads a file" if read else "x.astype(numpy.float32)",
        )
    if array.ndim != 2:
        raise InvalidError(
            f"the array has shape {array.shape}; a matrix of shape (rows, dimensions) is needed",
            "x.reshape(1, -1) for one vector" if array.ndim == 1 else "x.reshape(len(x), -1)",
        )
    if array.size == 0:
        raise InvalidError(f"the array is empty: shape {array.shape}")
    return array


def _widened(array: NDArray[Any]) -> NDArray[Any]:
    """Give BFLOAT16 values, which are the upper halves of float32, as float32."""
    wide: NDArray[Any] = (array.view(np.uint16).astype(np.uint32) << 16).view(np.float32)
    return wide


def _of_module(tensor: Any, name: str) -> Any:
    """Give what the module of a tensor's type calls so: torch is never imported from here."""
    return getattr(sys.modules[type(tensor).__module__.partition(".")[0]], name)


def _blocks(array: NDArray[Any]) -> Iterator[tuple[int, NDArray[Any]]]:
    rows = max(1, BLOCK_BYTES // (array.shape[1] * array.dtype.itemsize))
    for first in range(0, len(array), rows):
        yield first, array[first : first + rows]


def _is_finite(block: NDArray[Any]) -> bool:
    if block.dtype == BFLOAT16:
        return bool(((block.view(np.uint16) & 0x7F80) != 0x7F80).all())
    return block.dtype.kind != "f" or bool(np.isfinite(block).all())


def at_least_one(k: int) -> int:
    """Give k; raise InvalidError for less than one neighbour, since the daemon takes 0 for "not said"."""
    if not isinstance(k, (int, np.integer)):
        raise WrongTypeError(f"k={k!r} cannot be: it is a number of neighbours")
    k = int(k)
    if k < 1:
        raise InvalidError(f"k={k} cannot be: at least one neighbour is needed")
    return k


def check_finite(array: NDArray[Any]) -> None:
    """Raise InvalidError for NaN and infinite values, naming row and column of the first."""
    bad_values, bad_rows, first_fault = 0, 0, ""
    for first, block in _blocks(array):
        if _is_finite(block):
            continue
        if block.dtype == BFLOAT16:
            block = _widened(block)
        where = np.argwhere(~np.isfinite(block))
        if not first_fault:
            row, column = where[0]
            first_fault = f"row {first + row}, column {column} is {block[row, column]}"
        bad_values += len(where)
        bad_rows += len(np.unique(where[:, 0]))
    if bad_values:
        raise InvalidError(
            f"{first_fault} ({bad_values} bad values in {bad_rows} rows)",
            "rows count from 0; remove those rows",
        )


class Npy:
    """The .npy (version 1, C order) of a matrix: its `size` in bytes, and its parts by iteration.

    A C-contiguous array is sent from its own memory; others by blocks of rows. Iteration raises
    InvalidError at a value that is not finite: each block is looked at just before it is sent.
    """

    def __init__(self, array: NDArray[Any]) -> None:
        """Make the header; the array is not touched yet."""
        head = io.BytesIO()
        descr = np.lib.format.dtype_to_descr(array.dtype)
        np.lib.format.write_array_header_1_0(
            head, {"descr": descr, "fortran_order": False, "shape": array.shape}
        )
        self._array, self._header = array, head.getvalue()
        #: What the daemon has to be told beside the file, or None.
        self.dtype = "bfloat16" if array.dtype == BFLOAT16 else None
        self.size = len(self._header) + array.nbytes

    def __iter__(self) -> Iterator[memoryview]:
        """Give the parts."""
        yield memoryview(self._header)
        for _, block in _blocks(self._array):
            if not _is_finite(block):
                check_finite(self._array)
            yield np.ascontiguousarray(block).data.cast("B")
