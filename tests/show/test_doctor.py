"""`supportsim doctor`: what somebody needs to know who looks into a slow or odd installation."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from supportsim import __version__
from supportsim.cli import main
from supportsim.demand.compiling import PLAIN


@pytest.mark.skipif(PLAIN, reason="nothing is compiled")
def test_versions_the_machine_and_the_cache_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    import supportsim.engine.kernel  # noqa: F401 - compiled, so that it is told to be ready

    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert f"supportsim  {__version__}" in told
    assert "compiled ready" in told
    assert " MB)" in told
    assert "numba 0." in told
    assert "is missing" not in told


def test_no_folder_that_can_be_written_is_told_and_nothing_fails(tmp_path: Path) -> None:
    """Neither home nor temporary folder: every place where machine code might be kept is taken by a file."""
    (tmp_path / "file").write_text("")
    nowhere = str(tmp_path / "file" / "below")
    code = (
        "import tempfile; from supportsim.demand import compiling\n"
        "compiling._writable = lambda folder: False\n"
        "assert compiling.cache_folder() is None\n"
        "compiling._CACHED = False\n"
        "from supportsim.cli import main; raise SystemExit(main(['doctor']))"
    )
    environment = {**os.environ, "HOME": nowhere, "XDG_CACHE_HOME": nowhere}
    environment.pop("SUPPORTSIM_PLAIN", None)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert "no folder can be written: the simulator is compiled anew each time" in done.stdout
