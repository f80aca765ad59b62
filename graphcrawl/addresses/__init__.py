"""What people type for an account, and where an account's profile is."""

from graphcrawl.addresses.accounts import parse_account, parse_network
from graphcrawl.addresses.seeds import read_seed_file, read_seed_lines
from graphcrawl.addresses.sites import NETWORK_ALIASES, profile_url

__all__ = [
    "NETWORK_ALIASES",
    "parse_account",
    "parse_network",
    "profile_url",
    "read_seed_file",
    "read_seed_lines",
]
