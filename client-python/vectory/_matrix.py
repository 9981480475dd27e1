"""Measures of many pairs: every pair of spaces, or along the steps of a training run."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectory import _html
from vectory._frames import floats, frame
from vectory._http import Json


class Matrix:
    """A measure of every pair of n spaces; `matrix` gives it.

    `spaces`: n names · `steps`: n steps, None where a space has none · `values` and `chance`: float64 n×n,
    NaN where a pair cannot be measured.
    """

    def __init__(self, raw: Json) -> None:
        """Read what the daemon sent."""
        self.raw = raw
        self.spaces: list[str] = raw["spaces"]
        self.steps: list[int | None] = raw["steps"]
        self.measure: str = raw["measure"]
        self.k: int = raw["k"]
        self.values: NDArray[np.float64] = np.array(raw["values"], dtype=np.float64)
        self.chance: NDArray[np.float64] = np.array(raw["chance"], dtype=np.float64)

    def to_frame(self) -> Any:
        """Give a pandas or polars frame: a row for each space, and a column.

        The first column, "space", has the names; it is called "space_" where a space is called "space".
        Raises ImportError (neither is installed).
        """
        head = "space"
        while head in self.spaces:
            head += "_"
        return frame({head: self.spaces, **dict(zip(self.spaces, self.values.T, strict=True))})

    def _cells(self) -> list[list[str]]:
        cells = [[_html.number(None if np.isnan(v) else v) for v in row] for row in self.values.tolist()]
        return [[name, *row] for name, row in zip(self.spaces, cells, strict=True)]

    def __repr__(self) -> str:
        """Table of the values."""
        return _html.text_table([[f"{self.measure}, k={self.k}", *self.spaces], *self._cells()])

    def _repr_html_(self) -> str:
        return _html.table([f"{self.measure}, k={self.k}", *self.spaces], self._cells())

    def plot(self, ax: Any = None) -> Any:
        """Draw the matrix with matplotlib; gives the axes.

        ax: axes to draw on; left out, new ones. Raises ImportError (matplotlib is not installed).
        """
        from vectory._plots import matrix

        return matrix(self.values, self.spaces, title=f"{self.measure}, k={self.k}", ax=ax)


class Timeline:
    """A measure along the steps of a training run; `timeline` gives it.

    `steps` and `spaces` are equally long, and so is each of `columns`: agreement with the step before
    ("previous"), the "first", the "last" and a "reference" space where one was named; None: there is none.
    """

    def __init__(
        self, experiment: str, steps: list[int], spaces: list[str], columns: dict[str, list[float | None]]
    ) -> None:
        """Hold the columns."""
        self.experiment, self.steps, self.spaces = experiment, steps, spaces
        self.columns = {name: floats(values) for name, values in columns.items()}

    @classmethod
    def of(cls, raw: Json) -> Timeline:
        """Read what the daemon sent."""
        points = raw["timeline"]
        columns = {name: [p[name] for p in points] for name in ("previous", "first", "last")}
        return cls(raw["experiment"], [p["step"] for p in points], [p["space"] for p in points], columns)

    def to_frame(self) -> Any:
        """Give a pandas or polars frame with the columns step, space and one for each measure."""
        return frame({"step": self.steps, "space": self.spaces, **self.columns})

    def _cells(self) -> list[list[str]]:
        rows = zip(self.steps, self.spaces, *self.columns.values(), strict=True)
        return [[str(step), name, *map(_html.number, values)] for step, name, *values in rows]

    def __len__(self) -> int:
        """Steps."""
        return len(self.steps)

    def __repr__(self) -> str:
        """Table of the steps."""
        head = ["step", "space", *self.columns]
        return f"<Timeline of {self.experiment}>\n" + _html.text_table([head, *self._cells()])

    def _repr_html_(self) -> str:
        lines = "".join(
            f"<div>agreement with {name}</div>" + _html.line(self.columns[name], f"{name} by step")
            for name in ("previous", "reference")
            if any(v is not None for v in self.columns.get(name, []))
        )
        return f"<div>{lines}{_html.table(['step', 'space', *self.columns], self._cells())}</div>"

    def plot(self, ax: Any = None) -> Any:
        """Draw the agreement by step with matplotlib; gives the axes.

        ax: axes to draw on; left out, new ones. Raises ImportError (matplotlib is not installed).
        """
        from vectory._plots import timeline

        return timeline(self.steps, self.columns, title=self.experiment, ax=ax)
