"""The verbs, spoken to one daemon."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vectory._arrays import Npy, as_matrix, at_least_one, check_finite
from vectory._daemon import up
from vectory._errors import InvalidError, error_of
from vectory._guard import Guard
from vectory._http import Transport, item
from vectory._layout import Layout
from vectory._matrix import Matrix, Timeline
from vectory._objects import Dataset, Experiment, Listing, Space, T, tracked
from vectory._progress import Progress
from vectory._results import Comparison, Grade, Json, Neighbours
from vectory._watch import Watch

#: How long the daemon may be silent while a training run waits for it.
SILENCE_S = 60.0


def _widget() -> Any:
    """Give the widget's class, or None without anywidget."""
    try:
        from vectory._widget import Widget
    except ImportError:
        return None
    return Widget


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
        if url is None and home is None and os.environ.get("VECTORY_URL"):
            url, token = os.environ["VECTORY_URL"], os.environ.get("VECTORY_TOKEN", "")
        find = (lambda: up(home)) if url is None else None
        self._transport = Transport(url, token or "", find)
        self._guard = Guard()

    @property
    def lost(self) -> list[str]:
        """Names that `log` could not keep, oldest first."""
        return list(self._guard.lost)

    def _list(self, name: str, kind: type[T]) -> Listing[T]:
        found: list[Json] = self._ask("GET", name)[name]
        return Listing(tracked(kind, sent, self) for sent in found)

    def _ask(self, method: str, path: str, query: Json | None = None, body: Any = None) -> Json:
        found: Json = json.loads(self._transport.request(method, path, query, body=body))
        return found

    def _compare(self, request: Json) -> Json:
        reply = self._ask("POST", "comparisons", body=request)
        if reply.get("comparison"):
            found: Json = reply["comparison"]
            return found
        return self._ask("GET", f"comparisons/{self._wait(reply['job'])['result']}")

    def _made(self, what: str, method: str, path: str, query: Json | None = None, body: Any = None) -> Json:
        """Ask for what a job makes until it is there."""
        while True:
            reply = self._ask(method, path, query, body)
            if reply.get(what):
                found: Json = reply[what]
                return found
            self._wait(reply["job"])

    def _wait(self, job: Json) -> Json:
        """Follow a job to its end; Ctrl-C cancels it."""
        try:
            with Progress(job["title"]) as progress:
                while job["state"] in ("queued", "running"):
                    job = self._ask("GET", f"jobs/{job['id']}", {"wait": 20})
                    if job["state"] == "running":
                        progress.show(job["progress"], job["stage"], job.get("left_s"))
        except KeyboardInterrupt:
            self._transport.request("DELETE", f"jobs/{job['id']}")
            raise
        if job["state"] != "done":
            raise error_of(job["error"]["code"], job["error"]["message"], job["error"].get("hint", ""))
        return job

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
        return self._ask("GET", "status")

    def close(self) -> None:
        """Close the connection; the daemon stays."""
        self._transport.close()

    def __enter__(self) -> Client:
        """Close the connection when the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.close()

    def stop(self) -> None:
        """Stop the daemon."""
        self._transport.request("POST", "shutdown")
        self._transport.close()

    def add_dataset(self, name: str, data: Any, *, id: str | None = None, replace: bool = False) -> Dataset:
        """Track the rows of a CSV path, a data frame (pandas, polars) or a list of dicts.

        `id` names the id column; left out, a column called id, else the row numbers. Relative paths of
        pictures in a CSV are looked up beside it. replace puts other rows under a name that is taken.

        Raises InvalidError (no such column, ids that occur twice, a broken CSV), ConflictError (name taken).
        """
        content = _csv_bytes(data)
        root = str(Path(data).resolve().parent) if isinstance(data, (str, Path)) else None
        query = {"name": name, "id_field": id, "media_root": root, "replace": replace}
        reply = self._transport.request(
            "POST", "datasets", query, parts=[content], size=len(content), kind="text/csv"
        )
        return tracked(Dataset, json.loads(reply)["dataset"], self)

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
        """Track the n×d matrix x as a space. Without strict a failure is a warning: training goes on.

        x: numbers of any type and order, a tensor or a frame; kept as float32. `dataset` names the tracked
        rows (n of them), `experiment` the run, made when it is new, with `model`, `train_dataset` and
        `params`. `step` is the position in the run. metric: "euclidean", "cosine" or "dot"; left out, cosine
        for rows of length 1, else euclidean. replace puts other content under a name that is taken.

        Gives the space, or None when it was not kept: each kind of failure is told once, `lost` has the
        names. A daemon that has gone is started again and the matrix sent anew; one that cannot be is
        left alone for a while (2 s, doubling up to a minute), so that a run is not slowed down.

        Raises with strict=True: InvalidError (rank, type, a value that is not finite, rows that the dataset
        does not have), NotFoundError (dataset), ConflictError (name taken), UnavailableError (no daemon).
        """
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

        def send(silence: float) -> Space:
            npy = Npy(as_matrix(x))
            reply = self._transport.request(
                "PUT",
                item("spaces", name),
                query,
                parts=npy,
                size=npy.size,
                kind="application/octet-stream",
                timeout=silence,
            )
            return tracked(Space, json.loads(reply)["space"], self)

        if strict:
            return send(600)
        return self._guard.run(f"vectory.log({name!r})", lambda: send(SILENCE_S), loses=name)

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
        floor: str | None = None,
        sample: int | None = None,
        exact: bool = False,
        engine: str | None = None,
        index_a: str | None = None,
        index_b: str | None = None,
    ) -> Comparison:
        """Compare two spaces by the overlap of every row's k nearest neighbours.

        measure names further measures (see `measures()`), or "all": they stand in `.measures`.
        floor names another run of A's model: `.raw["floor"]` tells how much two seeds differ.
        sample scores that many rows, each with its exact neighbours among all rows, and gives an interval for
        the score of all. Where all rows would take longer than ten minutes this is done unasked; exact=True
        scores all, however long it takes. engine="elasticsearch" takes the neighbours from indices of the
        spaces, those named or the best there are (see `load_index`). Rows are matched by their ids where the
        datasets have them.

        Raises NotFoundError (a space), InvalidError (k, a measure or metric, nothing to match) and
        CanceledError. Ctrl-C cancels the work.
        """
        request = {
            "a": a,
            "b": b,
            "k": at_least_one(k),
            "metric_a": metric_a or "",
            "metric_b": metric_b or "",
            "preset": preset or "",
            "measures": [measure] if isinstance(measure, str) else list(measure or ()),
            "sample": sample or 0,
            "exact": exact,
            "engine": engine or "",
            "index_a": index_a or "",
            "index_b": index_b or "",
        }
        found = self._compare(request)
        if floor is not None:
            second = {**request, "b": floor, "metric_b": metric_a or "", "measures": ["jaccard"]}
            found["floor"] = {"with": floor, "jaccard": self._compare(second)["jaccard"]}
        return Comparison(found, self)

    def grade(self, space: str, *, label: str | None = None, k: int = 10, metric: str | None = None) -> Grade:
        """Measure one space: shape, hubs, intrinsic dimension and, with a label column, label agreement.

        Raises NotFoundError (space), InvalidError (no such column, k).
        """
        query = {"label": label, "k": at_least_one(k), "metric": metric}
        return Grade(self._made("grade", "GET", item("spaces", space) + "/grade", query))

    def drift(self, a: str, b: str) -> Json:
        """Tell whether b holds items drawn like those of a: two spaces of one model, other items.

        Gives measures by name (value, chance, p), and under "novel" the rows of b farthest from a.
        """
        return self._made("drift", "GET", item("spaces", a) + "/drift", {"to": b})

    def project(
        self,
        space: str,
        other: str | None = None,
        *,
        method: str | None = None,
        dims: int = 2,
        seed: int = 42,
        metric: str | None = None,
        k: int = 15,
        epochs: int = 0,
        min_dist: float = 0.1,
    ) -> NDArray[np.float32]:
        """Lay a space out: float32 n×dims, row i of it row i of the space.

        With a second space both are laid out together (joint-umap), so that rows that kept their neighbours
        stay: 2×n×dims over the rows that both have, in the order of a comparison. method: "pca", "umap" or
        "joint-umap". The same seed gives the same bytes.
        """
        names = [space] if other is None else [space, other]
        request = {
            "spaces": names,
            "method": method or "",
            "dims": dims,
            "seed": seed,
            "metric": metric or "",
            "k": at_least_one(k),
            "epochs": epochs,
            "min_dist": min_dist,
        }
        frames = Layout(self, request).wait().coords()
        return frames[0] if other is None else np.stack(frames)

    def show(
        self, space: str, other: str | None = None, *, k: int = 10, colour: str = "", height: int = 460
    ) -> Any:
        """Show a space, or two linked, in a notebook: click a point for its neighbours in both.

        Gives a widget (`w.selection`, `w.hovered`, `w.k`, `w.colour` can be read, set and observed) where
        anywidget is installed (pip install 'vectory[notebook]'), else a still picture with the numbers.
        colour: a column of the dataset; left out, the first with few values.
        """
        found = None if other is None else self.compare(space, other, k)
        thing = self.spaces()[space] if found is None else found
        names = [space] if other is None else [space, other]
        request = {"spaces": names}
        from vectory._picture import Picture, draw, label_column

        widget = _widget()
        if widget is None:
            return Picture(draw(self, request, colour, wait=True), repr(thing), thing._repr_html_())
        column = label_column(self, space, colour)[0]
        return widget(
            self,
            repr(thing),
            still=lambda: draw(self, request, column, wait=False),
            spaces=names,
            comparison="" if found is None else found.raw["key"],
            k=k,
            colour=column,
            height=height,
        )

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

        model: "exact", "hnsw" or "lsh" (tables × hashes, euclidean slots of width). Gives the index.
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
        """The indices; with check as they stand in the cluster."""
        listed: list[Json] = self._ask("GET", "indices", {"check": check})["indices"]
        return listed

    def delete_index(self, name: str) -> None:
        """Remove an index from the cluster."""
        self._transport.request("DELETE", item("indices", name))

    def report(self, a: str, b: str, path: str | Path, **said: Any) -> Path:
        """Compare two spaces and write the numbers and both maps as one HTML file that opens offline.

        The keyword arguments are those of `compare`. Gives the path.
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
        """Compare every pair of the spaces that are named, else of a dataset's, else of all."""
        request = {"spaces": list(spaces), "dataset": dataset or "", "measure": measure, "k": at_least_one(k)}
        return Matrix(self._made("matrix", "POST", "matrix", body={**request, "metric": metric or ""}))

    def timeline(
        self,
        experiment: str,
        *,
        reference: str | None = None,
        measure: str = "jaccard",
        k: int = 10,
        metric: str | None = None,
    ) -> Timeline:
        """Compare the spaces of an experiment along their steps: with the one before, the first and the last.

        reference names a space: each step's mean Jaccard with it stands in the column "reference".
        Raises NotFoundError without such an experiment, InvalidError where none of its spaces has a step.
        """
        request = {"timeline": experiment, "measure": measure, "k": at_least_one(k), "metric": metric or ""}
        found = Timeline.of(self._made("matrix", "POST", "matrix", body=request))
        if reference is not None:
            found.columns["reference"] = [self.compare(reference, space, k).mean for space in found.spaces]
        return found

    def measures(self) -> list[Json]:
        """What can be measured, each with name, meaning, range, and the source of its formula."""
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
    ) -> Neighbours:
        """The k nearest rows of an item (by id or row) or of a vector of the space's dimensions, shape (d,).

        metric: "euclidean", "cosine" or "dot"; left out, the space's own. An item is not its own neighbour.
        engine="elasticsearch" asks an index of the space, the one named or the best there is.
        Raises NotFoundError (space, id), InvalidError (none or several of id, row, vector; its length; k).
        """
        if (id is not None) + (row is not None) + (vector is not None) != 1:
            raise InvalidError("say whose neighbours: one of id, row and vector")
        if vector is not None:
            values = as_matrix(np.asarray(vector)[None, ...])
            check_finite(values)
            question = {
                "spaces": [space],
                "vector": [float(v) for v in values[0]],
                "k": at_least_one(k),
                "metric": metric or "",
            }
            return Neighbours.of(self._ask("POST", "query", body=question)["results"][0])
        query = {
            "id": id,
            "row": row,
            "k": at_least_one(k),
            "metric": metric,
            "engine": engine,
            "index": index,
        }
        return Neighbours.of(self._ask("GET", item("spaces", space) + "/neighbours", query))

    def delete(self, name: str, *, kind: str = "space", recursive: bool = False) -> list[str]:
        """Delete a space, dataset or experiment with its history; gives the names of all that went.

        recursive: what depends on it too. Raises NotFoundError, ConflictError (something depends on it).
        """
        if kind not in ("space", "dataset", "experiment"):
            raise InvalidError(f"there is no kind {kind!r}", "space, dataset or experiment")
        reply = self._transport.request("DELETE", item(kind + "s", name), {"recursive": recursive})
        return [thing["name"] for thing in json.loads(reply)["deleted"]]
