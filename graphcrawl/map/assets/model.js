// The graph as the page reads it: columns from the inert block, and who is tied to whom.
function readModel(data) {
  const marks = data.nodes.map((mark) => ({ ...mark, seed: mark.depth === 0 }));
  const ties = marks.map(() => []);
  const lines = data.edges.map(([source, target, certainty], at) => {
    ties[source].push(at);
    if (target !== source) ties[target].push(at);
    return { source, target, certainty: data.certainties[certainty], fate: data.fates[at] };
  });
  const ranked = marks.map((_, at) => at)
    .sort((a, b) => marks[b].seed - marks[a].seed || marks[b].radius - marks[a].radius || a - b);
  const at = new Map(marks.map((mark, index) => [mark.id, index]));
  return { ...data, marks, lines, ties, ranked, at, upright: false };
}

// On a screen taller than wide the map lies on its side: rings are wider than tall.
function turnUpright(model, upright) {
  if (model.upright === upright) return false;
  model.upright = upright;
  for (const mark of model.marks) [mark.x, mark.y] = [mark.y, mark.x];
  for (const ring of model.rings) [ring.x, ring.y, ring.width, ring.height] = [ring.y, ring.x, ring.height, ring.width];
  return true;
}

// Of the marks: a ring that is empty on one side need not be seen whole.
function boundsOf(model) {
  let left = -60, right = 60, top = -60, bottom = 60;
  for (const mark of model.marks) {
    left = Math.min(left, mark.x - mark.radius);
    right = Math.max(right, mark.x + mark.radius);
    top = Math.min(top, mark.y - mark.radius);
    bottom = Math.max(bottom, mark.y + mark.radius);
  }
  return { left, right, top, bottom, width: right - left, height: bottom - top };
}

// What one account lists and who lists it, each with the line's certainty.
function connectionsOf(model, index) {
  const lists = [], listedBy = [];
  for (const at of model.ties[index]) {
    const { source, target, certainty, fate } = model.lines[at];
    const other = source === index ? target : source;
    const mutual = certainty === "mutual";
    if (mutual || source === index) lists.push({ other, certainty, fate });
    if (mutual || target === index) listedBy.push({ other, certainty, fate });
  }
  return { lists, listedBy };
}

// One account, whom it is tied to, and the connections between.
function neighbourhood(model, index) {
  const shown = model.ties[index].filter((at) => model.lineShown[at]);
  const lines = shown.map((at) => model.lines[at]);
  return { lit: new Set([index, ...lines.flatMap(({ source, target }) => [source, target])]), lines };
}
