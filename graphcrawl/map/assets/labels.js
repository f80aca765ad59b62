// Names at screen size, the most important first, and never one over another.
const LABEL_LINE = 14;
const WIDEST_LABEL = 160;
const BRIEF_LABEL = 84;
const TRIED_AT_MOST = 700;

// Boxes by the cells they touch, to find quickly what is in the way.
class Occupied {
  constructor() {
    this.cells = new Map();
    this.boxes = [];
  }

  keys(box) {
    const keys = [];
    for (let c = Math.floor(box.x / 64); c <= Math.floor((box.x + box.w) / 64); c++) {
      for (let r = Math.floor(box.y / 64); r <= Math.floor((box.y + box.h) / 64); r++) keys.push(c * 8192 + r);
    }
    return keys;
  }

  free(box) {
    return this.keys(box).every((key) => (this.cells.get(key) || []).every((other) =>
      other.owner === box.owner || box.x >= other.x + other.w || other.x >= box.x + box.w ||
      box.y >= other.y + other.h || other.y >= box.y + box.h));
  }

  add(box) {
    for (const key of this.keys(box)) {
      if (this.cells.has(key)) this.cells.get(key).push(box);
      else this.cells.set(key, [box]);
    }
  }
}

class LabelPainter {
  constructor(model, theme) {
    this.model = model;
    this.shown = [];
    this.refresh(theme);
  }

  refresh(theme) {
    this.theme = theme;
    this.texts = new Map();
    this.fonts = { strong: `600 12px ${theme.font}`, soft: `11px ${theme.font}` };
  }

  paint(ctx, view, { chosen, first, lit, covered }) {
    const occupied = new Occupied();
    for (const box of covered) occupied.add(box);
    this.shown = [];
    this.ringed = chosen;
    this.wanted = (index) => this.model.shown[index] && (!lit || lit.has(index));
    this.blockMarks(occupied, view);
    const limit = this.model.labelled ? Infinity : this.limit(view);
    let tried = 0;
    for (const index of [...first, ...this.model.ranked].filter(this.wanted)) {
      if (this.shown.length >= limit || tried > TRIED_AT_MOST) break;
      const place = this.onScreen(view, index);
      if (!place || this.shown.some((box) => box.owner === index)) continue;
      tried += 1;
      const label = this.fitted(ctx, occupied, place, index, view);
      if (!label) continue;
      occupied.add(label);
      this.shown.push(label);
    }
    for (const label of this.shown) this.write(ctx, label, view.ratio);
  }

  // In a city the places' names come first, and its accounts' as one comes nearer.
  limit({ width, height, scale }) {
    const most = (width * height) / 16000;
    return this.model.city ? most * Math.min(1, Math.max(0.1, (scale - 0.2) / 0.7)) : most;
  }

  onScreen(view, index) {
    const mark = this.model.marks[index];
    const x = mark.x * view.scale + view.x, y = mark.y * view.scale + view.y;
    const seen = x > -40 && y > -20 && x < view.width + 40 && y < view.height + 20;
    const ring = this.ringed.includes(index) ? 8 : mark.seed ? 4 : 0;
    return seen ? { x, y, radius: mark.size * view.scale + ring } : null;
  }

  // In a crowd only the large marks keep labels off: elsewhere there would be room for none.
  blockMarks(occupied, view) {
    const { ranked, labelled } = this.model;
    for (const index of (labelled ? ranked : ranked.slice(0, 300)).filter(this.wanted)) {
      const place = this.onScreen(view, index);
      if (!place || (!labelled && place.radius < 9)) continue;
      const reach = place.radius * 0.95;
      occupied.add({ owner: index, x: place.x - reach, y: place.y - reach, w: 2 * reach, h: 2 * reach });
    }
  }

  // With its second line where there is room, else the name alone, else its beginning.
  fitted(ctx, occupied, place, index, view) {
    const { whole, name, brief } = this.measured(ctx, index);
    const forms = !this.model.labelled ? [place.radius > 13 ? whole : name, name] : [whole, name, brief];
    for (const form of forms) {
      for (const [x, y] of this.spots(place, form)) {
        const box = { owner: index, x: x - 3, y: y - 1, w: form.width + 6, h: form.height + 2, form };
        const inside = x > 2 && y > 2 && x + form.width < view.width - 2 && y + form.height < view.height - 2;
        if (inside && occupied.free(box)) return box;
      }
    }
    return null;
  }

  // Below, beside, above, at a corner: the first that is free.
  spots({ x, y, radius }, { width, height }) {
    const near = radius + 4;
    return [
      [x - width / 2, y + near],
      [x + near, y - height / 2],
      [x - near - width, y - height / 2],
      [x - width / 2, y - near - height],
      [x - 4, y + near], [x + 4 - width, y + near],
      [x - 4, y - near - height], [x + 4 - width, y - near - height],
    ];
  }

  measured(ctx, index) {
    if (!this.texts.has(index)) {
      const mark = this.model.marks[index];
      const { strong, soft } = this.fonts;
      const name = this.row(ctx, strong, "ink", [this.cut(ctx, mark.name, strong, WIDEST_LABEL)]);
      const brief = this.row(ctx, strong, "ink", [this.cut(ctx, mark.name, strong, BRIEF_LABEL)]);
      const handle = mark.username && this.cut(ctx, `@${mark.username}`, soft, WIDEST_LABEL);
      const parts = [handle, mark.followers === "?" ? "" : mark.followers].filter(Boolean);
      const rows = parts.length ? [name, this.row(ctx, soft, "quiet", parts)] : [name];
      this.texts.set(index, { whole: this.form(rows), name: this.form([name]), brief: this.form([brief]) });
    }
    return this.texts.get(index);
  }

  row(ctx, font, hue, parts) {
    ctx.font = font;
    const widths = parts.map((part) => ctx.measureText(part).width);
    return { font, hue, parts, widths, width: widths.reduce((sum, width) => sum + width + 8, -8) };
  }

  form(rows) {
    return { rows, width: Math.max(...rows.map((row) => row.width)), height: rows.length * LABEL_LINE };
  }

  cut(ctx, text, font, widest) {
    ctx.font = font;
    if (ctx.measureText(text).width <= widest) return text;
    const signs = Array.from(new Intl.Segmenter().segment(text.slice(0, 120)), (part) => part.segment);
    while (signs.length > 1 && ctx.measureText(`${signs.join("")}…`).width > widest) signs.pop();
    return `${signs.join("").trimEnd()}…`;
  }

  // Outlined text is slow to draw, and a label looks the same in every frame: each is drawn once.
  write(ctx, { x, y, form }, ratio) {
    if (!form.picture || form.ratio !== ratio) {
      form.picture = this.pictured(form, ratio);
      form.ratio = ratio;
    }
    ctx.drawImage(form.picture, Math.round(x), Math.round(y), form.picture.width / ratio, form.picture.height / ratio);
  }

  // The parts are written one by one, so that none can turn the other's direction around.
  pictured(form, ratio) {
    const picture = document.createElement("canvas");
    picture.width = Math.ceil((form.width + 6) * ratio);
    picture.height = Math.ceil((form.height + 2) * ratio);
    const ctx = picture.getContext("2d");
    ctx.scale(ratio, ratio);
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.lineWidth = 3.5;
    ctx.strokeStyle = this.theme.paper;
    for (const [at, row] of form.rows.entries()) {
      ctx.font = row.font;
      ctx.fillStyle = this.theme[row.hue];
      let left = 3 + (form.width - row.width) / 2;
      for (const [nth, part] of row.parts.entries()) {
        ctx.strokeText(part, left, 1 + LABEL_LINE * (at + 0.5));
        ctx.fillText(part, left, 1 + LABEL_LINE * (at + 0.5));
        left += row.widths[nth] + 8;
      }
    }
    return picture;
  }
}
