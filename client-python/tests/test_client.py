"""The package against a real daemon and real data."""

from __future__ import annotations

import csv
import io
import os
import sys
import threading
import tracemalloc
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vectory as vy
from vectory._arrays import Npy, as_matrix
from vectory._progress import Progress

DATA = Path(__file__).parents[2] / "internal/demo/data/digits"


class FakeTensor:
    """What of a torch tensor the client touches, so that torch is not needed here."""

    dtype = "torch.bfloat16"

    def __init__(self, bits: np.ndarray) -> None:
        self.bits = bits

    def detach(self) -> FakeTensor:
        return self

    cpu = contiguous = detach

    def view(self, dtype: Any) -> np.ndarray:
        return self.bits.view(dtype)


int16 = np.int16  # as torch.int16


@pytest.mark.parametrize("of", ["torch", "ml_dtypes"])
def test_bfloat16_is_sent_by_name(client: vy.Client, of: str) -> None:
    want = np.array([[1, -2.5], [3e38, 0.0078125], [4, 5]], np.float32)
    bits = (want.view(np.uint32) >> 16).astype(np.uint16)  # cut off, as bfloat16 is
    want = (bits.astype(np.uint32) << 16).view(np.float32)
    x = FakeTensor(bits) if of == "torch" else bits.view(pytest.importorskip("ml_dtypes").bfloat16)
    space = client.log(f"brain/{of}", x, strict=True)
    assert space is not None
    assert space.dtype_in == "bfloat16"
    assert np.array_equal(as_matrix(x), want)
    kept = client._transport.request("GET", f"spaces/brain%2F{of}/vectors")
    assert np.array_equal(np.load(io.BytesIO(kept)), want)
    bits[1, 1] = 0x7FC0
    with pytest.raises(vy.InvalidError, match="row 1, column 1 is nan"):
        client.log(f"brain/{of}/nan", x, strict=True)


@pytest.mark.parametrize("dtype", ["<f2", "<f4", ">f4", "<f8", "<i8", "u1", "?"])
@pytest.mark.parametrize("layout", ["C", "F", "strided"])
def test_npy_parts_are_what_numpy_reads(dtype: str, layout: str) -> None:
    x = np.arange(60).reshape(10, 6).astype(dtype)
    x = {"C": x, "F": np.asfortranarray(x), "strided": x[::2, ::3]}[layout]
    npy = Npy(as_matrix(x))
    content = b"".join(npy)
    assert npy.size == len(content)
    back = np.load(io.BytesIO(content))
    assert back.dtype == x.dtype
    np.testing.assert_array_equal(back, x)


def test_no_second_copy_of_the_array() -> None:
    x = np.ones((200_000, 64), dtype=np.float32)
    tracemalloc.start()
    for _ in Npy(as_matrix(x)):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < x.nbytes / 2


@pytest.mark.parametrize(
    ("x", "words"),
    [
        ([[1.0, 2.0], [np.nan, np.inf]], "row 1, column 0 is nan (2 bad values in 1 rows)"),
        ([1.0, 2.0], "shape (2,)"),
        (np.zeros((2, 2, 2)), "shape (2, 2, 2)"),
        (np.zeros((0, 3)), "empty"),
        ([["a"]], "not numbers"),
    ],
)
def test_bad_arrays_are_refused_and_named(client: vy.Client, x: Any, words: str) -> None:
    with pytest.raises(vy.InvalidError) as refused:
        client.log("bad", x, strict=True)
    assert words in str(refused.value)
    run = vy.Client(client._transport.url, client._transport._token)
    with pytest.warns(UserWarning, match="vectory.log") as told:
        assert run.log("bad", x) is None
        assert run.log("bad", x) is None
    run.close()
    assert (len(told), told[0].filename, run.lost) == (1, __file__, ["bad", "bad"])
    assert "bad" not in [s["name"] for s in client.spaces()]


def test_the_function_of_the_original_tool(client: vy.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vy, "_client", lambda: client)
    mean, by_id, figure, axes = vy.compare_embedding_spaces("digits/pixels", "digits/epoch20")
    assert mean == pytest.approx(0.37586171552353576, abs=1e-12)
    assert len(by_id) == 1797 and by_id["digit-0000"] == 0.25
    assert np.mean(list(by_id.values())) == pytest.approx(mean, abs=1e-12)
    assert figure is None and axes is None
    cosine = vy.compare_embedding_spaces(
        "digits/pixels", "digits/epoch20", "cosine", "cosine", allow_precompute_knn=True
    )
    assert cosine[0] == pytest.approx(0.36927405, abs=1e-7)


def test_compare_gives_the_known_score(client: vy.Client) -> None:
    c = client.compare("digits/pixels", "digits/epoch20")
    assert c.mean == pytest.approx(0.375861715523536, abs=1e-12)
    assert c.per_row.shape == (1797,)
    assert c.per_row.mean() == pytest.approx(c.mean, abs=1e-12)
    counts, edges = c.histogram
    assert counts.sum() == 1797
    assert len(edges) == 11
    assert c.worst(1)[0]["id"] == "digit-0646"
    assert len(c.groups("label")) == 10
    again = client.compare("digits/pixels", "digits/epoch20", metric_a="cosine", metric_b="cosine")
    assert again.mean == pytest.approx(0.369274050000958, abs=1e-12)
    assert client.compare("digits/pixels", "digits/epoch20", preset="vectory").mean == pytest.approx(
        0.412854305022366, abs=1e-12
    )


def test_measures_are_those_of_numpy(client: vy.Client) -> None:
    c = client.compare("digits/pixels", "digits/epoch20", measure="all")
    names = {m["name"] for m in client.measures() if m["of"] == "pair"}
    assert set(c.measures) == names
    x, y = (np.load(DATA / f"{name}.npy").astype(np.float64) for name in ("pixels", "epoch20"))
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    cka = (x.T @ y).__pow__(2).sum() / np.linalg.norm(x.T @ x) / np.linalg.norm(y.T @ y)
    assert c.measures["cka"]["value"] == pytest.approx(cka, rel=1e-9)
    nuclear = np.linalg.norm(x.T @ y, "nuc") / np.linalg.norm(x) / np.linalg.norm(y)
    assert c.measures["procrustes"]["value"] == pytest.approx(nuclear, rel=1e-9)
    for name, m in c.measures.items():
        assert (m["value"] is None) == ("reason" in m), name
    few = client.compare("digits/pixels", "digits/epoch20", measure=["svcca", "rbo"])
    assert set(few.measures) == {"svcca", "rbo"}
    assert few.measures["rbo"]["value"] == c.measures["rbo"]["value"]
    for ask in (
        lambda: client.compare("digits/pixels", "digits/epoch20", k=0),
        lambda: client.grade("digits/pixels", k=0),
        lambda: client.neighbours("digits/pixels", row=0, k=0),
        lambda: client.matrix(["digits/pixels"], k=0),
        lambda: client._ask("GET", "spaces/digits%2Fpixels/grade", {"k": 0}),
        lambda: client._ask("GET", "spaces/digits%2Fpixels/neighbours", {"k": 0, "row": 0}),
    ):
        with pytest.raises(vy.InvalidError, match="k=0 cannot be"):
            ask()
    with pytest.raises(vy.InvalidError, match="unknown measure 'ckaa'"):
        client.compare("digits/pixels", "digits/epoch20", measure="ckaa")
    with pytest.raises(vy.InvalidError, match="does not measure a pair"):
        client.compare("digits/pixels", "digits/epoch20", measure="vendi")


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


def test_drift_to_other_items(client: vy.Client) -> None:
    x = np.load(DATA / "epoch20.npy")
    client.log("drift/first", x[:900], strict=True)
    client.log("drift/second", x[900:] + 3, strict=True)
    d = client.drift("drift/first", "drift/second")
    assert d["measures"]["drift_auc"]["value"] > 0.99
    assert d["measures"]["drift_energy"]["p"] < 0.01
    near = np.sqrt(((x[:900, None] - (x[None, 900:] + 3)) ** 2).sum(-1)).min(axis=0)
    assert d["novel"][0]["row"] == near.argmax()
    assert d["novel"][0]["distance"] == pytest.approx(near.max(), rel=1e-6)


def test_datasets_without_common_ids(client: vy.Client) -> None:
    for name in ("left", "right"):
        client.add_dataset(name, [{f"{name}_id": f"{name}-{i}"} for i in range(20)], id=f"{name}_id")
        client.log(f"apart/{name}", np.eye(20, 4, dtype=np.float32), dataset=name, strict=True)
    with pytest.raises(vy.InvalidError, match=r"'left_id' of .* begins with 'left-0', column 'right_id' of"):
        client.compare("apart/left", "apart/right")


def test_columns_and_flow(client: vy.Client) -> None:
    c = client.compare("digits/pixels", "digits/epoch20", measure="all")
    lists = (
        "rbo",
        "rank_similarity",
        "joint_rank_jaccard",
        "overlap",
        "imbalance_a_to_b",
        "imbalance_b_to_a",
    )
    for name in lists:
        assert c.column(name).mean() == pytest.approx(c.measures[name]["value"], rel=1e-12)
    x, y = (np.load(DATA / f"{name}.npy").astype(np.float64) for name in ("pixels", "epoch20"))
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    k, m = x @ x.T, y @ y.T
    aligned = (k * m).sum(axis=1) / np.linalg.norm(k, axis=1) / np.linalg.norm(m, axis=1)
    assert c.column("alignment") == pytest.approx(aligned, rel=1e-9)
    # What the mean of a measure is made of.
    for name in ("second_order_cosine", "second_order_similarity", "neighbour_distances", "r_nx_auc"):
        assert np.nanmean(c.column(name)) == pytest.approx(c.measures[name]["value"], rel=1e-12)
    assert c.column("cka_share").sum() == pytest.approx(1, rel=1e-12)
    residual = c.column("procrustes_residual")
    assert (residual**2).mean() == pytest.approx(2 - 2 * c.measures["procrustes"]["value"], rel=1e-9)
    assert c.column("occurrences_b").sum() == c.column("row_a").size * c.raw["k"]
    near = np.sort(np.sqrt(((y[:50, None] - y) ** 2).sum(-1)), axis=1)[:, c.raw["k"]]
    assert c.column("reach_b")[:50] == pytest.approx(near, rel=1e-6)
    grade = client.grade("digits/epoch20", label="label")
    assert c.column("purity_b:label").mean() == pytest.approx(grade["label_purity"], rel=1e-12)
    # What a row's labels and distances say, against the definitions.
    labels = np.array([r["label"] for r in csv.DictReader((DATA / "items.csv").read_text().splitlines())])
    raw = {name: np.load(DATA / f"{name}.npy").astype(np.float64) for name in ("pixels", "epoch20")}
    lists = {}
    for side, name in (("a", "pixels"), ("b", "epoch20")):
        own = raw[name]
        squares = (own**2).sum(1)
        gaps = squares[:, None] + squares - 2 * own @ own.T
        np.fill_diagonal(gaps, -1)
        lists[side] = np.argsort(np.round(gaps, 6), axis=1, kind="stable")[:, 1:11]
        same = labels[lists[side]] == labels[:, None]
        margin = c.column(f"margin_{side}:label")
        only = same.sum(1) >= 8  # of ten: the others are at most two
        assert (margin[only] >= 0.6).all()
        assert margin[same.all(1)].min() == 1
        unit = own / np.linalg.norm(own, axis=1, keepdims=True)
        apart = 1 - unit @ unit.T
        means = np.stack([apart[:, labels == v].sum(1) for v in np.unique(labels)])
        sizes = np.array([(labels == v).sum() for v in np.unique(labels)])
        at = labels.astype(int)
        inside = means[at, np.arange(1797)] / (sizes[at] - 1)
        other = means / sizes[:, None]
        other[at, np.arange(1797)] = np.inf
        outside = other.min(0)
        silhouette = (outside - inside) / np.maximum(outside, inside)
        assert c.column(f"silhouette_{side}:label") == pytest.approx(silhouette, abs=1e-9)
        space = client.grade(f"digits/{name}")
        local = c.column(f"dimension_{side}")
        assert 1 / np.nanmean(1 / local) == pytest.approx(space["dimension_mle"], rel=1e-9)
    right = {side: labels[lists[side][:, 0]] == labels for side in lists}
    flip = right["b"].astype(float) - right["a"]
    assert (c.column("flip:label") != flip).mean() < 0.01  # digits tie
    assert c.worst(1, by="flip:label")[0]["value"] == -1
    far, near = c.column("reach_a"), c.column("reach_b")
    sparser = np.log(far / np.median(far)) - np.log(near / np.median(near))
    assert c.column("sparser") == pytest.approx(sparser, abs=1e-9)
    wrong = {
        "purity_a": "needs labels",
        "flip": "needs labels",
        "silhouette_a:id": "every row is alone with its label",
        "dimension_a:label": "column 'dimension_a:label'",
        "purity_a:nothing": "column 'nothing'",
        "rbo:label": "column 'rbo:label'",
    }
    for name, match in wrong.items():
        with pytest.raises(vy.InvalidError, match=match):
            c.column(name)
    with pytest.raises(vy.InvalidError, match="same dimensions"):
        c.column("moved")
    with pytest.raises(vy.InvalidError, match="no column 'cka'"):
        c.column("cka")
    # Rows in the order of any of them, and a frame of all.
    worst, best = c.worst(3, by="procrustes_residual"), c.best(3, by="rbo")
    assert [item["value"] for item in worst] == sorted(residual)[:-4:-1]
    assert [item["value"] for item in best] == sorted(c.column("rbo"))[:-4:-1]
    with pytest.raises(vy.InvalidError, match="does not say which rows agree"):
        c.worst(3, by="reach_a")
    assert list(c.to_frame())[:4] == ["row_a", "row_b", "shared", "jaccard"]
    every = c.to_frame("all")
    assert "alignment" in every and "moved" not in every
    assert {len(every[name]) for name in every} == {1797}
    same = client.compare("digits/epoch20", "digits/epoch20", floor=["digits/pixels", "digits/epoch20"])
    assert same.floor is not None and same.floor["range"] == [pytest.approx(c.mean), 1]
    assert len(same.floor["pairs"]) == 3
    assert c.floor is None
    assert not same.column("moved").any()
    values, a, b = c.flow("label")
    assert values == [str(d) for d in range(10)]
    assert a.shape == b.shape == (10, 10)
    assert a.sum(axis=1) == pytest.approx(1)
    assert a.diagonal().mean() == pytest.approx(
        client.grade("digits/pixels", label="label")["label_purity"], abs=0.01
    )
    assert {g["q"] < 0.05 for g in c.groups("label")} == {True, False}
    with pytest.raises(vy.InvalidError, match="no column 'colour'"):
        c.flow("colour")
    with pytest.raises(vy.InvalidError, match="1797 different values"):
        c.flow("id")


def test_matrix_and_timeline(client: vy.Client) -> None:
    names = ["digits/pixels", "digits/epoch20"]
    m = client.matrix(names)
    assert m.spaces == names
    assert m.values.diagonal() == pytest.approx(1)
    assert m.values[0, 1] == m.values[1, 0] == pytest.approx(0.37586171552353576)
    assert m.chance[0, 1] == pytest.approx(0.0029378508781069406)
    assert m.to_frame()["digits/epoch20"][0] == m.values[0, 1]
    assert "0.3759" in repr(m)
    assert "0.3759" in m._repr_html_()
    x = np.load(DATA / "epoch20.npy")
    for step in (1, 2, 3):
        client.log(
            f"line/{step}",
            x + step * 0.05 * np.sin(np.arange(x.size)).reshape(x.shape),
            experiment="line",
            step=step,
            strict=True,
        )
    line = client.timeline("line")
    assert line.steps == [1, 2, 3]
    previous, first = line.columns["previous"], line.columns["first"]
    assert previous[0] is None
    assert first[2] is not None and previous[1] is not None and first[2] < previous[1]
    assert "0." in repr(line) and "<svg" in line._repr_html_()
    assert list(line.to_frame().columns) == ["step", "space", "previous", "first", "last"]
    reference = client.experiments()["line"].timeline(reference="line/1").columns["reference"]
    assert reference == pytest.approx(first)
    with pytest.raises(vy.InvalidError, match="0 spaces with a step in dataset 'digits'"):
        client.timeline("line", dataset="digits")
    with pytest.raises(vy.NotFoundError, match="no dataset"):
        client.project(timeline="line", dataset="nothing")
    with pytest.raises(vy.NotFoundError, match="no experiment is named"):
        client.timeline("nothing")
    client.delete("line", kind="experiment", recursive=True)


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


def test_a_sample_of_the_rows(client: vy.Client) -> None:
    exact = client.compare("digits/pixels", "digits/epoch20")
    c = client.compare("digits/pixels", "digits/epoch20", sample=400)
    assert c.raw["sampled_rows"] == 400
    assert c.raw["exact"] is False
    low, high = c.raw["jaccard"]["ci95"]
    assert low < c.mean < high
    assert low < exact.mean < high
    assert c.chance == exact.chance
    rows = c.column("row_a")
    assert len(rows) == 400
    assert (np.diff(rows) > 0).all()
    assert (c.per_row == exact.per_row[rows]).all()
    assert sum(g["rows"] for g in c.groups("label")) == 400
    assert "400 of 1797 rows" in repr(c)
    assert c.worst(1)[0]["row_a"] in rows
    assert client.compare("digits/pixels", "digits/epoch20", exact=True).raw["exact"] is True
    with pytest.raises(vy.InvalidError, match="says nothing"):
        client.compare("digits/pixels", "digits/epoch20", sample=3)


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


@pytest.mark.parametrize("form", ["float16", "float64", "fortran"])
def test_other_forms_of_an_array_are_kept_as_the_same_float32(client: vy.Client, form: str) -> None:
    x = np.load(DATA / "pixels.npy")  # multiples of 1/16: exact in float16
    other = np.asfortranarray(x) if form == "fortran" else x.astype(form)
    kept = client.log(f"forms/{form}", other, dataset="digits", strict=True)
    assert kept is not None
    assert kept["sha256"] == next(s["sha256"] for s in client.spaces() if s["name"] == "digits/pixels")


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


def test_a_space_of_some_items(client: vy.Client) -> None:
    ids = [f"digit-{i:04d}" for i in range(200, 0, -2)]
    pixels = np.load(DATA / "pixels.npy")[200:0:-2]
    part = client.log("part", pixels, dataset="digits", ids=ids, metric="euclidean", strict=True)
    assert part is not None and part.rows == 100 and part.dataset.startswith("digits/part-")
    c = client.compare("part", "digits/pixels", k=10)
    assert (c.mean, c.raw["rows"], c.raw["excluded"]["missing_in_a"]) == (1.0, 100, 1697)
    with pytest.raises(vy.InvalidError, match="not in dataset 'digits': 'x'"):
        client.log("bad", pixels[:1], dataset="digits", ids=["x"], strict=True)
    with pytest.raises(vy.InvalidError, match="none was named"):
        client.log("bad", pixels[:1], ids=["x"], strict=True)
