"""The widget as one file that opens offline: what it would ask of the daemon is kept inside."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import numpy as np

from vectory._errors import VectoryError
from vectory._http import item
from vectory._layout import Layout

if TYPE_CHECKING:
    from vectory._client import Client

Json = dict[str, Any]

#: So many items can be clicked in the file, those that agree least first.
MANY_ITEMS = 2000

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'unsafe-inline' blob:; style-src 'unsafe-inline';
  img-src data: blob:">
<title>@TITLE@</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 1160px; margin: 0 auto; padding: 16px 24px 64px }
table { border-collapse: collapse; margin: 8px 0 16px } td, th { padding: 2px 12px 2px 0; text-align: left }
</style>
</head>
<body>
<h1>@TITLE@</h1>
@HEAD@
<div id="maps"></div>
<script id="kept" type="text/plain">@KEPT@</script>
<script type="module">
const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const packed = bytes(document.getElementById("kept").textContent);
const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
const { module, values, answers } = await new Response(unpacked).json();
const told = new Map();
const tell = (event, ...said) => [...(told.get(event) ?? [])].forEach((hear) => hear(...said));
const missing = { error: { code: "unavailable", message: "This is not in the file.", hint: "" } };
const model = {
  get: (name) => values[name],
  set: (name, value) => { values[name] = value; tell(`change:${name}`); },
  save_changes: () => {},
  on: (event, hear) => told.set(event, [...(told.get(event) ?? []), hear]),
  off: (event, hear) => told.set(event, (told.get(event) ?? []).filter((other) => other !== hear)),
  send: ({ id, method, path, body }) => {
    const key = `${method} ${decodeURIComponent(path)}${path === "layouts" ? ` ${body?.method}` : ""}`;
    const [type, content] = answers[key] ?? ["application/json", btoa(JSON.stringify(missing))];
    const answer = { id, status: answers[key] ? 200 : 503, headers: { "content-type": type } };
    setTimeout(() => tell("msg:custom", answer, [bytes(content).buffer]));
  },
};
const source = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
(await import(source)).default.render({ model, el: document.getElementById("maps") });
</script>
</body>
</html>
"""


class _Keeper:
    """Asks the daemon and keeps each answer as the page would get it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.answers: dict[str, tuple[str, str]] = {}

    def get(self, path: str) -> bytes:
        answer = self._client._transport.ask("GET", path)
        if answer.status == 200:
            self._keep(f"GET {unquote(path)}", answer.headers.get("Content-Type", ""), answer.content)
        return answer.content

    def _keep(self, key: str, kind: str, content: bytes) -> None:
        self.answers[key] = (kind, base64.b64encode(content).decode())

    def layout(self, method: str, request: Json, columns: Iterable[str]) -> None:
        layout = Layout(self._client, {**request, "method": method}).wait()
        content = json.dumps({"layout": layout.raw, "job": None}).encode()
        self._keep(f"POST layouts {method}", "application/json", content)
        for column in columns:
            self.get(f"layouts/{layout.raw['id']}/frame?column={column}")

    def dataset(self, name: str | None, rows: Iterable[int]) -> None:
        """Keep the columns of a dataset, and the pictures of some rows."""
        if name is None:
            return
        path = item("datasets", name)
        columns = json.loads(self.get(path))["columns"]
        pictures = []
        for column in columns:
            values = json.loads(self.get(f"{path}/{item('columns', column)}"))["values"]
            if values and re.search(r"\.(png|jpe?g|gif|webp)$", str(values[0]), re.IGNORECASE):
                pictures.append(column)
        for column in pictures:
            for row in rows:
                self.get(f"{path}/media/{row}/{quote(column, safe='')}")


def _two(keeper: _Keeper, raw: Json) -> None:
    """Keep all that the maps of a comparison ask for."""
    client, key = keeper._client, f"comparisons/{raw['key']}"
    keeper.get(key)
    metric = {"metric": raw["metric_a"]} if raw["metric_a"] == raw["metric_b"] else {}
    columns = ("coords_a", "coords_b", "row_a", "row_b", "displacement")
    for method in ("joint-umap", "pca"):
        keeper.layout(method, {"spaces": [raw["a"], raw["b"]], **metric}, columns)
    found = {}
    for column in ("jaccard", "row_a"):
        query = {"column": column}
        found[column] = Layout.read(client._transport.request("GET", f"{key}/rows", query))
        keeper.get(f"{key}/rows?column={column}")
    rows = found["row_a"][np.argsort(found["jaccard"], kind="stable")[:MANY_ITEMS]].tolist()
    seen: dict[str, set[int]] = {}
    spaces = [json.loads(keeper.get(item("spaces", raw[side]))) for side in ("a", "b")]
    for row in rows:
        for told in json.loads(keeper.get(f"{key}/items?row={row}"))["items"]:
            for side, space in zip(("a", "b"), spaces, strict=True):
                listed = {n["row"] for n in told[side]}
                own = {told[f"row_{side}"]} if side == "a" else set()
                seen.setdefault(space["dataset"], set()).update(listed | own)
    for dataset, shown in seen.items():
        keeper.dataset(dataset, sorted(shown))


def page(client: Client, comparison: Json, values: Json, head: str) -> str:
    """Give the HTML of a comparison's maps with what stands above them. values are those of the widget."""
    if comparison["rows"] > 200_000:
        raise VectoryError("so many items make a file that no browser opens", "compare a part of them")
    keeper = _Keeper(client)
    _two(keeper, comparison)
    module = Path(__file__).with_name("widget.js").read_text(encoding="utf-8")
    kept = json.dumps({"module": module, "values": values, "answers": keeper.answers})
    packed = base64.b64encode(gzip.compress(kept.encode(), mtime=0)).decode()
    title = html.escape(f"{comparison['a']} | {comparison['b']}")
    return _PAGE.replace("@TITLE@", title).replace("@HEAD@", head).replace("@KEPT@", packed)
