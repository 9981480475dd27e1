"""What `show` gives: the widget where anywidget is installed, else a still picture with the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from vectory._picture import Picture, colour_column, draw
from vectory._speaker import Speaker


class Readable(Protocol):
    """What has a headline, its repr, and a table."""

    def _repr_html_(self) -> str: ...


def show(
    client: Speaker,
    thing: Readable,
    spaces: Sequence[str],
    *,
    run: str = "",
    dataset: str = "",
    colour: str,
    **said: Any,
) -> Any:
    """Show spaces, or those of a run (in a dataset) on one map; the thing that is shown tells its numbers.

    said: reference, comparison (its key), k and height, of the widget.
    """
    names = [] if run else list(spaces)
    request = {"spaces": names, "timeline": run, "dataset": dataset}
    widget = _widget()
    if widget is None:
        return Picture(draw(client, request, colour, wait=True), repr(thing), thing._repr_html_())
    column = colour_column(client, spaces[0], colour)
    return widget(
        client,
        repr(thing),
        still=lambda: draw(client, request, column, wait=False),
        spaces=names,
        timeline=run,
        dataset=dataset,
        colour=column,
        **said,
    )


def _widget() -> Any:
    """Give the widget's class, or None without anywidget."""
    try:
        from vectory._widget import Widget
    except ImportError:
        return None
    return Widget
