// An account's own picture within its mark, or its initials: the mark's shape still tells the network.
const LEAST_PICTURE = 5;
const LEAST_MONOGRAM = 7;
const PICTURE_SIDE = 96;
const DRAWN_AT_MOST = 300;
const MEASURED_AT = 100;
const LONGEST_SIGN = 16;

// Where a circle has room in each of vis-network's shapes, in shares of the mark's size; in none of
// them more than in a disc of the same area.
const ROOM = {
  dot: { radius: 0.84, down: 0 },
  square: { radius: 0.84, down: 0 },
  diamond: { radius: 0.6, down: 0 },
  hexagon: { radius: 0.74, down: 0 },
  triangle: { radius: 0.6, down: 0.316 },
  triangleDown: { radius: 0.6, down: -0.316 },
  star: { radius: 0.52, down: 0.082 },
  creator: { radius: 0.68, down: 0 },
};

const hasCase = (sign) => /^[\p{Lu}\p{Ll}]/u.test(sign);

// Two initials where letters have cases; elsewhere one sign says as much.
function initialsOf(mark) {
  const named = mark.username || (mark.name !== "no name" && mark.name !== `id ${mark.social_id}`);
  const signs = named ? mark.name.slice(0, 120).split(/\s+/u).map(firstSign).filter(Boolean) : [];
  const [first = "", second = ""] = signs;
  return large(first) + (hasCase(first) && hasCase(second) ? large(second) : "");
}

// A sign stays one sign: a capital ß would be two.
function large(sign) {
  const made = sign.toUpperCase();
  return made.length === sign.length ? made : sign;
}

// The first letter, digit or picture, with the marks that belong to it, unless they are a heap.
function firstSign(word) {
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    if (!/[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(segment)) continue;
    return segment.length > LONGEST_SIGN ? String.fromCodePoint(segment.codePointAt(0)) : segment;
  }
  return "";
}

function luminance(colour) {
  const parts = colour.startsWith("#")
    ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) : colour.match(/\d+/gu).map(Number);
  const [r, g, b] = parts.map((part) => (part / 255 <= 0.04045 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// Of black and white, the one that is read better: at least 4.58 to 1 on any colour.
function inkOn(colour) {
  const light = luminance(colour);
  return 1.05 / (light + 0.05) > (light + 0.05) / 0.05 ? "#ffffff" : "#000000";
}

class FacePainter {
  constructor(model, { theme, redraw }) {
    Object.assign(this, { model, redraw, round: new Map(), initials: new Map() });
    this.refresh(theme);
    for (const [index, mark] of model.marks.entries()) this.load(index, pictureOfAccount(model, mark));
  }

  refresh(theme) {
    this.theme = theme;
    this.inks = new Map();
  }

  // Cut round once: a clip in every frame for every mark would be slow.
  load(index, address) {
    if (!address) return;
    const image = new Image();
    image.addEventListener("load", () => {
      const made = document.createElement("canvas");
      made.width = made.height = PICTURE_SIDE;
      const ctx = made.getContext("2d");
      ctx.arc(PICTURE_SIDE / 2, PICTURE_SIDE / 2, PICTURE_SIDE / 2, 0, 2 * Math.PI);
      ctx.clip();
      ctx.drawImage(image, 0, 0, PICTURE_SIDE, PICTURE_SIDE);
      this.round.set(index, made);
      this.soon();
    });
    image.src = address;
  }

  // Many arrive in one moment, and one frame shows them all.
  soon() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.redraw();
    });
  }

  paint(ctx, view, lit) {
    ctx.save();
    ctx.textAlign = "center";
    ctx.textBaseline = "alphabetic";
    let drawn = 0;
    for (const index of this.model.ranked) {
      const mark = this.model.marks[index];
      // After the seeds, the largest come first.
      if (!mark.seed && mark.radius * ROOM.dot.radius * view.scale < LEAST_PICTURE) break;
      const spot = this.spot(view, index);
      if (!spot || (lit && !lit.has(index))) continue;
      this.paintOne(ctx, index, spot);
      drawn += 1;
      if (drawn >= DRAWN_AT_MOST) break;
    }
    ctx.restore();
  }

  spot(view, index) {
    const mark = this.model.marks[index], room = ROOM[mark.shape];
    const radius = mark.size * room.radius * view.scale;
    if (radius < LEAST_PICTURE || !this.model.shown[index]) return null;
    const x = mark.x * view.scale + view.x, y = (mark.y + mark.size * room.down) * view.scale + view.y;
    const seen = x > -radius && y > -radius && x < view.width + radius && y < view.height + radius;
    return seen ? { x, y, radius } : null;
  }

  paintOne(ctx, index, spot) {
    const mark = this.model.marks[index], picture = this.round.get(index);
    if (picture) this.paintPicture(ctx, mark, picture, spot);
    // A creator without one keeps the number of its accounts.
    else if (spot.radius >= LEAST_MONOGRAM && !isCreator(mark)) this.paintInitials(ctx, mark, index, spot);
  }

  // Pale where it was not asked, as the mark itself is; paler still under a sign.
  paintPicture(ctx, mark, picture, { x, y, radius }) {
    ctx.globalAlpha = { asked: 1, failed: 0.35, private: 0.35 }[mark.standing] || 0.6;
    ctx.drawImage(picture, x - radius, y - radius, 2 * radius, 2 * radius);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = hueOf(this.model, this.theme, mark);
    ctx.lineWidth = mark.standing === "asked" ? Math.max(1.5, radius / 9) : 1;
    ctx.beginPath();
    circle(ctx, x, y, radius);
    ctx.stroke();
  }

  // A sign is already there where an account failed or is private.
  paintInitials(ctx, mark, index, { x, y, radius }) {
    if (mark.standing === "failed" || mark.standing === "private") return;
    if (!this.initials.has(index)) this.initials.set(index, this.measured(ctx, initialsOf(mark)));
    const { text, width, drop } = this.initials.get(index);
    if (!text) return;
    // Whole sizes: the browser keeps few of a font's.
    const size = Math.floor(Math.min(1.05 * radius, (1.7 * radius) / width));
    ctx.font = `600 ${size}px ${this.theme.font}`;
    ctx.fillStyle = this.ink(mark);
    ctx.fillText(text, x, y + drop * size);
  }

  // In shares of the font's size: how wide it is, and how far below the middle its line lies.
  measured(ctx, text) {
    ctx.font = `600 ${MEASURED_AT}px ${this.theme.font}`;
    const { width, actualBoundingBoxAscent: above, actualBoundingBoxDescent: below } = ctx.measureText(text);
    return { text, width: width / MEASURED_AT, drop: (above - below) / 2 / MEASURED_AT };
  }

  ink(mark) {
    const fill = dressed(mark, this.theme, hueOf(this.model, this.theme, mark)).color.background;
    if (!this.inks.has(fill)) this.inks.set(fill, inkOn(fill));
    return this.inks.get(fill);
  }
}

function pictureOfAccount(model, mark) {
  const address = (model.pictures || {})[mark.id];
  return address && address.startsWith("data:image/jpeg;base64,") ? address : null;
}

// For the panel; what it shows is told in words beside it.
function portrait(model, mark) {
  const address = pictureOfAccount(model, mark);
  if (!address) return document.createDocumentFragment();
  const image = element("img", undefined, "portrait");
  image.alt = "";
  image.src = address;
  return image;
}
