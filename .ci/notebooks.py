"""Execute every notebook of notebooks/ against a fresh daemon, and refuse stored outputs.

    python .ci/notebooks.py [--keep FOLDER] [NAME…]

A cell that raises fails the run. The one about Elasticsearch is skipped where ELASTICSEARCH_URL names no
cluster. --keep writes the executed copies.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

FOLDER = Path(__file__).parent.parent / "notebooks"


def stored(notebook: nbformat.NotebookNode) -> list[int]:
    """Numbers of the cells that hold an output: they are made when a notebook is run, never kept."""
    cells = enumerate(notebook.cells)
    return [i for i, c in cells if c.cell_type == "code" and (c.outputs or c.execution_count is not None)]


def main() -> int:
    """Execute what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("names", nargs="*")
    said = parser.parse_args()
    passed, failed = 0, 0
    for path in sorted(FOLDER.glob("*.ipynb")):
        if said.names and path.stem not in said.names:
            continue
        if path.stem == "elasticsearch" and not os.environ.get("ELASTICSEARCH_URL"):
            print(f"{path.name}: skipped, ELASTICSEARCH_URL names no cluster", flush=True)
            continue
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        began = time.monotonic()
        fault = f"cells {stored(notebook)} hold outputs: clear them" if stored(notebook) else ""
        try:
            if not fault:
                resources = {"metadata": {"path": str(FOLDER)}}
                NotebookClient(notebook, timeout=900, startup_timeout=300, resources=resources).execute()
        except (CellExecutionError, CellTimeoutError) as error:
            fault = str(error)
        if said.keep:
            said.keep.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, said.keep / path.name)
        print(f"{path.name}: {fault or 'ok'} ({time.monotonic() - began:.1f} s)", flush=True)
        passed, failed = passed + (not fault), failed + bool(fault)
    subprocess.run([sys.executable, "-c", "import vectory; vectory.stop()"], check=False)
    print(f"notebooks: {passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
