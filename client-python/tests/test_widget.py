"""The widget's Python half; JupyterLab in a browser is in internal/viewer/tests/notebook."""

from __future__ import annotations

import base64
import gzip
import json
import sys
import threading
import zlib
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
import traitlets
import vectory as vy
from vectory._picture import png
from vectory._widget import Widget, _is_jupyter, invite, relay

ROOT = Path(__file__).parents[2]


@pytest.fixture
def widget(client: vy.Client) -> Any:
    return client.compare("digits/pixels", "digits/epoch20").show()


def test_the_package_ships_what_the_view_built() -> None:
    shipped = ROOT / "client-python/vectory/widget.js"
    assert shipped.read_bytes() == (ROOT / "internal/viewer/dist/widget.js").read_bytes()
    assert len(shipped.read_bytes()) < 200_000


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        ([3, 1, 1], [1, 3]),
        ({7}, [7]),
        (np.array([False, True, True]), [1, 2]),
        ([True, False], [0]),
        (np.array([5, 2], dtype=np.uint8), [2, 5]),
        ([], []),
        (range(3), [0, 1, 2]),
    ],
)
def test_a_selection_takes_rows_in_many_forms(widget: Widget, given: Any, rows: list[int]) -> None:
    widget.selection = given
    assert widget.selection.dtype == np.int64
    assert widget.selection.tolist() == rows
    assert widget.get_state()["selection"] == rows
    with pytest.raises(ValueError, match="read-only"):
        widget.selection += 1


@pytest.mark.parametrize("bad", [[-1], ["a"], [[1, 2]], [0.5], 3])
def test_what_are_no_rows_is_refused(widget: Widget, bad: Any) -> None:
    with pytest.raises((traitlets.TraitError, ValueError)):
        widget.selection = bad


def test_a_selection_is_heard_of_and_shared_with_the_comparison(client: vy.Client) -> None:
    c = client.compare("digits/pixels", "digits/epoch20")
    widget = c.show(height=300)
    heard: list[list[int]] = []
    widget.observe(lambda change: heard.append(change["new"].tolist()), "selection")
    c.selection = [4]
    widget.set_state({"selection": [1, 2]})  # as the browser does
    assert heard == [[4], [1, 2]]
    assert c.selection.tolist() == [1, 2]
    assert (widget.height, widget.k, widget.colour, widget.hovered) == (300, 10, "label", None)


def test_what_is_saved_holds_no_token_and_no_address(client: vy.Client, widget: Widget) -> None:
    state = {name: value for name, value in widget.get_state().items() if name != "_esm"}
    saved = json.dumps(state, default=str)
    data, _ = widget._repr_mimebundle_()
    for text in (saved, json.dumps(data), repr(widget)):
        assert client._transport._token not in text
        assert "127.0.0.1" not in text
    assert "application/vnd.jupyter.widget-view+json" in data
    assert len(data["image/png"]) > 1000
    assert "0.3759" in data["text/plain"]


def test_the_relay_asks_the_daemon(client: vy.Client) -> None:
    answer = relay(client, {"method": "GET", "path": "spaces/digits%2Fpixels"})
    assert answer.status == 200
    assert json.loads(answer.content)["rows"] == 1797
    body = {"a": "digits/pixels", "b": "digits/epoch20", "k": 5}
    made = json.loads(relay(client, {"method": "POST", "path": "comparisons", "body": body}).content)
    assert made.get("comparison") or made.get("job")
    missing = relay(client, {"method": "GET", "path": "spaces/nothing"})
    assert missing.status == 404
    assert json.loads(missing.content)["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "shutdown"),
        ("POST", "tickets"),
        ("DELETE", "spaces/digits%2Fpixels"),
        ("PUT", "spaces/x"),
        ("POST", "comparisons/../shutdown"),
        ("GET", "spaces/../../healthz"),
        ("GET", "../status"),
        ("GET", "ws"),
        ("GET", "spaces HTTP/1.1\r\nX: y"),
    ],
)
def test_the_relay_refuses_what_plots_have_no_need_of(client: vy.Client, method: str, path: str) -> None:
    assert relay(client, {"method": method, "path": path}).status == 403
    assert client.status()["running"]


def test_plots_are_invited_to_a_websocket_of_their_own(client: vy.Client) -> None:
    origin = "http://127.0.0.1:8888"
    given = json.loads(invite(client, {"origin": origin, "host": ""}).content)
    netloc = client._transport.url.removeprefix("http://")
    assert (given["host"], given["port"]) == (netloc, int(netloc.split(":")[1]))
    assert len(given["ticket"]) > 20
    assert len(given["instance"]) > 8
    assert client._transport._token not in json.dumps(given)
    proxied = json.loads(invite(client, {"origin": "https://hub", "host": "hub"}).content)
    assert proxied["host"] == "hub"
    assert proxied["ticket"] != given["ticket"]


@pytest.mark.parametrize(
    "wanted", [{}, {"origin": "null"}, {"origin": "*"}, {"origin": "http://x", "host": "x/y"}]
)
def test_what_is_no_page_gets_no_invitation(client: vy.Client, wanted: dict[str, str]) -> None:
    assert invite(client, wanted).status == 422


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1:1", "http://far.example:1", "http://127.0.0.1:1/prefix", "http://127.0.0.1:9"]
)
def test_of_a_daemon_elsewhere_there_are_no_tickets(url: str) -> None:
    with vy.Client(url, "x") as far:
        assert invite(far, {"origin": "http://127.0.0.1:8888"}).status == 503


def test_a_daemon_that_is_gone_is_told_as_the_daemon_would() -> None:
    with vy.Client("http://127.0.0.1:9", "x") as gone:
        answer = relay(gone, {"method": "GET", "path": "spaces"})
    assert answer.status == 503
    assert json.loads(answer.content)["error"]["code"] == "unavailable"


def test_many_questions_at_once_have_their_own_answers(
    widget: Widget, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[Any, Any]] = []
    monkeypatch.setattr(Widget, "send", lambda self, content, buffers: sent.append((content, buffers)))
    before = set(threading.enumerate())
    for row in range(30):
        path = f"spaces/digits%2Fpixels/neighbours?row={row}&k=1"
        widget._heard(widget, {"id": str(row), "method": "GET", "path": path}, [])
    for thread in set(threading.enumerate()) - before:
        thread.join()
    widget._heard(widget, {"not": "a question"}, [])
    assert sorted(int(content["id"]) for content, _ in sent) == list(range(30))
    for content, buffers in sent:
        assert json.loads(buffers[0])["row"] == int(content["id"])
        assert content["status"] == 200
        assert content["headers"]["content-type"].startswith("application/json")


def test_a_report_of_other_spaces_holds_what_was_asked(client: vy.Client, tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    for name in ("odd/<b>", "odd/ä b"):
        client.log(name, random.normal(size=(40, 5)), strict=True)
    path = client.report("odd/<b>", "odd/ä b", tmp_path / "report.html", k=3)
    text = path.read_text(encoding="utf-8")
    assert "<b>" not in text and "<title>odd/&lt;b&gt; ↔ odd/ä b</title>" in text
    kept = text.split('<script id="archive" type="text/plain">')[1].split("</script>")[0]
    found = json.loads(gzip.decompress(base64.b64decode(kept)))
    key = found["key"]
    assert found["replies"][f"comparisons/{key}"]["k"] == 3
    assert sorted(item["row_a"] for item in found["items"]) == list(range(40))
    assert {layout["method"] for layout in found["layouts"]} == {"joint-umap", "pca"}
    assert client._transport._token not in json.dumps(found) + text


def test_a_widget_is_exported_with_its_colour(widget: Widget) -> None:
    kept = widget.to_html().split('<script id="archive" type="text/plain">')[1].split("</script>")[0]
    found = json.loads(gzip.decompress(base64.b64decode(kept)))
    assert found["colour"] == "label" and len(found["items"]) == 1797


class Notebook:
    """The part of IPython.display that a widget speaks to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, jupyter: bool = True) -> None:
        self.shown: list[dict[str, Any]] = []
        self.updated: list[dict[str, Any]] = []
        display = ModuleType("IPython.display")
        display.display = lambda *data, **said: self.shown.append({"data": data[0], **said})  # type: ignore[attr-defined]
        display.update_display = lambda data, **said: self.updated.append({"data": data, **said})  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "IPython.display", display)
        monkeypatch.setattr("vectory._widget._is_jupyter", lambda: jupyter)


def pixels(picture: str) -> bytes:
    png = base64.b64decode(picture)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return zlib.decompress(png[png.index(b"IDAT") + 4 : png.index(b"IEND") - 8])


def test_what_is_looked_at_replaces_the_picture_beside_the_plots(
    widget: Widget, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = Notebook(monkeypatch)
    widget._ipython_display_()
    plots, still = notebook.shown
    assert "application/vnd.jupyter.widget-view+json" in plots["data"] and "image/png" not in plots["data"]
    assert still["display_id"] == widget.still and "0.3759" in still["data"]["text/plain"]
    looked = png(np.zeros((3, 5, 3), dtype=np.uint8))
    widget._heard(widget, {"still": True}, [memoryview(looked)])
    (update,) = notebook.updated
    assert update["display_id"] == widget.still
    assert pixels(update["data"]["image/png"]) == bytes(3 * 16) != pixels(still["data"]["image/png"])
    head = base64.b64decode(update["data"]["image/png"])[:120]
    assert widget.still.encode() in head  # by this the plots know it
    widget._ipython_display_()
    assert notebook.shown[-1]["data"]["image/png"] == update["data"]["image/png"]


def test_where_nobody_hides_the_picture_it_is_the_same_output(
    widget: Widget, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = Notebook(monkeypatch, jupyter=False)
    widget._ipython_display_()
    (shown,) = notebook.shown
    assert {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"} <= set(shown["data"])
    widget._heard(widget, {"still": True}, [b"\x89PNG"])
    widget._heard(widget, {"still": True}, [])
    assert notebook.updated == []


@pytest.mark.parametrize(
    ("said", "names", "hides"),
    [
        ({}, {}, True),
        ({"VSCODE_PID": "7"}, {}, False),
        ({}, {"__vsc_ipynb_file__": "/a.ipynb"}, False),  # VS Code with the kernel of a remote server
    ],
)
def test_only_jupyters_own_pages_hide_the_picture(
    said: dict[str, str], names: dict[str, str], hides: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = SimpleNamespace(kernel=object(), user_ns=names)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.delenv("VSCODE_PID", raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    assert _is_jupyter() is hides


def test_colab_is_told_what_draws_the_widget(client: vy.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    enabled: list[str] = []
    url = "https://colab.invalid/manager.min.js"
    output = SimpleNamespace(
        enable_custom_widget_manager=lambda: enabled.append(url), _widgets=SimpleNamespace(_installed_url=url)
    )
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace(output=output))
    monkeypatch.setitem(sys.modules, "google.colab.output", output)
    notebook = Notebook(monkeypatch, jupyter=False)
    client.compare("digits/pixels", "digits/epoch20").show()._ipython_display_()
    (shown,) = notebook.shown
    kind = "application/vnd.jupyter.widget-view+json"
    assert enabled == [url]
    assert shown["metadata"][kind] == {"colab": {"custom_widget_manager": {"url": url}}}
    assert {kind, "image/png", "text/plain"} <= set(shown["data"])


def test_the_steps_of_a_run_are_shown_on_one_map(client: vy.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in (0, 5):
        x = np.load(ROOT / f"internal/demo/data/digits/epoch{step:02}.npy")
        client.log(f"shown/{step}", x, dataset="digits", experiment="shown", step=step, strict=True)
    run = client.experiments()["shown"]
    widget = run.show(reference="digits/pixels", k=5)
    assert (widget.timeline, widget.reference, widget.step, widget.k) == (
        "shown",
        "digits/pixels",
        None,
        5,
    )
    widget.set_state({"step": 5})  # as the slider does
    assert widget.step == 5 and widget.spaces == []
    monkeypatch.setattr(sys.modules["vectory._showing"], "_widget", lambda: None)
    still = run.show()
    assert still.image.startswith(b"\x89PNG") and "shown/5" in still._repr_html_()
    with pytest.raises(vy.InvalidError, match="what to show"):
        client.show()
    with pytest.raises(vy.NotFoundError):
        client.show(timeline="nothing")


def test_the_steps_of_a_run_in_one_of_two_datasets(
    client: vy.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["vectory._showing"], "_widget", lambda: None)
    x = np.random.default_rng(0).normal(size=(60, 8))
    client.add_dataset("held-out", [{"id": f"h{i}"} for i in range(40)], id="id")
    client.add_dataset("seen", [{"id": f"s{i}"} for i in range(60)], id="id")
    for step in (0, 1):
        client.log(
            f"both/held-out-{step}",
            x[:40] + step,
            dataset="held-out",
            experiment="both",
            step=step,
            strict=True,
        )
    with client.watch("both", "seen") as run:
        for step in (0, 1):
            run(step, x + step * 0.1)
    with pytest.raises(vy.InvalidError, match="at step 0"):
        client.show(timeline="both")
    for shown in (run, client.experiments()["both"]):
        still = shown.show() if shown is run else shown.show(dataset="seen")
        assert "both/step-1" in still._repr_html_() and "held-out" not in still._repr_html_()
    monkeypatch.undo()
    widget = client.show(timeline="both", dataset="held-out")
    assert (widget.timeline, widget.dataset) == ("both", "held-out")
    assert widget.get_state()["dataset"] == "held-out"


def test_one_space_is_exported_with_its_neighbours(client: vy.Client, tmp_path: Path) -> None:
    widget = client.spaces()["digits/pixels"].show()
    text = widget.to_html(tmp_path / "space.html")
    assert (tmp_path / "space.html").read_text(encoding="utf-8") == text
    assert "<title>digits/pixels</title>" in text
    kept = text.split('<script id="archive" type="text/plain">')[1].split("</script>")[0]
    found = json.loads(gzip.decompress(base64.b64decode(kept)))
    assert (found["space"], found["key"], found["colour"]) == ("digits/pixels", "", "label")
    assert {layout["method"] for layout in found["layouts"]} >= {"umap", "pca"}
    near = client.neighbours("digits/pixels", row=77, k=15)
    assert [n["row"] for n in found["lists"][77]["neighbours"]] == near.rows.tolist()
    assert len(found["lists"]) == 1797
    assert client._transport._token not in json.dumps(found) + text


def test_the_widget_shows_the_comparison_that_was_made_and_no_other(client: vy.Client) -> None:
    c = client.compare("digits/pixels", "digits/epoch20", metric_a="cosine", metric_b="cosine")
    assert c.show().comparison == c.raw["key"]
    assert c.raw["key"] != client.compare("digits/pixels", "digits/epoch20").raw["key"]
