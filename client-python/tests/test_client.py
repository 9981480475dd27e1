"""The package against a real daemon and real data."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vectory as vy
from vectory._progress import Progress

DATA = Path(__file__).parents[2] / "internal/demo/data/digits"


def test_a_query_by_several_ids_asks_each_in_each_space(client: vy.Client) -> None:
    spaces, ids = ["digits/pixels", "digits/epoch20"], ["digit-0007", "digit-0003"]
    found = client._ask("POST", "query", body={"spaces": spaces, "ids": ids, "k": 3})["results"]
    assert [(f["space"], f["id"]) for f in found] == [(space, item) for space in spaces for item in ids]
    for f in found:
        alone = client.neighbours(f["space"], id=f["id"], k=3)
        assert [(n["row"], n["id"], n["distance"]) for n in f["neighbours"]] == list(alone)
    for body, said in (
        ({"spaces": spaces, "ids": []}, "one of the three"),
        ({"spaces": spaces, "ids": ids, "id": "digit-0001"}, "one of the three"),
        ({"spaces": spaces, "ids": ["digit-0007", "digit-007"]}, "digit-007"),
        ({"space": spaces, "ids": ids}, "did you mean"),
    ):
        with pytest.raises(vy.VectoryError, match=said):
            client._ask("POST", "query", body=body)


def test_layouts(client: vy.Client) -> None:
    y = client.project("digits/pixels", epochs=30)
    assert y.shape == (1797, 2)
    assert y.dtype == np.float32
    assert (y == client.project("digits/pixels", epochs=30)).all()
    both = client.project("digits/pixels", "digits/epoch20", epochs=20, dims=3)
    assert both.shape == (2, 1797, 3)
    client.log("third", np.load(DATA / "epoch05.npy"), dataset="digits", metric="euclidean", strict=True)
    three = client.project("digits/pixels", "digits/epoch20", "third", epochs=10)
    client.delete("third")
    assert three.shape == (3, 1797, 2)
    x = np.load(DATA / "pixels.npy").astype(np.float64)
    scores = (x - x.mean(axis=0)) @ np.linalg.svd(x - x.mean(axis=0), full_matrices=False)[2][:2].T
    for method in ("tsne", "pacmap"):
        z = client.project("digits/pixels", method=method, epochs=30)
        assert z.shape == (1797, 2)
        assert np.isfinite(z).all()
        assert len(np.unique(z, axis=0)) > 1700
    first = client._ask("POST", "layouts", body={"spaces": ["digits/pixels"], "epochs": 30})["layout"]
    other = client.project("digits/epoch20", epochs=60)
    warm = client.project("digits/epoch20", epochs=60, start=first["id"])

    def apart(a: np.ndarray, b: np.ndarray) -> float:
        """How far the median row lies from itself, in radii of a."""
        gaps = np.linalg.norm((a - a.mean(axis=0)) - (b - b.mean(axis=0)), axis=1)
        return float(np.median(gaps) / np.sqrt(((a - a.mean(axis=0)) ** 2).sum(axis=1).mean()))

    assert apart(y, warm) < 0.5 < apart(y, other)
    with pytest.raises(vy.NotFoundError, match='no layout "abc" to start from'):
        client.project("digits/epoch20", start="abc")
    with pytest.raises(vy.InvalidError, match="start from has 2 dimensions, not 3"):
        client.project("digits/epoch20", dims=3, start=first["id"])
    fresh = np.load(DATA / "pixels.npy")[:40] + np.float32(0.25)
    placed = client.project("digits/pixels", epochs=30, new=fresh)
    assert placed.shape == (40, 2)
    assert (placed[7] == client.project("digits/pixels", epochs=30, new=fresh[7:8])[0]).all()
    laid = client.project("digits/pixels", epochs=30)
    assert np.median(np.linalg.norm(placed - laid[:40], axis=1)) < 0.1 * np.linalg.norm(laid, axis=1).max()
    with pytest.raises(vy.InvalidError, match="the new rows have 3 values; space 'digits/pixels' has 64 dim"):
        client.project("digits/pixels", new=np.ones((2, 3)))
    assert client.project("digits/pixels", "digits/epoch20", epochs=20, dims=3, new=fresh).shape == (40, 3)
    with pytest.raises(vy.InvalidError, match="the layout has no space 'third'"):
        client.project("digits/pixels", "digits/epoch20", epochs=20, dims=3, new=fresh, new_space="third")
    assert client.project("digits/pixels", epochs=30, more=10).shape == (1797, 2)
    with pytest.raises(vy.InvalidError, match="perplexity 600 is too large for 1797 rows"):
        client.project("digits/pixels", method="tsne", perplexity=600)
    assert np.abs(client.project("digits/pixels", method="pca")) == pytest.approx(np.abs(scores), abs=1e-4)
    with pytest.raises(vy.InvalidError, match="there is no method 'tsnee'"):
        client.project("digits/pixels", method="tsnee")
    with pytest.raises(vy.InvalidError, match="min_dist is NaN or infinite"):
        client.project("digits/pixels", min_dist=float("nan"))


def test_grade_of_a_space(client: vy.Client) -> None:
    g = client.grade("digits/epoch20", label="label")
    assert g["label_accuracy"] > 0.95
    assert g.measures["label_purity"]["chance"] == pytest.approx(0.1, abs=0.01)
    assert 1 < g["dimension_twonn"] < 32
    assert set(g.measures) == {m["name"] for m in client.measures() if m["of"] == "space"}
    assert len(g.hubs) == len(g.outliers) == 10
    far = g.outliers[0]
    assert far["isolation"] >= g.outliers[-1]["isolation"] > 1
    assert far["id"] == f"digit-{far['row']:04}"
    assert "label_accuracy" in repr(g)
    plain = client.grade("digits/epoch20")
    assert plain["label_accuracy"] is None
    assert "name the column" in plain.measures["label_accuracy"]["reason"]
    with pytest.raises(vy.InvalidError, match="no column 'colour'"):
        client.grade("digits/epoch20", label="colour")
    with pytest.raises(vy.NotFoundError):
        client.grade("nothing")


def test_neighbours_by_row_id_and_vector_agree_with_numpy(client: vy.Client) -> None:
    x = np.load(DATA / "pixels.npy").astype(np.float64)
    distance = np.sqrt(((x - x[5]) ** 2).sum(axis=1))
    distance[5] = np.inf
    want = np.lexsort((np.arange(len(x)), distance))[:7]
    for found in (
        client.neighbours("digits/pixels", row=5, k=7),
        client.neighbours("digits/pixels", id="digit-0005", k=7),
    ):
        np.testing.assert_array_equal(found.rows, want)
        np.testing.assert_allclose(found.distances, distance[want], rtol=1e-12)
    assert client.neighbours("digits/pixels", vector=x[5], k=8).ids[0] == "digit-0005"


def test_many_items_together_have_the_neighbours_of_each_alone(client: vy.Client) -> None:
    ids = [f"digit-{row:04d}" for row in (1796, 5, 5, *range(0, 1700, 17))]
    found = client.neighbours_of("digits/pixels", ids, k=4, metric="cosine")
    assert len(found) == len(ids)
    for one, together in zip(ids, found, strict=True):
        alone = client.neighbours("digits/pixels", id=one, k=4, metric="cosine")
        assert list(together) == list(alone) and together.metric == "cosine"
    with pytest.raises(vy.NotFoundError, match="no item with the id 'nobody'"):
        client.neighbours_of("digits/pixels", ["digit-0005", "nobody"])
    with pytest.raises(vy.InvalidError, match="ids"):
        client.neighbours_of("digits/pixels", [])
    with pytest.raises(vy.NotFoundError, match="is in no index"):
        client.neighbours_of("digits/pixels", ids, engine="elasticsearch")


def test_errors_have_their_class_and_hint(client: vy.Client) -> None:
    with pytest.raises(vy.NotFoundError, match="did you mean 'digits/pixels'"):
        client.compare("digits/pixel", "digits/epoch20")
    with pytest.raises(vy.InvalidError, match="rows, dataset 'digits' has 1797"):
        client.log("short", np.ones((5, 2)), dataset="digits", strict=True)
    with pytest.raises(vy.ConflictError, match="other vectors"):
        client.log("digits/pixels", np.load(DATA / "pixels.npy") + 1, dataset="digits", strict=True)
    with pytest.raises(vy.ConflictError, match="needed by"):
        client.delete("digits", kind="dataset")
    with pytest.raises(vy.UnavailableError):
        vy.connect(url="http://127.0.0.1:9", token="x").spaces()
    with closing(vy.connect(url=client._transport.url, token="wrong")) as foreign:
        with pytest.raises(vy.UnauthorizedError):
            foreign.spaces()


def test_what_cannot_be_taken_is_an_error_of_ours_and_of_python(client: vy.Client, tmp_path: Path) -> None:
    rows = np.ones((2, 2))
    for builtin, match, ask in (
        (FileNotFoundError, "there is no file 'gone.csv'", lambda: client.add_dataset("x", "gone.csv")),
        (LookupError, "there is no file", lambda: client.add_dataset("x", tmp_path / "gone.csv")),
        (ValueError, "cannot be read: Is a directory", lambda: client.add_dataset("x", tmp_path)),
        (TypeError, "not this int", lambda: client.add_dataset("x", 7)),
        (TypeError, "the name 7 is no text", lambda: client.log(7, rows, strict=True)),  # type: ignore[arg-type]
        (TypeError, r"numpy.load\(path\)", lambda: client.log("x", "x.npy", strict=True)),
        (TypeError, "not numbers", lambda: client.log("x", object(), strict=True)),
        (ValueError, "make no array", lambda: client.log("x", [[1, 2], [3]], strict=True)),
        (TypeError, "params is a mapping", lambda: client.log("x", rows, params=[1], strict=True)),  # type: ignore[arg-type]
        (TypeError, "step=0.5 cannot be", lambda: client.log("x", rows, step=0.5, strict=True)),  # type: ignore[arg-type]
        (TypeError, "k='5' cannot be", lambda: client.compare("digits/pixels", "digits/epoch20", k="5")),  # type: ignore[arg-type]
        (TypeError, "the name None is no text", lambda: client.neighbours(None, row=1)),  # type: ignore[arg-type]
    ):
        with pytest.raises(builtin, match=match) as refused:
            ask()
        assert isinstance(refused.value, vy.VectoryError), builtin
    with pytest.warns(UserWarning, match="params is a mapping"):
        assert vy.Client(client._transport.url, client._transport._token).log("x", rows, params=3) is None  # type: ignore[arg-type]


def test_tables_from_dicts(client: vy.Client) -> None:
    client.add_dataset("dicts", [{"key": "a", "n": 1}, {"key": "b,c", "n": 2}], id="key")
    client.log("of/dicts", [[1, 2], [3, 4]], dataset="dicts", strict=True)
    assert client.neighbours("of/dicts", id="b,c", k=1).ids == ["a"]
    assert client.delete("dicts", kind="dataset", recursive=True) == ["of/dicts", "dicts"]


def test_a_forked_child_uses_a_connection_of_its_own(client: vy.Client) -> None:
    client.spaces()
    child = os.fork()
    if child == 0:
        os._exit(0 if client.status()["running"] else 1)
    assert client.status()["running"]
    assert os.waitpid(child, 0)[1] == 0
    assert client.status()["running"]


def test_a_forked_child_lets_go_of_the_connection_without_a_warning(client: vy.Client) -> None:
    program = f"""
import os
import vectory as vy
with vy.connect({client._transport.url!r}, token={client._transport._token!r}) as client:
    client.status()
    mine = client._transport._own.kept.connection.sock
    child = os.fork()
    client.status()  # in the child by a connection of its own
    if child:
        assert os.waitpid(child, 0)[1] == 0
        client.status()
        assert client._transport._own.kept.connection.sock is mine  # what the child closed is still open here
"""
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "ResourceWarning" not in done.stderr, done.stderr


def test_listings_read_as_tables(client: vy.Client) -> None:
    spaces = client.spaces()
    assert spaces["digits/pixels"].dims == 64
    assert spaces[0]["rows"] == 1797
    assert dict(spaces["digits/epoch20"])["metric"] == "euclidean"
    assert repr(spaces).splitlines()[0].split()[:3] == ["name", "dataset", "experiment"]
    assert (
        "digits/epoch20" in repr(spaces[:1] + spaces[1:]) and "<td>digits/pixels</td>" in spaces._repr_html_()
    )
    with pytest.raises(KeyError):
        spaces["nothing"]
    assert client.datasets()["digits"].columns == ["id", "label", "thumbnail"]


def test_html_is_escaped(client: vy.Client) -> None:
    name = "<script>alert(1)</script>"
    client.log(name, np.eye(3), strict=True)
    page = client.spaces()._repr_html_() + client.neighbours(name, row=0, k=1)._repr_html_()
    client.delete(name)
    assert "<script>" not in page and "&lt;script&gt;" in page


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames_go_in_and_come_out(client: vy.Client, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in {"pandas", "polars"} - {library}:
        monkeypatch.setitem(sys.modules, other, None)  # as if it were not installed
    frames = __import__(library)
    added = client.add_dataset(library, frames.DataFrame({"key": ["a", "b"], "n": [1, 2]}), id="key")
    assert (added.rows, added.columns, added.id_field) == (2, ["key", "n"], "key")
    client.delete(library, kind="dataset")
    c = client.compare("digits/pixels", "digits/epoch20")
    rows = c.to_frame()
    assert isinstance(rows, frames.DataFrame)
    assert list(rows.columns) == ["row_a", "row_b", "shared", "jaccard"]
    assert rows["shared"].sum() == round(c.raw["overlap"]["mean"] * 1797 * 10)
    np.testing.assert_array_equal(rows["jaccard"], c.per_row)
    assert "digits/epoch20" in list(client.spaces().to_frame()["name"])
    assert len(client.neighbours("digits/pixels", row=0, k=3).to_frame()) == 3


def test_without_a_frame_library_the_error_names_both(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pandas", "polars"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match="neither pandas nor polars"):
        vy.Listing[vy.Space]().to_frame()


@pytest.mark.parametrize("installed", [True, False])
def test_progress_says_what_is_done(
    installed: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not installed:
        monkeypatch.setitem(sys.modules, "tqdm", None)
        monkeypatch.setitem(sys.modules, "tqdm.auto", None)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Progress("compare a with b", after=0) as progress:
        progress.show(0.25, "neighbours of a")
        for _ in range(100):
            progress.show(0.5, "drawn too often")
    said = capsys.readouterr().err
    assert "neighbours of a" in said and "25" in said
    assert said.count("drawn too often") <= 1
    assert ("100" in said) == installed
    with Progress("soon done") as progress:
        progress.show(0.9, "hardly begun")
    assert capsys.readouterr().err == ""


class OddDaemon(BaseHTTPRequestHandler):
    """What the real one is not: a daemon of another version."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("X-Vectory-Version", "9.9.9")
        self.send_header("X-Vectory-Api", "99")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        pass


def test_a_daemon_of_another_api_is_refused() -> None:
    server = HTTPServer(("127.0.0.1", 0), OddDaemon)
    threading.Thread(target=server.handle_request, daemon=True).start()
    with pytest.raises(vy.VersionMismatchError) as refused:
        vy.connect(f"http://127.0.0.1:{server.server_port}", token="t").status()
    server.server_close()
    assert "9.9.9" in str(refused.value) and vy.__version__ in str(refused.value)
    assert "vectory stop" in str(refused.value) or "pip install" in str(refused.value)
