"""What a mail server can say that is final."""


class MailRefused(Exception):
    """The server will never take this message; trying again is no use."""
