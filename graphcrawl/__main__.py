"""``python -m graphcrawl``."""

from graphcrawl.cli import run

run()
