"""The `mercat` script: real shell, real Python; only the installer it fetches is a small stand-in that keeps notes."""

import hashlib
import http.server
import io
import json
import os
import platform
import shutil
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UV = r"""#!/bin/sh
echo "$*" >>"$NOTES"
case $1 in
    --version) echo "uv 0" ;;
    venv)
        for folder; do :; done
        mkdir -p "$folder/bin"
        ln -s "$REAL_PYTHON" "$folder/bin/python"
        ;;
    pip)
        echo "noise on stdout"
        [ ! -e "$NOTES.slow" ] || sleep 1
        [ ! -e "$NOTES.broken" ] || exit 2
        ;;
esac
"""
PROGRAM = "import os, sys\nprint(sys.argv[1:], os.getcwd(), 'PYTHONDONTWRITEBYTECODE' in os.environ)\n"


class Clone:
    """A clone of Mercat with next to nothing in it, in a folder with a space."""

    def __init__(self, home: Path) -> None:
        self.root = home / "a clone"
        self.home = home
        self.notes = home / "notes"
        self.uv = home / "uv"
        for folder in ("requirements", "src/mercat", "tests"):
            (self.root / folder).mkdir(parents=True)
        shutil.copy(ROOT / "mercat", self.root / "mercat")
        (self.root / "requirements/base.txt").write_text("base==1\n")
        (self.root / "requirements/dev.txt").write_text("dev==1\n")
        (self.root / "src/mercat/__init__.py").touch()
        (self.root / "src/mercat/__main__.py").write_text(PROGRAM)
        (self.root / "tests/gate.py").write_text("print('the gate')\n")
        self.uv.write_text(UV)
        self.uv.chmod(0o755)

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        own = {"HOME": str(self.home), "NOTES": str(self.notes), "REAL_PYTHON": os.path.realpath(sys.executable)}
        return {**kept, **own, "PYTHON": sys.executable, "UV": str(self.uv), **more}

    def run(self, *arguments: str, script: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(script or self.root / "mercat"), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.home,
            env=self.environment(**more),
        )

    def installs(self) -> list[str]:
        """Return what was asked of the installer since the last look, without the folder's name."""
        if not self.notes.exists():
            return []
        lines = self.notes.read_text().replace(str(self.root), "ROOT").splitlines()
        self.notes.unlink()
        return [line for line in lines if line != "--version"]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


SYNC = "pip sync --require-hashes --python ROOT/.venv/bin/python ROOT/requirements/base.txt"
SYNC_DEV = f"{SYNC} ROOT/requirements/dev.txt"


@pytest.mark.parametrize("script", ["mercat", ".ci/run"])
def test_the_scripts_are_executable_posix_shell(script: str) -> None:
    path = ROOT / script
    assert path.read_text().startswith("#!/bin/sh\n")
    assert path.stat().st_mode & stat.S_IXUSR
    done = subprocess.run(["/bin/sh", "-n", str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_first_start_installs_once_and_only_the_program_speaks_on_standard_output(clone: Clone) -> None:
    first = clone.run("hello", "a b", PYTHONDONTWRITEBYTECODE="1")
    assert first.stdout == f"['hello', 'a b'] {clone.home} False\n"
    assert "installing Mercat's libraries" in first.stderr
    made, synced = clone.installs()
    assert made.startswith("venv ")
    assert synced == SYNC
    second = clone.run()
    assert (second.stdout, second.stderr) == (f"[] {clone.home} False\n", "")
    assert clone.installs() == []


def test_a_changed_lock_or_interpreter_installs_again(clone: Clone) -> None:
    clone.run()
    clone.installs()
    (clone.root / "requirements/base.txt").write_text("base==2\n")
    clone.run()
    assert clone.installs() == [SYNC]
    (clone.root / ".venv/bin/python").unlink()
    (clone.root / ".venv/bin/python").symlink_to("/nowhere/python")
    assert clone.run("x").returncode == 0
    assert [line.split()[0] for line in clone.installs()] == ["venv", "pip"]


def test_the_checks_need_more_than_the_product(clone: Clone) -> None:
    done = clone.run("test", "-k", "x")
    assert done.stdout == "the gate\n"
    assert clone.installs()[1:] == [SYNC_DEV]
    clone.run()
    assert clone.installs() == [], "what the checks have is enough for the product"
    (clone.root / "requirements/dev.txt").write_text("dev==2\n")
    clone.run()
    assert clone.installs() == [], "the product does not mind what the checks need"
    clone.run("test")
    assert clone.installs() == [SYNC_DEV]


def test_lock_writes_both_files_without_the_registrys_name(clone: Clone) -> None:
    assert clone.run("lock", "--upgrade").stdout == ""
    common = "pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 --no-header"
    assert clone.installs() == [
        f"{common} --upgrade requirements/{name}.in -o requirements/{name}.txt" for name in ("base", "dev")
    ]


def test_it_runs_from_anywhere_through_relative_and_absolute_links(clone: Clone) -> None:
    (clone.home / "bin").mkdir()
    (clone.home / "bin/absolute").symlink_to(clone.root / "mercat")
    (clone.home / "bin/relative").symlink_to("../a clone/mercat")
    (clone.home / "bin/twice").symlink_to("relative")
    for name in ("absolute", "relative", "twice"):
        assert clone.run(name, script=clone.home / "bin" / name).stdout == f"['{name}'] {clone.home} False\n"
    assert len(clone.installs()) == 2, "one environment serves them all"


def test_two_first_starts_at_once_install_once(clone: Clone) -> None:
    (clone.home / "notes.slow").touch()
    starts = [
        subprocess.Popen(
            [str(clone.root / "mercat"), name],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=clone.home,
            env=clone.environment(),
        )
        for name in ("one", "two")
    ]
    said = [start.communicate(timeout=30) for start in starts]
    assert [start.returncode for start in starts] == [0, 0]
    assert [output for output, _ in said] == [f"['{name}'] {clone.home} False\n" for name in ("one", "two")]
    assert sum("another start is installing" in errors for _, errors in said) == 1
    assert [line.split()[0] for line in clone.installs()] == ["venv", "pip"]


def test_a_failed_installation_is_said_and_tried_again(clone: Clone) -> None:
    (clone.home / "notes.broken").touch()
    failed = clone.run("x")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert "could not be installed: is the network away?" in failed.stderr
    (clone.home / "notes.broken").unlink()
    clone.installs()
    assert clone.run("x").returncode == 0
    assert clone.installs() == [SYNC]


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH on which the script finds what every system has, and neither Python nor uv."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("sh", "dirname", "readlink", "cksum", "mkdir", "rm", "mv", "ln", "sleep"):
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def test_a_python_that_is_too_old_or_missing_is_named(clone: Clone, programs: Path) -> None:
    missing = clone.run(PATH=str(programs), PYTHON="")
    assert missing.returncode == 1
    assert "python3 is needed and was not found" in missing.stderr
    old = programs / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" || exit 1\n')
    old.chmod(0o755)
    refused = clone.run(PATH=str(programs), PYTHON="")
    assert refused.returncode == 1
    assert "Python 3.11 or later is needed, but python3 is Python 3.9.2" in refused.stderr
    assert not (clone.root / ".venv").exists()


def test_the_configuration_of_pip_is_told_to_uv(clone: Clone) -> None:
    clone.uv.write_text(UV + 'echo "$UV_DEFAULT_INDEX|$UV_INDEX|$UV_INDEX_STRATEGY|$UV_FIND_LINKS" >>"$NOTES"\n')
    (clone.home / "pip.conf").write_text(
        "[global]\nindex-url = https://one.example/simple\nextra-index-url = https://two.example\n  https://three.example\n"
    )
    clone.run(PIP_CONFIG_FILE=str(clone.home / "pip.conf"), PIP_FIND_LINKS="/wheels /more")
    told = "https://one.example/simple|https://two.example https://three.example|unsafe-best-match|/wheels,/more"
    assert clone.installs()[-1] == told
    shutil.rmtree(clone.root / ".venv")
    clone.run(PIP_INDEX_URL="https://env.example/simple", PIP_CONFIG_FILE=os.devnull)
    assert clone.installs()[-1] == "https://env.example/simple|||"


class Index:
    """A package index with one wheel of uv for this machine, as JSON or as a page of links."""

    def __init__(self) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("uv-1.10.0.data/scripts/uv", UV)
        self.wheel = packed.getvalue()
        self.digest = hashlib.sha256(self.wheel).hexdigest()
        self.as_json = True
        self.asked: list[str] = []
        index = self

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                index.asked.append(self.path)
                body = index.wheel if self.path.endswith(".whl") else index.listing().encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
                """Stay silent."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/simple/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def listing(self) -> str:
        machine = platform.machine()
        names = [
            f"uv-1.9.0-py3-none-manylinux_2_17_{machine}.manylinux2014_{machine}.whl",
            f"uv-1.10.0-py3-none-manylinux_2_17_{machine}.manylinux2014_{machine}.whl",
            f"uv-1.10.0-py3-none-musllinux_1_1_{machine}.whl",
            "uv-1.11.0-py3-none-manylinux_2_17_other.whl",
            "uv-1.12.0-py3-none-macosx_11_0_arm64.whl",
        ]
        if self.as_json:
            files = [{"filename": n, "url": f"../../files/{n}", "hashes": {"sha256": self.digest}} for n in names]
            files.append({**files[1], "url": "../../files/" + names[1].replace("1.10", "1.13"), "yanked": "bad"})
            return json.dumps({"files": files})
        links = [f'<a href="../../files/{name}#sha256={self.digest}">{name}</a>' for name in names]
        return f"<html><body>{''.join(links)}</body></html>"


@pytest.fixture
def index() -> Iterator[Index]:
    served = Index()
    yield served
    served.server.shutdown()
    served.server.server_close()


@pytest.fixture
def bare_python(tmp_path: Path) -> Path:
    """A Python without pip, as Debian has it, with no uv beside it."""
    bare = tmp_path / "python without pip"
    bare.write_text(f'#!/bin/sh\n[ "$1 $2" != "-m pip" ] || exit 1\nexec "{os.path.realpath(sys.executable)}" "$@"\n')
    bare.chmod(0o755)
    return bare


@pytest.mark.parametrize("as_json", [True, False])
def test_without_pip_the_newest_fitting_uv_is_taken_from_the_index(
    clone: Clone, index: Index, bare_python: Path, programs: Path, *, as_json: bool
) -> None:
    index.as_json = as_json
    done = clone.run("x", UV="", PATH=str(programs), PYTHON=str(bare_python), PIP_INDEX_URL=index.url)
    assert (done.returncode, done.stdout) == (0, f"['x'] {clone.home} False\n"), done.stderr
    fetched = [path for path in index.asked if path.endswith(".whl")]
    assert len(fetched) == 1
    assert fetched[0].startswith("/files/uv-1.10.0-py3-none-")
    assert (clone.root / ".tools/bin/uv").read_text() == UV


def test_an_installer_with_another_sha256_is_refused(
    clone: Clone, index: Index, bare_python: Path, programs: Path
) -> None:
    index.digest = "0" * 64
    done = clone.run("x", UV="", PATH=str(programs), PYTHON=str(bare_python), PIP_INDEX_URL=index.url)
    assert (done.returncode, done.stdout) == (1, "")
    assert "does not have the promised sha256" in done.stderr
    assert not list((clone.root / ".tools/bin").iterdir())


def test_a_network_that_is_away_is_said_in_two_lines(clone: Clone, bare_python: Path, programs: Path) -> None:
    nobody = "http://127.0.0.1:9/simple"
    done = clone.run("x", UV="", PATH=str(programs), PYTHON=str(bare_python), PIP_INDEX_URL=nobody)
    assert done.returncode == 1
    assert "is the network away? Nothing is half installed" in done.stderr
    assert "Traceback" not in done.stderr
