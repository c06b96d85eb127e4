"""Who hears of a comment that waits."""

from app.kernel.permission import Permission
from app.programmes.rules import Role, allowed


def decides_about_comments(role: Role) -> bool:
    """Say whether letters about waiting comments go to people of this role."""
    return Permission.PUBLISH_WRITE_UPS in allowed([role])
