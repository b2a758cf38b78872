"""Call other plugins' hooks. An error in a hook becomes a warning that names the plugin and does not end the run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import ckan.model as model
from ckan.plugins import Interface, PluginImplementations

from ckanext.aivision.catalogue.harvest.store import Refusal
from ckanext.aivision.errors import Problem
from ckanext.aivision.plugin_names import EVALUATING

_log = logging.getLogger(__name__)


def overriding(interface: type[Interface], hook: str) -> list[Any]:
    """The plugins, other than ours and in CKAN's order, that have a hook of their own; the interface's does nothing."""
    idle = getattr(interface, hook)
    return [
        plugin
        for plugin in PluginImplementations(interface)
        if plugin.name not in EVALUATING and getattr(type(plugin), hook, idle) is not idle
    ]


class HookCalls:
    """Calls hooks and keeps what they raised."""

    def __init__(self) -> None:
        self._failed: list[Refusal] = []

    def call(self, identifier: str | None, plugin: Any, hook: str, *arguments: Any) -> None:
        """Calls a hook that may write to the session, and commits that, or takes it back where it raises."""
        self.guarded(identifier, plugin.name, hook, lambda: getattr(plugin, hook)(*arguments))

    def result(self, identifier: str | None, plugin: Any, hook: str, *arguments: Any) -> Any:
        """What a hook that only reads gives; None if it raises."""
        try:
            return getattr(plugin, hook)(*arguments)
        except Exception as error:  # noqa: BLE001 - others' code raises anything
            self.failed(identifier, plugin.name, hook, error)
            return None

    def guarded(self, identifier: str | None, plugin: str, what: str, step: Callable[[], Any]) -> bool:
        """Takes a step that calls hooks, and commits; tells whether it came to the end."""
        try:
            step()
            model.Session.commit()
        except Exception as error:  # noqa: BLE001 - others' code raises anything
            model.Session.rollback()
            self.failed(identifier, plugin, what, error)
            return False
        return True

    def failed(self, identifier: str | None, plugin: str, hook: str, error: Exception) -> None:
        """Notes that a hook raised. The log has where; the run's problems have what."""
        _log.warning("plugin %s: %s raised", plugin, hook, exc_info=error)
        reason = f"{type(error).__name__}: {error}".splitlines()[0][:500]
        message = f"the plugin {plugin} raised in {hook}: {reason}; the dataset was stored: fix or disable the plugin"
        problem = Problem("hook-failed", f"hook {plugin}.{hook}", message, "warning")
        self._failed.append(Refusal(identifier, problem, "changed"))

    def take_failures(self) -> list[Refusal]:
        """What was raised since this was last asked."""
        failed, self._failed = self._failed, []
        return failed
