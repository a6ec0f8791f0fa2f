"""The words of mail about one's own account or vendor, by kind: plain sentences, and a link where one has to act.

Sentences about a vendor have placeholders, which the `words` of a message fill.
"""

from dataclasses import dataclass

DO_NOTHING = "If it was not you, you need do nothing."
ACT = "If it was not you, ask for a new password at once, and look at your sessions and API keys."
WRITE_TO_US = "If it was not you, write to the marketplace at once."


@dataclass(frozen=True, slots=True)
class AccountMessage:
    """A subject, the paragraphs below it, and the words on the link."""

    subject: str
    paragraphs: tuple[str, ...]
    action: str = ""


ACCOUNT_MESSAGES: dict[str, AccountMessage] = {
    "verify_email": AccountMessage(
        "Verify your e-mail address",
        (
            "Somebody, hopefully you, made an account with this address. Follow the link to show that it is yours.",
            "The link works once, within three days.",
            DO_NOTHING,
        ),
        "Verify the address",
    ),
    "change_email": AccountMessage(
        "Confirm your new e-mail address",
        (
            "Follow the link, and your account has this address from then on.",
            "The link works once, within a day.",
            DO_NOTHING,
        ),
        "Use this address",
    ),
    "reset_password": AccountMessage(
        "Choose a new password",
        (
            "Somebody, hopefully you, asked for a new password for your account.",
            "The link works once, within an hour. Until then your password stays as it is.",
            DO_NOTHING,
        ),
        "Choose a password",
    ),
    "email_changed": AccountMessage(
        "Your e-mail address was changed",
        ("Your account has another e-mail address now, and this one does not belong to it any more.", WRITE_TO_US),
    ),
    "email_claimed_again": AccountMessage(
        "Somebody tried to use your e-mail address",
        (
            "Somebody tried to make an account with this address, or to move theirs to it.",
            "You have an account already, and it stays as it is.",
            "If it was you, sign in with it. If you do not know the password any more, ask for a new one.",
        ),
    ),
    "password_changed": AccountMessage(
        "Your password was changed",
        ("The password of your account was changed, and other devices were signed out.", ACT),
    ),
    "api_key_created": AccountMessage(
        "A new API key",
        ("An API key was made with which a program can act for you.", ACT),
    ),
    "api_key_ended": AccountMessage(
        "An API key was ended",
        ("One API key of your account or more were ended. Programs that use them are refused.", ACT),
    ),
    "authenticator_added": AccountMessage(
        "A second factor was added",
        ("An authenticator app was added to your account. You are asked for its code when you sign in.", ACT),
    ),
    "authenticator_removed": AccountMessage(
        "A second factor was removed",
        ("The authenticator app was removed from your account.", ACT),
    ),
    "passkey_added": AccountMessage(
        "A passkey was added",
        (
            "A passkey was added to your account. You can sign in with it, and are asked for it after your password.",
            ACT,
        ),
    ),
    "passkey_removed": AccountMessage(
        "A passkey was removed",
        ("A passkey was removed from your account.", ACT),
    ),
    "payout_account_changed": AccountMessage(
        "Where the money of your shop goes was changed",
        (
            "Somebody who owns the shop has said to which account its money goes from now on.",
            "To be safe, nothing is paid out for a few days.",
            "If it was none of you, write to the marketplace at once, and ask for a new password.",
        ),
    ),
    "provider_added": AccountMessage(
        "A new way to sign in",
        ("Your account can now be opened with an account that you have elsewhere.", ACT),
    ),
    "provider_removed": AccountMessage(
        "A way to sign in was removed",
        ("Your account can no longer be opened with an account that you have elsewhere.", ACT),
    ),
    "recovery_code_used": AccountMessage(
        "A recovery code was used",
        ("One of the recovery codes of your account was used. It does not work again.", ACT),
    ),
    "recovery_codes_made": AccountMessage(
        "New recovery codes",
        ("New recovery codes were made for your account. The former ones work no more.", ACT),
    ),
    "vendor_approved": AccountMessage(
        "Your shop is open",
        (
            "{vendor} was approved. From now on you can add products, and buyers can find them.",
            "Look at the profile first: buyers want to know how you ship, and how they can send things back.",
        ),
    ),
    "vendor_rejected": AccountMessage(
        "Your application for a shop",
        (
            "We cannot open {vendor} on the marketplace as things stand.",
            "The reason: {reason}",
            "You may apply again when this is settled.",
        ),
    ),
    "vendor_suspended": AccountMessage(
        "Your shop is suspended",
        (
            "{vendor} sells nothing for the time being, and its products cannot be found.",
            "The reason: {reason}",
            "Please ship what was ordered before. Write to us to settle what is in the way.",
        ),
    ),
    "vendor_reinstated": AccountMessage(
        "Your shop is open again",
        ("{vendor} sells again. Its products are back as they were.",),
    ),
    "vendor_invitation": AccountMessage(
        "An invitation to work for a shop",
        (
            "{vendor} asks you to work for the shop on the marketplace.",
            "Follow the link, signed in with this address. It works once, within a week.",
            "If you do not know this shop, you need do nothing.",
        ),
        "Join the shop",
    ),
}
