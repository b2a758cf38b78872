"""The group of `ckan aivision`, whose commands are in the audit log."""

from __future__ import annotations

from typing import Any

import click


class AuditedGroup(click.Group):
    """Commands that the audit log notes as they begin."""

    def invoke(self, ctx: click.Context) -> Any:
        words = [*ctx._protected_args, *ctx.args]
        if words and words[0] in self.commands:
            from ckanext.aivision.catalogue import audit_log

            audit_log.command_begins(words)
        return super().invoke(ctx)
