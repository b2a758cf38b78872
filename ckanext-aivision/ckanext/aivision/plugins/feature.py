"""What the plugins share: a plugin has what its own class and all its parent classes list."""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar, TypeVar

import ckan.plugins as plugins
from ckan.exceptions import CkanConfigurationException
from flask import Blueprint

from ckanext.aivision.logic import auth
from ckanext.aivision.plugin_names import CORE, FEATURES, WHOLE

_BESIDE_OTHERS = "/aivision"
Plugin = TypeVar("Plugin", bound="FeaturePlugin")


class FeaturePlugin(plugins.SingletonPlugin):
    """A plugin that lists its actions, blueprints and validators.

    ACTIONS: the modules of `logic.action` whose `__all__` it registers, with the rules of the same names in
    `logic.auth`.
    BLUEPRINTS, VALIDATORS: as those interfaces give them; a module lists its validators in `__all__`.
    GIVES_WAY: names of plugins of others, each with a blueprint of ours that has the same addresses. Beside such a
    plugin, our pages are below `/aivision`, so that people find theirs where they know them.
    """

    plugins.implements(plugins.IActions)
    plugins.implements(plugins.IAuthFunctions)
    plugins.implements(plugins.IBlueprint)
    plugins.implements(plugins.IConfigurable)
    plugins.implements(plugins.IConfigurer)
    plugins.implements(plugins.IValidators)

    ACTIONS: ClassVar[tuple[ModuleType, ...]] = ()
    BLUEPRINTS: ClassVar[tuple[Blueprint, ...]] = ()
    VALIDATORS: ClassVar[tuple[ModuleType, ...]] = ()
    GIVES_WAY: ClassVar[tuple[tuple[str, Blueprint], ...]] = ()

    def __new__(cls: type[Plugin], *args: Any, **kwargs: Any) -> Plugin:
        # CKAN declares `_instance` for instances, and looks for it in the parent classes too.
        if "_instance" not in cls.__dict__:
            cls._instance = object.__new__(cls)
        instance: Plugin = cls._instance  # type: ignore[misc]
        return instance

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # CKAN orders plugins by their names: the class, called once more, must not take away the one it was loaded by.
        if "name" in kwargs or "name" not in vars(self):
            super().__init__(*args, **kwargs)

    def update_config(self, config: Any) -> None:
        """The features add to this, and call the next one's."""
        self.check_list()

    def configure(self, config: Any) -> None:
        """Once all plugins and their settings are read. The features add to this, and call the next one's."""

    def check_list(self) -> None:
        """Raises CkanConfigurationException where `ckan.plugins` lists what does not fit together."""
        if plugins.plugin_loaded(WHOLE):
            twice = [name for name in FEATURES if plugins.plugin_loaded(name)]
            if twice:
                message = f"ckan.plugins: `{WHOLE}` has `{twice[0]}` in it; take one of the two out"
                raise CkanConfigurationException(message)
        elif not plugins.plugin_loaded(CORE):
            message = f"ckan.plugins: `{self.name}` needs `{CORE}`; add it to the list"
            raise CkanConfigurationException(message)

    def get_actions(self) -> dict[str, Any]:
        return {name: getattr(module, name) for module in self._collect("ACTIONS") for name in module.__all__}

    def get_auth_functions(self) -> dict[str, Any]:
        return {name: auth.FUNCTIONS[name] for name in self.get_actions() if name in auth.FUNCTIONS}

    def get_blueprint(self) -> list[Blueprint]:
        for other, pages in self._collect("GIVES_WAY"):
            pages.url_prefix = _BESIDE_OTHERS if plugins.plugin_loaded(other) else None
        return self._collect("BLUEPRINTS")

    def get_validators(self) -> dict[str, Any]:
        return {name: getattr(module, name) for module in self._collect("VALIDATORS") for name in module.__all__}

    def _collect(self, attribute: str) -> list[Any]:
        return [item for parent in type(self).__mro__ for item in parent.__dict__.get(attribute, ())]
