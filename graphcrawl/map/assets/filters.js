// What the legend leaves on the map, and saying what it takes away.
const FACETS = {
  network: (mark) => mark.kind,
  standing: (mark) => mark.standing,
  fate: (mark) => mark.fate,
  depth: (mark) => String(mark.depth ?? "none"),
  state: (mark, model) => model.words[mark.state],
  cluster: (mark, model) => clusterFacet(model, mark),
  own: (mark) => String(mark.shade ?? "none"),
};

class Filters {
  constructor(model, changed) {
    this.model = model;
    this.legend = document.getElementById("legend");
    this.boxes = [...this.legend.querySelectorAll("input[data-facet]")];
    this.least = document.getElementById("least");
    this.note = document.getElementById("hidden");
    // Browsers keep what was ticked when a page is loaded again; the address says what holds.
    this.reset();
    this.legend.addEventListener("change", () => { this.apply(); changed(); });
    this.note.querySelector("button").addEventListener("click", () => { this.reset(); changed(); });
  }

  reset() {
    this.restore([], 0);
  }

  restore(hidden, least) {
    const wanted = new Set(hidden);
    for (const box of this.boxes) box.checked = !wanted.has(this.key(box));
    if (this.least) {
      this.least.value = String(least);
      if (this.least.selectedIndex < 0) this.least.value = "0";
    }
    this.apply();
  }

  key(box) {
    return `${box.dataset.facet}:${box.value}`;
  }

  get hidden() {
    return this.boxes.filter((box) => !box.checked);
  }

  get fewest() {
    return this.least ? Number(this.least.value) : 0;
  }

  get active() {
    return this.hidden.length > 0 || this.fewest > 0;
  }

  apply() {
    const { model, fewest } = this;
    const off = new Set(this.hidden.map((box) => this.key(box)));
    const reads = Object.entries(FACETS).filter(([facet]) => this.hidden.some((box) => box.dataset.facet === facet));
    model.shown = model.marks.map((mark) => (!fewest || mark.count >= fewest) &&
      reads.every(([facet, read]) => !off.has(`${facet}:${read(mark, model)}`)));
    model.lineShown = model.lines.map(({ source, target, certainty, fate }) =>
      model.shown[source] && model.shown[target] && !off.has(`line:${certainty}`) && !off.has(`tie:${fate}`));
    model.shownLines = model.lines.filter((_, at) => model.lineShown[at]);
    this.say();
  }

  // Without this, what a filter hides would look like what is not there.
  say() {
    this.note.hidden = !this.active;
    const words = this.note.querySelector("span");
    words.replaceChildren();
    if (!this.active) return;
    const { shown } = this.model;
    const gone = shown.filter((one) => !one).length;
    words.append(`Hidden by the legend: ${gone.toLocaleString("en")} of ${countedMarks(this.model, shown.length)}`);
    const ofLines = (box) => ["line", "tie"].includes(box.dataset.facet);
    const causes = this.hidden.filter((box) => !ofLines(box)).map((box) => box.dataset.said);
    if (this.fewest) causes.push(`${this.least.selectedOptions[0].dataset.said}`);
    const lines = this.hidden.filter(ofLines).map((box) => box.dataset.said);
    if (causes.length) words.append(" (", isolated(causes.join("; ")), ")");
    if (lines.length) words.append(`; connections that are ${lines.join(" or ")}`);
    words.append(". ");
  }
}
