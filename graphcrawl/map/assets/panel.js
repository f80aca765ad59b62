// Foreign text enters the page here, and only as text.
const LISTED_AT_MOST = 60;

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

// Its own direction of writing, which ends where it ends.
function isolated(text) {
  const made = element("bdi", text);
  made.dir = "auto";
  return made;
}

function depthText(mark) {
  if (mark.depth === null) return "in no crawl";
  if (mark.seed) return "0 (a seed)";
  return mark.depth === 1 ? "1 hop from a seed" : `${mark.depth} hops from a seed`;
}

function factsOf(model, mark) {
  return [
    ["Network", mark.network],
    ["Followers", mark.followers === "?" ? "not known" : mark.followers],
    ["Report", model.words[mark.state]],
    ["Depth", depthText(mark)],
    ["Asked", model.words[mark.remark]],
  ];
}

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
  tip.hidden = false;
  const room = tip.parentElement.getBoundingClientRect();
  const left = x + 16 + tip.offsetWidth > room.width ? x - 12 - tip.offsetWidth : x + 16;
  const top = y + 12 + tip.offsetHeight > room.height ? y - 8 - tip.offsetHeight : y + 12;
  tip.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, top)}px)`;
}

function goTo(model, index, choose) {
  const button = element("button", undefined, "go");
  button.type = "button";
  button.append(isolated(model.marks[index].name));
  button.addEventListener("click", () => choose(index));
  return button;
}

// Addresses are made in Python from fixed patterns; here they are checked once more.
function profileLink(address) {
  let url;
  try { url = new URL(address); } catch { return null; }
  const hosts = ["www.instagram.com", "www.youtube.com", "x.com", "www.tiktok.com", "www.twitch.tv", "www.snapchat.com"];
  if (url.protocol !== "https:" || !hosts.includes(url.host)) return null;
  const link = element("a", `Profile on ${url.host.replace(/^www\./, "")}`);
  link.href = url.href;
  link.rel = "noopener noreferrer";
  link.target = "_blank";
  return link;
}

function tiesOf(model, title, ties, choose) {
  const made = document.createDocumentFragment();
  if (ties.length === 0) return made;
  made.append(element("h3", `${title} ${ties.length}`));
  const list = element("ol");
  for (const { other, certainty } of ties.slice(0, LISTED_AT_MOST)) {
    const item = element("li");
    const network = isolated(model.marks[other].network), kind = element("span", " ", "count");
    kind.append(network, `, ${certainty}`);
    item.append(goTo(model, other, choose), kind);
    list.append(item);
  }
  if (ties.length > LISTED_AT_MOST) list.append(element("li", `and ${ties.length - LISTED_AT_MOST} more`));
  made.append(list);
  return made;
}

function showPanel(panel, model, index, choose) {
  const mark = model.marks[index];
  const close = element("button", "×", "close");
  close.type = "button";
  close.setAttribute("aria-label", "Close");
  close.addEventListener("click", () => choose(null));
  const name = element("h2");
  name.append(isolated(mark.name));
  const facts = element("dl");
  const username = mark.username ? [["Username", `@${mark.username}`]] : [];
  for (const [label, text] of [...username, ...factsOf(model, mark)]) {
    const value = element("dd");
    value.append(isolated(text));
    facts.append(element("dt", label), value);
  }
  panel.replaceChildren(close, name, facts);
  const link = mark.url && profileLink(mark.url);
  if (link) panel.append(element("p"), link);
  const { lists, listedBy } = connectionsOf(model, index);
  panel.append(tiesOf(model, "Lists", lists, choose), tiesOf(model, "Listed by", listedBy, choose));
  panel.hidden = false;
  panel.scrollTop = 0;
}

// Made when it is first opened: thousands of rows would delay the map.
function fillTable(sheet, model, choose) {
  const head = element("tr");
  const titles = ["Account", "Username", "Network", "Followers", "Depth", "Report", "Asked", "Lists", "Listed by"];
  for (const title of titles) {
    const cell = element("th", title);
    cell.scope = "col";
    head.append(cell);
  }
  const body = element("tbody");
  for (const index of model.ranked) body.append(tableRow(model, index, choose));
  const table = element("table"), top = element("thead");
  top.append(head);
  table.append(top, body);
  sheet.replaceChildren(table);
}

function tableRow(model, index, choose) {
  const mark = model.marks[index];
  const { lists, listedBy } = connectionsOf(model, index);
  const name = element("th");
  name.scope = "row";
  name.append(goTo(model, index, choose));
  const row = element("tr");
  row.append(name);
  const known = mark.standing === "asked" ? lists.length : "not known";
  const depth = mark.depth === null ? "" : mark.depth;
  for (const text of [mark.username, mark.network, mark.followers, depth,
    model.words[mark.state], model.words[mark.remark], known, listedBy.length]) {
    const cell = element("td");
    cell.append(isolated(text));
    row.append(cell);
  }
  return row;
}
