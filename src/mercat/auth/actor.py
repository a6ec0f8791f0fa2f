"""The one who acts: a signed-in person, a program with a person's key, or nobody in particular."""

from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from mercat.auth.exceptions import NotAllowed, SecondFactorNeeded
from mercat.auth.permissions import GRANTS, SELF_READ, SELF_WRITE, Permission, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """`user_id` is None for a guest; `name` is what a history shows."""

    user_id: UUID | None = None
    name: str = "guest"
    roles: frozenset[Role] = field(default_factory=frozenset)
    withheld: frozenset[Role] = field(default_factory=frozenset)
    """Roles that do not count until a second factor was shown."""
    session_id: UUID | None = None
    """Where a person is signed in; None for guests, keys and the marketplace itself."""
    scopes: frozenset[str] | None = None
    """What a key is limited to; None is no limit."""

    @classmethod
    def system(cls) -> Self:
        """The marketplace itself: schedules, imports, the operator's command line."""
        return cls(None, "system", frozenset({Role.admin}))

    @property
    def signed_in(self) -> bool:
        """Whether this is somebody."""
        return self.user_id is not None

    @property
    def reference(self) -> str:
        """How a person is written down where nothing is changed later: by the account, whose name can be forgotten."""
        return str(self.user_id) if self.user_id is not None else self.name

    def can(self, permission: Permission) -> bool:
        """Whether one of the roles carries the permission, and the key, if it is one, is not limited to others."""
        return (self.scopes is None or permission in self.scopes) and any(
            permission in GRANTS[role] for role in self.roles
        )

    def may_act_for_self(self, *, change: bool) -> bool:
        """Whether this may read, or change, what is the person's own; only a key can be limited in that."""
        if self.scopes is None:
            return True
        return SELF_WRITE in self.scopes or (not change and SELF_READ in self.scopes)

    def require(self, *permissions: Permission) -> None:
        """Refuse unless one of the permissions is there.

        Raises:
            SecondFactorNeeded: a role that does not count yet carries it.
            NotAllowed: none of the roles does.
        """
        if any(self.can(permission) for permission in permissions):
            return
        if any(permission in GRANTS[role] for role in self.withheld for permission in permissions):
            raise SecondFactorNeeded
        raise NotAllowed


GUEST = Actor()
