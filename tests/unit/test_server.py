"""The configured Prefect server: found without Prefect, and its credentials kept out of its address."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.schedule import server


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "")  # so that what a test sets is taken back
    monkeypatch.delenv("PREFECT_API_AUTH_STRING")
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))


def test_credentials_in_the_address_move_out_of_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    profile = '[profiles.mine]\nPREFECT_API_URL = "http://me:s3%40cret@127.0.0.1:9/api"\n'
    (tmp_path / "profiles.toml").write_text(f'active = "mine"\n{profile}')
    monkeypatch.setenv("PREFECT_API_URL", "")
    assert server.configured() == "http://127.0.0.1:9/api"
    assert os.environ["PREFECT_API_URL"] == "http://127.0.0.1:9/api"
    assert os.environ["PREFECT_API_AUTH_STRING"] == "me:s3@cret"


@pytest.mark.parametrize(
    "content", [b"active = 5", b"profiles = 'none'\nactive = 'x'", b"profiles = 5\nactive = 'x'", b"[profiles", b"\xff"]
)
def test_profiles_that_cannot_be_read_configure_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_bytes(content)
    assert server.configured() is None


def test_a_home_that_cannot_be_read_configures_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").mkdir()
    assert server.configured() is None
    monkeypatch.setenv("PREFECT_HOME", "~nobody-of-this-name/prefect")
    assert server.configured() is None


@pytest.mark.parametrize("address", ["127.0.0.1:9/api", "ftp://127.0.0.1/api", "http://[::1/api", "http://a:b/api"])
def test_an_address_that_is_none_is_a_fault(address: str) -> None:
    assert server.fault(address) in {"is not a Prefect server", "does not answer"}


@pytest.mark.parametrize("port", ["0", "99999", "-1"])
def test_a_port_that_does_not_exist_is_refused(port: str) -> None:
    done = CliRunner().invoke(app, ["schedule", "--port", port])
    assert done.exit_code == 2
    assert "--port" in done.output
