"""Operators' own texts of mail: read, changed, looked at and tried before anybody gets them.

Mail takes them by `notifications.own_texts`; what may stand in them is in `notifications.placeholders`.
"""

from mercat.notifications.mail_templates.router import router

__all__ = ["router"]
