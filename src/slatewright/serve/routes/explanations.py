"""Why an item stands in a slate, and why not."""

from fastapi import APIRouter

router = APIRouter(prefix="/api", tags=["reasons"])
