"""What is exported is valid to those who wrote the standards: Data Package and Croissant, descriptor and data."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import duckdb
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
# Prints, as JSON and for each file, what is wrong, and the records of some sets, which it reads as others would.
_CROISSANT = """
import json, sys
import mlcroissant
found = []
for path in sys.argv[1:]:
    dataset = mlcroissant.Dataset(path)
    issues = dataset.metadata.ctx.issues
    build = next(iter(dataset.records("main.build_info")))["main.build_info/build_id"].decode()
    ids = [one["main.releases/release_id"].decode() for one in dataset.records("main.releases")]
    found.append([sorted(issues.errors), sorted(issues.warnings), build, sorted(ids)])
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def exported(sample: Settings, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The folder of an export as CSV, and how many files it has."""
    folder = tmp_path_factory.mktemp("exported") / "out"
    return folder, export(sample, folder, "csv", lambda done, total: None).file_count


def test_it_is_valid_by_profile_and_by_frictionless(
    sample: Settings, environment: Callable[..., Path], exported: tuple[Path, int]
) -> None:
    folder, file_count = exported
    python = environment("datapackage", "frictionless==5.*", "dplib-py==1.*", "jsonschema==4.*") / "python"
    descriptors = [folder / "datapackage.json", sample.parquet / "datapackage.json"]
    by_profile = subprocess.run([python, "-c", _PROFILE, *descriptors], capture_output=True, text=True, check=False)
    assert by_profile.returncode == 0, by_profile.stderr
    by_data = subprocess.run([python, "-c", _DATA, descriptors[0]], capture_output=True, text=True, check=False)
    assert by_data.stdout.splitlines()[-1:] == [f"valid {file_count}"], by_data.stdout + by_data.stderr


def test_it_is_valid_by_croissant_and_its_records_are_those_of_the_build(
    sample: Settings, environment: Callable[..., Path], exported: tuple[Path, int]
) -> None:
    python = environment("croissant", "mlcroissant==1.*", "pyarrow") / "python"
    words = [python, "-c", _CROISSANT, exported[0] / "croissant.json", sample.parquet / "croissant.json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(sample.published), read_only=True) as reader:
        expected = [name for (name,) in reader.execute("select release_id from releases order by all").fetchall()]
        ((expected_build,),) = reader.execute("select build_id from meta.build").fetchall()
    for errors, warnings, build, ids in json.loads(done.stdout):
        assert errors == []
        # The sample is a directory, which has no date.
        assert [re.findall(r"schema.org/(\w+)", one) for one in warnings] == [["datePublished"], ["version"]]
        assert (build, ids) == (expected_build, expected)
