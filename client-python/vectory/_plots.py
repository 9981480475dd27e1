"""Drawing with matplotlib, which is imported when something is drawn and need not be installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def _axes(ax: Any) -> Any:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError as fault:
        raise ImportError("plot() draws with matplotlib: pip install matplotlib") from fault
    return plt.subplots(layout="constrained")[1]


def histogram(
    counts: NDArray[np.int64],
    edges: NDArray[np.float64],
    *,
    mean: float,
    chance: float,
    k: int,
    title: str,
    ax: Any = None,
) -> Any:
    """Draw how many rows agree how well."""
    ax = _axes(ax)
    ax.stairs(counts, edges, fill=True, alpha=0.7)
    ax.axvline(mean, color="black", label=f"mean {mean:.3f}")
    ax.axvline(chance, color="black", linestyle=":", label=f"chance {chance:.3f}")
    ax.set(xlabel=f"Jaccard at {k}", ylabel="rows", title=title, xlim=(0, 1))
    ax.legend()
    return ax


def curve(
    ks: NDArray[np.int64],
    means: NDArray[np.float64],
    chances: NDArray[np.float64],
    *,
    title: str,
    ax: Any = None,
) -> Any:
    """Draw agreement against k."""
    ax = _axes(ax)
    ax.plot(ks, means, marker="o", label="mean Jaccard")
    ax.plot(ks, chances, linestyle=":", color="black", label="chance")
    ax.set_xscale("log")
    ax.set_xticks(ks, [str(k) for k in ks])
    ax.minorticks_off()
    ax.set(xlabel="k", ylabel="agreement", title=title, ylim=(0, 1))
    ax.legend()
    return ax


def matrix(values: NDArray[np.float64], names: Sequence[str], *, title: str, ax: Any = None) -> Any:
    """Draw the matrix with its values."""
    ax = _axes(ax)
    picture = ax.imshow(values, cmap="viridis", vmin=min(0.0, float(np.nanmin(values))), vmax=1)
    places = range(len(names))
    ax.set_xticks(places, names, rotation=45, ha="right")
    ax.set_yticks(places, names)
    for (i, j), value in np.ndenumerate(values):
        ink = "black" if np.isnan(value) or picture.norm(value) > 0.6 else "white"  # no value: on white
        ax.text(j, i, "–" if np.isnan(value) else f"{value:.2f}", ha="center", va="center", color=ink)
    ax.set_title(title)
    ax.figure.colorbar(picture, ax=ax)
    return ax


def timeline(
    steps: Sequence[int], columns: Mapping[str, Sequence[float | None]], *, title: str, ax: Any = None
) -> Any:
    """Draw agreement with the step before, the first and a reference by step."""
    ax = _axes(ax)
    for name in ("previous", "first", "reference"):
        values = columns.get(name, [])
        if any(v is not None for v in values):
            # Lines of floats: None becomes NaN, a gap.
            ax.plot(steps, np.array(values, dtype=float), marker="o", label=f"with {name}")
    ax.xaxis.get_major_locator().set_params(integer=True)  # there is no step 2.5
    ax.set(xlabel="step", ylabel="agreement", title=title, ylim=(0, 1))
    ax.legend()
    return ax
