"""The vendor: a client that asks once a call, and a pure parser of what it answers."""

from graphcrawl.api.address import parse_base_url
from graphcrawl.api.client import Client
from graphcrawl.api.exchange import Timeouts
from graphcrawl.api.payload import PlanInfo, parse_answer
from graphcrawl.api.pictures import PictureClient, PictureHosts
from graphcrawl.api.thumbnails import can_make_thumbnails

__all__ = [
    "Client",
    "PictureClient",
    "PictureHosts",
    "PlanInfo",
    "Timeouts",
    "can_make_thumbnails",
    "parse_answer",
    "parse_base_url",
]
