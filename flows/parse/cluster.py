"""Parse on the workers of a Dask cluster: like `parse_many`, for more cores than one machine has, with the same result.

This uses dask.distributed directly, not a Prefect task for each batch. So it works without Prefect, a flow keeps one
task for each stage, and the number of batches under way is bounded.
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
_STALLED_SECONDS = 120  # without a finished batch; a batch takes about one second
_BATCHES_PER_THREAD = 4  # submitted at a time, so that no thread is idle while results are stored
_RESTART = "restart it from the same commit and requirements.lock as here"


def parse_on_cluster(
    contents: Iterable[Content], address: str, say: Callable[[str], None], batch_size: int = 512
) -> Iterator[Batch]:
    """Parse contents in batches; yield each batch when it is finished.

    A batch of a lost worker is given to another worker. If a run fails, the batches it has stored stay in staging, and
    the next run continues from there.

    Args:
        contents: what to parse.
        address: of the Dask scheduler, such as `tcp://127.0.0.1:8786`.
        say: reports one line.
        batch_size: number of files in a batch.

    Raises:
        Unreachable: the scheduler does not answer, or all workers are lost.
        Unusable: the extra `dask` is not installed, or a worker runs another version of this program.
    """
    groups = batches.split_into_batches(contents, batch_size)
    running: set[Future[Batch]] = set()
    with _connected(address) as client:
        from distributed import wait

        with _faults_explained(address):
            _refuse_other_parsers(client)
            threads = client.nthreads()
        say(f"parse: {len(threads)} Dask workers at {address}")
        while True:
            while len(running) < _BATCHES_PER_THREAD * max(1, sum(threads.values())):
                if not (group := next(groups, [])):
                    break
                with _faults_explained(address):  # pure=False: otherwise Dask hashes every batch to recognise it
                    running.add(client.submit(_parse_batch, PARSER_VERSION, group, pure=False))
            if not running:
                return
            with _faults_explained(address):
                done, running = wait(running, timeout=_STALLED_SECONDS, return_when="FIRST_COMPLETED")
                results = [future.result() for future in done]
                threads = client.nthreads()  # workers may join and leave
            yield from results


def _parse_batch(callers_version: str, contents: list[Content]) -> Batch:
    """Parse in a worker; check its version again, since it may have joined after the first check."""
    from distributed import get_worker

    _refuse_other_parser(get_worker().address, PARSER_VERSION, callers_version)
    return batches.parse_batch(contents)


def _parser_version() -> str:
    return PARSER_VERSION


def _refuse_other_parsers(client: "Client") -> None:
    """Raise if a worker lacks this program or has another version of it; otherwise its first batch would end it."""
    for worker, version in client.run(_parser_version, on_error="return").items():
        if isinstance(version, BaseException):
            raise Unusable(f"The Dask worker {worker} cannot load this program ({version}): {_RESTART}.")
        _refuse_other_parser(worker, version, PARSER_VERSION)


def _refuse_other_parser(worker: str, version: str, callers_version: str) -> None:
    if version != callers_version:
        raise Unusable(f"The Dask worker {worker} has the parser {version} and not {callers_version}: {_RESTART}.")


@contextmanager
def _connected(address: str) -> Iterator["Client"]:
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise Unusable(
            f"Parsing on Dask (BEEHIVE_DASK_ADDRESS={address}) needs the extra `dask`: run `.venv/bin/python -m pip "
            "install --editable '.[dask]'`, or unset the variable."
        ) from error
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # every error it logs is also raised
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
def _faults_explained(address: str) -> Iterator[None]:
    """Turn failures of the cluster into errors that say what to do; wraps only calls to Dask, not archive reads."""
    from distributed import KilledWorker

    try:
        yield
    except (CancelledError, TimeoutError, OSError) as error:
        raise Unreachable(
            f"The Dask cluster at {address} was lost or has no workers left: look at its logs, then run again, or "
            "unset BEEHIVE_DASK_ADDRESS. The files parsed so far are kept."
        ) from error
    except KilledWorker as error:
        raise Unusable(
            f"Several workers of the Dask cluster at {address} were lost while parsing the same batch: look at their "
            "logs, give them more memory, or unset BEEHIVE_DASK_ADDRESS."
        ) from error
    except RuntimeError as error:
        if "deserialization of the task graph" not in str(error):
            raise
        raise Unusable(f"The Dask scheduler at {address} cannot load this program: {_RESTART}.") from error
