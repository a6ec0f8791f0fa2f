"""What operators see of the whole marketplace: reads of every domain, changes only through their public functions.

Owns: nothing.
Calls: auth, audit, outbox.
Publishes: nothing.
Listens: nothing.
"""

from mercat.admin.cache_router import router as cache_router
from mercat.admin.job_actions import cancel_job, retry_job, retry_parked_jobs
from mercat.admin.jobs_router import router as jobs_router
from mercat.admin.router import router

__all__ = ["cache_router", "cancel_job", "jobs_router", "retry_job", "retry_parked_jobs", "router"]
