"""What people type and list, mutated: an account that reads back as itself, or one clear line."""

from __future__ import annotations

import io
from random import Random
from typing import Final

from graphcrawl.addresses import parse_account, profile_url, read_seed_file
from graphcrawl.errors import AccountTextError, InputError
from graphcrawl.model import NETWORKS, AccountRef
from tests.fuzzing import assert_one_line, encoded, fuzzed, mangled, mutated

TEXTS: Final = (
    *("nasa", "@nasa", "instagram:nasa", "youtube:id:UCLA_DiR1FfKNvjuUpBHmylQ", "id:528817151"),
    *("https://www.instagram.com/nasa/?hl=en", "https://youtube.com/@NASA/videos"),
    "https://www.youtube.com/channel/UCLA_DiR1FfKNvjuUpBHmylQ",
    *("twitter.com/nasa", "x.com/nasa", "https://m.tiktok.com/@nasa?_t=1", "twitch.tv/nasa"),
    *("https://www.snapchat.com/add/nasa", "https://user:pw@instagram.com:443/na%73a#x"),
)
LISTS: Final = (
    "nasa\n@esa\n# a comment\n\nyoutube:id:UCLA_DiR1FfKNvjuUpBHmylQ\n",
    "network,username,id\ninstagram,nasa,528817151\ntwitter,,11348282\n",
    'Username;Network;extra\n"nasa";instagram;"a ""quoted"" cell"\n',
    "\ufeffsocial_id\tnetwork\tid\n1\tyoutube\t7\n",
    "https://www.instagram.com/nasa/\r\nhttps://x.com/nasa\r\n",
)


def assert_sound(ref: AccountRef) -> None:
    """Whatever it was made from: a network of ours, and names that nothing can mistake."""
    assert ref.network in NETWORKS
    for name in (ref.username, ref.social_id):
        if name is not None:
            assert 0 < len(name) <= 512
            assert name == name.strip()
            assert not set(name) & set("/\\?#:@,;\"'<>\0\r\n\t ")
            name.encode()
    if not (ref.username and ref.social_id):
        assert parse_account(str(ref)) == ref
    address = profile_url(ref.network, ref.username, ref.social_id)
    if address is not None:
        again = parse_account(address)
        assert again.network == ref.network
        assert again.social_id in (None, ref.social_id)
        assert again.username in (None, ref.username)


@fuzzed(30_000)
def test_fuzzed_accounts(chance: Random) -> None:
    text = mutated(chance, chance.choice(TEXTS))
    network = chance.choice((None, "instagram", "youtube", mutated(chance, "tiktok")))
    try:
        ref = parse_account(text, network=network, by_id=chance.random() < 0.2)
    except AccountTextError as error:
        assert_one_line(error)
    else:
        assert_sound(ref)


@fuzzed(10_000)
def test_fuzzed_lists(chance: Random) -> None:
    content = mangled(chance, encoded(mutated(chance, chance.choice(LISTS))))
    try:
        refs = read_seed_file(
            "-", network=chance.choice((None, "instagram")), stdin=io.BytesIO(content)
        )
    except InputError as error:
        assert_one_line(error)
    else:
        assert len({(ref.network, ref.username, ref.social_id) for ref in refs}) == len(refs)
        for ref in refs:
            assert_sound(ref)
