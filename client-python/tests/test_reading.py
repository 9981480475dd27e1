"""What a person reads at a prompt and in a notebook, and what is drawn."""

from __future__ import annotations

import inspect
import pickle
import pydoc
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
import vectory as vy
from vectory import _provenance
from vectory._results import Neighbours

matplotlib.use("Agg")

Ask = Callable[[vy.Client], Any]

OBJECTS: dict[str, Ask] = {
    "comparison": lambda c: c.compare("digits/pixels", "digits/epoch20", measure=["rbo", "svcca"]),
    "curve": lambda c: c.compare("digits/pixels", "digits/epoch20").curve((1, 10, 50)),
    "matrix": lambda c: c.matrix(["digits/pixels", "digits/epoch20"]),
    "neighbours": lambda c: c.spaces()["digits/pixels"].neighbours(row=3, k=4),
    "grade": lambda c: c.spaces()["digits/pixels"].grade(label="label"),
    "space": lambda c: c.spaces()["digits/pixels"],
    "dataset": lambda c: c.datasets()["digits"],
    "spaces": lambda c: c.spaces(),
}
NUMBERS = {
    "comparison": "0.3759",
    "curve": "0.3759",
    "matrix": "0.3759",
    "neighbours": "digit-",
    "grade": "label_purity",
}


@pytest.mark.parametrize("name", OBJECTS)
def test_objects_read_as_text_and_as_html(client: vy.Client, name: str) -> None:
    thing = OBJECTS[name](client)
    page = thing._repr_html_()
    ET.fromstring(page)  # well formed, so every tag is closed and every text escaped
    wanted = NUMBERS.get(name, "1797")
    assert wanted in repr(thing)
    assert wanted in page
    assert "0x" not in repr(thing)


def test_a_comparison_tells_its_parts(client: vy.Client) -> None:
    c = client.spaces()["digits/pixels"].compare("digits/epoch20")
    assert c.ci95 is not None and c.ci95[0] < c.mean < c.ci95[1]
    curve = c.curve((1, 10, 50, 5000))  # no row has 5000 neighbours
    assert curve.ks.tolist() == [1, 10, 50]
    assert curve.means[1] == c.mean
    assert curve.chances[1] == c.chance
    grade = client.grade("digits/pixels")
    rows = grade.to_frame()
    assert len(rows) == len(grade.measures)
    assert grade.health["duplicate_rows"] == 0


@pytest.mark.parametrize("name", ["comparison", "curve", "matrix"])
def test_plots_show_the_numbers(client: vy.Client, name: str, tmp_path: Path) -> None:
    ax = OBJECTS[name](client).plot()
    drawn = {
        "comparison": lambda: [p.get_data().values.sum() for p in ax.patches] == [1797],
        "curve": lambda: ax.lines[0].get_ydata()[1] == pytest.approx(0.3759, abs=1e-4),
        "matrix": lambda: "0.38" in [t.get_text() for t in ax.texts],
    }
    assert drawn[name]()
    ax.figure.savefig(tmp_path / "plot.png")
    matplotlib.pyplot.close(ax.figure)
    other = matplotlib.pyplot.figure().subplots()
    assert OBJECTS[name](client).plot(other) is other
    matplotlib.pyplot.close(other.figure)


def test_a_pair_without_a_value_is_seen_in_the_matrix(client: vy.Client) -> None:
    m = client.matrix(["digits/pixels", "digits/epoch20"])
    m.values[0, 1] = np.nan
    ax = m.plot()
    assert [(t.get_text(), t.get_color()) for t in ax.texts][1] == ("–", "black")  # on white
    matplotlib.pyplot.close(ax.figure)


def test_a_timeline_is_drawn_with_gaps(client: vy.Client) -> None:
    x = np.load(Path(__file__).parents[2] / "internal/demo/data/digits/epoch20.npy")
    for step in (1, 2):
        client.log(f"drawn/{step}", x + step, experiment="drawn", step=step, strict=True)
    line = client.timeline("drawn")
    ET.fromstring(line._repr_html_())
    ax = line.plot()
    assert np.isnan(ax.lines[0].get_ydata()[0])
    assert ax.lines[0].get_ydata()[1] == line.columns["previous"][1]
    assert all(tick == int(tick) for tick in ax.get_xticks())
    matplotlib.pyplot.close(ax.figure)
    client.delete("drawn", kind="experiment", recursive=True)


def test_without_matplotlib_the_error_names_it(client: vy.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match="pip install matplotlib"):
        client.compare("digits/pixels", "digits/epoch20").plot()


FRAMES: dict[str, Ask] = {
    **{name: ask for name, ask in OBJECTS.items() if name not in ("space", "dataset")},
    "datasets": lambda c: c.datasets(),
    "experiments": lambda c: c.experiments(),
    "timeline": lambda c: c.timeline("run"),
}


@pytest.fixture(scope="module")
def two_runs(client: vy.Client) -> Iterator[None]:
    """Runs whose parameters share a name, not a type; equal steps agree by 1, an int in JSON."""
    x = np.load(Path(__file__).parents[2] / "internal/demo/data/digits/epoch20.npy")
    for step, part in ((1, x), (2, x), (3, x[:, :4])):
        client.log(f"run/{step}", part, experiment="run", step=step, params={"lr": 0.1}, strict=True)
    client.log("words/1", x, experiment="words", params={"lr": "falling"}, strict=True)
    yield
    for name in ("run", "words"):
        client.delete(name, kind="experiment", recursive=True)


@pytest.mark.usefixtures("two_runs")
@pytest.mark.parametrize("library", ["pandas", "polars"])
@pytest.mark.parametrize("name", FRAMES)
def test_everything_with_rows_is_a_frame_of_either_library(
    client: vy.Client, name: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = FRAMES[name](client)
    monkeypatch.setitem(sys.modules, "polars" if library == "pandas" else "pandas", None)
    table = thing.to_frame()
    assert type(table).__module__.split(".")[0] == library
    rows = {"comparison": 1797, "curve": 3, "matrix": 2, "grade": len(getattr(thing, "measures", ()))}
    assert len(table) == (rows[name] if name in rows else len(thing)) > 0
    if name == "experiments":
        assert [p["lr"] for p in table["params"]] == [0.1, "falling"]
    if name == "timeline":
        assert table["previous"][1] == 1
        assert table["previous"][2] == thing.columns["previous"][2]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_matrix_of_a_space_called_space_loses_no_column(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = {"values": [[1.0, 0.3], [0.3, 1.0]], "chance": [[0.1, 0.1], [0.1, 0.1]]}
    m = vy.Matrix({"spaces": ["space", "b"], "steps": [None, None], "measure": "jaccard", "k": 10, **pairs})
    monkeypatch.setitem(sys.modules, "polars" if library == "pandas" else "pandas", None)
    table = m.to_frame()
    assert list(table.columns) == ["space_", "space", "b"]
    assert list(table["space_"]) == ["space", "b"]
    assert list(table["space"]) == [1.0, 0.3]


def test_a_name_that_is_not_listed_is_told_with_those_near(client: vy.Client) -> None:
    with pytest.raises(KeyError) as caught:
        client.spaces()["digits/pixel"]
    assert isinstance(caught.value, vy.NotFoundError)
    assert str(caught.value).splitlines() == [
        "nothing listed here is named 'digits/pixel'",
        "  hint: the nearest names are digits/pixels, digits/epoch20",
    ]
    with pytest.raises(vy.NotFoundError, match="nothing listed here is named"):
        client.show("digits/pixel")


def test_a_space_travels_to_another_process(client: vy.Client) -> None:
    space = client.spaces()["digits/pixels"]
    back = pickle.loads(pickle.dumps(space))
    assert back == space
    with pytest.raises(ValueError, match="does not come from a daemon"):
        back.grade()


def test_help_tells_parameters_and_errors() -> None:
    for name in vy.__all__:
        thing = getattr(vy, name)
        if not callable(thing):
            continue
        assert thing.__doc__, name
        if hasattr(vy.Client, name):
            told = list(inspect.signature(thing).parameters)
            assert told == list(inspect.signature(getattr(vy.Client, name)).parameters)[1:], name
            assert "see Client" not in thing.__doc__
    said = pydoc.plain(pydoc.render_doc(vy.log))
    for word in ("strict: 'bool' = False", "n×d", "float32", "InvalidError", "ConflictError"):
        assert word in said, said
    assert "self" not in said.splitlines()[2]
    for name in vy.__all__:
        verb = getattr(vy, name)
        if inspect.isfunction(verb) and name not in ("compare_embedding_spaces", "status", "stop"):
            assert "Raises" in (verb.__doc__ or ""), name


def test_the_help_of_a_method_is_that_of_the_verb(client: vy.Client) -> None:
    space = client.spaces()["digits/pixels"]
    for verb in (space.compare, space.grade, space.neighbours, space.show, vy.Experiment.timeline):
        assert verb.__doc__ == getattr(vy.Client, verb.__name__).__doc__
    assert list(inspect.signature(space.compare).parameters)[:3] == ["b", "k", "metric_a"]
    assert list(inspect.signature(space.grade).parameters) == ["label", "k", "metric"]
    for kind in (
        vy.Comparison,
        vy.Curve,
        vy.Grade,
        vy.Matrix,
        vy.Neighbours,
        vy.Space,
        vy.Timeline,
        vy.Watch,
    ):
        for name, member in inspect.getmembers(kind):
            if not name.startswith("_") and (callable(member) or isinstance(member, property)):
                assert "see Client" not in (member.__doc__ or "").splitlines()[0], f"{kind}.{name}"


def test_a_run_keeps_what_made_it(client: vy.Client) -> None:
    x = np.random.default_rng(5).normal(size=(40, 6))
    client.log("made/1", x, experiment="made", params={"lr": 0.1}, step=1, strict=True)
    client.log("made/2", x * 2, experiment="other", params={"lr": 0.01}, step=2, strict=True)
    made = client.experiments("params.lr>=0.1")["made"]
    assert made.environment["numpy"] == np.__version__
    assert made.environment["python"] and made.environment["host"] and "pytest" in made.environment["command"]
    assert [e.name for e in client.experiments("params.lr<0.1")] == ["other"]
    with pytest.raises(vy.InvalidError, match="no condition"):
        client.experiments("lr")
    found = {change["what"]: (change["from"], change["to"]) for change in client.changes("made/1", "made/2")}
    assert found["parameter lr"] == ("0.1", "0.01")
    assert found["step"] == ("1", "2")


def test_the_commit_is_that_of_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@example.org"]
    (tmp_path / "a").write_text("1")
    for words in (["init", "-q"], ["add", "a"], ["commit", "-q", "-m", "first"]):
        subprocess.run([*git, *words], check=True)
    monkeypatch.chdir(tmp_path)
    clean = _provenance.provenance()["git_commit"]
    assert len(clean) == 40
    (tmp_path / "a").write_text("2")
    _provenance._commit.cache_clear()
    assert _provenance.provenance()["git_commit"] == clean + "-dirty"
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert _provenance.provenance()["git_commit"] == ""


def test_neighbours_by_an_index_say_so() -> None:
    """Which index was asked, and whether it may have missed some."""
    reply = {"space": "a", "metric": "cosine", "neighbours": [{"row": 3, "id": "x", "distance": 0.5}]}
    local = Neighbours.of(reply)
    by_index = Neighbours.of({**reply, "engine": "elasticsearch", "index": "i", "approximate": True})
    assert (local.index, local.approximate) == (None, False)
    assert (by_index.index, by_index.approximate) == ("i", True)
    assert repr(local).startswith("<Neighbours in a, cosine>")
    assert repr(by_index).startswith("<Neighbours in a, cosine, by the index i, which may miss some>")
