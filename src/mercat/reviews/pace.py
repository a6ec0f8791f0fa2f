"""How often one account may write, add photos, vote and report."""

from mercat.kit.limits import Policy

WRITING = Policy("reviews.writing", "30/hour")
PICTURING = Policy("reviews.photos", "60/hour")
VOTING = Policy("reviews.voting", "300/hour")
REPORTING = Policy("reviews.reporting", "30/hour")
