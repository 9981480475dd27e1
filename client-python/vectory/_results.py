"""What the daemon answers to a question, as objects that read well in a notebook and at a prompt."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectory import _html
from vectory._errors import InvalidError
from vectory._frames import floats, frame
from vectory._http import Json
from vectory._speaker import Speaker


@dataclass(frozen=True, repr=False)
class Neighbours:
    """The nearest rows of a space, nearest first; `neighbours` gives it.

    `rows` (int64), `ids` (text) and `distances` (float64), k of each; iterating gives (row, id, distance).

    Distances: euclidean = L2; cosine = 1 − cosine similarity; dot = −inner product.

    `index` is the one in Elasticsearch that was asked, None for none; `approximate`: it may miss some.
    """

    space: str
    metric: str
    rows: NDArray[np.int64]
    ids: list[str]
    distances: NDArray[np.float64]
    index: str | None = None
    approximate: bool = False

    def to_frame(self) -> Any:
        """Give a pandas or polars frame with the columns row, id and distance."""
        return frame({"row": self.rows, "id": self.ids, "distance": self.distances})

    def _cells(self) -> list[list[str]]:
        return [[str(row), item, f"{distance:.6g}"] for row, item, distance in self]

    def __len__(self) -> int:
        """K."""
        return len(self.ids)

    def __iter__(self) -> Iterator[tuple[int, str, float]]:
        """Row, id and distance of each, nearest first."""
        return zip(self.rows.tolist(), self.ids, self.distances.tolist(), strict=True)

    def __repr__(self) -> str:
        """Table of the neighbours."""
        by = f", by the index {self.index}" if self.index else ""
        missing = ", which may miss some" if self.approximate else ""
        head = f"<Neighbours in {self.space}, {self.metric}{by}{missing}>"
        return "\n".join([head, _html.text_table([["row", "id", "distance"], *self._cells()])])

    def _repr_html_(self) -> str:
        return _html.table(["row", "id", f"distance ({self.metric})"], self._cells())

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
            reply.get("index") or None,
            bool(reply.get("approximate")),
        )


@dataclass(frozen=True, repr=False)
class Grade:
    """The quality of one space; `grade` gives it. `raw` is the daemon's whole answer.

    grade["hubness_skew"] is the value of a measure, None where it has none (`measures` says why), KeyError
    where there is no such measure.
    """

    raw: Json

    @property
    def measures(self) -> Json:
        """By name: value, and chance and ci95 where there are; or value None and a reason."""
        return dict(self.raw["measures"])

    @property
    def health(self) -> Json:
        """Seen when the space was added: zero_rows, duplicate_rows, constant_dims, norms, and spread.

        spread tells how the rows differ: share, weak_dims, rank, effective_rank; None of a space that was
        added before this was looked at.
        """
        return dict(self.raw["health"])

    @property
    def hubs(self) -> list[Json]:
        """The rows that are most often a neighbour: row, id and the number of lists they stand in."""
        return list(self.raw["hubs"])

    @property
    def outliers(self) -> list[Json]:
        """The rows farthest from what is around them: row, id, distance to the k-th neighbour, isolation.

        isolation is that distance over the mean of the same of the row's neighbours.
        """
        return list(self.raw["outliers"])

    def __getitem__(self, name: str) -> float | None:
        """Give the value of a measure."""
        value = self.raw["measures"][name]["value"]
        return None if value is None else float(value)

    def to_frame(self) -> Any:
        """Give a pandas or polars frame with the columns measure, value, chance and note."""
        found = self.raw["measures"]
        return frame(
            {
                "measure": list(found),
                "value": floats(m["value"] for m in found.values()),
                "chance": floats(m.get("chance") for m in found.values()),
                "note": [m.get("reason") or m.get("note") or "" for m in found.values()],
            }
        )

    def _cells(self) -> list[list[str]]:
        return _measure_cells(self.raw["measures"])

    def __repr__(self) -> str:
        """Table of the measures."""
        r = self.raw
        lines = [f"<Grade {r['space']}: {r['rows']} rows, {r['dims']} dimensions, {r['metric']}, k={r['k']}>"]
        lines += [f"  {name:20} {value:>10}  chance {chance}" for name, value, chance, *_ in self._cells()]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return _html.table([self.raw["space"], "value", "chance", "adjusted", ""], self._cells())


def _measure_cells(measures: Json) -> list[list[str]]:
    return [
        [
            name,
            _html.number(m["value"]),
            _html.number(m.get("chance")),
            _html.number(m.get("adjusted")),
            m.get("reason") or m.get("note") or "",
        ]
        for name, m in measures.items()
    ]


#: A table of more groups shows those that agree least.
MANY_GROUPS = 20


def _table_of_groups(column: str, groups: list[Json]) -> str:
    head = column
    if len(groups) > MANY_GROUPS:
        head = f"{column}: the lowest {MANY_GROUPS} of {len(groups)}"
        groups = sorted(groups, key=lambda g: float(g["jaccard"]))[:MANY_GROUPS]
    cells = [
        [g["value"], str(g["rows"]), _html.number(g["jaccard"]), _html.number(g["chance_within"])]
        for g in groups
    ]
    return _html.table([head, "rows", "jaccard", "chance within"], cells)


@dataclass(repr=False)
class Comparison:
    """How far two spaces agree; `compare` gives it. `raw` is the daemon's whole answer.

    `mean`, `chance` and `ci95` are Jaccard indices, 0 (no neighbour shared) to 1 (all shared). Rows are those
    that both spaces have and that were scored, n of them, in A's row order: `per_row` is float64 (n,).
    """

    raw: Json
    _client: Speaker = field(compare=False)
    _shown: Any = field(default=None, compare=False)

    def __repr__(self) -> str:
        """Headline in one line."""
        r, sampled = self.raw, self.raw["sampled_rows"]
        score = f"Jaccard@{r['k']} {self.mean:.4f} (chance {self.chance:.4f})"
        rows = f"{r['rows']} rows" if sampled is None else f"{sampled} of {r['rows']} rows"
        return f"<Comparison {r['a']} | {r['b']}: {score}, {rows}, {', '.join(self._asked())}>"

    def _asked(self) -> list[str]:
        """What tells it from another of the same spaces and k."""
        r = self.raw
        told = list(dict.fromkeys([r["metric_a"], r["metric_b"]]))
        if r.get("preset"):
            told.append(f"preset {r['preset']}")
        if r["engine"] != "local":
            told.append(" ".join(["by", r["engine"], *filter(None, [r.get("index_a"), r.get("index_b")])]))
        if not r["exact"] and r["sampled_rows"] is None:
            told.append("approximate")
        columns = dict.fromkeys(g["column"] for g in r["groups"])
        if columns:
            told.append(f"by {' and '.join(columns)}")
        return told

    def _repr_html_(self) -> str:
        r, sampled, ci = self.raw, self.raw["sampled_rows"], self.ci95
        rows = [
            [f"mean Jaccard at {r['k']}", f"{self.mean:.4f}"],
            ["95 % interval", f"{ci[0]:.4f} to {ci[1]:.4f}" if ci else "too few rows"],
            ["by chance", f"{self.chance:.4f}"],
            ["mean overlap", f"{r['overlap']['mean']:.4f}"],
            ["rows", str(r["rows"]) if sampled is None else f"a sample of {sampled} of {r['rows']}"],
            ["asked for", ", ".join(self._asked())],
        ]
        shown = _html.table([f"{r['a']} | {r['b']}", ""], rows)
        shown += _html.bars(r["histogram"]["counts"], "rows by their Jaccard")
        if self.warnings:
            shown += _html.table(["what a reader should know first"], [[text] for text in self.warnings])
        if r["measures"]:
            shown += _html.table(
                ["measure", "value", "chance", "adjusted", ""], _measure_cells(r["measures"])
            )
        for column in dict.fromkeys(g["column"] for g in r["groups"]):
            shown += _table_of_groups(column, self.groups(column))
        return f"<div>{shown}</div>"

    @property
    def mean(self) -> float:
        """Mean over rows of shared / union of the two neighbour lists: 0 to 1."""
        return float(self.raw["jaccard"]["mean"])

    @property
    def chance(self) -> float:
        """What the mean would be if rows were paired at random: 0 to 1."""
        return float(self.raw["jaccard"]["chance"])

    @property
    def ci95(self) -> tuple[float, float] | None:
        """95 % interval of the mean, (low, high); None with too few rows."""
        ci = self.raw["jaccard"]["ci95"]
        return None if ci is None else (float(ci[0]), float(ci[1]))

    @property
    def measures(self) -> Json:
        """Further numbers by name, a dict each.

        value, and chance and adjusted where there are; or value None and a reason. `vectory.measures()` says
        what each means; compare(…, measure="all") asks for all.
        """
        return dict(self.raw["measures"])

    @property
    def floor(self) -> Json | None:
        """How much runs of A's model differ, if it was asked for.

        jaccard (its mean over the pairs of runs), range (least and most) and pairs.
        """
        found: Json | None = self.raw.get("floor")
        return found

    @property
    def warnings(self) -> list[str]:
        """What a reader should know first: ties, dead dimensions, labels that explain the agreement, …."""
        return list(self.raw.get("warnings") or [])

    @property
    def histogram(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Counts of ten bins and their eleven edges, as numpy.histogram gives them."""
        h = self.raw["histogram"]
        return np.array(h["counts"], dtype=np.int64), np.array(h["edges"], dtype=np.float64)

    def _read(self, what: str, query: Json) -> bytes:
        return self._client._transport.request("GET", f"comparisons/{self.raw['key']}/{what}", query)

    def column(self, name: str) -> NDArray[Any]:
        """Per scored row, in A's row order; NaN where a row has no value.

        "row_a", "row_b", "shared", or a measure that has rows: jaccard, rbo, second_order_cosine, alignment,
        procrustes_residual, reach_a, dimension_a, purity_a:label (the share of neighbours with the row's own
        value of the column "label"; so margin_a, silhouette_a, and flip: whether the nearest changes sides),
        … (`vectory.measures()` lists them, and what they mean). Raises InvalidError (no such column).
        """
        array: NDArray[Any] = np.load(io.BytesIO(self._read("rows", {"column": name})), allow_pickle=False)
        return array

    @property
    def per_row(self) -> NDArray[np.float64]:
        """The Jaccard of each scored row, 0 to 1: float64 (n,) in A's row order."""
        return self.column("jaccard")

    def by_id(self) -> dict[str, float]:
        """The Jaccard of each scored row by its id, or its row number as text where A's dataset has none."""
        table = csv.DictReader(io.StringIO(self._read("rows", {"format": "csv"}).decode()))
        return {line["id"]: float(line["jaccard"]) for line in table}

    def to_frame(self, *names: str) -> Any:
        """Give a pandas or polars frame with a line for each scored row, in A's row order.

        names: what `column` takes, or "all"; left out, row_a, row_b, shared (neighbours in both lists) and
        jaccard. Raises InvalidError (no such column), ImportError (neither pandas nor polars).
        """
        if names == ("all",):
            listed = self._client._ask("GET", "measures")["measures"]
            names = ("row_a", "row_b", "shared", *(m["name"] for m in listed if m["rows"]))
            return frame({name: c for name in names if (c := self._column_if_any(name)) is not None})
        names = names or ("row_a", "row_b", "shared", "jaccard")
        return frame({name: self.column(name) for name in names})

    def _column_if_any(self, name: str) -> NDArray[Any] | None:
        """Give a column, or None where these spaces have none: `moved` needs the same coordinates."""
        try:
            return self.column(name)
        except InvalidError:
            return None

    def _items(self, order: str, n: int, by: str) -> list[Json]:
        query = {"order": order, "limit": n, "column": by, "lists": True}
        items: list[Json] = json.loads(self._read("items", query))["items"]
        return items

    def worst(self, n: int = 20, *, by: str = "jaccard") -> list[Json]:
        """The n rows that agree least, each a dict with both neighbour lists.

        by: another measure that has rows and a better end; the items then carry its "value".
        """
        return self._items("worst", n, by)

    def best(self, n: int = 20, *, by: str = "jaccard") -> list[Json]:
        """The n rows that agree most, each with both neighbour lists; by as in `worst`."""
        return self._items("best", n, by)

    def flow(self, column: str) -> tuple[list[str], NDArray[np.float64], NDArray[np.float64]]:
        """Which values of a column the neighbours carry.

        Gives the values, and for each space a matrix: [i, j] is the share of the neighbours of rows with
        values[i] that carry values[j]: float64, m×m, each row of it sums to 1 where the value has rows.

        Raises InvalidError (no such column, or one with too many values).
        """
        found = json.loads(self._read("flow", {"column": column}))
        return found["values"], np.array(found["a"]), np.array(found["b"])

    def _again(self, **changed: Any) -> Json:
        """Ask for the same comparison with something changed."""
        r = self.raw
        request = {name: r[name] for name in ("a", "b", "k", "metric_a", "metric_b", "exact")}
        request |= {"sample": r["sampled_rows"] or 0, "preset": r.get("preset") or "", "engine": r["engine"]}
        return self._client._compare({**request, **changed})

    def groups(self, column: str) -> list[Json]:
        """Score per value of a column of the dataset, a dict each.

        value, rows, and jaccard, the mean of its rows; chance_within, what that would be if those rows were
        paired at random; ci95 and q (that they are unlike the other rows, after Benjamini and Hochberg),
        None under 30 rows. A column that `compare(…, by=…)` did not name is asked for now.
        Raises InvalidError (no such column, or no dataset).
        """
        known = [g for g in self.raw["groups"] if g["column"] == column]
        return known or [g for g in self._again(by=[column])["groups"] if g["column"] == column]

    def curve(self, ks: Sequence[int] = (1, 2, 5, 10, 20, 50)) -> Curve:
        """The mean Jaccard and what chance would give at each k.

        A k that is not below the number of rows is left out. Each is a comparison of its own and is kept.
        """
        # The largest k first: its neighbour tables serve the others.
        found = {k: self._again(k=k)["jaccard"] for k in sorted(ks, reverse=True) if k < self.raw["rows"]}
        asked = sorted(found)
        return Curve(
            self.raw["a"],
            self.raw["b"],
            np.array(asked, dtype=np.int64),
            np.array([found[k]["mean"] for k in asked]),
            np.array([found[k]["chance"] for k in asked]),
        )

    def show(self, *, colour: str = "", height: int = 460) -> Any:
        """Show both spaces in a notebook, linked: click a point for its neighbours in both.

        Gives a widget where anywidget is installed, else a still picture with the numbers; see Client.show.
        colour: a column of the dataset; left out, the first with few values. height: of the plots, in pixels.

        Raises NotFoundError (a space is gone), InvalidError (no such column).
        """
        from vectory._showing import show

        r = self.raw
        said: Json = {"comparison": r["key"], "k": r["k"], "colour": colour, "height": height}
        self._shown = show(self._client, self, [r["a"], r["b"]], **said)
        return self._shown

    def to_html(self, path: str | Path | None = None, *, colour: str = "") -> str:
        """Give the maps and the numbers as one HTML page that opens offline; with a path, write it there.

        colour: a column that colours the maps at first; left out, one with few values.
        Raises NotFoundError (a space is gone), InvalidError (no such column), OSError (the path).
        """
        from vectory._pages import of_comparison

        return of_comparison(self._client, self.raw, path, colour)

    @property
    def selection(self) -> NDArray[np.int64]:
        """Row numbers of A that are selected in what `show` gave, int64 (m,); settable.

        Setting it raises ValueError where no widget is shown.
        """
        return np.asarray(getattr(self._shown, "selection", ()), dtype=np.int64)

    @selection.setter
    def selection(self, rows: Any) -> None:
        if not hasattr(self._shown, "selection"):
            raise ValueError(
                "nothing is shown that could select: call show() first, with anywidget installed"
            )
        self._shown.selection = rows

    def plot(self, ax: Any = None) -> Any:
        """Draw the histogram of the rows' Jaccard with matplotlib; gives the axes.

        ax: axes to draw on; left out, new ones. Raises ImportError (matplotlib is not installed).
        """
        from vectory._plots import histogram

        r = self.raw
        return histogram(
            *self.histogram,
            mean=self.mean,
            chance=self.chance,
            k=r["k"],
            title=f"{r['a']} | {r['b']}",
            ax=ax,
        )


@dataclass(frozen=True, repr=False)
class Curve:
    """Agreement of the spaces `a` and `b` by k; `Comparison.curve` gives it.

    `ks` (int64), `means` and `chances` (float64, Jaccard from 0 to 1) are equally long.
    """

    a: str
    b: str
    ks: NDArray[np.int64]
    means: NDArray[np.float64]
    chances: NDArray[np.float64]

    def to_frame(self) -> Any:
        """Give a pandas or polars frame with the columns k, jaccard and chance."""
        return frame({"k": self.ks, "jaccard": self.means, "chance": self.chances})

    def _cells(self) -> list[list[str]]:
        rows = zip(self.ks, self.means, self.chances, strict=True)
        return [[str(k), _html.number(m), _html.number(c)] for k, m, c in rows]

    def __repr__(self) -> str:
        """Table of the means."""
        return _html.text_table([["k", "jaccard", "chance"], *self._cells()])

    def _repr_html_(self) -> str:
        return _html.table(["k", f"{self.a} | {self.b}", "chance"], self._cells())

    def plot(self, ax: Any = None) -> Any:
        """Draw agreement against k with matplotlib; gives the axes.

        ax: axes to draw on; left out, new ones. Raises ImportError (matplotlib is not installed).
        """
        from vectory._plots import curve

        return curve(self.ks, self.means, self.chances, title=f"{self.a} | {self.b}", ax=ax)
