"""Advice of the daemon, in the words of Python."""

from __future__ import annotations

from pathlib import Path

import pytest
import vectory as vy
from vectory._words import pythonic

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("advice", "said"),
    [
        (
            "choose another name (--space-name), or replace it with --replace (the old one is kept)",
            "choose another name (name), or replace it with replace=True (the old one is kept)",
        ),
        ("--id=ID or --row=N", 'id="ID" or row=N'),
        (
            '--engine=elasticsearch --where="label=3, size>2"',
            'engine="elasticsearch" where="label=3, size>2"',
        ),
        ("name the spaces: --floor=A2,A3", 'name the spaces: floor="A2,A3"'),
        ("for example --params='{\"lr\": 0.01}' or the path", 'for example params={"lr": 0.01} or the path'),
        ("leave --engine out: the daemon compares", "leave engine out: the daemon compares"),
        (
            "load it again: vectory embeddings load i a/b --model=lsh; or let vectory doctor --fix do it",
            'load it again: vectory.load_index("i", "a/b", model="lsh"); or let vectory doctor --fix do it',
        ),
        (
            "choose another name, or vectory embeddings delete-index i",
            'choose another name, or vectory.delete_index("i")',
        ),
        ("in order: vectory project A B --method=pca", 'in order: vectory.project("A", "B", method="pca")'),
        ("the id of a layout: vectory project SPACE --json tells it", None),
        ("`vectory up --json` tells the token; in a browser: vectory run", None),
        ("vectory stop && vectory up", None),
        (
            "no space is tracked yet; see: vectory add --help",
            "no space is tracked yet; see: help(vectory.log)",
        ),
    ],
)
def test_flags_are_parameters(advice: str, said: str | None) -> None:
    assert pythonic(advice) == (advice if said is None else said)


def test_errors_say_what_python_takes(client: vy.Client) -> None:
    with pytest.raises(vy.ConflictError, match=r"replace it with replace=True \(the old one is kept"):
        client.log("digits/pixels", [[1.0, 2.0]] * 1797, dataset="digits", strict=True)
    with pytest.raises(vy.ConflictError, match="all of it with recursive=True"):
        client.delete("digits", kind="dataset")
    with pytest.raises(vy.InvalidError, match='another column with id="COLUMN"'):
        client.add_dataset("twice", [{"key": "a"}, {"key": "a"}], id="key")
