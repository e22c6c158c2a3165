"""What is exported is a Data Package to those who wrote the standard: its profile, and a validator of the data."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.serve.export import export
from flows.settings import Settings

pytestmark = pytest.mark.clients

_PROFILE = """
import json, pathlib, sys
import dplib, jsonschema
profile = json.loads((pathlib.Path(dplib.__file__).parent / "profiles/2.0/datapackage.json").read_text())
for path in sys.argv[1:]:
    jsonschema.Draft7Validator(profile).validate(json.loads(pathlib.Path(path).read_text()))
"""
_DATA = """
import sys
import frictionless
report = frictionless.validate(sys.argv[1])
for task in report.tasks:
    for error in task.errors[:3]:
        print(task.name, error.message)
for error in report.errors:
    print(error.message)
print("valid" if report.valid else "not valid", len(report.tasks))
"""


def test_it_is_valid_by_profile_and_by_frictionless(
    sample: Settings, environment: Callable[..., Path], tmp_path: Path
) -> None:
    python = environment("datapackage", "frictionless==5.*", "dplib-py==1.*", "jsonschema==4.*") / "python"
    done = export(sample, tmp_path / "out", "csv", lambda done, total: None)
    descriptors = [tmp_path / "out/datapackage.json", sample.parquet / "datapackage.json"]
    by_profile = subprocess.run([python, "-c", _PROFILE, *descriptors], capture_output=True, text=True, check=False)
    assert by_profile.returncode == 0, by_profile.stderr
    by_data = subprocess.run([python, "-c", _DATA, descriptors[0]], capture_output=True, text=True, check=False)
    assert by_data.stdout.splitlines()[-1:] == [f"valid {done.file_count}"], by_data.stdout + by_data.stderr
