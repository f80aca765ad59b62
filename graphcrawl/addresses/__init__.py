"""What people type for an account, and where an account's profile is."""

from graphcrawl.addresses.accounts import (
    Named,
    SoughtAccount,
    parse_account,
    parse_network,
    parse_sought,
    stored_network,
)
from graphcrawl.addresses.seeds import read_seed_file, read_seed_lines
from graphcrawl.addresses.sites import NETWORK_ALIASES, profile_url

__all__ = [
    "NETWORK_ALIASES",
    "Named",
    "SoughtAccount",
    "parse_account",
    "parse_network",
    "parse_sought",
    "profile_url",
    "read_seed_file",
    "read_seed_lines",
    "stored_network",
]
