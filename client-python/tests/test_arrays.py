"""What an array is taken as, and what is refused of it."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vectory as vy
from vectory._arrays import Npy, as_matrix

DATA = Path(__file__).parents[2] / "internal/demo/data/digits"


class FakeTensor:
    """What of a torch tensor the client touches, so that torch is not needed here."""

    dtype = "torch.bfloat16"

    def __init__(self, bits: np.ndarray) -> None:
        self.bits = bits

    def detach(self) -> FakeTensor:
        return self

    cpu = contiguous = detach

    def view(self, dtype: Any) -> np.ndarray:
        return self.bits.view(dtype)


int16 = np.int16  # as torch.int16


@pytest.mark.parametrize("of", ["torch", "ml_dtypes"])
def test_bfloat16_is_sent_by_name(client: vy.Client, of: str) -> None:
    want = np.array([[1, -2.5], [3e38, 0.0078125], [4, 5]], np.float32)
    bits = (want.view(np.uint32) >> 16).astype(np.uint16)  # cut off, as bfloat16 is
    want = (bits.astype(np.uint32) << 16).view(np.float32)
    x = FakeTensor(bits) if of == "torch" else bits.view(pytest.importorskip("ml_dtypes").bfloat16)
    space = client.log(f"brain/{of}", x, strict=True)
    assert space is not None
    assert space.dtype_in == "bfloat16"
    assert np.array_equal(as_matrix(x), want)
    kept = client._transport.request("GET", f"spaces/brain%2F{of}/vectors")
    assert np.array_equal(np.load(io.BytesIO(kept)), want)
    bits[1, 1] = 0x7FC0
    with pytest.raises(vy.InvalidError, match="row 1, column 1 is nan"):
        client.log(f"brain/{of}/nan", x, strict=True)


@pytest.mark.parametrize("dtype", ["<f2", "<f4", ">f4", "<f8", "<i8", "u1", "?"])
@pytest.mark.parametrize("layout", ["C", "F", "strided"])
def test_npy_parts_are_what_numpy_reads(dtype: str, layout: str) -> None:
    x = np.arange(60).reshape(10, 6).astype(dtype)
    x = {"C": x, "F": np.asfortranarray(x), "strided": x[::2, ::3]}[layout]
    npy = Npy(as_matrix(x))
    content = b"".join(npy)
    assert npy.size == len(content)
    back = np.load(io.BytesIO(content))
    assert back.dtype == x.dtype
    np.testing.assert_array_equal(back, x)


def test_no_second_copy_of_the_array() -> None:
    x = np.ones((200_000, 64), dtype=np.float32)
    tracemalloc.start()
    for _ in Npy(as_matrix(x)):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < x.nbytes / 2


@pytest.mark.parametrize(
    ("x", "words"),
    [
        ([[1.0, 2.0], [np.nan, np.inf]], "row 1, column 0 is nan (2 bad values in 1 rows)"),
        ([1.0, 2.0], "shape (2,)"),
        (np.zeros((2, 2, 2)), "shape (2, 2, 2)"),
        (np.zeros((0, 3)), "empty"),
        ([["a"]], "not numbers"),
    ],
)
def test_bad_arrays_are_refused_and_named(client: vy.Client, x: Any, words: str) -> None:
    with pytest.raises(vy.InvalidError) as refused:
        client.log("bad", x, strict=True)
    assert words in str(refused.value)
    run = vy.Client(client._transport.url, client._transport._token)
    with pytest.warns(UserWarning, match="vectory.log") as told:
        assert run.log("bad", x) is None
        assert run.log("bad", x) is None
    run.close()
    assert (len(told), told[0].filename, run.lost) == (1, __file__, ["bad", "bad"])
    assert "bad" not in [s["name"] for s in client.spaces()]


@pytest.mark.parametrize("form", ["float16", "float64", "fortran"])
def test_other_forms_of_an_array_are_kept_as_the_same_float32(client: vy.Client, form: str) -> None:
    x = np.load(DATA / "pixels.npy")  # multiples of 1/16: exact in float16
    other = np.asfortranarray(x) if form == "fortran" else x.astype(form)
    kept = client.log(f"forms/{form}", other, dataset="digits", strict=True)
    assert kept is not None
    assert kept["sha256"] == next(s["sha256"] for s in client.spaces() if s["name"] == "digits/pixels")
