"""The widget's Python half; JupyterLab in a browser is in internal/viewer/tests/notebook."""

from __future__ import annotations

import base64
import gzip
import json
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets
import vectory as vy
from vectory._widget import Widget, relay

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
        ("GET", "spaces HTTP/1.1\r\nX: y"),
    ],
)
def test_the_relay_refuses_what_plots_have_no_need_of(client: vy.Client, method: str, path: str) -> None:
    assert relay(client, {"method": method, "path": path}).status == 403
    assert client.status()["running"]


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
        thread.join(30)
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
    assert "<b>" not in text.replace("<body>", "") and "odd/&lt;b&gt; | odd/ä b" in text
    kept = text.split('id="kept" type="text/plain">')[1].split("</script>")[0]
    found = json.loads(gzip.decompress(base64.b64decode(kept)))
    assert found["module"] == (ROOT / "client-python/vectory/widget.js").read_text(encoding="utf-8")
    key = found["values"]["comparison"]
    assert {f"GET comparisons/{key}/items?row={row}" for row in range(40)} <= set(found["answers"])
    assert {"POST layouts joint-umap", "GET spaces/odd/ä b"} <= set(found["answers"])
    assert client._transport._token not in json.dumps(found)
