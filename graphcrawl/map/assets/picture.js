// The map as a picture that still says what it is when it is sent on alone.
const PICTURE_MARGIN = 16;

function wrapped(ctx, text, widest) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (ctx.measureText(longer).width <= widest) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.filter(Boolean).slice(0, 4);
}

function captionRows(ctx, theme, page, width) {
  const rows = [];
  const add = (text, font, hue, height) => {
    ctx.font = font;
    for (const line of wrapped(ctx, text, width)) rows.push({ text: line, font, hue, height });
  };
  add(page.title, `650 18px ${theme.font}`, "ink", 26);
  add(page.sentence, `13px ${theme.font}`, "quiet", 19);
  if (page.notice) add(page.notice, `600 13px ${theme.font}`, "ink", 21);
  if (page.hidden) add(page.hidden, `13px ${theme.font}`, "quiet", 19);
  return rows;
}

function pictureOf(map, theme, page) {
  const ratio = map.width / Math.max(1, map.clientWidth);
  const made = document.createElement("canvas");
  const ctx = made.getContext("2d");
  const width = map.clientWidth;
  const rows = captionRows(ctx, theme, page, width - 2 * PICTURE_MARGIN);
  const head = rows.reduce((sum, { height }) => sum + height, 2 * PICTURE_MARGIN - 6);
  made.width = map.width;
  made.height = Math.ceil(head * ratio) + map.height;
  ctx.fillStyle = theme.paper;
  ctx.fillRect(0, 0, made.width, made.height);
  ctx.drawImage(map, 0, Math.ceil(head * ratio));
  ctx.scale(ratio, ratio);
  ctx.textBaseline = "top";
  let top = PICTURE_MARGIN;
  for (const { text, font, hue, height } of rows) {
    ctx.font = font;
    ctx.fillStyle = theme[hue];
    ctx.fillText(text, PICTURE_MARGIN, top, width - 2 * PICTURE_MARGIN);
    top += height;
  }
  return made;
}
