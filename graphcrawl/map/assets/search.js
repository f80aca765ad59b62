// Finding an account by any part of its names, in any script.
const FOUND_AT_MOST = 12;
const LONGEST_QUERY = 100;

// Case, width and accents do not count.
function folded(text) {
  return text.normalize("NFKC").toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "");
}

function matchesOf(model, query) {
  const terms = folded(query).split(/\s+/u).filter(Boolean);
  if (!terms.length) return [];
  model.folded ||= model.marks.map((mark) =>
    [mark.name, mark.username, mark.network, mark.social_id, ...namesAround(model, mark), ...(mark.added?.tags || [])].map((text) => folded(text || "")));
  const begins = (index) => model.folded[index].slice(0, 2).some((text) => text.startsWith(terms[0]));
  const matches = model.ranked.filter((index) =>
    terms.every((term) => model.folded[index].some((text) => text.includes(term))));
  return [...matches.filter(begins), ...matches.filter((index) => !begins(index))];
}

class Search {
  constructor(model, { choose, changed }) {
    Object.assign(this, { model, choose, changed, matches: [], active: -1 });
    this.field = document.getElementById("query");
    this.list = document.getElementById("found");
    this.field.value = "";
    this.field.addEventListener("input", () => { this.look(); changed(); });
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.field.addEventListener("blur", () => this.close());
    // Before the field loses the focus, which would close the list under the pointer.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  restore(query) {
    this.field.value = query.slice(0, LONGEST_QUERY);
    this.matches = matchesOf(this.model, this.query);
  }

  get query() {
    return this.field.value.trim().slice(0, LONGEST_QUERY);
  }

  get open() {
    return !this.list.hidden;
  }

  look() {
    this.matches = matchesOf(this.model, this.query);
    this.active = -1;
    const options = this.matches.slice(0, FOUND_AT_MOST).map((index, at) => this.option(index, at));
    const rest = this.matches.length - options.length;
    if (rest > 0) options.push(this.remark(`and ${rest.toLocaleString("en")} more: type more of the name`));
    if (!this.matches.length) options.push(this.remark("No account on this page matches."));
    this.list.replaceChildren(...options);
    this.list.hidden = !this.query;
    this.field.setAttribute("aria-expanded", String(this.open));
    this.field.removeAttribute("aria-activedescendant");
  }

  remark(text) {
    const item = element("li", text, "count");
    item.setAttribute("role", "option");
    item.setAttribute("aria-disabled", "true");
    return item;
  }

  option(index, at) {
    const mark = this.model.marks[index];
    const item = element("li");
    item.id = `found-${at}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.append(isolated(mark.name));
    const about = element("small");
    for (const part of briefly(mark)) about.append(isolated(part), " ");
    if (!this.model.shown[index]) about.append("hidden by the legend");
    item.append(about);
    item.addEventListener("click", () => this.take(index));
    return item;
  }

  pressed(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (steps[event.key]) this.step(steps[event.key]);
    else if (event.key === "Enter" && this.matches.length) this.take(this.matches[Math.max(0, this.active)]);
    else return;
    event.preventDefault();
  }

  step(by) {
    if (!this.open) this.look();
    const many = Math.min(this.matches.length, FOUND_AT_MOST);
    if (!many) return;
    this.active = this.active < 0 && by < 0 ? many - 1 : (this.active + by + many) % many;
    for (const [at, item] of [...this.list.children].entries()) item.setAttribute("aria-selected", String(at === this.active));
    this.field.setAttribute("aria-activedescendant", `found-${this.active}`);
    this.list.children[this.active].scrollIntoView({ block: "nearest" });
  }

  take(index) {
    this.close();
    this.choose(index);
  }

  close() {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  clear() {
    this.restore("");
    this.close();
  }
}
