"""How often one account may write, comment and report."""

from mercat.kit.limits import Policy

WRITING = Policy("posts.writing", "120/hour")
PICTURING = Policy("posts.pictures", "60/hour")
COMMENTING = Policy("comments.writing", "60/hour")
REPORTING = Policy("comments.reporting", "30/hour")
