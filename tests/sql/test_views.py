"""Each public view on a small world of releases: `VIEW.yaml` holds the rows it must give, and why.

`world.yaml` is given to every case; a case may replace tables of it. A case compares the columns it names and
must list every row of the view, unless `where` narrows it.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.world import world

HERE = Path(__file__).parent
CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}: {case['case']}")
    for path in sorted(HERE.glob("*.yaml"))
    if path.stem != "world"
    for case in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
]


@pytest.mark.parametrize(("view", "case"), CASES)
def test_view(view: str, case: dict[str, Any]) -> None:
    columns = list(case["expect"][0]) if case["expect"] else ["*"]
    query = f"select {', '.join(columns)} from {view} where {case.get('where', 'true')}"
    with world(case.get("given", {})) as connection:
        found = [dict(zip(columns, row, strict=True)) for row in connection.execute(query).fetchall()]
    if case.get("ordered"):
        assert found == case["expect"]
    else:
        assert sorted(found, key=repr) == sorted(case["expect"], key=repr)
