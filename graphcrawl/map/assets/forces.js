// On demand the connections pull: springs between tied accounts, room around each, and a thread to
// where it lay. vis-network's own physics needs the connections in its data, which takes seconds.
const FORCES_NODES = 12000;
const FORCES_LINES = 60000;
const COOLING = 0.982;
const COLD = 0.02;
const SPACE = 34;
const FRAME = 40;
const LONGEST_PULL = 15000;

class Forces {
  constructor(model, view, say) {
    Object.assign(this, { model, view, say, homes: null, running: false });
    this.switch = document.getElementById("do-forces");
    this.back = document.getElementById("do-home");
    if (!this.switch) return;
    this.switch.addEventListener("click", () => (this.running ? this.stop() : this.start()));
    this.back.addEventListener("click", () => this.goHome());
    const { marks, lines } = model;
    if (marks.length <= FORCES_NODES && lines.length <= FORCES_LINES) return;
    this.switch.disabled = true;
    this.switch.title = `Not for so many: with over ${FORCES_NODES.toLocaleString("en")} accounts or ` +
      `${FORCES_LINES.toLocaleString("en")} connections the page would freeze. Draw fewer with --max-nodes.`;
  }

  start() {
    if (!this.homes) this.homes = { upright: this.model.upright, spots: this.model.marks.map(({ x, y }) => [x, y]) };
    Object.assign(this, { running: true, heat: 1, steps: 0, last: 0, began: performance.now() });
    this.switch.setAttribute("aria-pressed", "true");
    this.back.hidden = false;
    this.gather();
    this.view.touched = true;
    if (this.view.calm.matches) this.say("The connections pull; the map is drawn when they are at rest.");
    this.go();
  }

  go() {
    if (!this.running) return;
    // Who wants no motion sees the end of it only, and the page answers meanwhile.
    const until = performance.now() + FRAME;
    do this.step(); while (this.view.calm.matches && this.heat > COLD && performance.now() < until);
    if (this.heat <= COLD || performance.now() - this.began > LONGEST_PULL) {
      this.stop();
    } else if (this.view.calm.matches) {
      setTimeout(() => this.go(), 0);
    } else {
      this.show(false);
      requestAnimationFrame(() => this.go());
    }
  }

  stop() {
    if (!this.running) return;
    this.running = false;
    this.switch.setAttribute("aria-pressed", "false");
    this.show(true);
    this.say("The connections have pulled. ↺ puts every account back.");
  }

  goHome() {
    this.running = false;
    this.switch.setAttribute("aria-pressed", "false");
    const turned = this.homes.upright !== this.model.upright;
    for (const [at, [x, y]] of this.homes.spots.entries()) {
      Object.assign(this.model.marks[at], turned ? { x: y, y: x } : { x, y });
    }
    this.homes = null;
    this.switch.focus();
    this.back.hidden = true;
    this.view.relocate(true);
    this.view.fit();
  }

  // Areas and the bitmap of lines are painted anew now and then only: that takes many a frame.
  show(whole) {
    const now = performance.now();
    const due = whole || now - this.last > 10 * this.cost;
    this.view.relocate(due);
    if (due) {
      this.last = performance.now();
      this.cost = this.last - now;
    }
  }

  gather() {
    const { marks, lines, ties, shown } = this.model;
    this.cost = 0;
    this.moved = marks.map((_, at) => at).filter((at) => shown[at]);
    const turned = this.homes.upright !== this.model.upright;
    this.anchors = this.homes.spots.map(([x, y]) => (turned ? [y, x] : [x, y]));
    this.springs = lines.filter((_, at) => this.model.lineShown[at] && lines[at].source !== lines[at].target)
      .map(({ source, target }) => [source, target, 0.5 / Math.min(ties[source].length, ties[target].length)]);
  }

  step() {
    this.pull();
    this.push();
    const { marks } = this.model, hold = 0.02;
    for (const at of this.moved) {
      marks[at].x += (this.anchors[at][0] - marks[at].x) * hold;
      marks[at].y += (this.anchors[at][1] - marks[at].y) * hold;
    }
    this.heat *= COOLING;
    this.steps += 1;
  }

  pull() {
    const { marks } = this.model;
    for (const [source, target, strength] of this.springs) {
      const a = marks[source], b = marks[target];
      const dx = b.x - a.x, dy = b.y - a.y, distance = Math.hypot(dx, dy) || 1;
      const by = (distance - a.radius - b.radius - SPACE) / distance * strength * this.heat;
      if (by < 0) continue;
      const share = b.radius ** 2 / (a.radius ** 2 + b.radius ** 2);
      a.x += dx * by * share; a.y += dy * by * share;
      b.x -= dx * by * (1 - share); b.y -= dy * by * (1 - share);
    }
  }

  // No two over each other, and some room where it can be had.
  push() {
    const { marks } = this.model, side = 46, cells = new Map();
    for (const at of this.moved) {
      const key = Math.floor(marks[at].x / side) * 65536 + Math.floor(marks[at].y / side);
      if (cells.has(key)) cells.get(key).push(at);
      else cells.set(key, [at]);
    }
    for (const [key, members] of cells) {
      for (const step of [0, 1, 65535, 65536, 65537]) {
        const others = cells.get(key + step);
        if (!others) continue;
        for (const one of members) for (const other of others) if (step || one < other) this.part(marks[one], marks[other]);
      }
    }
  }

  part(a, b) {
    const need = a.radius + b.radius + 3;
    const dx = b.x - a.x, dy = b.y - a.y, apart = dx * dx + dy * dy;
    if (apart >= need * need) return;
    const distance = Math.sqrt(apart) || 1, by = (need - distance) / distance / 2;
    const across = (dx || (apart ? 0 : 1)) * by, down = dy * by;
    a.x -= across; a.y -= down;
    b.x += across; b.y += down;
  }
}
