// An owner's accounts lie together in a hull that bears the owner's name.
const HULL_MARGIN = 9;
const HULL_REACH = 260;
const THREAD = 5;
const HULL_NAME = 150;

class HullPainter {
  constructor(model, theme) {
    this.model = model;
    this.refresh(theme);
  }

  refresh(theme) {
    const { marks, owners, shown, labelled } = this.model;
    this.theme = theme;
    this.hulls = [];
    if (!labelled) return;
    const members = owners.map(() => []);
    for (const [index, mark] of marks.entries()) {
      if (mark.owner !== undefined && shown[index]) members[mark.owner].push(index);
    }
    for (const [at, own] of members.entries()) {
      if (own.length > 1) this.hulls.push({ lines: owners[at].hull, members: own, ties: spanning(marks, own), area: this.areaOf(own) });
    }
  }

  // The space between them, where it is small and no one else's account lies in it.
  areaOf(members) {
    const { marks, shown } = this.model;
    const corners = convex(members.map((index) => marks[index]));
    const near = corners.every((one) => corners.every((other) => Math.hypot(one.x - other.x, one.y - other.y) <= HULL_REACH));
    const foreign = (mark, index) => shown[index] && !members.includes(index) && within(corners, mark);
    return near && corners.length > 2 && !marks.some(foreign) ? corners : [];
  }

  paint(ctx, view) {
    ctx.save();
    ctx.lineCap = ctx.lineJoin = "round";
    for (const hull of this.hulls) {
      this.shape(ctx, view, hull, this.theme["hull-edge"], 1.2);
      this.shape(ctx, view, hull, this.theme.hull, 0);
    }
    ctx.restore();
  }

  // Twice, a little larger the first time: what sticks out is the hull's edge. Near ones are
  // joined by a broad band, those further apart by a thread.
  shape(ctx, view, { members, ties, area }, hue, more) {
    const { marks } = this.model;
    ctx.strokeStyle = ctx.fillStyle = hue;
    ctx.beginPath();
    for (const index of members) {
      const { x, y, size } = marks[index];
      circle(ctx, x * view.scale + view.x, y * view.scale + view.y, size * view.scale + HULL_MARGIN + more);
    }
    ctx.fill();
    if (area.length) {
      ctx.lineWidth = 2 * (Math.max(...area.map(({ size }) => size)) * view.scale + HULL_MARGIN + more);
      ctx.beginPath();
      for (const { x, y } of area) ctx.lineTo(x * view.scale + view.x, y * view.scale + view.y);
      ctx.closePath();
      ctx.fill();
      ctx.stroke();
    }
    for (const { one, other, length } of area.length ? [] : ties) {
      const a = marks[one], b = marks[other];
      const broad = Math.min(a.size, b.size) * view.scale + HULL_MARGIN;
      ctx.lineWidth = 2 * ((length <= HULL_REACH ? broad : THREAD) + more);
      ctx.beginPath();
      ctx.moveTo(a.x * view.scale + view.x, a.y * view.scale + view.y);
      ctx.lineTo(b.x * view.scale + view.x, b.y * view.scale + view.y);
      ctx.stroke();
    }
  }

  // What each hull is called, and where above or below it there may be room for that.
  names(view, wanted) {
    return this.hulls.filter(({ members }) => members.some(wanted)).map(({ lines, members }) => ({
      key: `hull ${members}`, lines, members, spots: ({ width, height }) => this.spots(view, members, width, height),
    }));
  }

  spots(view, members, width, height) {
    const { marks } = this.model;
    const places = members.map((index) => {
      const { x, y, size } = marks[index];
      return { x: x * view.scale + view.x, y: y * view.scale + view.y, reach: size * view.scale + HULL_MARGIN };
    });
    const top = Math.min(...places.map(({ y, reach }) => y - reach));
    const row = places.filter(({ y, reach }) => y - reach < top + 12);
    const middle = row.reduce((sum, { x }) => sum + x, 0) / row.length;
    const slid = [0, -0.25, 0.25, -0.45, 0.45].map((share) => share * width);
    const around = places.flatMap(({ x, y, reach }) => slid.flatMap((by) => [
      [x - width / 2 + by, y - reach - height], [x - width / 2 + by, y + reach]]));
    const beside = places.flatMap(({ x, y, reach }) => [[x + reach, y - height / 2], [x - reach - width, y - height / 2]]);
    const first = slid.flatMap((by) => [[middle - width / 2 + by, top - height]]);
    return [...first, ...beside, ...around];
  }
}

// The shortest tree that joins all of them (Prim, 1957).
function spanning(marks, members) {
  const ties = [];
  const joined = [members[0]], waiting = new Set(members.slice(1));
  while (waiting.size) {
    let best = null;
    for (const one of joined) {
      for (const other of waiting) {
        const length = Math.hypot(marks[one].x - marks[other].x, marks[one].y - marks[other].y);
        if (!best || length < best.length) best = { one, other, length };
      }
    }
    ties.push(best);
    joined.push(best.other);
    waiting.delete(best.other);
  }
  return ties;
}

// The corners around some points, in order (Andrew, 1979).
function convex(points) {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const side = (list) => {
    const kept = [];
    for (const point of list) {
      while (kept.length > 1 && turn(kept.at(-2), kept.at(-1), point) <= 0) kept.pop();
      kept.push(point);
    }
    return kept.slice(0, -1);
  };
  return [...side(sorted), ...side(sorted.reverse())];
}

function turn(a, b, c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

function within(corners, point) {
  return corners.every((corner, at) => turn(corner, corners[(at + 1) % corners.length], point) >= 0);
}
