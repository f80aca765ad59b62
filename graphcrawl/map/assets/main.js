// vis-network carries the marks, the view and the pointer; everything else is painted around it.
const REST = 140;
const NOTICE_HEIGHT = 24;

class MapPage {
  constructor() {
    this.model = readModel();
    this.theme = readTheme();
    this.place = document.getElementById("map");
    this.panel = document.getElementById("panel");
    this.tip = document.getElementById("tip");
    this.chosen = null;
    this.hovered = null;
    this.moving = false;
    this.touched = false;
    this.foldLegend();
    turnUpright(this.model, this.isUpright());
    this.edges = new EdgePainter(this.model, this.theme);
    this.labels = new LabelPainter(this.model, this.theme);
    this.nodes = new vis.DataSet(this.model.marks.map((mark) => this.asNode(mark)));
    this.network = new vis.Network(this.place, { nodes: this.nodes, edges: new vis.DataSet() }, this.model.options);
    // vis-network listens for keys here, and would have it last in the page's order.
    this.place.firstElementChild.tabIndex = 0;
    this.listen();
    this.fit();
  }

  asNode(mark) {
    return { id: mark.id, x: mark.x, y: mark.y, size: mark.size, shape: mark.shape, ...dressed(mark, this.theme) };
  }

  isUpright() {
    return this.place.clientHeight > this.place.clientWidth * 1.1;
  }

  foldLegend() {
    if (window.matchMedia("(max-width: 640px), (max-height: 560px)").matches) {
      document.getElementById("legend").open = false;
    }
  }

  listen() {
    const { network } = this;
    network.on("beforeDrawing", (ctx) => this.under(ctx));
    network.on("afterDrawing", (ctx) => this.over(ctx));
    network.on("click", ({ nodes }) => this.choose(nodes.length ? this.model.at.get(nodes[0]) : null, { keep: true }));
    network.on("hoverNode", ({ node, pointer }) => this.hover(this.model.at.get(node), pointer.DOM));
    network.on("blurNode", () => this.hover(null));
    for (const name of ["dragging", "zoom", "dragStart"]) network.on(name, () => this.move());
    document.getElementById("zoom").addEventListener("click", (event) => this.zoom(event.target.dataset.zoom));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.choose(null); });
    const accounts = document.getElementById("accounts");
    accounts.addEventListener("toggle", () => {
      const sheet = accounts.querySelector(".sheet");
      if (accounts.open && !sheet.firstChild) fillTable(sheet, this.model, (index) => this.choose(index));
    });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.retheme());
    new ResizeObserver(() => this.resized()).observe(this.place);
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
    this.onScreen(ctx, (view) => {
      this.paintRings(ctx, view);
      const focus = this.chosen ?? this.hovered;
      this.edges.paint(ctx, view, { moving: this.moving, faded: focus !== null });
      if (focus !== null) this.edges.paintTies(ctx, view, focus);
    });
  }

  over(ctx) {
    this.onScreen(ctx, (view) => {
      this.paintSigns(ctx, view);
      this.labels.paint(ctx, view, { chosen: [this.chosen, this.hovered], covered: this.covered(view) });
      if (this.model.notice) this.paintNotice(ctx, view);
    });
  }

  paintRings(ctx, view) {
    ctx.save();
    ctx.textAlign = "center";
    ctx.font = `11px ${this.theme.font}`;
    for (const [at, ring] of [...this.model.rings.entries()].reverse()) {
      ctx.beginPath();
      ctx.ellipse(view.x, view.y, ring.width * view.scale, ring.height * view.scale, 0, 0, 2 * Math.PI);
      ctx.fillStyle = at % 2 ? this.theme.ring : this.theme.paper;
      ctx.strokeStyle = this.theme.edge;
      ctx.fill();
      ctx.stroke();
    }
    ctx.restore();
  }

  paintSigns(ctx, view) {
    ctx.save();
    ctx.strokeStyle = this.theme.ink;
    for (const [index, mark] of this.model.marks.entries()) {
      const sign = mark.standing === "failed" || mark.standing === "private";
      if (!sign && !mark.seed && index !== this.chosen) continue;
      const x = mark.x * view.scale + view.x, y = mark.y * view.scale + view.y;
      this.paintSign(ctx, mark, x, y, mark.size * view.scale, index === this.chosen);
    }
    ctx.restore();
  }

  paintSign(ctx, mark, x, y, radius, chosen) {
    const arm = radius * 0.35;
    ctx.strokeStyle = this.theme.ink;
    ctx.lineWidth = Math.min(2.5, Math.max(1, radius / 8));
    ctx.beginPath();
    if (mark.standing === "failed") {
      ctx.moveTo(x - arm, y - arm); ctx.lineTo(x + arm, y + arm);
      ctx.moveTo(x + arm, y - arm); ctx.lineTo(x - arm, y + arm);
    } else if (mark.standing === "private") {
      ctx.moveTo(x - arm * 1.3, y); ctx.lineTo(x + arm * 1.3, y);
    }
    if (mark.seed) this.circle(ctx, x, y, radius + 3);
    ctx.stroke();
    if (!chosen) return;
    ctx.strokeStyle = this.theme.accent;
    ctx.lineWidth = 2.5;
    ctx.beginPath();
    this.circle(ctx, x, y, radius + 7);
    ctx.stroke();
  }

  circle(ctx, x, y, radius) {
    ctx.moveTo(x + radius, y);
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
  }

  // In the canvas too, so that a picture of the map alone still says it.
  paintNotice(ctx, view) {
    ctx.save();
    ctx.font = `600 11px ${this.theme.font}`;
    ctx.textAlign = "center";
    const width = Math.min(ctx.measureText(this.model.notice).width, view.width - 20) + 16;
    ctx.fillStyle = this.theme.notice;
    ctx.fillRect((view.width - width) / 2, view.height - NOTICE_HEIGHT, width, NOTICE_HEIGHT);
    ctx.fillStyle = this.theme["notice-ink"];
    ctx.fillText(this.model.notice, view.width / 2, view.height - 8, view.width - 20);
    ctx.restore();
  }

  hover(index, pointer) {
    this.hovered = index;
    this.place.style.cursor = index === null ? "" : "pointer";
    if (index === null) this.tip.hidden = true;
    else showTip(this.tip, this.model, index, pointer);
    this.network.redraw();
  }

  choose(index, { keep = false } = {}) {
    this.chosen = index;
    this.tip.hidden = true;
    if (index === null) {
      this.panel.hidden = true;
      this.network.unselectAll();
      this.network.redraw();
      return;
    }
    const mark = this.model.marks[index];
    this.network.selectNodes([mark.id], false);
    showPanel(this.panel, this.model, index, (next) => this.choose(next));
    if (!keep) this.network.moveTo({ position: { x: mark.x, y: mark.y }, scale: Math.max(this.network.getScale(), 0.9) });
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
    }, REST);
  }

  zoom(way) {
    if (way === "fit") this.fit();
    else if (way) this.network.moveTo({ scale: this.network.getScale() * (way === "in" ? 1.4 : 1 / 1.4) });
  }

  // Beside the legend where the screen is wide enough for both, and above the notice.
  fit() {
    const { left, right, top, bottom, width, height } = boundsOf(this.model);
    const { clientWidth, clientHeight } = this.place;
    const legend = document.getElementById("legend");
    const taken = legend.open && clientWidth > 900 ? legend.offsetWidth + 12 : 0;
    const [beside, above, below] = this.model.labelled ? [40, 10, 14] : [24, 14, 14];
    const foot = below + (this.model.notice ? NOTICE_HEIGHT : 0);
    const scale = Math.min((clientWidth - taken - beside) / width, (clientHeight - above - foot) / height, 1.15);
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
    for (const id of ["legend", "zoom", "panel"]) {
      const rect = document.getElementById(id).getBoundingClientRect();
      if (rect.width) boxes.push({ x: rect.x - origin.x, y: rect.y - origin.y, w: rect.width, h: rect.height });
    }
    if (this.model.notice) boxes.push({ x: 0, y: view.height - NOTICE_HEIGHT, w: view.width, h: NOTICE_HEIGHT });
    return boxes;
  }

  resized() {
    if (turnUpright(this.model, this.isUpright())) {
      this.nodes.update(this.model.marks.map(({ id, x, y }) => ({ id, x, y })));
      this.edges.refresh(this.theme);
      this.touched = false;
    }
    this.network.setSize("100%", "100%");
    if (this.touched) this.network.redraw();
    else this.fit();
  }

  retheme() {
    this.theme = readTheme();
    this.edges.refresh(this.theme);
    this.labels.refresh(this.theme);
    this.nodes.update(this.model.marks.map((mark) => ({ id: mark.id, ...dressed(mark, this.theme) })));
    this.network.redraw();
  }
}

window.graphcrawlMap = new MapPage();
