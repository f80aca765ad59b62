// Boxes by the cells they touch, to find quickly what is in the way.
const CELL = 64;

class Occupied {
  constructor() {
    this.cells = new Map();
  }

  copy() {
    const made = new Occupied();
    for (const [key, boxes] of this.cells) made.cells.set(key, [...boxes]);
    return made;
  }

  keys(box) {
    const keys = [];
    for (let c = Math.floor(box.x / CELL); c <= Math.floor((box.x + box.w) / CELL); c++) {
      for (let r = Math.floor(box.y / CELL); r <= Math.floor((box.y + box.h) / CELL); r++) keys.push(c * 8192 + r);
    }
    return keys;
  }

  // An account's own mark is never in the way of its label.
  inTheWay(box) {
    const found = new Set();
    for (const key of this.keys(box)) {
      for (const other of this.cells.get(key) || []) {
        if (other.owner !== box.owner && box.x < other.x + other.w && other.x < box.x + box.w &&
          box.y < other.y + other.h && other.y < box.y + box.h) found.add(other);
      }
    }
    return found;
  }

  free(box) {
    return this.inTheWay(box).size === 0;
  }

  add(box) {
    for (const key of this.keys(box)) {
      if (this.cells.has(key)) this.cells.get(key).push(box);
      else this.cells.set(key, [box]);
    }
  }

  remove(box) {
    for (const key of this.keys(box)) this.cells.set(key, this.cells.get(key).filter((other) => other !== box));
  }
}
