"""What the daemon advises, in the words of a Python user: it names flags and commands of the command line."""

from __future__ import annotations

import re

#: Flags whose parameter has another name in Python.
NAMES = {"id_field": "id", "chunk_size": "chunk", "space_name": "name", "dataset_name": "name"}
#: Flags without a value.
SWITCHES = {"replace", "recursive", "exact"}
#: Commands that are functions here. Others (vectory logs, vectory up) are typed in a terminal by either user.
VERBS = {"embeddings load": "load_index", "embeddings delete-index": "delete_index", "project": "project"}

_FLAG = re.compile(r"""--([a-z][a-z-]*)(?:=('[^']*'|"[^"]*"|[^\s,;:()]+(?:,[^\s,;:()]+)*))?""")
_COMMAND = re.compile(rf"vectory ({'|'.join(VERBS)})((?: [^\s-]\S*)+)((?: {_FLAG.pattern})*)")
_EITHER = re.compile(rf"(?P<command>vectory [a-z][^;,:()`&]*)|{_FLAG.pattern}")


def pythonic(advice: str) -> str:
    """Say `--replace` as `replace=True`, `--id-field=COLUMN` as `id="COLUMN"`, commands as calls."""
    return _EITHER.sub(lambda found: _call(found["command"]) if found["command"] else _flag(found[0]), advice)


def _call(command: str) -> str:
    if command == "vectory add --help":
        return "help(vectory.log)"
    found = _COMMAND.fullmatch(command)
    if found is None:
        return command
    said = [f'"{name}"' for name in found[2].split()] + [_flag(flag[0]) for flag in _FLAG.finditer(found[3])]
    return f"vectory.{VERBS[found[1]]}({', '.join(said)})"


def _flag(flag: str) -> str:
    name, _, value = flag.removeprefix("--").partition("=")
    name = name.replace("-", "_")
    name = NAMES.get(name, name)
    if not value:
        return f"{name}=True" if name in SWITCHES else name
    value = value.strip("'\"")
    plain = value.isdigit() or value == "N" or value.startswith("{")
    return f"{name}={value}" if plain else f'{name}="{value}"'
