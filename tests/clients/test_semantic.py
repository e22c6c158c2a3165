"""The semantic description against the schema of its format, by a validator that carries it."""

import subprocess
import sys
from pathlib import Path

import pytest

from flows.serve import semantic

# The format is a draft that changes without a new version number, so the validator is pinned. It asks for Python 3.12;
# its module of checks runs on 3.11, too.
VALIDATOR = "osi-orionbelt==0.6.0"
NEEDS = ("jsonschema==4.*", "pyyaml==6.*", "referencing", "sqlglot==30.*")

_VALIDATE = """
import sys, yaml
from osi_orionbelt.validation import validate_osi
found = validate_osi(yaml.safe_load(open(sys.argv[1], encoding="utf-8")))
assert found.schema_validation_performed
print(found.schema_errors + found.semantic_errors + found.semantic_warnings)
"""

pytestmark = pytest.mark.clients


def test_it_is_what_the_specification_says(tmp_path: Path) -> None:
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(tmp_path)]
    subprocess.run([*install, *NEEDS], check=True, capture_output=True)
    subprocess.run([*install, "--no-deps", "--python-version", "3.12", VALIDATOR], check=True, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-c", _VALIDATE, semantic.PATH], env={"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("[]\n", "")
