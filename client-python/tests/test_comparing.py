"""Comparisons of two spaces and of many, against a real daemon and numpy."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vectory as vy
from vectory._results import Comparison

DATA = Path(__file__).parents[2] / "internal/demo/data/digits"


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


def test_the_score_by_the_values_of_a_column(client: vy.Client) -> None:
    names = ("digits/pixels", "digits/epoch20")
    plain = client.compare(*names)
    c = client.compare(*names, by="label")
    assert plain.raw["groups"] == [] and c.mean == plain.mean
    labels = np.array([r["label"] for r in csv.DictReader((DATA / "items.csv").read_text().splitlines())])
    groups = c.groups("label")
    assert groups == plain.groups("label") == [g for g in c.raw["groups"] if g["column"] == "label"]
    for g in groups:
        assert g["jaccard"] == pytest.approx(plain.per_row[labels == g["value"]].mean(), rel=1e-12)
        assert g["rows"] == (labels == g["value"]).sum()
    shown = c._repr_html_()
    assert "chance within" in shown and "chance within" not in plain._repr_html_()
    assert repr(plain).endswith(", 1797 rows, euclidean>")
    assert repr(c).endswith(", 1797 rows, euclidean, by label>")
    assert f"<td>{groups[3]['rows']}</td><td>{groups[3]['jaccard']:.4f}</td>" in shown
    assert (c.column("purity_a") == c.column("purity_a:label")).all()  # the labels need not be named again
    two = client.compare(*names, by=["label", "id"])
    assert list(dict.fromkeys(g["column"] for g in two.raw["groups"])) == ["label", "id"]
    shown = two._repr_html_()
    assert shown.count("<tr>") < 60 and "id: the lowest 20 of 1797" in shown
    assert f"<td>{plain.worst(1)[0]['id']}</td><td>1</td><td>{plain.per_row.min():.4f}</td>" in shown
    with pytest.raises(vy.InvalidError, match="no column 'colour' to group by"):
        client.compare(*names, by="colour")


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


def test_what_was_asked_tells_comparisons_apart(client: vy.Client) -> None:
    """In a list of them, and where an index gave approximate neighbours of all rows: that is no sample."""
    names = ("digits/pixels", "digits/epoch20")
    ways: list[dict[str, Any]] = [
        {},
        {"by": ["label", "id"]},
        {"metric_a": "cosine"},
        {"preset": "platonic"},
        {"sample": 400},
    ]
    told = [repr(client.compare(*names, **way)).partition("), ")[2] for way in ways]
    assert told == [
        "1797 rows, euclidean>",
        "1797 rows, euclidean, by label and id>",
        "1797 rows, cosine, euclidean>",
        "1797 rows, cosine, preset platonic>",
        "400 of 1797 rows, euclidean>",
    ]
    plain = client.compare(*names)
    searched = Comparison({**plain.raw, "engine": "elasticsearch", "exact": False}, client)
    assert repr(searched).endswith("), 1797 rows, euclidean, by elasticsearch, approximate>")
    named = Comparison({**searched.raw, "index_a": "flat", "index_b": "tables"}, client)
    assert repr(named).endswith(", by elasticsearch flat tables, approximate>")
    assert "<td>1797</td>" in searched._repr_html_() and "None" not in searched._repr_html_()
