// Labels that found room, made to give way to those that found none or were cut short.
const GIVING_WAY = 2;

class Placing {
  constructor({ placed, occupied }, boxes, formsOf) {
    Object.assign(this, { occupied, boxes, formsOf });
    this.labels = new Map(placed.map((label) => [label.owner, label]));
  }

  // The missing in any form, the others only whole.
  improved(wanted) {
    for (const index of wanted.filter((one) => !this.labels.has(one))) {
      const { whole, name, brief, least } = this.formsOf(index);
      [whole, name, brief, least].some((form) => this.makeRoom(index, form, ({ form: own }, { brief: short, least: shortest }) => [own, short, shortest]));
    }
    for (const { owner, form } of [...this.labels.values()]) {
      const { whole } = this.formsOf(owner);
      if (form !== whole) this.makeRoom(owner, whole, ({ form: own }) => [own]);
    }
    return [...this.labels.values()];
  }

  makeRoom(index, form, formsLeft) {
    return this.boxes(index, form).some((wanted) => {
      const others = [...this.occupied.inTheWay(wanted)];
      const movable = others.length <= GIVING_WAY && others.every((other) => this.labels.get(other.owner) === other);
      return movable && this.exchange(index, wanted, others, formsLeft);
    });
  }

  // All or nothing: what gave way in vain goes back to its place.
  exchange(index, wanted, others, formsLeft) {
    const before = [index, ...others.map(({ owner }) => owner)].map((owner) => [owner, this.labels.get(owner)]);
    for (const [owner] of before) this.take(owner);
    this.put(wanted);
    for (const other of others) {
      const free = formsLeft(other, this.formsOf(other.owner)).flatMap((form) => this.boxes(other.owner, form))
        .find((box) => this.occupied.free(box));
      if (free) this.put(free);
    }
    if (others.every(({ owner }) => this.labels.has(owner))) return true;
    for (const [owner] of before) this.take(owner);
    for (const [, label] of before) if (label) this.put(label);
    return false;
  }

  put(label) {
    this.occupied.add(label);
    this.labels.set(label.owner, label);
  }

  take(owner) {
    if (!this.labels.has(owner)) return;
    this.occupied.remove(this.labels.get(owner));
    this.labels.delete(owner);
  }
}
