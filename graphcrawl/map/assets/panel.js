// What is told of an account: on a hint while the pointer is over it, whole once it is picked.
const LISTED_AT_MOST = 60;

function showTip(tip, model, index, { x, y }) {
  const mark = model.marks[index];
  const name = element("strong");
  name.append(isolated(mark.name));
  tip.replaceChildren(name);
  if (mark.username) {
    const handle = element("div");
    handle.append(isolated(`@${mark.username}`));
    tip.append(handle);
  }
  for (const [label, text] of factsOf(model, mark)) {
    const line = element("div", `${label}: `);
    line.append(isolated(text));
    tip.append(line);
  }
  if (model.shading) {
    const line = element("div");
    line.append(isolated(model.shading.column), ": ", isolated(shadeText(model, model.marks[index])));
    tip.append(line);
  }
  tip.hidden = false;
  const room = tip.parentElement.getBoundingClientRect();
  const left = x + 16 + tip.offsetWidth > room.width ? x - 12 - tip.offsetWidth : x + 16;
  const top = y + 12 + tip.offsetHeight > room.height ? y - 8 - tip.offsetHeight : y + 12;
  tip.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
}

function goTo(model, index, choose) {
  const made = button(undefined, () => choose(index), "go");
  made.append(isolated(model.marks[index].name));
  return made;
}

// Addresses are made in Python from fixed patterns; here they are checked once more.
function profileLink(address) {
  let url;
  try { url = new URL(address); } catch { return null; }
  const hosts = ["www.instagram.com", "www.youtube.com", "x.com", "www.tiktok.com", "www.twitch.tv", "www.snapchat.com"];
  if (url.protocol !== "https:" || !hosts.includes(url.host)) return null;
  const link = element("a", `Open profile on ${url.host.replace(/^www\./, "")}`);
  link.href = url.href;
  link.rel = "noopener noreferrer";
  link.target = "_blank";
  return link;
}

class Panel {
  constructor(model, { choose, close, pair, unpair, look, say }) {
    Object.assign(this, { model, choose, close, pair, unpair, say });
    this.owners = new OwnerSections(model, { choose, look, say });
    this.place = document.getElementById("panel");
  }

  hide() {
    this.place.hidden = true;
    this.place.replaceChildren();
  }

  show(index, { far, way, pairing }) {
    const { model } = this;
    const mark = model.marks[index];
    const shut = button("×", this.close, "close");
    shut.setAttribute("aria-label", "Close");
    const name = element("h2");
    name.tabIndex = -1;
    name.append(isolated(mark.name));
    const { lists, listedBy } = connectionsOf(model, index);
    this.place.replaceChildren(
      shut, portrait(model, mark), name, this.facts(mark), ...(mark.added ? [addedSection(model, mark)] : []), this.actions(index, { pairing }), this.path(index, far, way),
      this.changes(mark), ...this.owners.of(index), this.origin(index), this.gaps(index), this.ties("Lists", lists), this.ties("Listed by", listedBy));
    this.place.hidden = false;
    this.place.scrollTop = 0;
  }

  facts(mark) {
    const made = element("dl");
    const username = mark.username ? [["Username", `@${mark.username}`]] : [];
    for (const [label, text] of [...username, ...factsOf(this.model, mark)]) {
      const value = element("dd");
      value.append(isolated(text));
      made.append(element("dt", label), value);
    }
    return made;
  }

  actions(index, { pairing }) {
    const mark = this.model.marks[index];
    const made = element("div", undefined, "actions");
    if (!this.model.shown[index]) made.append(element("p", "Not drawn: hidden by the legend.", "count"));
    const link = mark.url && profileLink(mark.url);
    if (link) made.append(link);
    if (mark.ask) {
      const command = commandFor(this.model, mark);
      made.append(button("Copy the command that asks it", async () => {
        this.say(await copyText(command) ? `Copied: ${command}` : command);
      }), element("code", command));
    }
    if (pairing) made.append(element("p", "Pick the other account: on the map, in a list or by search. Esc gives up."));
    else made.append(button("Path to another account", this.pair));
    return made;
  }

  section(title, ...parts) {
    const made = element("section");
    made.append(element("h3", title), ...parts);
    return made;
  }

  path(index, far, way) {
    if (far === null) return document.createDocumentFragment();
    const drop = button("Remove the path", this.unpair);
    if (!way) {
      const sorry = element("p", "No path to ");
      sorry.append(isolated(this.model.marks[far].name), " over the connections shown; accounts that were not asked may hide one.");
      return this.section("Path", sorry, drop);
    }
    return this.section(`Path, ${counted(way.length - 1, "step")}`, this.chain(way), drop);
  }

  origin(index) {
    const { model } = this;
    if (model.marks[index].seed) return this.section("Why it is here", element("p", "It is a seed: the crawl began here."));
    const way = wayFromSeed(model, index);
    if (way.length) return this.section("Why it is here", this.chain(way));
    const reason = model.marks[index].depth === null ? "It is in no crawl that this page knows." : "The way from its seed is not among the connections of this page.";
    return this.section("Why it is here", element("p", reason));
  }

  // Of a map of two days: what became of it, and what it was called before.
  changes(mark) {
    if (!mark.fate) return document.createDocumentFragment();
    const list = element("dl");
    for (const [label, before, after] of mark.values || []) {
      const value = element("dd");
      value.append(isolated(before), " → ", isolated(after));
      list.append(element("dt", label), value);
    }
    return this.section("What changed", element("p", `${this.model.said_of_fates[mark.fate]}.`), list);
  }

  // Each account on a way, with what ties it to the next.
  chain(way) {
    const list = element("ol", undefined, "chain");
    for (const [at, index] of way.entries()) {
      const item = element("li");
      const words = at + 1 < way.length ? ` ${stepWords(this.model, index, way[at + 1])}` : "";
      item.append(goTo(this.model, index, this.choose), element("span", words, "count"));
      list.append(item);
    }
    return list;
  }

  gaps(index) {
    const list = element("ul");
    for (const gap of gapsOf(this.model, index)) list.append(element("li", gap));
    return this.section("What is not known", list);
  }

  ties(title, ties) {
    if (ties.length === 0) return document.createDocumentFragment();
    const list = element("ol");
    for (const { other, certainty, fate } of ties.slice(0, LISTED_AT_MOST)) {
      const item = element("li");
      const kind = element("span", " ", "count");
      kind.append(isolated(this.model.marks[other].network), `, ${certainty}${fateWord(fate)}${this.model.shown[other] ? "" : ", hidden"}`);
      item.append(goTo(this.model, other, this.choose), kind);
      list.append(item);
    }
    if (ties.length > LISTED_AT_MOST) list.append(element("li", `and ${ties.length - LISTED_AT_MOST} more`));
    const lost = ties.filter(({ fate }) => fate === "lost").length;
    return this.section(`${title} ${ties.length}${lost ? `, ${lost} of them no longer` : ""}`, list);
  }
}
