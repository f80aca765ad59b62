// What a mark's colour tells: its network, its cluster, of which the largest have one each, or what
// the map's maker knows of it.
// As the legend has it: the largest clusters by their numbers, the others together.
function clusterFacet(model, mark) {
  if (mark.cluster === undefined) return "none";
  return mark.cluster < model.coloured ? String(model.clusters[mark.cluster].number) : "others";
}

function clusterHue(model, theme, cluster) {
  if (model.color !== "cluster" || !(cluster < model.coloured)) return theme.kinds.other;
  theme.clusters ||= clusterColors(model);
  return theme.clusters[cluster];
}

function clusterColors(model) {
  const style = getComputedStyle(document.documentElement);
  return Array.from({ length: model.coloured }, (_, at) => style.getPropertyValue(`--cluster-${at}`).trim());
}

function hueOf(model, theme, mark) {
  if (model.color === "own") return shadeHue(model, theme, mark.shade);
  return model.color === "cluster" ? clusterHue(model, theme, mark.cluster ?? Infinity) : theme.kinds[mark.kind];
}

function shadeHue(model, theme, shade) {
  const style = getComputedStyle(document.documentElement);
  theme.shades ||= model.shading.shades.map(({ hue }) => hue && style.getPropertyValue(`--${hue}`).trim());
  return theme.shades[shade] || theme.kinds.other;
}

function clusterText(model, mark) {
  if (mark.cluster === undefined) return "";
  const { number, name } = model.clusters[mark.cluster];
  return `${number}: ${name}`;
}

// The choice of it, in the legend, which shows the colours where they hold.
class Coloring {
  constructor(model, changed) {
    Object.assign(this, { model, usual: model.color, legend: document.getElementById("legend") });
    this.field = document.getElementById("color");
    this.restore(null);
    if (this.field) {
      this.field.addEventListener("change", (event) => {
        // The legend takes other changes for a filter.
        event.stopPropagation();
        this.take(this.field.value);
        changed();
      });
    }
  }

  take(color) {
    this.model.color = color;
    for (const one of ["cluster", "own"]) this.legend.classList.toggle(`by-${one}`, color === one);
    if (this.field) this.field.value = color;
  }

  // Whether this changes the colours; what the address names may be anything.
  restore(wanted) {
    const before = this.model.color;
    this.take(this.field && [...this.field.options].some(({ value }) => value === wanted) ? wanted : this.usual);
    return this.model.color !== before;
  }

  get unusual() {
    return this.model.color === this.usual ? null : this.model.color;
  }
}
