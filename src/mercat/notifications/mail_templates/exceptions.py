"""How own texts of mail can refuse."""

from mercat.kit.problems import Invalid, NotFound


class MailTemplateNotFound(NotFound):
    """No such kind of mail."""

    code = "mail_templates.not_found"
    detail = "There is no such kind of mail."


class UnknownMailLocale(Invalid):
    """A language that texts are not kept in; `locales` are those that they are."""

    code = "mail_templates.unknown_locale"
    detail = "Texts are not kept in this language here."


class BadMailText(Invalid):
    """A placeholder that the mail does not have, or one where it cannot be."""

    code = "mail_templates.bad_text"
    detail = "This text cannot be taken as it is."
