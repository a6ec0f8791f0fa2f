"""Schedule of payouts: pure calendar, in UTC."""

from datetime import datetime, timedelta


def period(schedule: str, now: datetime) -> str | None:
    """Return the name of the period that a run at this moment would be for; None if there is no schedule."""
    year, week, _ = now.isocalendar()
    names = {"daily": f"{now:%Y-%m-%d}", "weekly": f"{year}-W{week:02}", "monthly": f"{now:%Y-%m}"}
    return names.get(schedule)


def next_run(schedule: str, now: datetime) -> datetime | None:
    """Return when the next period begins, and with it the next payouts."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if schedule == "daily":
        return today + timedelta(days=1)
    if schedule == "weekly":
        return today + timedelta(days=7 - today.weekday())
    if schedule == "monthly":
        return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return None
