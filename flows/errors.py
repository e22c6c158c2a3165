"""The errors a user can meet: each is one sentence that says what, which file, and what to do next."""


class BeehiveError(Exception):
    """Base of every error that is reported as a sentence; anything else is a fault of the program."""

    exit_code = 1


class Refused(BeehiveError):
    """A guard or a check stopped the refresh; the published build is untouched."""


class Unusable(BeehiveError):
    """The source, a seed, a setting or the warehouse folder cannot be used as it is."""

    exit_code = 2
