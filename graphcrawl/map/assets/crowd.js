// While a crowd is dragged its marks are one picture, as its lines are: vis-network would draw each
// of them anew in every frame, which takes longer than a frame may.
const CROWD_MARKS = 1500;
const CROWD_PIXELS = 2400;
const CROWD_REST = 250;

class CrowdPainter {
  constructor(model) {
    this.model = model;
    this.crowded = model.marks.length > CROWD_MARKS;
    this.refresh();
  }

  refresh() {
    this.bitmap = null;
    clearTimeout(this.waiting);
    this.waiting = null;
  }

  // Soon after all is at rest, so that no drag has to wait for it.
  prepare(nodes) {
    if (!this.crowded || this.bitmap || this.waiting) return;
    this.waiting = setTimeout(() => { this.bitmap = this.pictured(nodes); }, CROWD_REST);
  }

  pictured(nodes) {
    const { left, top, width, height } = boundsOf(this.model);
    this.bounds = { left, top, width, height };
    this.scale = CROWD_PIXELS / Math.max(width, height);
    const bitmap = document.createElement("canvas");
    bitmap.width = Math.ceil(width * this.scale);
    bitmap.height = Math.ceil(height * this.scale);
    const ctx = bitmap.getContext("2d");
    ctx.setTransform(this.scale, 0, 0, this.scale, -left * this.scale, -top * this.scale);
    for (const [index, { id }] of this.model.marks.entries()) if (this.model.shown[index]) nodes[id].draw(ctx);
    return bitmap;
  }

  // In the map's own units, as vis-network would draw them.
  paint(ctx, view, nodes) {
    this.bitmap ||= this.pictured(nodes);
    const { left, top, width, height } = this.bounds;
    if (view.scale * view.ratio <= this.scale * 1.6) ctx.drawImage(this.bitmap, left, top, width, height);
    else this.paintThoseInView(ctx, view, nodes);
  }

  paintThoseInView(ctx, view, nodes) {
    const { marks, shown } = this.model;
    for (const [index, { id, x, y, size }] of marks.entries()) {
      const reach = size * view.scale + 4, across = x * view.scale + view.x, down = y * view.scale + view.y;
      const seen = across > -reach && down > -reach && across < view.width + reach && down < view.height + reach;
      if (seen && shown[index]) nodes[id].draw(ctx);
    }
  }
}
