// Names at screen size, the most important first, and never one over another.
const LABEL_LINE = 14;
const WIDEST_LABEL = 160;
const BRIEF_LABEL = 84;
const LEAST_LABEL = 46;
const TRIED_AT_MOST = 700;
const ROUNDS = 8;
const TELLING_COUNT = 2;

class LabelPainter {
  constructor(model, theme) {
    this.model = model;
    this.shown = [];
    this.refresh(theme);
  }

  refresh(theme) {
    this.theme = theme;
    this.texts = new Map();
    this.fonts = { strong: `600 12px ${theme.font}`, soft: `11px ${theme.font}`, hull: `600 11px ${theme.font}` };
  }

  paint(ctx, view, { chosen, first, lit, covered, hulls }) {
    const occupied = new Occupied();
    for (const box of covered) occupied.add(box);
    this.shown = [];
    this.ringed = chosen;
    this.wanted = (index) => this.model.shown[index] && (!lit || lit.has(index));
    this.blockMarks(occupied, view);
    this.names = this.nameHulls(ctx, occupied, view, hulls);
    const order = [...new Set([...first, ...this.model.ranked.filter(this.wanted)])];
    this.shown = this.model.labelled ? this.placeAll(ctx, occupied, view, order) : this.placeSome(ctx, occupied, view, order);
    for (const label of [...this.names, ...this.shown]) this.write(ctx, label, view.ratio);
  }

  placeSome(ctx, occupied, view, order) {
    const placed = [], limit = this.limit(view);
    let tried = 0;
    for (const index of order) {
      if (placed.length >= limit || tried > TRIED_AT_MOST) break;
      if (!this.onScreen(view, index)) continue;
      tried += 1;
      const label = this.fitted(ctx, occupied, index, view);
      if (!label) continue;
      occupied.add(label);
      placed.push(label);
    }
    return placed;
  }

  // Where every account is to be named: those that found no room come first in another round.
  placeAll(ctx, marked, view, order) {
    let best = { placed: [], occupied: marked };
    let waiting = order.filter((index) => this.onScreen(view, index));
    for (let round = 0; round < ROUNDS; round++) {
      const occupied = marked.copy(), placed = [], starved = [];
      for (const index of waiting) {
        const label = this.fitted(ctx, occupied, index, view);
        if (label) { occupied.add(label); placed.push(label); } else starved.push(index);
      }
      if (placed.length > best.placed.length) best = { placed, occupied };
      if (!starved.length) break;
      waiting = [...starved, ...waiting.filter((index) => !starved.includes(index))];
    }
    return this.improved(ctx, view, best, waiting);
  }

  // The names of hulls give way too: they have many places to stand.
  improved(ctx, view, { placed, occupied }, wanted) {
    const spots = new Map(this.hulls.map(({ key, spots: around }) => [key, around]));
    const boxes = (owner, form) => (spots.has(owner) ? this.around(view, owner, form, spots.get(owner)) : this.boxes(view, owner, form));
    const forms = (owner) => {
      const own = this.texts.get(owner);
      return spots.has(owner) ? { whole: own, brief: own, least: own } : this.measured(ctx, owner);
    };
    const labels = new Placing({ placed: [...this.names, ...placed], occupied }, boxes, forms).improved(wanted);
    this.names = labels.filter(({ owner }) => spots.has(owner));
    return labels.filter(({ owner }) => !spots.has(owner));
  }

  around(view, key, form, spots) {
    return spots(form).map(([x, y]) => this.boxed(key, form, x, y)).filter((box) => this.inside(box, view));
  }

  nameHulls(ctx, occupied, view, hulls) {
    const placed = [], roomy = this.withCounts(ctx, occupied, view);
    this.named = new Set();
    this.hulls = hulls.names(view, this.wanted);
    for (const { key, lines, members, spots } of this.hulls) {
      if (!this.texts.has(key)) this.texts.set(key, this.hullName(ctx, lines));
      const form = this.texts.get(key);
      const boxes = this.around(view, key, form, spots);
      const box = boxes.find((one) => roomy.free(one)) || boxes.find((one) => occupied.free(one));
      if (!box) continue;
      for (const taken of [occupied, roomy]) taken.add(box);
      placed.push(box);
      for (const index of members) this.named.add(index);
    }
    return placed;
  }

  // What is in the way of hulls' names, if the followers below the marks are to stay there.
  withCounts(ctx, occupied, view) {
    const roomy = occupied.copy();
    for (const [index, { telling }] of this.model.marks.entries()) {
      if (telling !== TELLING_COUNT || !this.wanted(index) || !this.onScreen(view, index)) continue;
      const { whole } = this.told(ctx, index, telling);
      const [[x, y]] = this.spots(this.onScreen(view, index), whole);
      roomy.add(this.boxed(index, whole, x, y));
    }
    return roomy;
  }

  hullName(ctx, lines) {
    const { hull, soft } = this.fonts;
    return this.form(lines.map(([name, ...rest], at) => {
      const font = at ? soft : hull;
      return this.row(ctx, font, "hull-ink", [this.cut(ctx, name, font, HULL_NAME), ...rest], 4);
    }));
  }

  boxed(owner, form, x, y) {
    return { owner, x: x - 3, y: y - 1, w: form.width + 6, h: form.height + 2, form };
  }

  inside({ x, y, w, h }, view) {
    return x > -1 && y > 1 && x + w < view.width + 1 && y + h < view.height - 1;
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
  fitted(ctx, occupied, index, view) {
    const place = this.onScreen(view, index);
    const { whole, name, brief, least } = this.measured(ctx, index);
    const forms = !this.model.labelled ? [place.radius > 13 ? whole : name, name] : [whole, name, brief, least];
    for (const form of forms) {
      const box = this.boxes(view, index, form).find((one) => occupied.free(one));
      if (box) return box;
    }
    return null;
  }

  boxes(view, index, form) {
    return this.spots(this.onScreen(view, index), form)
      .map(([x, y]) => this.boxed(index, form, x, y)).filter((box) => this.inside(box, view));
  }

  // Below, beside, above, at a corner, then a little aside of these: the first that is free.
  spots({ x, y, radius }, { width, height }) {
    const near = radius + 4;
    return [
      [x - width / 2, y + near],
      [x + near, y - height / 2],
      [x - near - width, y - height / 2],
      [x - width / 2, y - near - height],
      ...[4 / width, 1 - 4 / width, 0.25, 0.75].flatMap((share) => [
        [x - width * share, y + near], [x - width * share, y - near - height]]),
      ...[0.8, 0.2].flatMap((share) => [[x + near, y - height * share], [x - near - width, y - height * share]]),
      ...[0.5, 0.1, 0.9].flatMap((share) => [[x - width * share, y + near + LABEL_LINE], [x - width * share, y - near - LABEL_LINE - height]]),
    ];
  }

  // While the name of its hull is to be seen, an account's label tells only what that does not.
  measured(ctx, index) {
    return this.told(ctx, index, this.named.has(index) ? this.model.marks[index].telling || 0 : 0);
  }

  told(ctx, index, telling) {
    const key = `${index} ${telling}`;
    if (!this.texts.has(key)) this.texts.set(key, this.forms(ctx, this.model.marks[index], telling));
    return this.texts.get(key);
  }

  forms(ctx, mark, telling) {
    const { strong, soft } = this.fonts;
    const handle = mark.username && `@${mark.username}`, count = mark.followers === "?" ? "" : mark.followers;
    const heads = [mark.name, handle, count || "?"], tails = [isCreator(mark) ? creatorBriefly(mark) : [handle, count], [count], []];
    const font = telling === TELLING_COUNT ? soft : strong;
    const head = (widest) => this.row(ctx, font, "ink", [this.cut(ctx, heads[telling], font, widest)]);
    const parts = tails[telling].filter(Boolean).map((part) => this.cut(ctx, part, soft, WIDEST_LABEL));
    const name = head(WIDEST_LABEL), rows = parts.length ? [name, this.row(ctx, soft, "quiet", parts)] : [name];
    return { whole: this.form(rows), name: this.form([name]), brief: this.form([head(BRIEF_LABEL)]), least: this.form([head(LEAST_LABEL)]) };
  }

  row(ctx, font, hue, parts, gap = 8) {
    ctx.font = font;
    const widths = parts.map((part) => ctx.measureText(part).width);
    return { font, hue, parts, widths, gap, width: widths.reduce((sum, width) => sum + width + gap, -gap) };
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
        left += row.widths[nth] + row.gap;
      }
    }
    return picture;
  }
}
