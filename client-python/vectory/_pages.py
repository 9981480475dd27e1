"""What a space or a comparison shows, as one HTML page that opens offline."""

from __future__ import annotations

from pathlib import Path

from vectory._http import Json, item
from vectory._layout import Layout
from vectory._picture import label_column
from vectory._speaker import Speaker


def of_space(client: Speaker, name: str, path: str | Path | None, colour: str) -> str:
    """Give the page of a space; with a path, write it there."""
    return _page(client, item("spaces", name), {"spaces": [name]}, ("umap", "pca"), path, colour)


def of_comparison(client: Speaker, raw: Json, path: str | Path | None, colour: str) -> str:
    """Give the page of a comparison as the daemon tells it; with a path, write it there."""
    request: Json = {"spaces": [raw["a"], raw["b"]]}
    if raw["metric_a"] == raw["metric_b"]:
        request["metric"] = raw["metric_a"]
    return _page(client, f"comparisons/{raw['key']}", request, ("joint-umap", "pca"), path, colour)


def _page(
    client: Speaker,
    thing: str,
    request: Json,
    methods: tuple[str, ...],
    path: str | Path | None,
    colour: str,
) -> str:
    """Have the maps of the page made, then take it."""
    for method in methods:
        Layout(client, request | {"method": method}).wait()
    column = label_column(client, request["spaces"][0], colour)[0]
    page = client._transport.request("GET", f"{thing}/report", {"colour": column})
    if path is not None:
        Path(path).write_bytes(page)
    return page.decode()
