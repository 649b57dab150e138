"""`supportsim doctor`: what somebody needs to know who looks into a slow or odd installation."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from supportsim import __version__
from supportsim.cli import main
from supportsim.demand.compiling import PLAIN


@pytest.mark.skipif(PLAIN, reason="nothing is compiled")
def test_versions_the_machine_and_the_cache_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    import supportsim.engine.kernel
    import supportsim.measure.tally  # noqa: F401 - both compiled, so that it is told to be ready

    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert f"supportsim  {__version__}" in told
    assert "compiled ready" in told
    assert " MB)" in told
    assert "numba 0." in told
    assert "is missing" not in told


NOWHERE = """
import tempfile
def refuse(*arguments, **settings):
    raise OSError("read-only file system")
tempfile.TemporaryFile = refuse
"""
PLAYS = """
import supportsim
scenario = supportsim.load_text(
    "name: x\\nstart: 2026-03-02\\nlength: 1 h\\nchannels: {phone: {kind: live, handle_time: 1 min}}\\n"
    "demand: {calls: {channel: phone, rate: 60/h}}\\nteams: {desk: {serves: [phone], agents: 2}}\\n"
)
print(supportsim.run(scenario, replications=1).journal_xxh128[0])
"""


def alone(code: str, home: Path) -> str:
    """What a process of its own prints whose home cannot be written."""
    (home / "file").write_text("")
    nowhere = str(home / "file" / "below")
    environment = {**os.environ, "HOME": nowhere, "XDG_CACHE_HOME": nowhere}
    for name in ("SUPPORTSIM_PLAIN", "NUMBA_CACHE_DIR", "SUPPORTSIM_CACHE"):
        environment.pop(name, None)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_no_folder_that_can_be_written_is_told_and_nothing_fails(tmp_path: Path) -> None:
    told = alone(NOWHERE + "from supportsim.cli import main; raise SystemExit(main(['doctor']))", tmp_path)
    assert "no folder can be written: the simulator is compiled anew each time" in told


def test_where_home_cannot_be_written_machine_code_is_kept_among_temporary_files(tmp_path: Path) -> None:
    told = alone("from supportsim.demand.compiling import kept_in; print(kept_in())", tmp_path)
    assert Path(told.strip()).parts[:-2] == (*Path(tempfile.gettempdir()).parts, f"supportsim-{os.getuid()}")


@pytest.mark.slow
def test_a_simulation_runs_where_nothing_can_be_kept(tmp_path: Path) -> None:
    assert len(alone(NOWHERE + PLAYS, tmp_path).strip()) == 32  # digits of the hash
