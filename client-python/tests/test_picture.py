"""What `show` gives where no widget runs: a picture that numpy alone has drawn."""

from __future__ import annotations

import io
import sys

import matplotlib.image
import numpy as np
import pytest
import vectory as vy
from vectory._picture import colours, png, scatter


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if anywidget were not installed."""
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "vectory._widget", raising=False)


def test_a_png_is_what_another_reader_sees() -> None:
    page = np.random.default_rng(0).integers(0, 256, (31, 17, 3), dtype=np.uint8)
    back = matplotlib.image.imread(io.BytesIO(png(page)), format="png")
    np.testing.assert_array_equal(np.rint(255 * back[..., :3]).astype(np.uint8), page)


def test_points_are_drawn_where_they_lie() -> None:
    xy = np.array([[0, 0], [1, 0], [0, 1], [np.nan, 0]], dtype=np.float32)
    ink = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 9, 9]], dtype=np.uint8)
    page = scatter(xy, ink, 101)
    left, right, top = ((page == colour).all(axis=-1) for colour in ink[:3])
    assert np.argwhere(left)[:, 0].min() > np.argwhere(top)[:, 0].max()  # y grows upwards
    assert np.argwhere(left)[:, 1].max() < np.argwhere(right)[:, 1].min()
    assert not (page == 9).any()
    assert (page == 255).all(axis=-1).mean() > 0.9
    assert (scatter(np.full((2, 2), np.nan), ink[:2], 9) == 255).all()


@pytest.mark.parametrize("n", [1, 2, 8, 9, 20])
def test_each_value_has_its_colour(n: int) -> None:
    ink = colours([str(i % n) for i in range(60)])
    assert ink.shape == (60, 3)
    assert len(np.unique(ink, axis=0)) == n
    assert (ink.astype(int).sum(axis=1) < 600).all()  # seen on white


@pytest.mark.usefixtures("bare")
def test_show_without_anywidget_gives_a_picture_the_numbers_and_a_word(client: vy.Client) -> None:
    shown = client.compare("digits/pixels", "digits/epoch20").show()
    page = matplotlib.image.imread(io.BytesIO(shown._repr_png_()), format="png")[..., :3]
    assert page.shape == (360, 721, 3)
    for half in (page[:, :360], page[:, 361:]):
        ink = (half < 0.99).any(axis=-1)
        assert 0.02 < ink.mean() < 0.6, "blank or full"
        assert len(np.unique(half[ink], axis=0)) == 10, "a colour for each digit"
    said = shown._repr_html_()
    assert "0.3759" in said and "pip install" in said and 'src="data:image/png;base64,' in said
    assert "0.3759" in repr(shown) and "pip install anywidget" in repr(shown)
    one = client.spaces()["digits/epoch20"].show(colour="thumbnail")
    assert matplotlib.image.imread(io.BytesIO(one._repr_png_()), format="png").shape[:2] == (360, 360)
    with pytest.raises(vy.InvalidError, match="no column 'colour'"):
        client.spaces()["digits/epoch20"].show(colour="colour")


@pytest.mark.usefixtures("bare")
def test_a_selection_needs_a_widget(client: vy.Client) -> None:
    c = client.compare("digits/pixels", "digits/epoch20")
    assert c.selection.tolist() == []
    with pytest.raises(ValueError, match=r"call show\(\) first"):
        c.selection = [1, 2]
