// vis-network carries the marks, the view and the pointer; everything else is painted around it.
const REST = 140;
const FLIGHT = 450;

class MapView {
  constructor(model, { clicked, moved, spotlight }) {
    Object.assign(this, { model, moved, spotlight, moving: false, touched: false, hovered: null });
    this.place = document.getElementById("map");
    this.tip = document.getElementById("tip");
    this.theme = readTheme();
    turnUpright(model, this.isUpright());
    this.edges = new EdgePainter(model, this.theme);
    this.hulls = new HullPainter(model, this.theme);
    this.places = new PlacePainter(model, this.theme);
    this.labels = new LabelPainter(model, this.theme);
    this.faces = new FacePainter(model, { theme: this.theme, redraw: () => this.closing.signal.aborted || this.network.redraw() });
    this.nodes = new vis.DataSet(model.marks.map((mark) => this.asNode(mark)));
    this.crowd = new CrowdPainter(model);
    const interaction = { ...model.options.interaction, hideNodesOnDrag: this.crowd.crowded };
    this.network = new vis.Network(this.place, { nodes: this.nodes, edges: new vis.DataSet() }, { ...model.options, interaction });
    // vis-network listens for keys here, and would have it last in the page's order.
    this.place.firstElementChild.tabIndex = 0;
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.closing = new AbortController();
    this.listen(clicked);
    this.fit();
  }

  asNode(mark) {
    return { id: mark.id, x: mark.x, y: mark.y, size: mark.size, shape: mark.shape, ...this.dress(mark), ...(isCreator(mark) ? creatorShape(this, mark) : {}) };
  }

  dress(mark) {
    return dressed(mark, this.theme, hueOf(this.model, this.theme, mark));
  }

  close() {
    this.closing.abort();
    this.observer.disconnect();
    clearTimeout(this.resting);
    this.crowd.refresh();
    this.network.destroy();
  }

  isUpright() {
    return this.place.clientHeight > this.place.clientWidth * 1.1;
  }

  listen(clicked) {
    const { network } = this;
    network.on("beforeDrawing", (ctx) => this.under(ctx));
    network.on("afterDrawing", (ctx) => this.over(ctx));
    network.on("click", ({ nodes }) => clicked(nodes.length ? this.model.at.get(nodes[0]) : null));
    network.on("hoverNode", ({ node, pointer }) => this.hover(this.model.at.get(node), pointer.DOM));
    network.on("blurNode", () => this.hover(null));
    this.place.addEventListener("pointerleave", () => this.hover(null));
    network.on("dragStart", () => { this.dragged = this.crowd.crowded; });
    network.on("dragEnd", () => { this.dragged = false; });
    for (const name of ["dragging", "zoom", "dragStart"]) network.on(name, () => this.move());
    network.on("animationFinished", () => this.move());
    this.place.addEventListener("keydown", (event) => {
      if (event.key.startsWith("Arrow")) this.move();
    });
    document.getElementById("zoom").addEventListener("click", (event) => this.zoom(event.target.dataset.zoom));
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.retheme(), { signal: this.closing.signal });
    this.observer = new ResizeObserver(() => this.resized());
    this.observer.observe(this.place);
  }

  // What lies around the marks is painted in screen pixels: sharp, and the same size at any zoom.
  onScreen(ctx, paint) {
    const { clientWidth: width, clientHeight: height } = this.place;
    const scale = this.network.getScale(), centre = this.network.getViewPosition();
    const ratio = ctx.canvas.width / Math.max(1, ctx.canvas.clientWidth);
    ctx.save();
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint({ scale, ratio, width, height, x: width / 2 - centre.x * scale, y: height / 2 - centre.y * scale });
    ctx.restore();
  }

  under(ctx) {
    let seen;
    this.onScreen(ctx, (view) => {
      paintRings(ctx, view, this.model, this.theme);
      this.places.paint(ctx, view, { moving: this.moving });
      this.hulls.paint(ctx, view);
      this.edges.paint(ctx, view, { moving: this.moving });
      seen = view;
    });
    if (this.dragged) this.crowd.paint(ctx, seen, this.network.body.nodes);
  }

  over(ctx) {
    const { model, theme } = this;
    const { lit, lines, chosen, first } = this.spotlight();
    this.onScreen(ctx, (view) => this.faces.paint(ctx, view, null));
    if (lit) this.raise(ctx, lit, lines);
    this.onScreen(ctx, (view) => {
      if (lit) this.faces.paint(ctx, view, lit);
      paintFates(ctx, view, { model, theme, lit });
      paintSigns(ctx, view, { model, theme, lit, chosen });
      const covered = this.covered(view);
      const names = this.places.arrange(ctx, view, { covered, lit });
      this.labels.paint(ctx, view, { chosen, first, lit, covered: [...covered, ...names], hulls: this.hulls });
      this.places.write(ctx, view);
      if (model.notice) paintNotice(ctx, view, model.notice, theme);
    });
    if (!this.moving) this.crowd.prepare(this.network.body.nodes);
  }

  // Everything goes under a veil, and what is looked at is drawn once more above it: restyling
  // thousands of marks in vis-network's data would take longer than a frame.
  raise(ctx, lit, lines) {
    this.onScreen(ctx, (view) => {
      paintVeil(ctx, view, this.theme);
      this.edges.paintTies(ctx, view, lines);
    });
    for (const index of lit) {
      if (this.model.shown[index]) this.network.body.nodes[this.model.marks[index].id].draw(ctx);
    }
  }

  hover(index, pointer) {
    this.hovered = index;
    this.place.style.cursor = index === null ? "" : "pointer";
    if (index === null) this.tip.hidden = true;
    else showTip(this.tip, this.model, index, pointer);
    this.network.redraw();
  }

  move() {
    this.touched = true;
    this.moving = true;
    this.tip.hidden = true;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.moving = false;
      this.network.redraw();
      this.moved();
    }, REST);
  }

  fly(index, covered) {
    const { x, y } = this.model.marks[index];
    const readable = this.model.labelled ? 0.55 : 0.9;
    clearTimeout(this.resting);
    this.touched = true;
    this.moving = !this.calm.matches;
    this.network.moveTo({
      position: { x, y }, scale: Math.max(this.network.getScale(), readable), offset: covered,
      animation: this.calm.matches ? false : { duration: FLIGHT, easingFunction: "easeInOutQuad" },
    });
    if (this.calm.matches) this.move();
  }

  // All of some accounts, between the legend and the panel.
  frame(indices, panel) {
    const spots = indices.map((index) => this.model.marks[index]);
    const [left, right] = [Math.min(...spots.map(({ x }) => x)), Math.max(...spots.map(({ x }) => x))];
    const [top, bottom] = [Math.min(...spots.map(({ y }) => y)), Math.max(...spots.map(({ y }) => y))];
    const { clientWidth, clientHeight } = this.place, legend = document.getElementById("legend");
    const west = legend.open && clientWidth > 900 ? legend.offsetWidth : 0;
    const east = Math.abs(panel.x) * 2, south = Math.abs(panel.y) * 2;
    const scale = Math.min((clientWidth - west - east - 160) / (right - left + 1),
      (clientHeight - south - 140) / (bottom - top + 1), 1.15);
    this.network.moveTo({
      position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale: Math.max(scale, 0.02),
      offset: { x: (west - east) / 2, y: -south / 2 },
    });
    this.move();
  }

  zoom(way) {
    if (way === "fit") this.fit();
    else if (way) this.network.moveTo({ scale: this.network.getScale() * (way === "in" ? 1.4 : 1 / 1.4) });
    if (way && way !== "fit") this.move();
    else this.moved();
  }

  // Where the view is, in the map's own directions, whichever way up this screen has it.
  get position() {
    if (!this.touched) return null;
    const { x, y } = this.network.getViewPosition(), scale = this.network.getScale();
    return this.model.upright ? { x: y, y: x, scale } : { x, y, scale };
  }

  goBack({ x, y, scale }) {
    this.network.moveTo({ position: this.model.upright ? { x: y, y: x } : { x, y }, scale });
    this.touched = true;
  }

  // Beside the legend where the screen is wide enough for both, and above the notice.
  fit() {
    const { left, right, top, bottom, width, height } = boundsOf(this.model);
    const { clientWidth, clientHeight } = this.place;
    const legend = document.getElementById("legend");
    const taken = legend.open && clientWidth > 900 ? legend.offsetWidth + 12 : 0;
    // Labels lie below and beside the outermost marks.
    const [beside, above, below] = this.model.labelled ? [120, 24, 46] : [24, 14, 14];
    const foot = below + (this.model.notice ? NOTICE_HEIGHT : 0);
    const scale = Math.min((clientWidth - taken - beside) / width, (clientHeight - above - foot) / height, this.model.city ? 2 : 1.15);
    this.network.moveTo({
      position: { x: (left + right) / 2, y: (top + bottom) / 2 },
      scale: Math.max(scale, 0.01),
      offset: { x: taken / 2, y: (above - foot) / 2 },
    });
    this.touched = false;
  }

  // Where a name could not be read: under what lies over the map.
  covered(view) {
    const origin = this.place.getBoundingClientRect();
    const boxes = [];
    for (const id of ["legend", "zoom", "panel", "hidden", "said"]) {
      const rect = document.getElementById(id).getBoundingClientRect();
      if (rect.width) boxes.push({ x: rect.x - origin.x, y: rect.y - origin.y, w: rect.width, h: rect.height });
    }
    if (this.model.notice) boxes.push({ x: 0, y: view.height - NOTICE_HEIGHT, w: view.width, h: NOTICE_HEIGHT });
    return boxes;
  }

  resized() {
    // On paper the map is a picture, and this place is away.
    if (!this.place.clientWidth) return;
    if (turnUpright(this.model, this.isUpright())) {
      this.nodes.update(this.model.marks.map(({ id, x, y }) => ({ id, x, y })));
      this.crowd.refresh();
      this.edges.refresh(this.theme);
      this.hulls.refresh(this.theme);
      this.places.refresh(this.theme);
      this.touched = false;
    }
    this.network.setSize("100%", "100%");
    if (this.touched) this.network.redraw();
    else this.fit();
  }

  // After marks have moved; `whole` also what is painted of all of them at once.
  relocate(whole) {
    const { nodes } = this.network.body;
    for (const { id, x, y } of this.model.marks) Object.assign(nodes[id], { x, y });
    this.crowd.refresh();
    if (whole) {
      this.edges.refresh(this.theme);
      this.places.refresh(this.theme);
    }
    this.network.redraw();
  }

  refilter() {
    this.crowd.refresh();
    this.nodes.update(this.model.marks.map(({ id }, index) => ({ id, hidden: !this.model.shown[index] })));
    this.edges.refresh(this.theme);
    this.hulls.refresh(this.theme);
    this.places.refresh(this.theme);
    this.network.redraw();
  }

  retheme() {
    this.theme = readTheme();
    this.edges.refresh(this.theme);
    this.hulls.refresh(this.theme);
    this.labels.refresh(this.theme);
    this.recolor();
  }

  recolor() {
    this.crowd.refresh();
    this.places.refresh(this.theme);
    this.faces.refresh(this.theme);
    this.nodes.update(this.model.marks.map((mark) => ({ id: mark.id, ...this.dress(mark) })));
    this.network.redraw();
  }
}
