// Everything that is shown, as rows: to sort, to copy, and the way in for who cannot see the map.
// What spreadsheets take for a formula, full-width forms included; some drop blanks before it.
const FORMULA = /^[\s\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;

const COLUMNS = [
  { title: "Account", field: "title", text: ({ mark }) => mark.name },
  { title: "Username", field: "username", text: ({ mark }) => mark.username },
  { title: "Network", field: "network", text: ({ mark }) => mark.network },
  { title: "Followers", field: "followers", number: ({ mark }) => mark.count, text: ({ mark }) => mark.followers },
  { title: "Engagement, %", field: "engagement", number: ({ mark }) => mark.er },
  { title: "Depth", field: "depth", number: ({ mark }) => mark.depth },
  { title: "Report", field: "report", text: ({ mark, model }) => model.words[mark.state] },
  { title: "Asked", field: "asked", text: ({ mark, model }) => model.words[mark.remark] },
  { title: "Cluster", field: "cluster", number: ({ mark, model }) => model.clusters[mark.cluster]?.number, text: ({ mark, model }) => clusterText(model, mark) },
  { title: "Lists", field: "lists", number: ({ mark, lists }) => (mark.standing === "asked" ? lists : undefined), missing: "not known" },
  { title: "Listed by", field: "listed_by", number: ({ listedBy }) => listedBy },
];

function rowOf(model, index) {
  const { lists, listedBy } = connectionsOf(model, index);
  const standing = (ties) => ties.filter(({ fate }) => fate !== "lost").length;
  return { model, index, mark: model.marks[index], lists: standing(lists), listedBy: standing(listedBy) };
}

function csvCell(value) {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") return String(value);
  const guarded = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

function csvOf(model, indices) {
  const extra = [
    { field: "cluster_name", text: ({ mark, model }) => model.clusters[mark.cluster]?.name },
    { field: "social_id", text: ({ mark }) => mark.social_id },
    { field: "profile", text: ({ mark }) => mark.url },
    ...(model.notice ? [{ field: "source", text: () => model.origin }] : []),
  ];
  const columns = [...withOwners(model, COLUMNS), ...addedColumns(model), ...extra];
  const lines = [columns.map(({ field }) => csvCell(field))];
  for (const index of indices) {
    const row = rowOf(model, index);
    lines.push(columns.map(({ exact, number, text }) => csvCell((exact || number || text)(row))));
  }
  return lines.map((cells) => `${cells.join(",")}\r\n`).join("");
}

// Browsers take seconds to lay out thousands of rows: these come first, the others when asked for.
const ROWS_AT_FIRST = 500;

class Table {
  constructor(model, { choose, say }) {
    Object.assign(this, { model, choose, say, by: null, down: true, whole: false, columns: [...withOwners(model, COLUMNS), ...addedColumns(model)] });
    this.place = document.getElementById("accounts");
    this.sheet = this.place.querySelector(".sheet");
    this.place.addEventListener("toggle", () => this.refresh());
  }

  // Made when it is first opened: thousands of rows would delay the map.
  refresh() {
    if (!this.place.open) {
      this.sheet.replaceChildren();
      return;
    }
    const table = element("table"), head = element("thead"), body = element("tbody");
    const top = element("tr"), indices = this.indices();
    this.columns.forEach((column, at) => top.append(this.heading(column, at)));
    head.append(top);
    const rows = this.whole ? indices : indices.slice(0, ROWS_AT_FIRST);
    for (const index of rows) body.append(this.row(index));
    table.append(this.caption(indices.length), head, body);
    this.sheet.replaceChildren(table, ...this.more(indices.length - rows.length));
  }

  more(rest) {
    const show = () => {
      this.whole = true;
      this.refresh();
      this.sheet.querySelectorAll("tbody .go")[ROWS_AT_FIRST].focus();
    };
    return rest > 0 ? [button(`Show the other ${counted(rest, "row")}`, show)] : [];
  }

  caption(many) {
    const made = element("caption"), total = this.model.marks.length;
    made.append(many === total ? countedMarks(this.model, many) : `${many.toLocaleString("en")} of ${countedMarks(this.model, total)}; the others are hidden by the legend`);
    made.append(" ", button("Copy as CSV", () => this.copy(), "plain"));
    return made;
  }

  indices() {
    const shown = this.model.ranked.filter((index) => this.model.shown[index]);
    if (this.by === null) return shown;
    const { number, text } = this.columns[this.by];
    const keys = new Map(shown.map((index) => [index, (number || text)(rowOf(this.model, index))]));
    const missing = (value) => value === undefined || value === null || value === "";
    const order = new Intl.Collator(undefined, { numeric: true });
    const compare = (a, b) => (number ? a - b : order.compare(a, b)) * (this.down ? -1 : 1);
    // What is not known comes last either way: it is neither the least nor the most.
    return shown.sort((one, other) => {
      const a = keys.get(one), b = keys.get(other);
      return missing(a) || missing(b) ? missing(a) - missing(b) : compare(a, b);
    });
  }

  heading({ title, number }, at) {
    const cell = element("th");
    cell.scope = "col";
    if (this.by === at) cell.setAttribute("aria-sort", this.down ? "descending" : "ascending");
    const sign = this.by === at ? (this.down ? " ▼" : " ▲") : "";
    cell.append(button(title + sign, () => {
      this.down = this.by === at ? !this.down : Boolean(number);
      this.by = at;
      this.refresh();
      this.sheet.querySelectorAll("thead button")[at].focus();
    }, "plain"));
    return cell;
  }

  row(index) {
    const row = rowOf(this.model, index), made = element("tr");
    for (const [at, { number, text, missing = "" }] of this.columns.entries()) {
      const cell = element(at ? "td" : "th", undefined, number ? "number" : "");
      const value = text ? text(row) : number(row) ?? missing;
      if (at) cell.append(isolated(value));
      else {
        cell.scope = "row";
        cell.append(goTo(this.model, index, this.choose));
      }
      made.append(cell);
    }
    return made;
  }

  async copy() {
    const indices = this.indices();
    const copied = await copyText(csvOf(this.model, indices));
    this.say(copied ? `Copied as CSV: ${countedMarks(this.model, indices.length)}.` : "This viewer does not let pages copy.");
  }
}
