// Colours live in the style sheet; the canvas reads them there, so that both themes agree.
function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  const theme = { font: getComputedStyle(document.body).fontFamily, kinds: {} };
  for (const name of ["paper", "ink", "quiet", "ring", "accent", "mutual", "one-way", "unknown", "notice", "notice-ink", "hull", "hull-edge", "hull-ink"]) {
    theme[name] = read(name);
  }
  theme.edge = read("ring-edge");
  for (const kind of ["instagram", "youtube", "twitter", "tiktok", "twitch", "snapchat", "other", "creator"]) {
    theme.kinds[kind] = read(kind);
  }
  return theme;
}

function mixed(one, other, share) {
  const part = (hex, at) => parseInt(hex.slice(at, at + 2), 16);
  const sum = (at) => Math.round(part(one, at) * share + part(other, at) * (1 - share));
  return `rgb(${sum(1)}, ${sum(3)}, ${sum(5)})`;
}

// Filled: what it lists is drawn. Pale or hollow: it is not known.
function dressed(mark, theme, hue) {
  const fill = {
    asked: hue,
    unasked: mixed(hue, theme.paper, 0.25),
    waiting: mixed(hue, theme.paper, 0.25),
  }[mark.standing] || theme.paper;
  const border = mark.standing === "asked" ? mixed(hue, theme.paper, 0.75) : hue;
  const both = { background: fill, border };
  return {
    color: { ...both, highlight: both, hover: both },
    borderWidth: mark.standing === "asked" ? 0.8 : Math.max(1, mark.radius / 10),
    shapeProperties: { borderDashes: mark.standing === "waiting" ? [3, 3] : false },
  };
}
