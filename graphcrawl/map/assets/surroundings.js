// What is painted around the marks: rings, signs, the veil over what is not looked at, the notice.
const NOTICE_HEIGHT = 24;

// As graphcrawl/map/spacing.py has it: rings are superellipses, which fill a screen's corners.
const SQUARENESS = 4;
const RING_STEPS = 96;

function paintRings(ctx, view, model, theme) {
  ctx.save();
  for (const ring of [...model.rings].reverse()) {
    ctx.beginPath();
    for (let step = 0; step < RING_STEPS; step++) {
      const angle = step / RING_STEPS * 2 * Math.PI, [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const along = (part) => Math.sign(part) * Math.abs(part) ** (2 / SQUARENESS);
      ctx.lineTo((ring.x + ring.width * along(cos)) * view.scale + view.x, (ring.y + ring.height * along(sin)) * view.scale + view.y);
    }
    ctx.closePath();
    ctx.fillStyle = ring.depth % 2 ? theme.ring : theme.paper;
    ctx.strokeStyle = theme.edge;
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

function paintVeil(ctx, view, theme) {
  ctx.save();
  ctx.globalAlpha = 0.82;
  ctx.fillStyle = theme.paper;
  ctx.fillRect(0, 0, view.width, view.height);
  ctx.restore();
}

function paintSigns(ctx, view, { model, theme, lit, chosen }) {
  ctx.save();
  for (const [index, mark] of model.marks.entries()) {
    const sign = mark.standing === "failed" || mark.standing === "private";
    if (!sign && !mark.seed && !chosen.includes(index)) continue;
    if (!model.shown[index] || (lit && !lit.has(index))) continue;
    const spot = { x: mark.x * view.scale + view.x, y: mark.y * view.scale + view.y, radius: mark.size * view.scale };
    paintSign(ctx, mark, spot, theme);
    if (chosen.includes(index)) paintChoice(ctx, spot, theme);
  }
  ctx.restore();
}

function paintSign(ctx, mark, { x, y, radius }, theme) {
  const arm = radius * 0.35;
  ctx.strokeStyle = theme.ink;
  ctx.lineWidth = Math.min(2.5, Math.max(1, radius / 8));
  ctx.beginPath();
  if (mark.standing === "failed") {
    ctx.moveTo(x - arm, y - arm); ctx.lineTo(x + arm, y + arm);
    ctx.moveTo(x + arm, y - arm); ctx.lineTo(x - arm, y + arm);
  } else if (mark.standing === "private") {
    ctx.moveTo(x - arm * 1.3, y); ctx.lineTo(x + arm * 1.3, y);
  }
  if (mark.seed) circle(ctx, x, y, radius + 3);
  ctx.stroke();
}

function paintChoice(ctx, { x, y, radius }, theme) {
  ctx.strokeStyle = theme.accent;
  ctx.lineWidth = 2.5;
  ctx.beginPath();
  circle(ctx, x, y, radius + 7);
  ctx.stroke();
}

function circle(ctx, x, y, radius) {
  ctx.moveTo(x + radius, y);
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
}

// In the canvas too, so that a picture of the map alone still says it.
function paintNotice(ctx, view, notice, theme) {
  ctx.save();
  ctx.font = `600 11px ${theme.font}`;
  ctx.textAlign = "center";
  const width = Math.min(ctx.measureText(notice).width, view.width - 20) + 16;
  ctx.fillStyle = theme.notice;
  ctx.fillRect((view.width - width) / 2, view.height - NOTICE_HEIGHT, width, NOTICE_HEIGHT);
  ctx.fillStyle = theme["notice-ink"];
  ctx.fillText(notice, view.width / 2, view.height - 8, view.width - 20);
  ctx.restore();
}
