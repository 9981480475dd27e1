"""Find or start the daemon through the `vectory` program that is installed beside this package."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from vectory._errors import UnavailableError, VersionMismatchError
from vectory._version import API, __version__


def find_program() -> str:
    """Path of the `vectory` program; UnavailableError lists where it was looked for."""
    import shutil  # here, not above: importing the package stays quick
    import sysconfig

    name = "vectory.exe" if os.name == "nt" else "vectory"
    places = [Path(sysconfig.get_path("scripts")) / name, Path(sys.executable).parent / name]
    named = os.environ.get("VECTORY_BIN")
    if named:
        places.insert(0, Path(named))
    for place in places:
        if place.is_file():
            return str(place)
    found = shutil.which(name)
    if found:
        return found
    looked = ", ".join(map(str, places))
    raise UnavailableError(
        f"the vectory program is not installed; looked at {looked} and the PATH",
        "pip install --force-reinstall vectory",
    )


def check_api(version: str, api: str | int | None) -> None:
    """Refuse a daemon that speaks another API."""
    if str(api) != str(API):
        raise VersionMismatchError(
            f"the daemon is version {version} (API {api}), this package is {__version__} (API {API})",
            "install the same version on both sides, then: vectory stop",
        )


def up(home: str | None = None) -> tuple[str, str]:
    """Find or start the daemon of a home: its URL and token."""
    import subprocess

    env = dict(os.environ)
    if home is not None:
        env["VECTORY_HOME"] = home
        env.pop("VECTORY_URL", None)
    done = subprocess.run(
        [find_program(), "up", "--json"], capture_output=True, text=True, env=env, check=False
    )
    if done.returncode != 0:
        raise UnavailableError(done.stderr.strip().removeprefix("vectory: "))
    answer = json.loads(done.stdout)
    check_api(answer["version"], answer["api"])
    return answer["url"], answer["token"]
