"""Everything graphcrawl raises, in one tree.

::

    GraphcrawlError
    ├── InputError                  bad usage or bad input                        exit 2
    │   ├── AccountTextError        a text that names no account
    │   ├── SettingsError           a setting that cannot be used
    │   └── FileRefused             an existing file that only --force replaces
    ├── StoreError                  a database that cannot serve                  exit 2
    │   ├── NotADatabase            the file is something else; it is left alone
    │   ├── SourceMismatch          data of two origins would mix
    │   ├── CrawlBusy               another process holds this crawl
    │   └── QueryRefused            a statement that is not one reading statement
    ├── NothingFound                no such seed, account, crawl or path          exit 4
    ├── CrawlIncomplete             ended early, all saved                        exit 5
    ├── Interrupted                 Ctrl-C or SIGTERM, all saved                  exit 130
    └── ApiError                    what the API (or the way to it) answered
        ├── AccessError             ends the crawl, all saved                     exit 3
        │   ├── MissingCredentials  no ID or token given
        │   ├── InvalidToken        403/4: ID or token refused
        │   ├── NoApiAccess         402/27: no access, or out of credits
        │   └── RedirectRefused     the address points to another host
        ├── AccountError            an answer about this one account
        │   ├── ReportNotFound      404: the vendor has no report
        │   ├── ReportForbidden     other 403: private, or without posts
        │   ├── InvalidRequest      400: the request was refused
        │   ├── UnexpectedStatus    a status the documentation does not name
        │   └── UnusableAnswer      JSON that is not the documented shape
        └── TransientError          worth another attempt                         exit 5
            ├── RateLimited         429
            ├── ReportPending       202: the report is being made
            ├── ServerFault         5xx
            ├── BrokenAnswer        a cut body, or something other than JSON
            ├── RequestTimeout      no answer in time
            └── Unreachable         no connection, or it broke

A message is one line that says what is wrong and, where there is one, what to do. None ever
holds a token.
"""

from __future__ import annotations

from typing import ClassVar


class GraphcrawlError(Exception):
    """Base of everything graphcrawl raises on purpose."""

    exit_code: ClassVar[int] = 1


class InputError(GraphcrawlError):
    """Bad usage or bad input."""

    exit_code = 2


class AccountTextError(InputError):
    """A text that names no account."""


class SettingsError(InputError):
    """A setting that cannot be used."""


class FileRefused(InputError):
    """A file that would be replaced, and is not ours to replace."""


class StoreError(GraphcrawlError):
    """A database that cannot be opened, written, or used for this."""

    exit_code = 2


class NotADatabase(StoreError):
    """The file exists and is not a graphcrawl database; it is never overwritten."""


class SourceMismatch(StoreError):
    """Vendor, simulated or imported data would mix in one database."""


class CrawlBusy(StoreError):
    """Another process holds this crawl."""


class QueryRefused(StoreError):
    """A statement that is not one reading statement, or that failed."""


class NothingFound(GraphcrawlError):
    """What was asked for does not exist."""

    exit_code = 4


class CrawlIncomplete(GraphcrawlError):
    """The crawl ended before everything was asked; all of it is saved."""

    exit_code = 5


class Interrupted(GraphcrawlError):
    """The user or the system asked the crawl to end; all of it is saved."""

    exit_code = 130


class ApiError(GraphcrawlError):
    """What the API, or the way to it, answered instead of connections.

    Parameters
    ----------
    message : str
        One line for the user.
    account : str or None
        The account asked for, as ``network:name``, where there was one.
    status : int or None
        HTTP status, where an answer came.
    code : int or None
        The vendor's own error code, where it gave one.
    """

    cause: ClassVar[str] = "api-error"
    """A short stable name of the kind, as `visits.cause` and the summary count it."""

    def __init__(
        self,
        message: str,
        *,
        account: str | None = None,
        status: int | None = None,
        code: int | None = None,
    ) -> None:
        super().__init__(message)
        self.account = account
        self.status = status
        self.code = code


class AccessError(ApiError):
    """No account can be asked this way: the crawl ends, and everything is saved."""

    exit_code = 3
    cause = "access"


class MissingCredentials(AccessError):
    """No client ID or no API token was given."""

    cause = "no-credentials"


class InvalidToken(AccessError):
    """The API refused the client ID or the token."""

    cause = "invalid-token"


class NoApiAccess(AccessError):
    """The plan has no API access, or is out of credits."""

    cause = "no-api-access"


class RedirectRefused(AccessError):
    """The API's address redirects to another host, which must not see the token."""

    cause = "redirect"


class AccountError(ApiError):
    """An answer about one account: it is marked, and the crawl goes on."""

    cause = "refused"


class ReportNotFound(AccountError):
    """The vendor has no report for this account."""

    exit_code = 4
    cause = "not-found"


class ReportForbidden(AccountError):
    """The account is private, or has no posts."""

    cause = "private"


class InvalidRequest(AccountError):
    """The API refused the request for this account."""

    cause = "invalid-request"


class UnexpectedStatus(AccountError):
    """A status that the documentation does not name."""

    cause = "unexpected-status"


class UnusableAnswer(AccountError):
    """JSON that is not an answer: the message says where it goes wrong."""

    cause = "unusable-answer"


class TransientError(ApiError):
    """An attempt that failed in a way that another attempt may not.

    Parameters
    ----------
    retry_after : float or None
        Seconds that the server asked us to wait, where it did.
    """

    exit_code = 5
    cause = "transient"

    def __init__(
        self,
        message: str,
        *,
        account: str | None = None,
        status: int | None = None,
        code: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, account=account, status=status, code=code)
        self.retry_after = retry_after


class RateLimited(TransientError):
    """Too many requests: wait, then go on."""

    cause = "rate-limited"


class ReportPending(TransientError):
    """The report is being made: come back later."""

    cause = "pending"


class ServerFault(TransientError):
    """The server is temporarily unavailable."""

    cause = "server-fault"


class BrokenAnswer(TransientError):
    """A body that was cut, or is not JSON."""

    cause = "broken-answer"


class RequestTimeout(TransientError):
    """No answer within the timeout."""

    cause = "timeout"


class Unreachable(TransientError):
    """No connection, or one that broke."""

    cause = "unreachable"
