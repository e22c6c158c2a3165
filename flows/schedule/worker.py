"""The worker of the schedule: it puts the deployment on the server and runs this project's flow, and nothing else.

The worker is given the flow as an object. It asks the server only for runs of its own deployment, and takes from them
only their parameters. What other deployments on the server say (entry points, pull steps, commands) is never run.
"""

import asyncio
import os
import sys
import warnings
from contextlib import suppress
from dataclasses import replace
from typing import Any

from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.exceptions import ObjectNotFound
from prefect.runner import Runner
from prefect.schedules import Cron, Schedule

from flows import __version__
from flows.schedule import automations

NAME = "beehive"
READY = "ready"  # the line on standard output once the deployment is on the server
_ZONE = "Pacific/Auckland"
_DEPLOYMENT: dict[str, Any] = {
    "name": NAME,
    "description": "Bring the warehouse up to date with the archive. Settings come from the worker's environment "
    "(BEEHIVE_SOURCE, BEEHIVE_WAREHOUSE, ...).",
    "version": __version__,
    "tags": [automations.TAG],
    # A run that is due while another runs is cancelled. Of several missed runs, one runs and the others are cancelled.
    "concurrency_limit": ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
    "enforce_parameter_schema": True,
}
_SCHEDULES = [
    Cron("17 * * * *", timezone=_ZONE, slug="hourly"),  # after the archive's own sync on the hour
    Cron("43 3 * * *", timezone=_ZONE, slug="nightly", parameters={"verify": True}),
]


def set_up(flow: Flow[..., Any], *, is_ours: bool) -> Runner:
    """Put the automations and the deployment on the configured server; return a runner of its runs.

    Args:
        flow: what the deployment runs.
        is_ours: the server ends together with its only worker.
    """
    automations.put_on_server(os.environ.get("BEEHIVE_NOTIFY_URL"), is_ours=is_ours)
    runner = Runner(name=NAME, pause_on_shutdown=False)
    runner.add_flow(flow, schedules=_schedules(flow), **_DEPLOYMENT)
    return runner


def _schedules(flow: Flow[..., Any]) -> list[Schedule]:
    """Return the schedules; one that was switched off on the server stays so."""
    known = []
    with get_client(sync_client=True) as client, suppress(ObjectNotFound):
        known = client.read_deployment_by_name(f"{flow.name}/{NAME}").schedules
    is_off = {one.slug for one in known if not one.active}
    return [replace(schedule, active=schedule.slug not in is_off) for schedule in _SCHEDULES]


def serve(flow: Flow[..., Any], *, is_ours: bool) -> None:
    """Run the scheduled runs of a flow until SIGTERM; first print `READY`, once they can be asked for."""
    runner = set_up(flow, is_ours=is_ours)
    if is_ours:
        automations.crash_unfinished()
    print(READY, flush=True)  # noqa: T201
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whoever started this reads no further
    warnings.filterwarnings("ignore", "coroutine 'Runner.astop'", RuntimeWarning)  # Prefect's, at each SIGTERM
    asyncio.run(runner.start())
