"""How a job can refuse to be moved by an operator."""

from mercat.kit.problems import Conflict, NotFound


class JobNotFound(NotFound):
    """No such job, or it is done: jobs that succeed leave nothing behind."""

    code = "jobs.not_found"
    detail = "There is no such job; perhaps it is done."


class JobIsRunning(Conflict):
    """A worker is at it."""

    code = "jobs.running"
    detail = "A worker is at this job; wait until it has ended."


class JobIsWaiting(Conflict):
    """It has not failed, so there is nothing to repeat."""

    code = "jobs.waiting"
    detail = "This job has not failed; it waits for its turn."


class JobQueuedAgain(Conflict):
    """A schedule's next tick waits already, and does what this one failed at."""

    code = "jobs.queued_again"
    detail = "This schedule has been queued again already."
