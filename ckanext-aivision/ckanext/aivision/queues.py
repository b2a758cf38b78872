"""The names of the job queues, as CKAN takes them."""

from __future__ import annotations

# Jobs of seconds or a few minutes. A harvest in CKAN's default queue may take six hours, and they cannot wait for it.
SHORT = "aivision-short"
