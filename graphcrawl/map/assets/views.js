// The accounts drawn in two ways, one at a time: a mark for each, or one for all of a creator's.
// The page's parts are made anew for the other way, from what was there before any script ran.

function readData() {
  return JSON.parse(document.getElementById("graph-data").textContent);
}

// The way back from `folded` in folding.py: the view by creator, with all that it tells.
function unfolded({ by_creator: view, ...data }) {
  const known = new Map(data.nodes.map((node) => [node.id, node]));
  const nodes = view.nodes.map((node) => (isCreator(node) ? node : { ...known.get(node.id), ...node }));
  for (const node of nodes) {
    for (const key of Object.keys(node)) if (node[key] === null && key !== "depth") delete node[key];
  }
  const places = new Map(nodes.map((node, at) => (isCreator(node) ? [null, at] : [node.id, at])));
  const place = (at) => places.get(data.nodes[at].id);
  const alone = data.edges
    .map(([source, target, certainty]) => [place(source), place(target), certainty])
    .filter(([source, target]) => source !== undefined && target !== undefined);
  return { ...data, ...view, nodes, edges: [...alone, ...view.edges] };
}

// An account's key leads to its creator where that is what is drawn.
function modelOf(by) {
  const data = readData();
  const model = readModel(by === "creator" ? unfolded(data) : data);
  Object.assign(model, { by, accounts: data.nodes });
  for (const [index, mark] of model.marks.entries()) {
    if (isCreator(mark)) for (const at of membersOf(model, mark)) model.at.set(data.nodes[at].id, index);
  }
  return model;
}

class Views {
  constructor() {
    const other = document.getElementById("other-view");
    this.opening = this.by = document.body.dataset.by;
    this.parts = { [this.by]: this.pristine() };
    if (other) this.parts[other.dataset.by] = other.content;
    window.addEventListener("hashchange", () => this.follow());
    this.open(this.wanted(), location.hash);
  }

  stage() {
    return [...document.body.children].filter((part) => !part.matches("script, template"));
  }

  pristine() {
    const made = document.createDocumentFragment();
    made.append(...this.stage().map((part) => part.cloneNode(true)));
    return made;
  }

  // What comes from an address is looked up among what this page holds.
  wanted() {
    const by = new URLSearchParams(location.hash.slice(1, LONGEST_FRAGMENT)).get("by");
    return Object.hasOwn(this.parts, by) ? by : this.opening;
  }

  follow() {
    if (this.wanted() === this.by) this.page.restore(location.hash);
    else this.open(this.wanted(), location.hash);
  }

  open(by, fragment) {
    this.page?.close();
    if (by !== this.by) {
      for (const part of this.stage()) part.remove();
      document.body.prepend(this.parts[by].cloneNode(true));
      this.by = by;
    }
    this.page = window.graphcrawlMap = new MapPage(modelOf(by), this, fragment);
    document.getElementById("by")?.addEventListener("click", (event) => {
      const { by: chosen } = event.target.dataset;
      if (chosen && chosen !== this.by) this.turn(chosen);
    });
  }

  // Search, filters and the picked account stay; the place does not, since all lies elsewhere.
  turn(by, pick) {
    const open = ["legend", "accounts"].map((id) => [id, document.getElementById(id).open]);
    const fragment = new URLSearchParams(this.page.fragment());
    if (by === this.opening) fragment.delete("by");
    else fragment.set("by", by);
    if (pick !== undefined) {
      fragment.set("pick", String(pick));
      fragment.delete("to");
    }
    putFragment(String(fragment));
    this.open(by, String(fragment));
    for (const [id, was] of open) document.getElementById(id).open = was;
    this.page.view.fit();
    this.page.arrive();
    if (pick === undefined) document.querySelector(`#by [data-by="${by}"]`).focus();
  }
}
