"""One measure of every pair of spaces."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectory._objects import frame

Json = dict[str, Any]


class Matrix:
    """A measure of every pair of n spaces, or along the steps of an experiment.

    `spaces`: n names · `steps`: n steps, None where a space has none · `values` and `chance`: float64 n×n,
    NaN where a pair was not asked or cannot be measured · `timeline`: for each step its agreement with the
    step before, the first and the last; None for a plain matrix.
    """

    def __init__(self, raw: Json) -> None:
        self.raw = raw
        self.spaces: list[str] = raw["spaces"]
        self.steps: list[int | None] = raw["steps"]
        self.measure: str = raw["measure"]
        self.k: int = raw["k"]
        self.values: NDArray[np.float64] = np.array(raw["values"], dtype=np.float64)
        self.chance: NDArray[np.float64] = np.array(raw["chance"], dtype=np.float64)
        self.timeline: list[Json] | None = raw["timeline"]

    def to_frame(self) -> Any:
        """A data frame (pandas or polars): a row for each space, or for each step of a timeline."""
        if self.timeline is not None:
            return frame({key: [point[key] for point in self.timeline] for key in self.timeline[0]})
        columns = {name: self.values[:, i] for i, name in enumerate(self.spaces)}
        return frame({"space": self.spaces, **columns})

    def __repr__(self) -> str:
        width = max(map(len, self.spaces))
        lines = [f"{self.measure}, k={self.k}"]
        for name, row in zip(self.spaces, self.values, strict=True):
            lines.append(
                name.ljust(width) + " " + " ".join("   -  " if np.isnan(v) else f"{v:6.4f}" for v in row)
            )
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.spaces)
        rows = "".join(
            f"<tr><th>{html.escape(name)}</th>"
            + "".join(f"<td>{'' if np.isnan(v) else f'{v:.4f}'}</td>" for v in row)
            + "</tr>"
            for name, row in zip(self.spaces, self.values, strict=True)
        )
        top = f"<thead><tr><th>{html.escape(self.measure)}</th>{head}</tr></thead>"
        return f"<table>{top}<tbody>{rows}</tbody></table>"
