"""The errors a user can meet: each is one sentence that says what, which file, and what to do next."""


class BeehiveError(Exception):
    """Base of every error that is reported as a sentence; anything else is a fault of the program."""

    exit_code = 1


INTERRUPTED = 130  # the exit code of a program that Ctrl-C ends


def is_interrupt(error: BaseException) -> bool:
    """Tells Ctrl-C; where it meets DuckDB at work in the main thread, it comes as a RuntimeError."""
    return isinstance(error, KeyboardInterrupt) or (
        isinstance(error, RuntimeError) and str(error) == "Query interrupted"
    )


def is_short_of_memory(error: BaseException | None) -> bool:
    """Tells that DuckDB's memory does not suffice; where a commit finds that, it is an error of another kind."""
    return type(error).__name__ == "OutOfMemoryException" or any(
        words in str(error) for words in ("failed to pin block", "failed to allocate data")
    )


class Refused(BeehiveError):
    """A guard or a check stopped the refresh; the published build is untouched."""


class Unusable(BeehiveError):
    """The source, a seed, a setting or the warehouse folder cannot be used as it is."""

    exit_code = 2


class Unreachable(Unusable):
    """A network or another machine failed: what may pass by itself."""
