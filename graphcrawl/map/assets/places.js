// Clusters as places: a soft area under their marks, and a name over them, at screen size.
const AREA_REACH = 10;
const AREA_RIM = 1.6;
const AREA_PIXELS = 2048;
const AREA_SHARP = 1500;
const FEWEST_NAMED = 3;
const NAME_LINES = 2;
const LEAST_SPREAD = 26;
const RASTER = 320;

class PlacePainter {
  constructor(model, theme) {
    this.model = model;
    this.shown = [];
    this.refresh(theme);
  }

  // What the marks' positions, the filters or the colours make of it.
  refresh(theme) {
    this.theme = theme;
    this.names = new Map();
    if (!this.model.city) return;
    this.places = this.model.clusters.map((cluster, at) => ({ at, cluster, members: [] }));
    for (const [index, mark] of this.model.marks.entries()) {
      if (mark.cluster !== undefined && this.model.shown[index]) this.places[mark.cluster].members.push(mark);
    }
    this.places = this.places.filter(({ members }) => members.length);
    for (const place of this.places) this.measure(place);
    this.makeBitmap();
  }

  measure(place) {
    let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity, x = 0, y = 0;
    for (const mark of place.members) {
      left = Math.min(left, mark.x - mark.radius); right = Math.max(right, mark.x + mark.radius);
      top = Math.min(top, mark.y - mark.radius); bottom = Math.max(bottom, mark.y + mark.radius);
      x += mark.x; y += mark.y;
    }
    Object.assign(place, {
      left, right, top, bottom, x: x / place.members.length, y: y / place.members.length,
    });
  }

  makeBitmap() {
    // The areas reach further than the marks.
    const rim = AREA_REACH + AREA_RIM, marks = boundsOf(this.model);
    const left = marks.left - rim, top = marks.top - rim, width = marks.width + 2 * rim, height = marks.height + 2 * rim;
    this.bounds = { left, top, width, height };
    this.bitmapScale = Math.min(2, AREA_PIXELS / Math.max(width, height));
    this.bitmap = document.createElement("canvas");
    this.bitmap.width = Math.ceil(width * this.bitmapScale);
    this.bitmap.height = Math.ceil(height * this.bitmapScale);
    const ctx = this.bitmap.getContext("2d");
    ctx.setTransform(this.bitmapScale, 0, 0, this.bitmapScale, -left * this.bitmapScale, -top * this.bitmapScale);
    this.paintAreas(ctx, () => true);
    this.makeRaster();
  }

  // The union of discs that are larger than the marks: it shows the inner shape, and is quick.
  paintAreas(ctx, wanted) {
    for (const [reach, share] of [[AREA_REACH + AREA_RIM, 0.42], [AREA_REACH, 0.13]]) {
      for (const { at, members } of this.places) {
        if (members.length < FEWEST_NAMED) continue;
        ctx.fillStyle = mixed(clusterHue(this.model, this.theme, at), this.theme.paper, share);
        ctx.beginPath();
        for (const mark of members) if (wanted(mark)) circle(ctx, mark.x, mark.y, mark.radius + reach);
        ctx.fill();
      }
    }
  }

  paint(ctx, view, { moving }) {
    if (!this.model.city) return;
    const near = moving ? null : this.near(view);
    if (!near) {
      const { left, top, width, height } = this.bounds;
      ctx.drawImage(this.bitmap, left * view.scale + view.x, top * view.scale + view.y, width * view.scale, height * view.scale);
      return;
    }
    ctx.save();
    ctx.translate(view.x, view.y);
    ctx.scale(view.scale, view.scale);
    this.paintAreas(ctx, (mark) => near.has(mark));
    ctx.restore();
  }

  // The marks in view, where the bitmap would be blurred and they are few enough to be drawn anew.
  near(view) {
    if (view.scale * view.ratio < this.bitmapScale * 1.3) return null;
    const room = 40 * view.scale, near = new Set();
    for (const { members } of this.places) {
      for (const mark of members) {
        const x = mark.x * view.scale + view.x, y = mark.y * view.scale + view.y;
        if (x > -room && y > -room && x < view.width + room && y < view.height + room) near.add(mark);
      }
    }
    return near.size <= AREA_SHARP ? near : null;
  }

  // The boxes of the names that have room, the largest places first.
  arrange(ctx, view, { covered, lit }) {
    this.shown = [];
    if (!this.model.city || lit) return this.shown;
    const occupied = new Occupied();
    for (const box of covered) occupied.add(box);
    for (const place of [...this.places].sort((a, b) => b.members.length - a.members.length)) {
      const box = place.members.length >= FEWEST_NAMED && this.fitted(ctx, occupied, view, place);
      if (!box) continue;
      occupied.add(box);
      this.shown.push(box);
    }
    return this.shown;
  }

  fitted(ctx, occupied, view, place) {
    const spread = Math.max(place.right - place.left, place.bottom - place.top) * view.scale;
    // From within, a place's name is of no more use, and its accounts' are.
    const alpha = Math.min(1, 4 - 2.5 * spread / Math.max(view.width, view.height));
    if (alpha < 0.3 || spread < LEAST_SPREAD) return null;
    for (const form of this.formsOf(ctx, place, spread)) {
      for (const [x, y] of this.spots(view, place, form)) {
        const box = { owner: `place ${place.at}`, x: x - 4, y: y - 2, w: form.width + 8, h: form.height + 4, form, alpha };
        const inside = box.x > 2 && box.y > 2 && box.x + box.w < view.width - 2 && box.y + box.h < view.height - 2;
        if (inside && occupied.free(box) && this.clear(view, place, box)) return box;
      }
    }
    return null;
  }

  // Which place lies where, coarsely: a name must not stand in the middle of another place.
  makeRaster() {
    const { left, top, width, height } = this.bounds;
    this.cell = Math.max(width, height) / RASTER;
    this.columns = Math.ceil(width / this.cell) + 1;
    this.raster = new Int16Array(this.columns * (Math.ceil(height / this.cell) + 1)).fill(-1);
    for (const { at, members } of this.places) {
      for (const mark of members) this.fill(mark.x - left, mark.y - top, mark.radius + AREA_REACH, at);
    }
  }

  fill(x, y, reach, at) {
    for (let row = Math.floor((y - reach) / this.cell); row * this.cell < y + reach; row++) {
      const start = Math.max(0, row) * this.columns;
      this.raster.fill(at, start + Math.max(0, Math.floor((x - reach) / this.cell)), start + Math.ceil((x + reach) / this.cell));
    }
  }

  cellAt(x, y) {
    return Math.floor(y / this.cell) * this.columns + Math.floor(x / this.cell);
  }

  // Whether most of what the box covers is the place's own, or nobody's.
  clear(view, place, box) {
    const { left, top, width, height } = this.bounds;
    let own = 0, strange = 0;
    for (let row = 0; row < 5; row++) {
      for (let column = 0; column < 9; column++) {
        const x = (box.x + box.w * (column + 0.5) / 9 - view.x) / view.scale - left;
        const y = (box.y + box.h * (row + 0.5) / 5 - view.y) / view.scale - top;
        if (x < 0 || y < 0 || x > width || y > height) continue;
        const there = this.raster[this.cellAt(x, y)];
        if (there === place.at) own += 1;
        else if (there >= 0) strange += 1;
      }
    }
    return strange <= Math.max(4, own * 0.8);
  }

  // In the middle of its accounts, a little above or below, else under or over the place.
  spots(view, place, { width, height }) {
    const x = place.x * view.scale + view.x - width / 2, y = place.y * view.scale + view.y - height / 2;
    const top = place.top * view.scale + view.y, bottom = place.bottom * view.scale + view.y;
    const step = (bottom - top) / 5;
    return [[x, y], [x, y + step], [x, y - step], [x, bottom + 4], [x, top - height - 4]];
  }

  // Whole with its number of accounts, else cut to one line.
  formsOf(ctx, place, spread) {
    const size = Math.round(Math.min(18, 10 + spread / 40));
    const widest = Math.round(Math.min(230, Math.max(90, spread * 0.85)) / 16) * 16;
    const key = `${place.at} ${widest} ${size} ${spread > 70}`;
    if (!this.names.has(key)) {
      const font = `650 ${size}px ${this.theme.font}`, small = `500 11px ${this.theme.font}`;
      const lines = this.wrapped(ctx, place.cluster.name, font, widest);
      const count = counted(place.members.length, "account");
      const row = (text, of, height, hue) => {
        ctx.font = of;
        return { text, font: of, height, hue, width: ctx.measureText(text).width };
      };
      const rows = lines.map((text) => row(text, font, size * 1.2, "ink"));
      const brief = this.wrapped(ctx, place.cluster.name, font, Math.min(widest, 112), 1);
      this.names.set(key, [
        ...(spread > 70 ? [this.form([...rows, row(count, small, 15, "quiet")])] : []),
        this.form(rows),
        this.form(brief.map((text) => row(text, font, size * 1.2, "ink"))),
      ]);
    }
    return this.names.get(key);
  }

  form(rows) {
    const height = rows.reduce((sum, row) => sum + row.height, 0);
    return { rows, height, width: Math.max(0, ...rows.map((row) => row.width)) };
  }

  // Whole words in a few lines; what does not fit is cut, and says so.
  wrapped(ctx, text, font, widest, most = NAME_LINES) {
    ctx.font = font;
    const fits = (line) => ctx.measureText(line).width <= widest;
    const lines = [], words = text.split(" ").slice(0, 40);
    while (words.length && lines.length < most) {
      let line = words.shift();
      while (words.length && fits(`${line} ${words[0]}`)) line = `${line} ${words.shift()}`;
      const last = lines.length + 1 === most && words.length;
      lines.push(fits(line) && !last ? line : this.cut(line, fits, last));
    }
    return lines;
  }

  cut(line, fits, always) {
    if (fits(line) && !always) return line;
    const signs = Array.from(new Intl.Segmenter().segment(line.slice(0, 120)), (part) => part.segment);
    while (signs.length > 1 && !fits(`${signs.join("")}…`)) signs.pop();
    return `${signs.join("").replace(/[\s,:;….]+$/u, "")}…`;
  }

  write(ctx, view) {
    ctx.save();
    for (const { x, y, form, alpha } of this.shown) {
      if (!form.picture || form.ratio !== view.ratio) {
        form.picture = this.pictured(form, view.ratio);
        form.ratio = view.ratio;
      }
      ctx.globalAlpha = alpha;
      ctx.drawImage(form.picture, Math.round(x), Math.round(y), form.picture.width / view.ratio, form.picture.height / view.ratio);
    }
    ctx.restore();
  }

  pictured({ rows, width, height }, ratio) {
    const picture = document.createElement("canvas");
    picture.width = Math.ceil((width + 8) * ratio);
    picture.height = Math.ceil((height + 4) * ratio);
    const ctx = picture.getContext("2d");
    ctx.scale(ratio, ratio);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.lineWidth = 4;
    ctx.strokeStyle = this.theme.paper;
    let top = 2;
    for (const row of rows) {
      ctx.font = row.font;
      ctx.fillStyle = this.theme[row.hue];
      ctx.strokeText(row.text, width / 2 + 4, top + row.height / 2);
      ctx.fillText(row.text, width / 2 + 4, top + row.height / 2);
      top += row.height;
    }
    return picture;
  }
}
