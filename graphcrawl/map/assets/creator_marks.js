// A creator's mark: a disc that holds the number of its accounts, in a ring with one piece for
// each, in its network's colour. A hollow piece is an account of which it is not known what it lists.
const TURN = 2 * Math.PI;

function isCreator(mark) {
  return mark.kind === "creator";
}

// The indices of a creator's drawn accounts, in the page's view by account.
function membersOf(model, mark) {
  return model.owners[mark.owner].accounts.map(([at]) => at).filter((at) => typeof at === "number");
}

// vis-network asks for it in every frame, in map units, so that the ring is sharp at any zoom.
function creatorShape(view, mark) {
  const members = membersOf(view.model, mark).map((at) => view.model.accounts[at]);
  const side = 2 * mark.size;
  return {
    shape: "custom",
    ctxRenderer: ({ ctx, x, y }) => ({
      drawNode: () => paintCreator(ctx, { x, y, mark, members, theme: view.theme }),
      nodeDimensions: { width: side, height: side },
    }),
  };
}

function paintCreator(ctx, { x, y, mark, members, theme }) {
  const width = mark.size * 0.23;
  ctx.lineCap = "butt";
  ctx.beginPath();
  ctx.arc(x, y, mark.size, 0, TURN);
  ctx.fillStyle = theme.paper;
  ctx.fill();
  for (const [at, member] of members.entries()) {
    paintPiece(ctx, { x, y, radius: mark.size - width / 2, width, at, many: members.length, member, theme });
  }
  paintCore(ctx, { x, y, radius: mark.size - 1.4 * width, mark, many: members.length, theme });
}

function paintPiece(ctx, { x, y, radius, width, at, many, member, theme }) {
  const step = TURN / many, gap = many > 1 ? Math.min(0.22, step / 6) : 0;
  const from = at * step - TURN / 4 + gap / 2, to = from + step - gap;
  ctx.beginPath();
  ctx.arc(x, y, radius, from, to);
  ctx.strokeStyle = theme.kinds[member.kind];
  ctx.lineWidth = width;
  ctx.stroke();
  if (member.standing === "asked") return;
  const rim = width * 0.24;
  ctx.beginPath();
  ctx.arc(x, y, radius, from + rim / radius, to - rim / radius);
  ctx.strokeStyle = theme.paper;
  ctx.lineWidth = width - 2 * rim;
  ctx.stroke();
}

function paintCore(ctx, { x, y, radius, mark, many, theme }) {
  const hue = theme.kinds.creator, asked = mark.standing === "asked";
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, TURN);
  ctx.fillStyle = asked ? hue : mixed(hue, theme.paper, 0.15);
  ctx.strokeStyle = hue;
  ctx.lineWidth = radius * 0.12;
  ctx.fill();
  ctx.stroke();
  // These two bear a sign of their own in the middle.
  if (mark.standing === "failed" || mark.standing === "private") return;
  ctx.font = `700 ${radius * 1.25}px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = asked ? theme.paper : hue;
  ctx.fillText(String(many), x, y + radius * 0.08);
}
