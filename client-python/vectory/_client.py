"""The verbs, spoken to one daemon."""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from vectory._arrays import as_matrix, npy_parts
from vectory._daemon import up
from vectory._errors import InvalidError, error_of
from vectory._http import Transport
from vectory._matrix import Matrix
from vectory._objects import Dataset, Experiment, Listing, Space, T, frame, html_table, tracked
from vectory._progress import Progress

Json = dict[str, Any]


def _item(kind: str, name: str) -> str:
    return f"{kind}/{quote(name, safe='')}"


@dataclass(frozen=True)
class Neighbours:
    """The nearest rows of a space, nearest first: `rows`, `ids` and `distances`, k of each."""

    space: str
    metric: str
    rows: NDArray[np.int64]
    ids: list[str]
    distances: NDArray[np.float64]

    def to_frame(self) -> Any:
        """Give a pandas or polars frame with the columns row, id and distance."""
        return frame({"row": self.rows, "id": self.ids, "distance": self.distances})

    def _repr_html_(self) -> str:
        rows = zip(self.rows, self.ids, self.distances, strict=True)
        return html_table(["row", "id", "distance"], ([str(r), i, f"{d:.6g}"] for r, i, d in rows))

    @staticmethod
    def of(reply: Json) -> Neighbours:
        """Make one of what the daemon sends."""
        listed = reply["neighbours"]
        return Neighbours(
            reply["space"],
            reply["metric"],
            np.array([n["row"] for n in listed], dtype=np.int64),
            [n["id"] for n in listed],
            np.array([n["distance"] for n in listed], dtype=np.float64),
        )


@dataclass(frozen=True)
class Grade:
    """The quality of one space. `raw` is the daemon's whole answer."""

    raw: Json

    @property
    def measures(self) -> Json:
        """By name: value, and chance and ci95 where there are; or value None and a reason."""
        return dict(self.raw["measures"])

    def __getitem__(self, name: str) -> float | None:
        """Give the value of a measure."""
        value = self.raw["measures"][name]["value"]
        return None if value is None else float(value)

    def _rows(self) -> list[list[str]]:
        shown = []
        for name, m in self.raw["measures"].items():
            chance = m.get("chance")
            shown.append([name, _number(m["value"]), _number(chance), m.get("reason") or m.get("note") or ""])
        return shown

    def __repr__(self) -> str:
        """Table of the measures."""
        r = self.raw
        lines = [f"<Grade {r['space']}: {r['rows']} rows, {r['dims']} dimensions, {r['metric']}, k={r['k']}>"]
        lines += [f"  {name:20} {value:>10}  chance {chance}" for name, value, chance, _ in self._rows()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return html_table([self.raw["space"], "value", "chance", ""], self._rows())


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


@dataclass(frozen=True)
class Comparison:
    """A comparison of two spaces. `raw` is the daemon's whole answer."""

    raw: Json
    _transport: Transport = field(repr=False, compare=False)

    def __repr__(self) -> str:
        """Headline in one line."""
        r = self.raw
        score = f"Jaccard@{r['k']} {self.mean:.4f} (chance {self.chance:.4f})"
        rows = f"{r['rows']} rows" if r["exact"] else f"{r['sampled_rows']} of {r['rows']} rows"
        return f"<Comparison {r['a']} | {r['b']}: {score}, {rows}>"

    def _repr_html_(self) -> str:
        r = self.raw
        ci = r["jaccard"]["ci95"]
        rows = [
            [f"mean Jaccard at {r['k']}", f"{self.mean:.4f}"],
            ["95 % interval", f"{ci[0]:.4f} to {ci[1]:.4f}" if ci else "too few rows"],
            ["by chance", f"{self.chance:.4f}"],
            ["mean overlap", f"{r['overlap']['mean']:.4f}"],
            ["rows", str(r["rows"]) if r["exact"] else f"a sample of {r['sampled_rows']} of {r['rows']}"],
        ]
        return html_table([f"{r['a']} | {r['b']}", ""], rows)

    @property
    def mean(self) -> float:
        """Mean over rows of shared / union of the two neighbour lists."""
        return float(self.raw["jaccard"]["mean"])

    @property
    def chance(self) -> float:
        """What the mean would be if rows were paired at random."""
        return float(self.raw["jaccard"]["chance"])

    @property
    def measures(self) -> Json:
        """Further numbers by name."""
        return dict(self.raw["measures"])

    @property
    def histogram(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Counts of ten bins and their eleven edges, as numpy.histogram gives them."""
        h = self.raw["histogram"]
        return np.array(h["counts"], dtype=np.int64), np.array(h["edges"], dtype=np.float64)

    def column(self, name: str) -> NDArray[Any]:
        """Per scored row, in A's row order.

        "jaccard", "overlap", "rbo", "rank_similarity", "joint_rank_jaccard", "alignment" (of a row's inner
        products with all rows), "shared", "row_a" or "row_b".
        """
        content = self._transport.request("GET", f"comparisons/{self.raw['key']}/rows", {"column": name})
        array: NDArray[Any] = np.load(io.BytesIO(content), allow_pickle=False)
        return array

    @property
    def per_row(self) -> NDArray[np.float64]:
        """The Jaccard of each scored row."""
        return self.column("jaccard")

    def to_frame(self) -> Any:
        """Give a pandas or polars frame with a line for each scored row, in A's row order.

        Columns: row_a, row_b, shared (neighbours in both lists) and jaccard.
        """
        return frame({name: self.column(name) for name in ("row_a", "row_b", "shared", "jaccard")})

    def _items(self, order: str, n: int) -> list[Json]:
        query = {"order": order, "limit": n, "lists": True}
        content = self._transport.request("GET", f"comparisons/{self.raw['key']}/items", query)
        items: list[Json] = json.loads(content)["items"]
        return items

    def worst(self, n: int = 20) -> list[Json]:
        """The n rows that agree least, each with both neighbour lists."""
        return self._items("worst", n)

    def best(self, n: int = 20) -> list[Json]:
        """The n rows that agree most, each with both neighbour lists."""
        return self._items("best", n)

    def flow(self, column: str) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
        """Which values of a column the neighbours carry.

        Gives the values, and for each space a matrix: [i, j] is the share of the neighbours of rows with
        values[i] that carry values[j].
        """
        content = self._transport.request("GET", f"comparisons/{self.raw['key']}/flow", {"column": column})
        found = json.loads(content)
        return found["values"], np.array(found["a"]), np.array(found["b"])

    def groups(self, column: str) -> list[Json]:
        """Score per value of a column of the dataset."""
        r = self.raw
        request = {
            "a": r["a"],
            "b": r["b"],
            "k": r["k"],
            "metric_a": r["metric_a"],
            "metric_b": r["metric_b"],
            "sample": r["sampled_rows"] or 0,
            "exact": r["exact"],
        }
        grouped = _compare(self._transport, {**request, "preset": r.get("preset") or "", "by": [column]})
        return [g for g in grouped["groups"] if g["column"] == column]


def _compare(transport: Transport, request: Json) -> Json:
    reply: Json = json.loads(transport.request("POST", "comparisons", body=request))
    if reply.get("comparison"):
        found: Json = reply["comparison"]
        return found
    job = _wait(transport, reply["job"])
    made: Json = json.loads(transport.request("GET", f"comparisons/{job['result']}"))
    return made


def _wait(transport: Transport, job: Json) -> Json:
    """Follow a job to its end; Ctrl-C cancels it."""
    try:
        with Progress(job["title"]) as progress:
            while job["state"] in ("queued", "running"):
                job = json.loads(transport.request("GET", f"jobs/{job['id']}", {"wait": 20}))
                if job["state"] == "running":
                    progress.show(job["progress"], job["stage"], job.get("left_s"))
    except KeyboardInterrupt:
        transport.close()
        transport.request("DELETE", f"jobs/{job['id']}")
        raise
    if job["state"] != "done":
        raise error_of(job["error"]["code"], job["error"]["message"], job["error"].get("hint", ""))
    return job


def _csv_bytes(data: Any) -> bytes:
    """CSV of a path, a frame (pandas, polars) or an iterable of mappings."""
    if isinstance(data, (str, Path)):
        return Path(data).read_bytes()
    if hasattr(data, "write_csv"):
        return str(data.write_csv()).encode()
    if hasattr(data, "to_csv"):
        return str(data.to_csv(index=False)).encode()
    rows = list(data) if isinstance(data, Iterable) else []
    if not rows or not all(isinstance(row, Mapping) for row in rows):
        raise InvalidError("the dataset is neither a path, a data frame nor a list of dicts")
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    try:
        writer.writerows(rows)
    except ValueError as fault:
        raise InvalidError(f"the rows do not all have the keys of the first: {fault}") from fault
    return out.getvalue().encode()


class Client:
    """A handle on one daemon; vectory.connect makes it."""

    def __init__(self, url: str | None = None, token: str | None = None, home: str | None = None) -> None:
        """Speak to the daemon at url with token, else find or start that of the home."""
        if url is None:
            url, token = up(home)
        self._transport = Transport(url, token or "")

    def _list(self, name: str, kind: type[T]) -> Listing[T]:
        found: list[Json] = json.loads(self._transport.request("GET", name))[name]
        return Listing(tracked(kind, sent) for sent in found)

    def spaces(self) -> Listing[Space]:
        """The tracked spaces; one of them by place or by name."""
        return self._list("spaces", Space)

    def datasets(self) -> Listing[Dataset]:
        """The tracked datasets; one of them by place or by name."""
        return self._list("datasets", Dataset)

    def experiments(self) -> Listing[Experiment]:
        """The tracked experiments; one of them by place or by name."""
        return self._list("experiments", Experiment)

    def status(self) -> Json:
        """What the daemon says of itself."""
        found: Json = json.loads(self._transport.request("GET", "status"))
        return found

    def close(self) -> None:
        """Close the connection; the daemon stays."""
        self._transport.close()

    def stop(self) -> None:
        """Stop the daemon."""
        self._transport.request("POST", "shutdown")
        self._transport.close()

    def add_dataset(self, name: str, data: Any, *, id: str | None = None, replace: bool = False) -> Dataset:
        """Track the rows of a CSV path, a data frame or a list of dicts; `id` names the id column."""
        content = _csv_bytes(data)
        root = str(Path(data).resolve().parent) if isinstance(data, (str, Path)) else None
        query = {"name": name, "id_field": id, "media_root": root, "replace": replace}
        reply = self._transport.request(
            "POST", "datasets", query, parts=[content], size=len(content), kind="text/csv"
        )
        return tracked(Dataset, json.loads(reply)["dataset"])

    def log(
        self,
        name: str,
        x: Any,
        *,
        dataset: str | None = None,
        experiment: str | None = None,
        model: str | None = None,
        train_dataset: str | None = None,
        params: Mapping[str, Any] | None = None,
        step: int | None = None,
        metric: str | None = None,
        replace: bool = False,
        strict: bool = False,
    ) -> Space | None:
        """Track the n×d matrix x as a space; without strict a failure is a warning: training goes on."""
        query = {
            "dataset": dataset,
            "experiment": experiment,
            "model": model,
            "train_dataset": train_dataset,
            "params": None if params is None else json.dumps(dict(params), default=str),
            "step": step,
            "metric": metric,
            "replace": replace,
        }
        try:
            size, parts = npy_parts(as_matrix(x))
            reply = self._transport.request(
                "PUT", _item("spaces", name), query, parts=parts, size=size, kind="application/octet-stream"
            )
        except Exception as fault:
            if strict:
                raise
            warnings.warn(f"vectory.log({name!r}): {fault}", stacklevel=3)
            return None
        return tracked(Space, json.loads(reply)["space"])

    def compare(
        self,
        a: str,
        b: str,
        k: int = 10,
        *,
        metric_a: str | None = None,
        metric_b: str | None = None,
        preset: str | None = None,
        measure: str | Sequence[str] | None = None,
        floor: str | None = None,
        sample: int | None = None,
        exact: bool = False,
    ) -> Comparison:
        """Compare two spaces by the overlap of every row's k nearest neighbours.

        measure names further measures (see `measures()`), or "all": they stand in `.measures`.
        floor names another run of A's model: `.raw["floor"]` tells how much two seeds differ.
        sample scores that many rows, each with its exact neighbours among all rows, and gives an interval for
        the score of all. Where all rows would take longer than ten minutes this is done unasked; exact=True
        scores all, however long it takes.
        """
        request = {
            "a": a,
            "b": b,
            "k": k,
            "metric_a": metric_a or "",
            "metric_b": metric_b or "",
            "preset": preset or "",
            "measures": [measure] if isinstance(measure, str) else list(measure or ()),
            "sample": sample or 0,
            "exact": exact,
        }
        found = _compare(self._transport, request)
        if floor is not None:
            second = {**request, "b": floor, "metric_b": metric_a or "", "measures": ["jaccard"]}
            found["floor"] = {"with": floor, "jaccard": _compare(self._transport, second)["jaccard"]}
        return Comparison(found, self._transport)

    def grade(self, space: str, *, label: str | None = None, k: int = 10, metric: str | None = None) -> Grade:
        """Measure one space: shape, hubs, intrinsic dimension and, with a label column, label agreement."""
        query = {"label": label, "k": k, "metric": metric}
        while True:
            reply = json.loads(self._transport.request("GET", _item("spaces", space) + "/grade", query))
            if reply.get("grade"):
                return Grade(reply["grade"])
            _wait(self._transport, reply["job"])

    def matrix(
        self,
        spaces: Sequence[str] = (),
        *,
        dataset: str | None = None,
        measure: str = "jaccard",
        k: int = 10,
        metric: str | None = None,
    ) -> Matrix:
        """Compare every pair of the spaces that are named, else of a dataset's, else of all."""
        return self._matrix(
            spaces=list(spaces), dataset=dataset or "", measure=measure, k=k, metric=metric or ""
        )

    def timeline(
        self, experiment: str, *, measure: str = "jaccard", k: int = 10, metric: str | None = None
    ) -> Matrix:
        """Compare the spaces of an experiment along their steps: `.timeline` has a row for each step."""
        return self._matrix(timeline=experiment, measure=measure, k=k, metric=metric or "")

    def _matrix(self, **request: Any) -> Matrix:
        while True:
            reply = json.loads(self._transport.request("POST", "matrix", body=request))
            if reply.get("matrix"):
                return Matrix(reply["matrix"])
            _wait(self._transport, reply["job"])

    def drift(self, a: str, b: str) -> Json:
        """Tell whether b holds items drawn like those of a: two spaces of one model, other items.

        Gives measures by name (value, chance, p), and under "novel" the rows of b farthest from a.
        """
        while True:
            reply = json.loads(self._transport.request("GET", _item("spaces", a) + "/drift", {"to": b}))
            if reply.get("drift"):
                found: Json = reply["drift"]
                return found
            _wait(self._transport, reply["job"])

    def measures(self) -> list[Json]:
        """What can be measured, each with name, meaning, range, and the source of its formula."""
        listed: list[Json] = json.loads(self._transport.request("GET", "measures"))["measures"]
        return listed

    def neighbours(
        self,
        space: str,
        *,
        id: str | None = None,
        row: int | None = None,
        vector: Any = None,
        k: int = 10,
        metric: str | None = None,
    ) -> Neighbours:
        """The k nearest rows of an item (by id or row) or of a vector of the space's dimensions."""
        if (id is not None) + (row is not None) + (vector is not None) != 1:
            raise InvalidError("say whose neighbours: one of id, row and vector")
        if vector is not None:
            values = as_matrix(np.asarray(vector)[None, ...])[0]
            question = {
                "spaces": [space],
                "vector": [float(v) for v in values],
                "k": k,
                "metric": metric or "",
            }
            return Neighbours.of(
                json.loads(self._transport.request("POST", "query", body=question))["results"][0]
            )
        query = {"id": id, "row": row, "k": k, "metric": metric}
        return Neighbours.of(
            json.loads(self._transport.request("GET", _item("spaces", space) + "/neighbours", query))
        )

    def delete(self, name: str, *, kind: str = "space", recursive: bool = False) -> list[str]:
        """Delete a space, dataset or experiment with its history; gives the names of all that went."""
        if kind not in ("space", "dataset", "experiment"):
            raise InvalidError(f"there is no kind {kind!r}", "space, dataset or experiment")
        reply = self._transport.request("DELETE", _item(kind + "s", name), {"recursive": recursive})
        return [thing["name"] for thing in json.loads(reply)["deleted"]]
