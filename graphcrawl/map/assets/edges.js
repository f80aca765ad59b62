// Lines are drawn here and not by vis-network: thousands of them in its data set take seconds to
// open and halve the frames. A crowd is painted once into a bitmap, which serves for the overview
// and while the map moves; closer up, and at rest, the lines in view are stroked sharply.
const CROWD = 1200;
const STROKED_AT_MOST = 4000;
const BITMAP_PIXELS = 2048;
const LINES_A_PATH = 10;
const FEW = 150;
const SOFT = { mutual: 0.7, "one-way": 0.55, unknown: 0.45 };

class EdgePainter {
  constructor(model, theme) {
    this.model = model;
    this.crowded = model.lines.length > CROWD;
    this.refresh(theme);
  }

  refresh(theme) {
    this.theme = theme;
    const many = this.model.shownLines.length;
    this.soft = many < FEW ? { mutual: 1, "one-way": 1, unknown: 1 } : SOFT;
    this.strength = many < FEW ? 1 : Math.max(0.06, Math.min(0.72, 26 / Math.sqrt(many)));
    this.arrow = many < FEW ? 7 : 5;
    this.bounds = boundsOf(this.model);
    this.bitmap = this.crowded ? this.makeBitmap() : null;
  }

  makeBitmap() {
    const { left, top, width, height } = this.bounds;
    this.bitmapScale = BITMAP_PIXELS / Math.max(width, height);
    const bitmap = document.createElement("canvas");
    bitmap.width = Math.ceil(width * this.bitmapScale);
    bitmap.height = Math.ceil(height * this.bitmapScale);
    const ctx = bitmap.getContext("2d");
    ctx.setTransform(this.bitmapScale, 0, 0, this.bitmapScale, -left * this.bitmapScale, -top * this.bitmapScale);
    ctx.lineWidth = 1.1 / this.bitmapScale;
    for (const [certainty, lines] of this.sorted(this.model.shownLines)) {
      ctx.strokeStyle = this.theme[certainty];
      ctx.globalAlpha = this.soft[certainty] * this.strength;
      this.strokePlain(ctx, lines);
    }
    return bitmap;
  }

  // A path of thousands of crossing lines is slower to fill in than many short paths.
  strokePlain(ctx, lines) {
    const { marks } = this.model;
    for (let start = 0; start < lines.length; start += LINES_A_PATH) {
      ctx.beginPath();
      for (const { source, target } of lines.slice(start, start + LINES_A_PATH)) {
        ctx.moveTo(marks[source].x, marks[source].y);
        ctx.lineTo(marks[target].x, marks[target].y);
      }
      ctx.stroke();
    }
  }

  sorted(lines) {
    const groups = new Map([["unknown", []], ["one-way", []], ["mutual", []]]);
    for (const line of lines) groups.get(line.certainty).push(line);
    return groups;
  }

  paint(ctx, view, { moving }) {
    ctx.save();
    const lines = this.sharp(view, moving);
    if (lines === null) this.paintBitmap(ctx, view);
    else this.stroke(ctx, view, lines, { strength: this.strength });
    ctx.restore();
    if (!moving || !this.crowded) paintChangedLines(ctx, view, this);
  }

  // The lines to stroke, or null where the bitmap serves.
  sharp(view, moving) {
    if (!this.crowded) return this.model.shownLines;
    if (moving || view.scale * view.ratio < this.bitmapScale * 1.6) return null;
    const seen = this.model.shownLines.filter((line) => this.clipped(view, line) !== null);
    return seen.length <= STROKED_AT_MOST ? seen : null;
  }

  paintBitmap(ctx, view) {
    const { left, top, width, height } = this.bounds;
    ctx.drawImage(this.bitmap, left * view.scale + view.x, top * view.scale + view.y,
      width * view.scale, height * view.scale);
  }

  paintTies(ctx, view, lines) {
    ctx.save();
    this.stroke(ctx, view, lines, { strength: 1, hue: this.theme.accent, width: lines.length > 80 ? 1 : 1.8 });
    ctx.restore();
  }

  stroke(ctx, view, lines, { strength, hue, width = 1.2 }) {
    for (const [certainty, group] of this.sorted(lines)) {
      ctx.strokeStyle = ctx.fillStyle = hue || this.theme[certainty];
      ctx.globalAlpha = (hue ? 0.9 : this.soft[certainty]) * strength;
      ctx.lineWidth = certainty === "mutual" ? width * 1.25 : width;
      const segments = group.map((line) => this.clipped(view, line)).filter(Boolean);
      ctx.setLineDash(certainty === "unknown" ? [4, 4] : []);
      this.strokeSegments(ctx, segments);
      ctx.setLineDash([]);
      this.strokeTips(ctx, segments, certainty === "mutual");
    }
  }

  strokeSegments(ctx, segments) {
    for (let start = 0; start < segments.length; start += LINES_A_PATH) {
      ctx.beginPath();
      for (const s of segments.slice(start, start + LINES_A_PATH)) {
        ctx.moveTo(s.x1, s.y1);
        ctx.lineTo(s.x2, s.y2);
      }
      ctx.stroke();
    }
  }

  strokeTips(ctx, segments, bothEnds) {
    ctx.beginPath();
    for (const s of segments) {
      if (s.length < 3 * this.arrow) continue;
      if (s.toEnd) this.tip(ctx, s.x2, s.y2, s.ux, s.uy);
      if (bothEnds && s.fromStart) this.tip(ctx, s.x1, s.y1, -s.ux, -s.uy);
    }
    ctx.fill();
  }

  tip(ctx, x, y, ux, uy) {
    const bx = x - ux * this.arrow, by = y - uy * this.arrow, half = this.arrow * 0.38;
    ctx.moveTo(x, y);
    ctx.lineTo(bx - uy * half, by + ux * half);
    ctx.lineTo(bx + uy * half, by - ux * half);
    ctx.closePath();
  }

  // From rim to rim of the two marks, cut to the view (Liang and Barsky, 1984); null outside it.
  clipped(view, { source, target }) {
    const a = this.model.marks[source], b = this.model.marks[target];
    const ax = a.x * view.scale + view.x, ay = a.y * view.scale + view.y;
    const dx = (b.x - a.x) * view.scale, dy = (b.y - a.y) * view.scale;
    const length = Math.hypot(dx, dy);
    if (length < 1) return null;
    const rimStart = (a.size * view.scale + (a.seed ? 6 : 2)) / length;
    const rimEnd = 1 - (b.size * view.scale + (b.seed ? 6 : 2)) / length;
    let from = rimStart, to = rimEnd;
    for (const [p, q] of [[-dx, ax + 20], [dx, view.width + 20 - ax], [-dy, ay + 20], [dy, view.height + 20 - ay]]) {
      if (p === 0) { if (q < 0) return null; } else if (p < 0) from = Math.max(from, q / p); else to = Math.min(to, q / p);
    }
    if (from >= to) return null;
    return {
      x1: ax + dx * from, y1: ay + dy * from, x2: ax + dx * to, y2: ay + dy * to,
      ux: dx / length, uy: dy / length, length: (to - from) * length,
      fromStart: from === rimStart, toEnd: to === rimEnd,
    };
  }
}
