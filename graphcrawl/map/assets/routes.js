// Ways through the graph over the connections of this page.

// Each account's predecessor on a shortest way from a seed, found once; -1 for the seeds.
function predecessorsOf(model) {
  if (model.predecessors) return model.predecessors;
  const before = new Map();
  const waiting = [];
  for (const [index, mark] of model.marks.entries()) {
    if (!mark.seed) continue;
    before.set(index, -1);
    waiting.push(index);
  }
  for (let at = 0; at < waiting.length; at++) {
    for (const { other } of connectionsOf(model, waiting[at]).lists) {
      if (before.has(other)) continue;
      before.set(other, waiting[at]);
      waiting.push(other);
    }
  }
  model.predecessors = before;
  return before;
}

// From a seed to this account, both included; empty where the page holds no such way.
function wayFromSeed(model, index) {
  const before = predecessorsOf(model);
  if (!before.has(index)) return [];
  const way = [];
  for (let at = index; at !== -1; at = before.get(at)) way.unshift(at);
  return way;
}

// The shortest way between two accounts along what is shown, whichever way the arrows point.
function wayBetween(model, start, end) {
  const before = new Map([[start, -1]]);
  const waiting = [start];
  for (let at = 0; at < waiting.length && !before.has(end); at++) {
    for (const line of model.ties[waiting[at]]) {
      if (!model.lineShown[line]) continue;
      const { source, target } = model.lines[line];
      const other = source === waiting[at] ? target : source;
      if (before.has(other)) continue;
      before.set(other, waiting[at]);
      waiting.push(other);
    }
  }
  if (!before.has(end)) return null;
  const way = [];
  for (let at = end; at !== -1; at = before.get(at)) way.unshift(at);
  return way;
}

// The connections between neighbours on a way.
function linesOf(model, way) {
  const pairs = new Set(way.slice(1).flatMap((index, at) => [`${way[at]} ${index}`, `${index} ${way[at]}`]));
  return way.flatMap((index) => model.ties[index])
    .filter((line, at, all) => all.indexOf(line) === at)
    .map((line) => model.lines[line])
    .filter(({ source, target }) => pairs.has(`${source} ${target}`));
}

function stepWords(model, from, to) {
  const { lists, listedBy } = connectionsOf(model, from);
  const there = lists.find(({ other }) => other === to);
  if (there && there.certainty === "mutual") return "lists, and is listed by,";
  if (there) return "lists";
  return listedBy.some(({ other }) => other === to) ? "is listed by" : "";
}
