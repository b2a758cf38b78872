"""Makes the first sysadmin: `python -m ckanext.aivision.services.admin CKAN_INI NAME`, the password on standard input.

`ckan user add` would show the password to everyone who lists processes.
"""

from __future__ import annotations

import sys


def main(ini: str, name: str) -> None:
    """Makes the user, or gives an existing one this password, and makes it a sysadmin."""
    password = sys.stdin.readline().rstrip("\n")
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    with make_app(load_config(ini))._wsgi_app.app_context():
        import ckan.model as model

        user = model.User.get(name) or model.User(name=name, email=f"{name}@catalogue.invalid")
        user.password = password
        user.sysadmin = True
        model.Session.add(user)
        model.Session.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
