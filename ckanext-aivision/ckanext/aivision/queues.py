"""The names of the job queues, as CKAN takes them."""

from __future__ import annotations

# A harvest in CKAN's default queue may take six hours, and what is in these cannot wait for it. One worker takes both.
# Jobs of seconds.
SHORT = "aivision-short"
# Snapshots, one at a time.
SNAPSHOT = "aivision-snapshot"
