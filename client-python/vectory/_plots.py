"""Drawing with matplotlib, which is imported when something is drawn and need not be installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from vectory._matrix import Matrix, Timeline
    from vectory._results import Comparison, Curve


def _axes(ax: Any) -> Any:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError as fault:
        raise ImportError("plot() draws with matplotlib: pip install matplotlib") from fault
    return plt.subplots(layout="constrained")[1]


def histogram(c: Comparison, ax: Any = None) -> Any:
    """Draw how many rows agree how well."""
    ax = _axes(ax)
    counts, edges = c.histogram
    ax.stairs(counts, edges, fill=True, alpha=0.7)
    ax.axvline(c.mean, color="black", label=f"mean {c.mean:.3f}")
    ax.axvline(c.chance, color="black", linestyle=":", label=f"chance {c.chance:.3f}")
    ax.set(
        xlabel=f"Jaccard at {c.raw['k']}", ylabel="rows", title=f"{c.raw['a']} | {c.raw['b']}", xlim=(0, 1)
    )
    ax.legend()
    return ax


def curve(c: Curve, ax: Any = None) -> Any:
    """Draw agreement against k."""
    ax = _axes(ax)
    ax.plot(c.ks, c.means, marker="o", label="mean Jaccard")
    ax.plot(c.ks, c.chances, linestyle=":", color="black", label="chance")
    ax.set_xscale("log")
    ax.set_xticks(c.ks, [str(k) for k in c.ks])
    ax.minorticks_off()
    ax.set(xlabel="k", ylabel="agreement", title=f"{c.a} | {c.b}", ylim=(0, 1))
    ax.legend()
    return ax


def matrix(m: Matrix, ax: Any = None) -> Any:
    """Draw the matrix with its values."""
    ax = _axes(ax)
    picture = ax.imshow(m.values, cmap="viridis", vmin=min(0.0, float(np.nanmin(m.values))), vmax=1)
    places = range(len(m.spaces))
    ax.set_xticks(places, m.spaces, rotation=45, ha="right")
    ax.set_yticks(places, m.spaces)
    for i in places:
        for j in places:
            value = m.values[i, j]
            ink = "black" if np.isnan(value) or picture.norm(value) > 0.6 else "white"  # no value: on white
            ax.text(j, i, "–" if np.isnan(value) else f"{value:.2f}", ha="center", va="center", color=ink)
    ax.set_title(f"{m.measure}, k={m.k}")
    ax.figure.colorbar(picture, ax=ax)
    return ax


def timeline(t: Timeline, ax: Any = None) -> Any:
    """Draw agreement with the step before, the first and a reference by step."""
    ax = _axes(ax)
    for name in ("previous", "first", "reference"):
        values = t.columns.get(name, [])
        if any(v is not None for v in values):
            # Lines of floats: None becomes NaN, a gap.
            ax.plot(t.steps, np.array(values, dtype=float), marker="o", label=f"with {name}")
    ax.xaxis.get_major_locator().set_params(integer=True)  # there is no step 2.5
    ax.set(xlabel="step", ylabel="agreement", title=t.experiment, ylim=(0, 1))
    ax.legend()
    return ax
