"""One self-contained HTML page: pyvis bears the data and vis-network, the template is ours.

pyvis's own template is never used: every one of its modes fetches a style sheet, and puts titles
where they execute.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from graphcrawl.graph import ConnectionGraph, Found
from graphcrawl.graph.difference import Difference
from graphcrawl.graph.own import Own
from graphcrawl.map.by_creator import NO_CREATORS, compose_by_creator
from graphcrawl.map.changes import FATES, explain_changes, with_changes
from graphcrawl.map.faces import data_uris
from graphcrawl.map.folding import folded
from graphcrawl.map.groups import COLOURED
from graphcrawl.map.legend import Legend, explain
from graphcrawl.map.marks import Mark
from graphcrawl.map.options import By, MapOptions
from graphcrawl.map.ownership import commands, reasons_of, told_of
from graphcrawl.map.portrait import hull_name
from graphcrawl.map.scene import Scene, compose
from graphcrawl.map.words import Heading
from graphcrawl.map.writing import GENERATOR
from graphcrawl.model import Certainty, Origin, Thumbnail
from graphcrawl.wording import plural

if TYPE_CHECKING:
    from pyvis.network import Network as VisNetwork

SCRIPTS: Final = (
    "text.js",
    "model.js",
    "routes.js",
    "filters.js",
    "words.js",
    "added.js",
    "colors.js",
    "theme.js",
    "edges.js",
    "changes.js",
    "creator_marks.js",
    "hulls.js",
    "occupied.js",
    "placing.js",
    "places.js",
    "labels.js",
    "surroundings.js",
    "faces.js",
    "crowd.js",
    "view.js",
    "creators.js",
    "panel.js",
    "search.js",
    "table.js",
    "picture.js",
    "fragment.js",
    "views.js",
    "forces.js",
    "main.js",
)
"""In the order in which the page runs them, as one script."""

OPTIONS: Final[Mapping[str, Any]] = {
    "physics": False,
    "layout": {"improvedLayout": False},
    "nodes": {"font": {"size": 0}, "borderWidthSelected": 1, "chosen": False},
    "interaction": {
        "dragNodes": False,
        "hover": True,
        "multiselect": False,
        "selectConnectedEdges": False,
        "hoverConnectedEdges": False,
        "zoomSpeed": 0.7,
        "keyboard": {"enabled": True, "bindToWindow": False},
    },
}
"""For vis-network: positions are given, and nothing but the view moves."""

# Ends of script blocks and comments cannot occur without the first three; the last two end a line
# in older JavaScript.
_MARK: Final = tuple(one.name for one in fields(Mark))
_ESCAPES: Final = str.maketrans(
    {sign: f"\\u{ord(sign):04x}" for sign in ("<", ">", "&", "\u2028", "\u2029")}
)


def draw(
    graph: ConnectionGraph,
    *,
    heading: Heading,
    found: Found | None = None,
    options: MapOptions | None = None,
    left_out: Iterable[str] = (),
    pictures: Mapping[int, Thumbnail] | None = None,
    difference: Difference | None = None,
    own: Own | None = None,
) -> str:
    """Draw a graph as one HTML page that asks the network for nothing.

    The same graph and heading give the same text, byte for byte, in every process.

    Parameters
    ----------
    graph : ConnectionGraph
    heading : Heading
        As `graphcrawl.map.describe` makes it.
    found : Found or None
        Clusters and owners; what of them is not in the graph is not drawn.
    options : MapOptions or None
        How it is drawn; what is drawn was chosen before.
    left_out : iterable of str
        Sentences about what is not in this graph and would be, but for a choice.
    pictures : mapping of int to Thumbnail, or None
        Of accounts, by their nodes' keys.
    difference : Difference or None
        What the graph was united from; its changes are drawn, and there is no view by creator.
    own : Own or None
        What users added to its accounts.

    Returns
    -------
    str
        To be written by `write_page`.

    Raises
    ------
    InputError
        If colours are to tell of a column that is not there.
    """
    found, options, left_out = found or Found(), options or MapOptions(), tuple(left_out)
    if difference is None:
        views = _views(graph, heading, found, options, left_out, own)
    else:
        views = _view_of_changes(graph, heading, found, options, left_out, difference, own)
    scripts = [_vis_network(), _own_scripts()]
    style = _asset("map.css")
    return _template().render(
        generator=GENERATOR,
        scene=views[0].scene,
        views=views,
        style=Markup(style),
        style_hash=Markup(_hashed(style)),
        scripts=[Markup(script) for script in scripts],
        script_hashes=Markup(" ".join(_hashed(script) for script in scripts)),
        data=Markup(inert_json(_told(views) | {"pictures": data_uris(pictures or {})})),
    )


@dataclass(frozen=True, slots=True)
class _View:
    """One way to draw the accounts; a page opens with the first that it holds."""

    by: By
    scene: Scene
    legend: Legend
    count: str


def _views(
    graph: ConnectionGraph,
    heading: Heading,
    found: Found,
    options: MapOptions,
    left_out: tuple[str, ...],
    own: Own | None,
) -> tuple[_View, ...]:
    scene = compose(
        graph, heading=heading, found=found, options=options, left_out=left_out, own=own
    )
    by_creator = compose_by_creator(
        graph,
        scene.owners,
        heading=heading,
        found=found,
        options=options,
        left_out=left_out,
        own=own,
        like=scene.shading,
    )
    views = [_View(By.ACCOUNT, scene, explain(scene), plural(len(scene.marks), "account"))]
    if by_creator is not None:
        count = f"{len(by_creator.marks):,} creators and accounts"
        views.append(_View(By.CREATOR, by_creator, explain(by_creator), count))
    elif options.by == By.CREATOR:
        alone = replace(scene, left_out=(*scene.left_out, NO_CREATORS))
        views = [replace(views[0], scene=alone)]
    return tuple(sorted(views, key=lambda view: view.by != options.by))


def _view_of_changes(
    graph: ConnectionGraph,
    heading: Heading,
    found: Found,
    options: MapOptions,
    left_out: tuple[str, ...],
    difference: Difference,
    own: Own | None,
) -> tuple[_View, ...]:
    scene = compose(
        graph, heading=heading, found=found, options=options, left_out=left_out, own=own
    )
    scene = with_changes(scene, difference)
    legend = explain_changes(explain(scene), scene)
    return (_View(By.ACCOUNT, scene, legend, plural(len(scene.marks), "account")),)


def _told(views: Iterable[_View]) -> dict[str, Any]:
    scenes = {view.by: view.scene for view in views}
    accounts, creators = scenes[By.ACCOUNT], scenes.get(By.CREATOR)
    word = _word(scenes.values())
    told = payload(accounts, word)
    if creators is not None:
        told["by_creator"] = folded(told, payload(creators, word))
    return told


def inert_json(value: object) -> str:
    """Write JSON that nothing in an HTML page can take for markup.

    Parameters
    ----------
    value : object
        What `json.dumps` takes; its texts must be free of lone surrogates.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_ESCAPES)


def _word(scenes: Iterable[Scene]) -> dict[str, int]:
    """Give a number to every sentence that marks and owners share."""
    words: set[str] = set()
    for scene in scenes:
        words.update(text for mark in scene.marks for text in (mark.remark, mark.state))
        words |= reasons_of(scene.owners)
    return {text: at for at, text in enumerate(sorted(words))}


def payload(scene: Scene, word: Mapping[str, int]) -> dict[str, Any]:
    """Return what the page's script reads, as plain values.

    Sentences that many accounts share stand once in `words`, and edges are triples of indices
    (source, target, certainty): a quarter of the bytes of spelling them out.
    """
    network = _borne(scene, word)
    kinds = [certainty.value for certainty in Certainty]
    return {
        "nodes": network.nodes,
        "edges": [[e["from"], e["to"], kinds.index(e["certainty"])] for e in network.edges],
        "options": network.options,
        "certainties": kinds,
        "fates": [line.fate for line in scene.lines if line.fate is not None],
        "said_of_fates": dict(FATES) if any(mark.fate for mark in scene.marks) else {},
        "words": list(word),
        "rings": [asdict(ring) for ring in scene.rings],
        "coloured": COLOURED,
        "clusters": [{"number": one.number, "name": one.name} for one in scene.clusters],
        "owners": _owners(scene, word),
        "labelled": scene.labelled,
        "city": scene.city,
        "color": scene.color.value,
        "notice": scene.notice,
        "origin": scene.origin.value,
        "command": scene.command,
        **_added(scene),
    }


def _added(scene: Scene) -> dict[str, Any]:
    """Return what the page reads of columns of users' own; nothing where there is none."""
    told: dict[str, Any] = {}
    if any(mark.added for mark in scene.marks):
        told["columns"] = [asdict(column) for column in scene.columns]
    if scene.shading is not None:
        told["shading"] = {
            "column": scene.shading.column,
            "none": scene.shading.none,
            "shades": [asdict(one) for one in scene.shading.shades],
        }
    return told


def _owners(scene: Scene, word: Mapping[str, int]) -> list[dict[str, Any]]:
    places = {mark.id: at for at, mark in enumerate(scene.marks)}
    known = commands(scene.command, simulated=scene.origin is Origin.SIMULATED)
    return [
        {**told_of(owner, places, word, known), "hull": hull_name(owner)} for owner in scene.owners
    ]


def _borne(scene: Scene, word: Mapping[str, int]) -> VisNetwork:
    """Load a pyvis network, directly: its own methods scan all edges for each one added."""
    from pyvis.network import Network as VisNetwork

    network = VisNetwork(directed=True)
    network.nodes = [_plain(mark, word) for mark in scene.marks]
    network.edges = [
        {"from": line.source, "to": line.target, "certainty": line.certainty.value}
        for line in scene.lines
    ]
    network.options = dict(OPTIONS)
    return network


def _plain(mark: Mark, word: Mapping[str, int]) -> dict[str, Any]:
    told = {
        # Not by asdict, which would copy every value: half a second of 10,000 accounts.
        **{name: getattr(mark, name) for name in _MARK},
        "added": mark.added and asdict(mark.added),
        "seed": None,
        "standing": mark.standing.value,
        "state": word[mark.state],
        "remark": word[mark.remark],
        "telling": mark.telling.value or None,
    }
    return {key: value for key, value in told.items() if value is not None or key == "depth"}


def _hashed(text: str) -> str:
    """Return what a Content-Security-Policy names an inline block by."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    return environment.from_string(_asset("page.html"))


@cache
def _asset(name: str) -> str:
    return _unix_lines(resources.files("graphcrawl.map") / "assets" / name)


@cache
def _own_scripts() -> str:
    return "\n".join(_asset(name) for name in SCRIPTS)


@cache
def _vis_network() -> str:
    """Return the newest vis-network that pyvis carries, without the line that names its map."""
    libraries = resources.files("pyvis") / "templates" / "lib"
    folders = [entry for entry in libraries.iterdir() if entry.name.startswith("vis-")]
    newest = max(folders, key=lambda entry: [int(part) for part in entry.name[4:].split(".")])
    code, _, _ = _unix_lines(newest / "vis-network.min.js").rpartition("//# sourceMappingURL=")
    return code


def _unix_lines(file: Traversable) -> str:
    # A browser hashes an inline block after turning its line ends into this one.
    return file.read_bytes().decode("utf-8").replace("\r\n", "\n")
