"""Data frames of whichever library is there."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any


def frame(columns: Mapping[str, Any]) -> Any:
    """Give a data frame of equally long columns: pandas where it is loaded or installed, else polars.

    Raises ImportError when neither is there.
    """
    for name in sorted(("pandas", "polars"), key=lambda n: n not in sys.modules):
        try:
            library: Any = __import__(name)
        except ImportError:
            continue
        if name == "pandas":
            return library.DataFrame(dict(columns))
        # Of dicts polars would make structs, which want the same keys and types in each.
        kept = {head: library.Object for head, values in columns.items() if _holds_dicts(values)}
        return library.DataFrame(dict(columns), schema_overrides=kept)
    raise ImportError(
        "neither pandas nor polars is installed, and to_frame() makes a frame of one: pip install pandas"
    )


def _holds_dicts(values: Any) -> bool:
    return isinstance(values, list) and any(isinstance(value, dict) for value in values)


def floats(values: Iterable[Any]) -> list[float | None]:
    """Give numbers as floats: JSON has 1 for 1.0, and a column of polars takes one type only."""
    return [None if value is None else float(value) for value in values]
