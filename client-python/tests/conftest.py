"""One daemon with the demo's digits for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import vectory as vy

DATA = Path(__file__).parents[2] / "internal/demo/data/digits"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[vy.Client]:
    os.environ["HTTP_PROXY"] = "http://127.0.0.1:9"  # must not be used
    os.environ["VECTORY_IDLE"] = "2m"
    handle = vy.connect(home=str(tmp_path_factory.mktemp("home")))
    handle.add_dataset("digits", DATA / "items.csv")
    for name in ("pixels", "epoch20"):
        handle.log(
            f"digits/{name}", np.load(DATA / f"{name}.npy"), dataset="digits", metric="euclidean", strict=True
        )
    yield handle
    handle.stop()
