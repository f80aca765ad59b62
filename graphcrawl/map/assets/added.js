// What the map's maker added to accounts: tags, a note, columns of a file of one's own.
function shadeText(model, mark) {
  return model.shading.shades[mark.shade]?.text ?? model.shading.none;
}

function valueIn(mark, at) {
  return mark.added?.values.find(([column]) => column === at);
}

// A script's own numbers have 16 digits; whole ones may have more.
function exactNumber(value) {
  if (!value) return undefined;
  const [, text, number] = value;
  return /^-?[\d,]+$/u.test(text) ? BigInt(text.replaceAll(",", "")) : number;
}

// The panel's part about it, which says that none of it is the vendor's.
function addedSection(model, mark) {
  const { tags, note, values } = mark.added;
  const list = element("dl");
  const row = (label, text) => {
    const name = element("dt"), value = element("dd");
    name.append(isolated(label));
    value.append(isolated(text));
    list.append(name, value);
  };
  if (tags.length) row(tags.length === 1 ? "Tag" : "Tags", tags.join(", "));
  for (const [column, text] of values) row(model.columns[column].name, text);
  const section = element("section");
  section.append(element("h3", "Added by the map's maker"));
  if (list.children.length) section.append(list);
  if (note) {
    const words = element("p", undefined, "note");
    words.append(isolated(note));
    section.append(words);
  }
  return section;
}

// For the table: a column each, as far as this page knows any.
function addedColumns(model) {
  if (!model.columns) return [];
  const own = model.columns.map(({ name, number }, at) => ({
    title: name, field: name, text: ({ mark }) => valueIn(mark, at)?.[1] ?? "",
    ...(number && {
      number: ({ mark }) => valueIn(mark, at)?.[2],
      exact: ({ mark }) => exactNumber(valueIn(mark, at)),
    }),
  }));
  const some = (key) => model.marks.some(({ added }) => added?.[key]?.length);
  return [
    ...(some("tags") ? [{ title: "Tags", field: "tags", text: ({ mark }) => (mark.added?.tags || []).join(", ") }] : []),
    ...own,
    ...(some("note") ? [{ title: "Note", field: "note", text: ({ mark }) => mark.added?.note ?? "" }] : []),
  ];
}
