// A map of two days: what was gained, lost or changed is told by pattern and sign, not by colour alone.
const FATE_DASHES = { gained: [], lost: [9, 6], changed: [14, 4, 3, 4], "not-known": [2, 5] };
const FATE_WIDTH = 2.6;
const BADGE = 6.5;
const FEWEST_PIXELS = 3;
const fateHues = new WeakMap();

function fateWord(fate) {
  return { gained: ", gained", lost: ", lost", changed: ", changed", "not-known": ", not compared" }[fate] || "";
}

function fateHue(theme, fate) {
  if (!fateHues.has(theme)) {
    const style = getComputedStyle(document.documentElement);
    fateHues.set(theme, Object.fromEntries(["gained", "lost", "changed"].map((name) => [name, style.getPropertyValue(`--${name}`).trim()])));
  }
  return fateHues.get(theme)[fate] || theme.quiet;
}

// Over the lines as they are always drawn: first the paper, or a dash would lie on a whole line.
function paintChangedLines(ctx, view, edges) {
  const { model, theme } = edges;
  if (!model.fates.length) return;
  for (const [fate, dashes] of Object.entries(FATE_DASHES)) {
    const lines = model.shownLines.filter((line) => line.fate === fate);
    const segments = lines.map((line) => edges.clipped(view, line)).filter(Boolean);
    if (!segments.length) continue;
    ctx.save();
    ctx.strokeStyle = theme.paper;
    ctx.lineWidth = FATE_WIDTH + 1;
    edges.strokeSegments(ctx, segments);
    ctx.strokeStyle = ctx.fillStyle = fateHue(theme, fate);
    ctx.lineWidth = FATE_WIDTH;
    ctx.setLineDash(dashes);
    edges.strokeSegments(ctx, segments);
    ctx.setLineDash([]);
    for (const mutual of [true, false]) {
      const those = lines.filter((line) => (line.certainty === "mutual") === mutual);
      edges.strokeTips(ctx, those.map((line) => edges.clipped(view, line)).filter(Boolean), mutual);
    }
    ctx.restore();
  }
}

function paintFates(ctx, view, { model, theme, lit }) {
  if (!model.said_of_fates.same) return;
  for (const [index, mark] of model.marks.entries()) {
    if (!FATE_DASHES[mark.fate] || !model.shown[index] || (lit && !lit.has(index))) continue;
    const x = mark.x * view.scale + view.x, y = mark.y * view.scale + view.y;
    const radius = mark.size * view.scale + (mark.seed ? 9 : 5);
    if (x < -radius || y < -radius || x > view.width + radius || y > view.height + radius) continue;
    paintFate(ctx, { x, y, radius, mark, hue: fateHue(theme, mark.fate), theme });
  }
}

function paintFate(ctx, { x, y, radius, mark, hue, theme }) {
  ctx.save();
  ctx.strokeStyle = hue;
  ctx.lineWidth = 2.2;
  ctx.setLineDash(FATE_DASHES[mark.fate]);
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.stroke();
  ctx.setLineDash([]);
  if (radius - 5 > FEWEST_PIXELS) paintBadge(ctx, x + radius * 0.72, y - radius * 0.72, mark.fate, { theme });
  ctx.restore();
}

// The signs of the legend, drawn in the same strokes.
function paintBadge(ctx, x, y, fate, { theme }) {
  ctx.translate(x, y);
  ctx.fillStyle = theme.paper;
  ctx.lineWidth = 1.4;
  ctx.beginPath();
  ctx.arc(0, 0, BADGE, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
  ctx.strokeStyle = theme.ink;
  ctx.lineWidth = 1.6;
  ctx.stroke(new Path2D(FATE_SIGNS[fate]));
}

const FATE_SIGNS = {
  gained: "M-3.5 0h7M0 -3.5v7",
  lost: "M-3 -3l6 6m0-6l-6 6",
  changed: "M-3.5 -1.5h7m-7 3h7M2 -4l-4 8",
  "not-known": "M-2.2 -1.8a2.2 2.2 0 1 1 3.2 2q-1 .5-1 1.6m0 1.4v.6",
};
