"""Signing in with accounts elsewhere: Google by OpenID Connect, GitHub by OAuth 2."""

from fastapi import APIRouter

from mercat.auth.providers.config import ProviderSettings
from mercat.auth.providers.directory import Providers
from mercat.auth.providers.own_router import router as own_router
from mercat.auth.providers.router import router as sign_in_router
from mercat.auth.providers.schemas import LocalPath

router = APIRouter()
router.include_router(sign_in_router)
router.include_router(own_router)

__all__ = ["LocalPath", "ProviderSettings", "Providers", "router"]
