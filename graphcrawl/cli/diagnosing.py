"""``doctor``: what is wrong, and what to do about it."""

from __future__ import annotations

from graphcrawl.cli import options as given
from graphcrawl.cli.listing import Format
from graphcrawl.cli.writing import write_listing


def doctor(db: given.Db = None, form: given.Form = Format.TABLE) -> None:
    """Check credentials, access and database, and say what to do.

    Sends one request, for the plan; it takes no credits.
    """
    from graphcrawl.diagnosis import diagnose
    from graphcrawl.services import PERMITS

    settings = given.settings_for(db)
    findings = list(diagnose(settings, settings.state_dir / PERMITS))
    rows = [(one.check, "ok" if one.error is None else "wrong", one.detail) for one in findings]
    write_listing(("check", "result", "detail"), rows, form)
    wrong = [one.error for one in findings if one.error is not None]
    if wrong:
        raise wrong[0]
