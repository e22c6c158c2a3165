"""What a Prefect server has to do by itself for the schedule, put there so that doing it again changes nothing.

A run whose process and worker are both gone stays Running there for ever, and one whose worker died while it started
it stays Pending and keeps the next ones from running: the server marks both as crashed, and the next run heals.
A heartbeat that arrives after the end of a short run has the first one fire for nothing: Prefect leaves what has ended.
"""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from prefect.automations import Automation
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import StateType
from prefect.events.actions import CallWebhook, ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.exceptions import ObjectAlreadyExists
from prefect.states import Crashed

from flows.schedule.server import HEARTBEAT_SECONDS

WORK_POOL = "beehive"
_BLOCK = "beehive-notify"
_NOTIFICATION = "beehive: tell of a run that failed"
_MESSAGE = (
    '{"text": {{ (flow_run.name ~ " " ~ flow_run.state.name ~ ": " ~ flow_run.state.message) | tojson }},'
    ' "flow_run_id": "{{ flow_run.id }}", "url": "{{ flow_run | ui_url }}"}'
)
_OF_THE_DEPLOYMENT = {"prefect.resource.id": "prefect.tag.beehive"}  # the tag that prefect.yaml gives it
SILENT = timedelta(seconds=3 * HEARTBEAT_SECONDS)
STARTING = timedelta(minutes=5)
# An event is named after the state, and `refresh` names one of its own.
_ENDS = {f"prefect.flow-run.{state}" for state in ("Completed", "NothingNew", "Failed", "Cancelled", "Crashed")}
_RUNNING = "prefect.flow-run.Running"
_ALIVE = {_RUNNING, "prefect.flow-run.heartbeat"}  # a run may be killed before its first heartbeat
_UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


def automations(silent: timedelta = SILENT, starting: timedelta = STARTING) -> list[Automation]:
    """The automations, each known by its name.

    Args:
        silent: without a heartbeat, after which a run has crashed.
        starting: from Pending to Running, after which a run has crashed.
    """
    return [
        Automation(
            name="beehive: a run that went silent has crashed",
            description="Its process is gone, and so is the worker that would have told.",
            trigger=_absence(_ALIVE, _ALIVE | _ENDS, silent),
            actions=[_crash(f"no sign of life for {silent.seconds} seconds: its process and its worker are gone")],
        ),
        Automation(
            name="beehive: a run that never began has crashed",
            description="Its worker died while it started the run, which would keep all others from running.",
            trigger=_absence({"prefect.flow-run.Pending"}, {_RUNNING} | _ENDS, starting),
            actions=[_crash(f"did not begin within {starting.seconds} seconds: its worker is gone")],
        ),
    ]


def _notification(url: str) -> Automation:
    """Tells an address of every run that failed or crashed."""
    block = Webhook(method="POST", url=url)
    return Automation(
        name=_NOTIFICATION,
        description="The address is in the block beehive-notify.",
        trigger=EventTrigger(
            posture=Posture.Reactive,
            expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
            threshold=1,
            match={"prefect.resource.id": "prefect.flow-run.*"},
            match_related=_OF_THE_DEPLOYMENT,
        ),
        actions=[CallWebhook(block_document_id=block.save(_BLOCK, overwrite=True), payload=_MESSAGE)],
    )


def put_on_server(notify_url: str | None = None, *, silent: timedelta = SILENT, starting: timedelta = STARTING) -> None:
    """Makes the work pool and the automations, or brings them up to these.

    What is as it should be is not touched: an update would forget the silence that an automation has already seen.
    What somebody set on the server (a limit of the pool, an automation that is switched off) stays. Without an address,
    nobody is told any more.
    """
    with get_client(sync_client=True) as client:
        with suppress(ObjectAlreadyExists):
            client.create_work_pool(WorkPoolCreate(name=WORK_POOL, type="process"))
        known = {one.name: one for one in client.read_automations()}
        if not notify_url and _NOTIFICATION in known:
            client.delete_automation(known[_NOTIFICATION].id)
    wanted = [*automations(silent, starting), *([_notification(notify_url)] if notify_url else [])]
    for automation in wanted:
        found = known.get(automation.name)
        if found is None:
            automation.create()
        elif _content(found) != _content(automation):
            automation.id, automation.enabled = found.id, found.enabled
            automation.update()


def crash_unfinished() -> None:
    """Marks what a server that was ended, or killed, left unfinished; for a server that has no worker yet."""
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNFINISHED))),
            work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[WORK_POOL])),
        )
        for run in runs:
            client.set_flow_run_state(run.id, Crashed(message="its server ended before it did"), force=True)


def _absence(after: set[str], expect: set[str], within: timedelta) -> EventTrigger:
    return EventTrigger(
        posture=Posture.Proactive,
        after=after,
        expect=expect,
        within=within,
        threshold=1,
        match={"prefect.resource.id": "prefect.flow-run.*"},
        match_related=_OF_THE_DEPLOYMENT,
        for_each={"prefect.resource.id"},
    )


def _content(automation: AutomationCore) -> dict[str, Any]:
    return automation.model_dump(include={"description", "trigger", "actions"})


def _crash(message: str) -> ChangeFlowRunState:
    return ChangeFlowRunState(state=StateType.CRASHED, message=message)
