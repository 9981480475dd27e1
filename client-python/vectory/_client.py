"""The verbs: those that track, and here those that look at it: compare, measure, search, lay out, show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectory._arrays import as_matrix, at_least_one, check_finite
from vectory._errors import InvalidError
from vectory._guard import warn
from vectory._http import Json, item
from vectory._layout import Layout
from vectory._matrix import Matrix, Timeline
from vectory._results import Comparison, Grade, Neighbours
from vectory._tracking import Tracking
from vectory._watch import Watch


class Client(Tracking):
    """A handle on one daemon; vectory.connect makes it.

    Its methods are the functions of the package. A handle may be used by several threads; `with` closes its
    connection at the end, and the daemon stays. Every method raises UnavailableError when no daemon answers.
    """

    def __enter__(self) -> Client:
        """Close the connection when the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.close()

    def watch(
        self,
        experiment: str,
        dataset: str | None = None,
        *,
        every: int = 1,
        reference: str | None = None,
        k: int = 10,
        model: str | None = None,
        params: Mapping[str, Any] | None = None,
        metric: str | None = None,
        wait: float = 30.0,
    ) -> Watch:
        """Follow a training run: log its spaces, compare them along the steps, warn when one looks unwell.

        Used as `with … as run: run(step, x)`; see Watch. The spaces are called EXPERIMENT/step-N, and another
        run of the experiment puts its own in their place. every: which steps are logged. reference: a space
        to agree with, such as the pretrained model's. k: neighbours. wait: seconds that the end of the run
        waits for the last answers. The other parameters are those of `log`.

        Raises nothing while the run goes on: what fails is one warning, what looks unwell a HealthWarning.
        """
        return Watch(
            self,
            experiment,
            dataset,
            every=every,
            reference=reference,
            k=k,
            model=model,
            params=params,
            metric=metric,
            wait=wait,
        )

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
        by: str | Sequence[str] | None = None,
        floor: str | Sequence[str] | None = None,
        sample: int | None = None,
        exact: bool = False,
        engine: str | None = None,
        index_a: str | None = None,
        index_b: str | None = None,
    ) -> Comparison:
        """Compare two spaces by the overlap of every row's k nearest neighbours.

        measure names further measures (see `measures()`), or "all": they stand in `.measures`.
        by names columns of the dataset: `.groups(column)` has the score of each of their values, which stands
        in the notebook and the report too; a column of rows that needs labels takes those of the first.
        floor names other runs of A's model, or an experiment that has some: `.floor` tells how much they
        differ.
        sample scores that many rows, each with its exact neighbours among all rows, and gives an interval for
        the score of all. Where all rows would take longer than ten minutes this is done unasked; exact=True
        scores all, however long it takes. engine="elasticsearch" takes the neighbours from indices of the
        spaces, those named or the best there are (see `load_index`). Rows are matched by their ids where the
        datasets have them.

        Raises NotFoundError (a space), InvalidError (k, a measure, metric or column, nothing to match) and
        CanceledError. Ctrl-C cancels the work.
        """
        request = {
            "a": a,
            "b": b,
            "k": at_least_one(k),
            "metric_a": metric_a or "",
            "metric_b": metric_b or "",
            "preset": preset or "",
            "measures": _listed(measure),
            "by": _listed(by),
            "sample": sample or 0,
            "exact": exact,
            "engine": engine or "",
            "index_a": index_a or "",
            "index_b": index_b or "",
        }
        found = self._compare(request)
        if floor is not None:
            runs = floor if isinstance(floor, str) else ",".join(floor)
            found["floor"] = self._made("floor", "GET", f"comparisons/{found['key']}/floor", {"with": runs})
        return Comparison(found, self)

    def grade(self, space: str, *, label: str | None = None, k: int = 10, metric: str | None = None) -> Grade:
        """Measure one space: shape, hubs, intrinsic dimension and, with a label column, label agreement.

        Raises NotFoundError (space), InvalidError (no such column, k).
        """
        query = {"label": label, "k": at_least_one(k), "metric": metric}
        return Grade(self._made("grade", "GET", item("spaces", space) + "/grade", query))

    def drift(self, a: str, b: str) -> Json:
        """Tell whether b holds items drawn like those of a: two spaces of one model, other items.

        Gives a dict: measures by name (value, chance, p), and under "novel" the rows of b farthest from a.
        Raises NotFoundError (a space), InvalidError (other dimensions).
        """
        return self._made("drift", "GET", item("spaces", a) + "/drift", {"to": b})

    def project(
        self,
        space: str | None = None,
        other: str | None = None,
        *others: str,
        timeline: str | None = None,
        dataset: str | None = None,
        method: str | None = None,
        dims: int = 2,
        seed: int = 42,
        metric: str | None = None,
        k: int = 15,
        epochs: int = 0,
        min_dist: float = 0.1,
        perplexity: float = 0.0,
        start: str | None = None,
        reduce: int = 0,
        supervise: str | None = None,
        preset: str | None = None,
        more: int = 0,
        new: Any = None,
        new_space: str | None = None,
    ) -> NDArray[np.float32]:
        """Lay a space out: float32 n×dims, row i of it row i of the space.

        With more spaces all are laid out together (joint-umap), so that rows that kept their neighbours
        stay: spaces×n×dims over the rows that all have, in the order of a comparison. method: "pca", "umap",
        "tsne", "pacmap", "joint-umap" or "anchored-umap". The same seed gives the same bytes. perplexity, of
        tsne: about how many neighbours each row looks at; 0: 30, or what the rows allow.

        timeline: an experiment instead of spaces; steps×n×dims of its spaces that have a step, in one frame
        (anchored-umap); with dataset only those in it. A step that is logged later does not move the former
        ones: the same bytes again.

        start: where points begin: "pca", "spectral" (of umap: it unrolls what is rolled up), or the id of a
        layout of the same items (`vectory project SPACE --json` tells it): the map looks like that one then.

        reduce: principal components that stand for a wider space while it is laid out; 0: all columns.

        supervise: of umap, a column whose equal values are drawn together.

        preset: "compat": umap with umap-learn's own start, number of epochs and learning rate.

        more: epochs that the same layout without it goes on for, gently (umap, joint-umap, tsne).

        new: rows that are not in the space, m×d: they are placed in its layout, each for itself, and m×dims
        float32 of theirs come back. The layout does not move: what was drawn stays as it was. Of several
        spaces they are of the first, or of new_space.

        Raises NotFoundError (a space, an experiment), InvalidError (method, dims, column, too
        few rows, new rows of another width) and CanceledError. Ctrl-C cancels the work.
        """
        names = [name for name in (space, other, *others) if name is not None]
        request = {
            "spaces": names,
            "timeline": timeline or "",
            "dataset": dataset or "",
            "method": method or "",
            "dims": dims,
            "seed": seed,
            "metric": metric or "",
            "k": at_least_one(k),
            "epochs": epochs,
            "min_dist": min_dist,
            "perplexity": perplexity,
            "start": start or "",
            "reduce": reduce,
            "supervise": supervise or "",
            "preset": preset or "",
        }
        layout = Layout(self, request).wait()
        if more:
            layout = Layout(self, request | {"start": layout.raw["id"], "more": more}).wait()
        if new is not None:
            return layout.transform(new, new_space)
        frames = layout.coords()
        return frames[0] if timeline is None and len(names) == 1 else np.stack(frames)

    def show(
        self,
        space: str | None = None,
        other: str | None = None,
        *,
        timeline: str | None = None,
        dataset: str | None = None,
        reference: str | None = None,
        k: int = 10,
        colour: str = "",
        height: int = 460,
    ) -> Any:
        """Show a space, two linked, or the steps of a run in a notebook: click a point for its neighbours.

        Gives a widget (`w.selection`, `w.hovered`, `w.k`, `w.colour`, and of a run `w.step`, can be read, set
        and observed) where anywidget is installed (pip install anywidget), else a still picture with the
        numbers. colour: a column of the dataset; left out, the first with few values.

        timeline: an experiment instead of spaces. Its spaces that have a step are on one map, with a slider
        that goes through them and a line that tells how much of the neighbours each step kept, and how far it
        agrees with the space `reference`. A step that is logged meanwhile appears by itself. dataset: only
        the run's spaces in this one.

        Raises NotFoundError (a space, an experiment), InvalidError (a run without steps, no such column).
        """
        from vectory._showing import show

        said: dict[str, Any] = {"k": k, "colour": colour, "height": height, "reference": reference or ""}
        if timeline is not None:
            run = self.timeline(timeline, dataset=dataset, k=k)
            return show(self, run, run.spaces, run=timeline, dataset=dataset or "", **said)
        if space is None:
            raise InvalidError("say what to show: a space, two, or timeline=")
        if other is None:
            return show(self, self.spaces()[space], [space], **said)
        found = self.compare(space, other, k)
        return show(self, found, [space, other], comparison=found.raw["key"], **said)

    def load_index(
        self,
        name: str,
        space: str,
        *,
        model: str = "exact",
        similarity: str | None = None,
        tables: int = 0,
        hashes: int = 0,
        width: float = 0.0,
        shards: int = 1,
        threads: int = 2,
        chunk: int = 0,
    ) -> Json:
        """Load a space into Elasticsearch (ELASTICSEARCH_URL of the daemon) under a name, and wait for it.

        model: "exact", "hnsw" or "lsh" (tables × hashes, euclidean slots of width). similarity: "cosine" or
        "euclidean"; left out, as the space's metric. threads send chunks of `chunk` rows. Gives the index.
        Raises NotFoundError (space), ConflictError (name taken), InvalidError (model, similarity),
        UnavailableError (no cluster).
        """
        request = {
            "name": name,
            "space": space,
            "model": model,
            "similarity": similarity or "",
            "tables": tables,
            "bits": hashes,
            "width": width,
            "shards": shards,
            "threads": threads,
            "chunk": chunk,
        }
        while True:
            reply = self._ask("POST", "indices", body=request)
            if reply.get("job") is None:
                found: Json = reply["index"]
                return found
            self._wait(reply["job"])

    def indices(self, *, check: bool = False) -> list[Json]:
        """The indices in Elasticsearch, a dict each: name, space, model, similarity, rows, state and params.

        check: look at them in the cluster too. Raises UnavailableError (check, and no cluster).
        """
        listed: list[Json] = self._ask("GET", "indices", {"check": check})["indices"]
        return listed

    def delete_index(self, name: str) -> None:
        """Remove an index from the cluster. Raises NotFoundError, UnavailableError (no cluster).

        One that was loaded into another cluster than the one that is asked is forgotten, with a warning.
        """
        for text in self._ask("DELETE", item("indices", name)).get("warnings", ()):
            warn(text)

    def report(self, a: str, b: str, path: str | Path, **said: Any) -> Path:
        """Compare two spaces and write the numbers and both maps as one HTML file that opens offline.

        The keyword arguments are those of `compare`, and so are its errors. Gives the path.

        Raises NotFoundError, InvalidError, CanceledError, and OSError where the path cannot be written.
        """
        self.compare(a, b, **said).to_html(path)
        return Path(path)

    def matrix(
        self,
        spaces: Sequence[str] = (),
        *,
        dataset: str | None = None,
        measure: str = "jaccard",
        k: int = 10,
        metric: str | None = None,
    ) -> Matrix:
        """Compare every pair of the spaces that are named, else of a dataset's, else of all.

        measure: "jaccard", or one of `measures()` that is of two spaces. Gives a Matrix: `.values` is float64
        m×m, symmetric, NaN where a pair cannot be measured.
        Raises NotFoundError (a space, a dataset), InvalidError (measure, fewer than two spaces).
        """
        request = {"spaces": list(spaces), "dataset": dataset or "", "measure": measure, "k": at_least_one(k)}
        return Matrix(self._made("matrix", "POST", "matrix", body={**request, "metric": metric or ""}))

    def timeline(
        self,
        experiment: str,
        *,
        reference: str | None = None,
        dataset: str | None = None,
        measure: str = "jaccard",
        k: int = 10,
        metric: str | None = None,
    ) -> Timeline:
        """Compare the spaces of an experiment along their steps: with the one before, the first and the last.

        dataset: only its spaces in this one. reference names a space: each step's mean Jaccard with it stands
        in the column "reference".
        Raises NotFoundError without such an experiment, InvalidError where fewer than two of its spaces have
        a step.
        """
        request = {"timeline": experiment, "dataset": dataset or "", "measure": measure, "k": at_least_one(k)}
        request["metric"] = metric or ""
        found = Timeline.of(self._made("matrix", "POST", "matrix", body=request))
        if reference is not None:
            found.columns["reference"] = [self.compare(reference, space, k).mean for space in found.spaces]
        return found

    def measures(self) -> list[Json]:
        """What can be measured, a dict each: name, meaning, range, unit, and the source of its formula.

        of: how many spaces it is of; rows: whether it has a value for each row, so that
        `Comparison.column` takes its name. Raises UnavailableError (no daemon).
        """
        listed: list[Json] = self._ask("GET", "measures")["measures"]
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
        engine: str | None = None,
        index: str | None = None,
        where: str | None = None,
    ) -> Neighbours:
        """The k nearest rows of an item (by id or row) or of a vector of the space's dimensions, shape (d,).

        Gives Neighbours: `.rows` int64 (k,), `.ids`, `.distances` float64 (k,), nearest first, ties by row.

        metric: "euclidean", "cosine" or "dot"; left out, the space's own. An item is not its own neighbour.
        engine="elasticsearch" asks an index of the space, the one named or the best there is, and only for
        the rows whose columns fit where ("label=3, size>2").
        Raises NotFoundError (space, id), InvalidError (none or several of id, row, vector; its length; k).
        """
        if (id is not None) + (row is not None) + (vector is not None) != 1:
            raise InvalidError("say whose neighbours: one of id, row and vector")
        if vector is not None:
            values = as_matrix(np.asarray(vector)[None, ...])
            check_finite(values)
            asked = {"vector": [float(v) for v in values[0]]}
            return self._query(space, asked, k, metric, engine, index, where)[0]
        query = {
            "id": id,
            "row": row,
            "k": at_least_one(k),
            "metric": metric,
            "engine": engine,
            "index": index,
            "where": where,
        }
        return Neighbours.of(self._ask("GET", item("spaces", space) + "/neighbours", query))

    def neighbours_of(
        self,
        space: str,
        ids: Sequence[str],
        *,
        k: int = 10,
        metric: str | None = None,
        engine: str | None = None,
        index: str | None = None,
        where: str | None = None,
    ) -> list[Neighbours]:
        """The k nearest rows of each of many items, in the order of their ids.

        What `neighbours` gives one by one is found together here, in one request: several times faster.
        The other parameters are those of `neighbours`.
        Raises NotFoundError (space, an id), InvalidError (no ids, k).
        """
        asked = {"ids": [str(one) for one in _listed(ids)]}
        return self._query(space, asked, k, metric, engine, index, where)

    def _query(
        self,
        space: str,
        asked: Json,
        k: int,
        metric: str | None,
        engine: str | None,
        index: str | None,
        where: str | None,
    ) -> list[Neighbours]:
        question = {
            "spaces": [space],
            **asked,
            "k": at_least_one(k),
            "metric": metric or "",
            "engine": engine or "",
            "indices": [index] if index else [],
            "where": where or "",
        }
        return [Neighbours.of(one) for one in self._ask("POST", "query", body=question)["results"]]


def _listed(names: str | Sequence[str] | None) -> list[str]:
    return [names] if isinstance(names, str) else list(names or ())
