// The view in the address, after the #: whoever gets the file and the address sees the same.
// What stands there may come from anyone, so everything read is checked against this page.
const LONGEST_FRAGMENT = 4000;

function finite(text, least, most) {
  const number = text && text.length < 24 ? Number(text) : NaN;
  return Number.isFinite(number) ? Math.min(most, Math.max(least, number)) : null;
}

function readPlace(text) {
  const parts = (text || "").split(",").map((part) => finite(part.trim(), -1e6, 1e6));
  if (parts.length !== 3 || parts.includes(null) || parts[2] <= 0) return null;
  return { x: parts[0], y: parts[1], scale: Math.min(10, Math.max(0.01, parts[2])) };
}

function readFragment(model, fragment) {
  const given = new URLSearchParams(fragment.replace(/^#/, "").slice(0, LONGEST_FRAGMENT));
  const account = (name) => model.at.get(finite(given.get(name), 0, Number.MAX_SAFE_INTEGER)) ?? null;
  return {
    query: given.get("q") || "",
    hidden: given.getAll("hide"),
    least: finite(given.get("least"), 0, 1e12) ?? 0,
    color: given.get("color"),
    place: readPlace(given.get("at")),
    chosen: account("pick"),
    far: account("to"),
  };
}

function writtenFragment(model, { by, query, hidden, least, color, place, chosen, far }) {
  const said = new URLSearchParams();
  if (by) said.set("by", by);
  if (query) said.set("q", query);
  for (const key of hidden) said.append("hide", key);
  if (least) said.set("least", String(least));
  if (color) said.set("color", color);
  if (chosen !== null) said.set("pick", String(model.marks[chosen].id));
  if (far !== null) said.set("to", String(model.marks[far].id));
  if (place) said.set("at", [place.x.toFixed(1), place.y.toFixed(1), place.scale.toPrecision(4)].join(","));
  return String(said);
}

function putFragment(fragment) {
  try {
    history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
  } catch {
    // Some viewers do not let a page change its address; the view itself stays.
  }
}
