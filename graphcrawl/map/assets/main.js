// The page: what is picked, looked for and hidden, and what each part of it must know of that.
const SAID_FOR = 6000;
const ADDRESS_REST = 250;

class MapPage {
  constructor(model, views, fragment) {
    Object.assign(this, { model, views, closing: new AbortController() });
    Object.assign(this, { chosen: null, far: null, way: null, pairing: false, opener: null });
    this.foldLegend();
    const choose = (index) => this.choose(index), say = (text) => this.say(text);
    this.filters = new Filters(this.model, () => this.filtered());
    this.coloring = new Coloring(this.model, () => this.recolored());
    this.search = new Search(this.model, { choose, changed: () => this.changed() });
    this.panel = new Panel(this.model, {
      choose, say, close: () => this.choose(null), pair: () => this.pair(true), unpair: () => this.join(null),
      look: (by, account) => views.turn(by, account),
    });
    this.table = new Table(this.model, { choose, say });
    this.view = new MapView(this.model, {
      clicked: (index) => this.choose(index, { stay: true }),
      moved: () => this.remember(),
      spotlight: () => this.spotlight(),
    });
    this.forces = new Forces(this.model, this.view, say);
    this.listen();
    this.restore(fragment);
  }

  // What listens beyond the page's own parts goes with them.
  close() {
    this.closing.abort();
    this.forces.running = false;
    clearTimeout(this.writing);
    clearTimeout(this.saying);
    this.view.close();
  }

  get network() { return this.view.network; }
  get place() { return this.view.place; }
  get edges() { return this.view.edges; }
  get labels() { return this.view.labels; }

  foldLegend() {
    if (window.matchMedia("(max-width: 640px), (max-height: 560px)").matches) {
      document.getElementById("legend").open = false;
    }
  }

  listen() {
    const { signal } = this.closing;
    document.addEventListener("keydown", (event) => this.pressed(event), { signal });
    window.addEventListener("beforeprint", () => this.print(), { signal });
    window.addEventListener("afterprint", () => this.printed(), { signal });
    const dialog = document.getElementById("help");
    document.getElementById("help-close").addEventListener("click", () => dialog.close());
    const acts = { picture: () => this.savePicture(), help: () => this.help(), table: () => this.openTable() };
    for (const [name, act] of Object.entries(acts)) {
      document.getElementById(`do-${name}`).addEventListener("click", act);
    }
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.getElementById("help").open) return;
    const typing = event.target.matches("input[type=search], textarea");
    if (event.key === "Escape") this.undo();
    else if (event.key === "/" && !typing) this.search.field.focus();
    else if (event.key === "?" && !typing) this.help();
    else return;
    event.preventDefault();
  }

  // The newest thing first: what was opened last lies over the rest.
  undo() {
    if (this.search.open) this.search.close();
    else if (this.pairing) this.pair(false);
    else if (this.far !== null) this.join(null);
    else if (this.chosen !== null) this.choose(null);
    else if (this.search.query) { this.search.clear(); this.changed(); }
    else if (this.filters.active) { this.filters.reset(); this.filtered(); }
    else this.search.field.blur();
  }

  help() {
    document.getElementById("help").showModal();
  }

  openTable() {
    this.table.place.open = true;
    this.table.place.querySelector("summary").focus();
  }

  choose(index, { stay = false } = {}) {
    if (this.pairing && index !== null && index !== this.chosen) {
      this.join(index);
      return;
    }
    const opened = this.chosen === null;
    const focus = document.activeElement;
    Object.assign(this, { chosen: index, far: null, way: null, pairing: false });
    this.view.tip.hidden = true;
    if (index === null) this.network.unselectAll();
    else this.network.selectNodes([this.model.marks[index].id], false);
    this.showPanel();
    if (index !== null && !stay) this.view.fly(index, this.besidePanel());
    this.moveFocus(focus, { opened, stay });
    this.changed();
  }

  // Who picks by keyboard reads on in the panel, and returns to where he was.
  moveFocus(focus, { opened, stay }) {
    if (this.chosen === null) {
      if (this.opener && this.opener.isConnected) this.opener.focus();
      this.opener = null;
    } else if (!stay) {
      if (opened) this.opener = focus;
      this.panel.place.querySelector("h2").focus({ preventScroll: true });
    }
  }

  showPanel() {
    if (this.chosen === null) this.panel.hide();
    else this.panel.show(this.chosen, this);
  }

  besidePanel() {
    const { offsetWidth, offsetHeight } = this.panel.place, { clientWidth, clientHeight } = this.place;
    const across = offsetWidth > clientWidth * 0.7;
    return across ? { x: 0, y: -Math.min(offsetHeight, clientHeight * 0.6) / 2 } : { x: -offsetWidth / 2, y: 0 };
  }

  pair(pairing) {
    this.pairing = pairing && this.chosen !== null;
    this.showPanel();
    if (this.pairing) this.say("Pick the other account: on the map, in a list or by search.");
  }

  join(far) {
    this.far = far;
    this.pairing = false;
    this.way = far === null ? null : wayBetween(this.model, this.chosen, far);
    document.getElementById("said").hidden = true;
    this.showPanel();
    if (this.way) this.view.frame(this.way, this.besidePanel());
    this.changed();
  }

  filtered() {
    this.view.refilter();
    if (this.far !== null) this.way = wayBetween(this.model, this.chosen, this.far);
    this.showPanel();
    this.table.refresh();
    this.changed();
  }

  recolored() {
    this.view.recolor();
    this.changed();
  }

  // What stays above the veil: null where nothing is looked at and all is drawn alike.
  spotlight() {
    const { model, view } = this;
    const chosen = [this.chosen, this.far, view.hovered].filter((index) => index !== null);
    const first = [...chosen].reverse();
    const ringed = chosen.filter((index) => index !== view.hovered || index === this.chosen);
    const hovering = view.hovered !== null && view.hovered !== this.chosen;
    if (!hovering && this.way) return { lit: new Set(this.way), lines: linesOf(model, this.way), chosen: ringed, first };
    const focus = hovering ? view.hovered : this.chosen;
    if (focus !== null) return { ...neighbourhood(model, focus), chosen: ringed, first };
    if (!this.search.query) return { lit: null, lines: [], chosen: [], first: [] };
    return { lit: new Set(this.search.matches), lines: [], chosen: [], first: [] };
  }

  changed() {
    this.network.redraw();
    this.remember();
  }

  // Not at once: browsers refuse a page that changes its address many times a second.
  remember() {
    clearTimeout(this.writing);
    this.writing = setTimeout(() => putFragment(this.fragment()), ADDRESS_REST);
  }

  fragment() {
    return writtenFragment(this.model, {
      by: this.model.by === this.views.opening ? null : this.model.by,
      query: this.search.query, hidden: this.filters.hidden.map((box) => this.filters.key(box)),
      least: this.filters.fewest, color: this.coloring.unusual, place: this.view.position, chosen: this.chosen, far: this.far,
    });
  }

  restore(fragment) {
    const wanted = readFragment(this.model, fragment);
    const filtered = this.filters.active;
    this.filters.restore(wanted.hidden, wanted.least);
    this.search.restore(wanted.query);
    Object.assign(this, { chosen: wanted.chosen, far: wanted.chosen === null ? null : wanted.far, pairing: false });
    if (this.far === this.chosen) this.far = null;
    this.way = this.far === null ? null : wayBetween(this.model, this.chosen, this.far);
    if (this.coloring.restore(wanted.color)) this.view.recolor();
    if (filtered || this.filters.active) this.view.refilter();
    this.showPanel();
    this.table.refresh();
    if (wanted.place) this.view.goBack(wanted.place);
    this.network.redraw();
  }

  // In a view just turned to: to what was picked in the other one, and say what is drawn now.
  arrive() {
    if (this.chosen !== null) {
      this.view.fly(this.chosen, this.besidePanel());
      this.panel.place.querySelector("h2").focus({ preventScroll: true });
    }
    this.say(`By ${this.model.by}: ${countedMarks(this.model, this.model.marks.length)}.`);
    this.changed();
  }

  say(text) {
    const place = document.getElementById("said");
    place.textContent = text;
    place.hidden = false;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => { place.hidden = true; }, SAID_FOR);
  }

  picture() {
    return pictureOf(this.place.querySelector("canvas"), this.view.theme, {
      title: document.querySelector("h1").textContent,
      sentence: document.getElementById("about").textContent.replace(/\s+/gu, " ").trim(),
      notice: this.model.notice,
      hidden: this.filters.active ? document.querySelector("#hidden span").textContent : "",
    });
  }

  savePicture() {
    this.picture().toBlob((blob) => {
      download(blob, "graphcrawl-map.png");
      this.say("Saved as graphcrawl-map.png.");
    }, "image/png");
  }

  // Paper is white, whatever the screen's theme; and a canvas would not fit itself to it.
  print() {
    document.documentElement.classList.add("printing");
    this.view.retheme();
    document.getElementById("printed").replaceChildren(this.picture());
  }

  printed() {
    document.documentElement.classList.remove("printing");
    document.getElementById("printed").replaceChildren();
    this.view.retheme();
  }
}

new Views();
