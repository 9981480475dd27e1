"""The errors of the daemon, by the code that travels."""

from __future__ import annotations

from vectory._words import pythonic


class VectoryError(Exception):
    """Any failure; `code` says of which kind, `hint` what to do."""

    code = "internal"

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep the message and the hint; both are shown."""
        super().__init__(f"{message}\n  hint: {hint}" if hint else message)
        self.message = message
        self.hint = hint


class InvalidError(VectoryError, ValueError):
    """The request or its data cannot be accepted as it is."""

    code = "invalid"


class WrongTypeError(InvalidError, TypeError):
    """What was given is of a type that cannot be taken."""


class NotFoundError(VectoryError, LookupError):
    """Nothing has that name."""

    code = "not_found"


class MissingNameError(NotFoundError, KeyError):
    """Nothing in a listing has that name."""

    __str__ = Exception.__str__  # KeyError's would quote it


class MissingFileError(NotFoundError, FileNotFoundError):
    """No file has that path."""


class ConflictError(VectoryError):
    """The name is taken by other content, or something depends on it."""

    code = "conflict"


class UnauthorizedError(VectoryError):
    """The token is missing or wrong."""

    code = "unauthorized"


class UnavailableError(VectoryError):
    """The daemon cannot be reached or started."""

    code = "unavailable"


class VersionMismatchError(VectoryError):
    """The daemon and this package speak different APIs."""

    code = "conflict"


class CanceledError(VectoryError):
    """Stopped on request."""

    code = "canceled"


_BY_CODE: dict[str, type[VectoryError]] = {
    cls.code: cls
    for cls in (
        InvalidError,
        NotFoundError,
        ConflictError,
        UnauthorizedError,
        UnavailableError,
        CanceledError,
    )
}


def error_of(code: str, message: str, hint: str) -> VectoryError:
    """Make the exception of a code; unknown codes give the base class."""
    error = _BY_CODE.get(code, VectoryError)(message, pythonic(hint))
    error.code = code
    return error
