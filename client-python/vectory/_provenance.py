"""Where an experiment's spaces are made: the commit, the command, the host, the versions."""

from __future__ import annotations

import functools
import json
import os
import shlex
import sys

from vectory._version import __version__

PACKAGES = (
    *("numpy", "torch", "tensorflow", "keras", "jax", "lightning", "transformers", "sentence_transformers"),
    *("sklearn", "pandas", "polars", "timm", "openai"),
)

MACHINES = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64"}  # as the program calls them


def provenance() -> dict[str, str]:
    """Give `git_commit` and `environment` (a JSON object) as the daemon keeps them with an experiment.

    The versions are of packages that the program has imported; none is imported for it.
    """
    import platform  # only for who logs a run

    machine = platform.machine()
    about = {
        "command": shlex.join(sys.argv) if sys.argv and sys.argv[0] else "",
        "host": platform.node(),
        "platform": f"{sys.platform}/{MACHINES.get(machine, machine)}",
        "python": platform.python_version(),
        "vectory": __version__,
    }
    for name in PACKAGES:
        version = getattr(sys.modules.get(name), "__version__", None)
        if isinstance(version, str):
            about[name] = version
    try:
        folder = os.getcwd()
    except OSError:  # it was deleted
        folder = os.sep
    return {"git_commit": _commit(folder), "environment": json.dumps(about)}


@functools.cache
def _commit(folder: str) -> str:
    """Give the folder's commit, with -dirty when tracked files differ from it; "" when there is none."""
    import subprocess  # only for who logs a run

    quiet = os.environ | {"GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"]
    try:
        asked = subprocess.run(
            command, cwd=folder, env=quiet, capture_output=True, text=True, timeout=2, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""
