"""The errors a user can meet. Each message says what happened, to which file or name, and what to do."""


class BeehiveError(Exception):
    """Base of the errors that are shown without a traceback; any other exception is a bug in this program."""

    exit_code = 1


INTERRUPTED = 130  # the usual exit code after Ctrl-C


def is_interrupt(error: BaseException) -> bool:
    """Return whether an error is Ctrl-C, which DuckDB raises as a RuntimeError if it is working in the main thread."""
    return isinstance(error, KeyboardInterrupt) or (
        isinstance(error, RuntimeError) and str(error) == "Query interrupted"
    )


def is_short_of_memory(error: BaseException | None) -> bool:
    """Return whether DuckDB ran out of memory. A commit that does raises another class, so match the message too."""
    return type(error).__name__ == "OutOfMemoryException" or any(
        words in str(error) for words in ("failed to pin block", "failed to allocate data")
    )


class Refused(BeehiveError):
    """A guard or a check stopped the refresh; the published build is untouched."""


class Unusable(BeehiveError):
    """The source, a seed, a setting or the warehouse folder cannot be used as it is."""

    exit_code = 2


class Unreachable(Unusable):
    """The network or another machine failed, so that a retry may succeed."""
