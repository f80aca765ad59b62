"""Flags, environment, ``.env`` and configuration file to one frozen `Settings`.

Nobody else reads the environment. For each setting the first source that has it counts: flag,
environment, ``.env`` in the current folder, configuration file, default.
"""

from graphcrawl.settings.loading import current_folder, current_settings, load_settings
from graphcrawl.settings.shell import bash_words, replace_bash_words, wants_color
from graphcrawl.settings.values import (
    CONFIG_NAME,
    DEFAULT_URL,
    DOTENV,
    VARIABLES,
    VENDOR_HOST,
    Settings,
    with_credentials,
)

__all__ = [
    "CONFIG_NAME",
    "DEFAULT_URL",
    "DOTENV",
    "VARIABLES",
    "VENDOR_HOST",
    "Settings",
    "bash_words",
    "current_folder",
    "current_settings",
    "load_settings",
    "replace_bash_words",
    "wants_color",
    "with_credentials",
]
