"""Parsing on the workers of a Dask cluster: `parse_many` for more cores than one machine has, with the same result.

Straight on dask.distributed, and not as a Prefect task for each batch: so it works without Prefect, too, a flow keeps
one task for a stage, and what is read goes to the workers and back in a bounded number of batches.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flows.errors import Unreachable, Unusable
from flows.extract.model import Content
from flows.parse import batches
from flows.parse.batches import Batch
from flows.parse.release import PARSER_VERSION

if TYPE_CHECKING:
    from distributed import Client, Future

_CONNECT_SECONDS = 10
_SILENT_SECONDS = 120  # a batch takes about one; after so many without any, nobody is at work
_BATCHES_A_THREAD = 4  # under way, so that none is idle while results are stored
_SAME = "start it again from the same commit and requirements.lock as here"


def parse_on_cluster(
    contents: Iterable[Content], address: str, say: Callable[[str], None], batch: int = 512
) -> Iterator[Batch]:
    """Parses contents in batches, in the order in which they come back.

    What a worker had when it was lost is given to another. When a run fails, what it had stored stays, and the next
    goes on from there.

    Raises:
        Unreachable: the scheduler does not answer, or all workers are lost.
        Unusable: the extra is not installed, or a worker is of another version.
    """
    rest = batches.batched(contents, batch)
    running: set[Future[Batch]] = set()
    with _connected(address) as client:
        from distributed import wait

        with _sentences(address):
            _refuse_other_parsers(client)
            threads = client.nthreads()
        say(f"parse: by {len(threads)} workers of {address}")
        while True:
            while len(running) < _BATCHES_A_THREAD * max(1, sum(threads.values())):
                if not (some := next(rest, [])):
                    break
                with _sentences(address):  # not `pure`: then Dask would hash every batch, to know it again
                    running.add(client.submit(_parse_batch, PARSER_VERSION, some, pure=False))
            if not running:
                return
            with _sentences(address):
                done, running = wait(running, timeout=_SILENT_SECONDS, return_when="FIRST_COMPLETED")
                results = [future.result() for future in done]
                threads = client.nthreads()  # workers come and go
            yield from results


def _parse_batch(callers_version: str, contents: list[Content]) -> Batch:
    """Parses, in a worker, by the rules of whoever asks or not; it may have joined after the others were asked."""
    from distributed import get_worker

    _refuse_other_parser(get_worker().address, PARSER_VERSION, callers_version)
    return batches.parse_batch(contents)


def _parser_version() -> str:
    return PARSER_VERSION


def _refuse_other_parsers(client: "Client") -> None:
    """Asks before any work is given: a worker without this program is ended by the first batch that it is sent."""
    for worker, version in client.run(_parser_version, on_error="return").items():
        if isinstance(version, BaseException):
            raise Unusable(f"The Dask worker {worker} cannot load this program ({version}): {_SAME}.")
        _refuse_other_parser(worker, version, PARSER_VERSION)


def _refuse_other_parser(worker: str, version: str, callers_version: str) -> None:
    if version != callers_version:
        raise Unusable(f"The Dask worker {worker} has the parser {version} and not {callers_version}: {_SAME}.")


@contextmanager
def _connected(address: str) -> Iterator["Client"]:
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise Unusable(
            f"Parsing on Dask (BEEHIVE_DASK_ADDRESS={address}) needs the extra `dask`: run `.venv/bin/python -m pip "
            "install --editable '.[dask]'`, or unset the variable."
        ) from error
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # it raises whatever it would log
    try:
        client = Client(address, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise Unreachable(
            f"No Dask scheduler answers at {address}: start one, or unset BEEHIVE_DASK_ADDRESS to parse here."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        except TimeoutError as error:
            raise Unreachable(
                f"The Dask scheduler at {address} has no worker: start some with `dask worker {address} --nthreads 1`."
            ) from error
        yield client


@contextmanager
def _sentences(address: str) -> Iterator[None]:
    """Turns what can befall a cluster into sentences; around calls to it only, and not around reading the archive."""
    from distributed import KilledWorker

    try:
        yield
    except (CancelledError, TimeoutError, OSError) as error:
        raise Unreachable(
            f"The Dask cluster at {address} was lost, or has no worker any more: look at its logs, then run again, or "
            "unset BEEHIVE_DASK_ADDRESS. What it had parsed is kept."
        ) from error
    except KilledWorker as error:
        raise Unusable(
            f"Several workers of the Dask cluster at {address} were lost at the same batch: look at their logs, "
            "give them more memory, or unset BEEHIVE_DASK_ADDRESS."
        ) from error
    except RuntimeError as error:
        if "deserialization of the task graph" not in str(error):
            raise
        raise Unusable(f"The Dask scheduler at {address} cannot load this program: {_SAME}.") from error
