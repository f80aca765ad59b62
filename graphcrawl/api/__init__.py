"""The vendor: a client that asks once a call, and a pure parser of what it answers."""

from graphcrawl.api.address import DEFAULT_BASE_URL, Origin, parse_base_url
from graphcrawl.api.client import Client
from graphcrawl.api.exchange import Timeouts
from graphcrawl.api.payload import PlanInfo, parse_answer

__all__ = [
    "DEFAULT_BASE_URL",
    "Client",
    "Origin",
    "PlanInfo",
    "Timeouts",
    "parse_answer",
    "parse_base_url",
]
