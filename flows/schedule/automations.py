"""The automations of the schedule on a Prefect server.

If a run's process and its worker both die, Prefect shows the run as Running for ever. If a worker dies while it starts
a run, the run stays Pending and blocks all later ones. On a shared server, automations mark both as crashed, so that
the next run can start and repair what was left. The server that `beehive schedule` starts does not need them: it ends
with its worker, and marks what was left when it starts again.
"""

from datetime import timedelta
from typing import Any

from prefect.automations import Automation
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType, FlowRunFilterTags
from prefect.client.schemas.objects import StateType
from prefect.events.actions import CallWebhook, ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.states import Crashed

from flows.schedule.server import HEARTBEAT_SECONDS

TAG = "beehive"  # of the deployment, and so of its runs
_BLOCK = "beehive-notify"
_NOTIFICATION = "beehive: tell of a run that failed"  # automations are found by name: a new name would add a second one
_MESSAGE = (
    '{"text": {{ (flow_run.name ~ " " ~ flow_run.state.name ~ ": " ~ flow_run.state.message) | tojson }},'
    ' "flow_run_id": "{{ flow_run.id }}", "url": "{{ flow_run | ui_url }}"}'
)
_DEPLOYMENT = {"prefect.resource.id": f"prefect.tag.{TAG}"}
_SILENCE = timedelta(seconds=3 * HEARTBEAT_SECONDS)  # of a run that is taken for crashed
_START_TIMEOUT = timedelta(minutes=5)  # of a run that is pending
# Prefect names an event after the run's state; NothingNew is a state that flows/refresh.py sets.
_END_EVENTS = {f"prefect.flow-run.{state}" for state in ("Completed", "NothingNew", "Failed", "Cancelled", "Crashed")}
_RUNNING = "prefect.flow-run.Running"
_LIFE_EVENTS = {_RUNNING, "prefect.flow-run.heartbeat"}  # a run may be killed before its first heartbeat
_UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


def _automations() -> list[Automation]:
    return [
        Automation(
            name="beehive: a run that went silent has crashed",
            description="Marks a run as crashed if its process and its worker both ended without a report.",
            trigger=_missing(_LIFE_EVENTS, _LIFE_EVENTS | _END_EVENTS, _SILENCE),
            actions=[_crash(f"no heartbeat for {_SILENCE.seconds} seconds: process and worker have ended")],
        ),
        Automation(
            name="beehive: a run that never began has crashed",
            description="Marks a run as crashed if its worker ended while starting it; it would block all later runs.",
            trigger=_missing({"prefect.flow-run.Pending"}, {_RUNNING} | _END_EVENTS, _START_TIMEOUT),
            actions=[_crash(f"did not start within {_START_TIMEOUT.seconds} seconds: the worker has ended")],
        ),
    ]


def _notification(url: str) -> Automation:
    block = Webhook(method="POST", url=url)
    return Automation(
        name=_NOTIFICATION,
        description="Posts each failed or crashed run to the URL in the block beehive-notify.",
        trigger=EventTrigger(
            posture=Posture.Reactive,
            expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
            threshold=1,
            match={"prefect.resource.id": "prefect.flow-run.*"},
            match_related=_DEPLOYMENT,
        ),
        actions=[CallWebhook(block_document_id=block.save(_BLOCK, overwrite=True), payload=_MESSAGE)],
    )


def put_on_server(notify_url: str | None, *, is_ours: bool) -> None:
    """Create the automations, update those that differ, and delete those that are no longer wanted.

    An automation that is up to date is left alone, because an update would reset the timeouts it is counting. One that
    was disabled on the server stays so.

    Args:
        notify_url: where to post failed runs; None removes the notification.
        is_ours: the server ends together with its only worker, so that it needs no automation to notice a crash.
    """
    crashes, wanted = _automations(), [_notification(notify_url)] if notify_url else []
    if not is_ours:
        wanted += crashes
    with get_client(sync_client=True) as client:
        existing = {automation.name: automation for automation in client.read_automations()}
        unwanted = {_NOTIFICATION, *(one.name for one in crashes)} - {one.name for one in wanted}
        for name in unwanted & existing.keys():
            client.delete_automation(existing[name].id)
    for automation in wanted:
        old = existing.get(automation.name)
        if old is None:
            automation.create()
        elif _definition(old) != _definition(automation):
            automation.id, automation.enabled = old.id, old.enabled
            automation.update()


def crash_unfinished() -> None:
    """Mark the runs that a stopped or killed server left unfinished as crashed; call it before a worker starts."""
    with get_client(sync_client=True) as client:
        state = FlowRunFilterState(type=FlowRunFilterStateType(any_=_UNFINISHED))
        for run in client.read_flow_runs(
            flow_run_filter=FlowRunFilter(state=state, tags=FlowRunFilterTags(all_=[TAG]))
        ):
            client.set_flow_run_state(run.id, Crashed(message="the Prefect server ended before the run"), force=True)


def _missing(after: set[str], expect: set[str], within: timedelta) -> EventTrigger:
    """Return a trigger for runs with an event of `after` and none of `expect` within a time."""
    return EventTrigger(
        posture=Posture.Proactive,
        after=after,
        expect=expect,
        within=within,
        threshold=1,
        match={"prefect.resource.id": "prefect.flow-run.*"},
        match_related=_DEPLOYMENT,
        for_each={"prefect.resource.id"},
    )


def _definition(automation: AutomationCore) -> dict[str, Any]:
    return automation.model_dump(include={"description", "trigger", "actions"})


def _crash(message: str) -> ChangeFlowRunState:
    return ChangeFlowRunState(state=StateType.CRASHED, message=message)
