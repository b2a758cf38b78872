"""The user that PostgreSQL runs as where we are root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import time
import uuid

import pytest

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("useradd") is None, reason="only root can add users, with useradd"
)
_CALL = """
import pwd, sys, time
from ckanext.aivision.services.system_user import ensure_user
time.sleep(max(0, float(sys.argv[2]) - time.time()))
ensure_user(sys.argv[1])
print(pwd.getpwnam(sys.argv[1]).pw_uid)
"""


@pytest.mark.long
def test_processes_that_start_at_once_share_one_user() -> None:
    name = f"aivision{uuid.uuid4().hex[:8]}"
    at = str(time.time() + 4)
    command = [sys.executable, "-c", _CALL, name, at]
    try:
        started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
        said = {process.communicate(timeout=60)[0].strip() for process in started}
        assert said == {str(pwd.getpwnam(name).pw_uid)}
    finally:
        subprocess.run(["userdel", "--force", name], check=False, capture_output=True)
