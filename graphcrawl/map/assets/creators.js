// Whose accounts these are: what is told of owners, in words, in the panel and in the table.
const OVERLAP = "sum of followers, audiences overlap";

function ownerOf(model, mark) {
  return mark.owner === undefined ? null : model.owners[mark.owner];
}

function countedMarks(model, many) {
  if (model.by === "account") return counted(many, "account");
  return `${many.toLocaleString("en")} ${many === 1 ? "creator or account" : "creators and accounts"}`;
}

function sumText(model, mark) {
  const { accounts } = model.owners[mark.owner];
  const known = membersOf(model, mark).filter((at) => model.accounts[at].count !== undefined).length;
  const part = known < accounts.length ? ` of ${known} of ${accounts.length} accounts` : "";
  return `${mark.followers} (${OVERLAP.replace("followers", `followers${part}`)})`;
}

function followersText(model, mark) {
  if (mark.followers === "?") return "not known";
  return isCreator(mark) ? sumText(model, mark) : mark.followers;
}

function creatorFacts(model, mark) {
  const owner = model.owners[mark.owner];
  return [
    ["Accounts", `${owner.accounts.length} on ${mark.network}`],
    ["One owner", owner.confidence],
    ["Followers", followersText(model, mark)],
    ["Reports", model.words[mark.state]],
    ["Depth", depthText(mark)],
    ["Asked", model.words[mark.remark]],
  ];
}

function creatorGaps(model, index) {
  const mark = model.marks[index], { lists, listedBy } = connectionsOf(model, index);
  const open = lists.filter(({ certainty }) => certainty === "unknown").length;
  const gaps = ["whether all of its accounts have one owner: names and connections speak for it, nobody said so"];
  if (mark.standing !== "asked") gaps.push("what those of its accounts list that gave no answer");
  if (open) gaps.push(`whether ${open === 1 ? "1 of those" : `${open.toLocaleString("en")} of those`} it lists would list it back`);
  if (mark.standing !== "asked" && listedBy.length) gaps.push("whether it lists back all of those that list it");
  gaps.push("how many people follow it: who follows two of its accounts is counted twice");
  gaps.push("why anyone lists it: the vendor does not say");
  return gaps;
}

// What stands in small under a name on the map and in lists.
function creatorBriefly(mark) {
  return [mark.network, ...(mark.followers === "?" ? [] : [`sum ${mark.followers}`])];
}

// By what other names an account is found: its owner's, or those of an owner's accounts.
function namesAround(model, mark) {
  const owner = ownerOf(model, mark);
  if (!owner) return [];
  if (!isCreator(mark)) return [owner.name];
  return membersOf(model, mark).flatMap((at) => {
    const { name, username, network, social_id } = model.accounts[at];
    return [name, username, network, social_id];
  });
}

function plainName({ network, username, social_id }) {
  return `${network}:${username || social_id || "?"}`;
}

function accountsText(model, mark) {
  if (!isCreator(mark)) return plainName(mark);
  return model.owners[mark.owner].accounts
    .map(([account]) => (typeof account === "string" ? account : plainName(model.accounts[account])))
    .join(" ");
}

const OWNER_COLUMN = { title: "Creator", field: "creator", text: ({ mark, model }) => ownerOf(model, mark)?.name ?? "" };
const ACCOUNTS_COLUMN = { title: "Accounts", field: "accounts", text: ({ mark, model }) => accountsText(model, mark) };
const SUM_COLUMN = {
  title: `Followers; of creators the ${OVERLAP}`, field: "sum_of_followers_audiences_overlap",
  number: ({ mark }) => mark.count, text: ({ mark, model }) => (isCreator(mark) ? sumText(model, mark) : mark.followers),
};

// The table's columns, with those that tell of owners where this page knows any.
function withOwners(model, columns) {
  const instead = { title: { ...columns[0], title: "Creator or account" }, username: ACCOUNTS_COLUMN, followers: SUM_COLUMN };
  if (model.by === "creator") return columns.map((column) => instead[column.field] || column);
  return model.owners.length ? [...columns.slice(0, 3), OWNER_COLUMN, ...columns.slice(3)] : columns;
}

// The panel's part about an owner: of an account that has one, or of the owner itself.
class OwnerSections {
  constructor(model, { choose, look, say }) {
    Object.assign(this, { model, choose, look, say });
  }

  of(index) {
    const mark = this.model.marks[index], owner = ownerOf(this.model, mark);
    if (!owner) return [];
    const parts = isCreator(mark) ? this.whole(owner) : this.part(owner, index);
    return [...parts, ...this.confirm(owner), ...this.related(owner)];
  }

  titled(title, ...parts) {
    const made = element("section", undefined, "creator");
    made.append(element("h3", title), ...parts);
    return made;
  }

  whole(owner) {
    const list = element("ol", undefined, "members");
    for (const [account, confidence, evidence] of owner.accounts) list.append(this.member(account, confidence, evidence));
    return [this.titled(`Accounts ${owner.accounts.length}`, list)];
  }

  member(account, confidence, evidence) {
    const item = element("li");
    item.append(this.name(account));
    const told = this.model.accounts[account];
    const about = element("div", undefined, "count");
    if (told) {
      for (const part of [told.network, told.username && `@${told.username}`, told.followers === "?" ? "followers not known" : told.followers]) {
        if (part) about.append(isolated(part), " · ");
      }
    }
    about.append(confidence);
    item.append(about, this.reasons(evidence));
    const link = told?.url && profileLink(told.url);
    if (link) item.append(link);
    return item;
  }

  part(owner, index) {
    const { by, marks } = this.model;
    const [, confidence, evidence] = owner.accounts.find(([account]) => account === index);
    const head = element("p");
    const name = button(undefined, () => this.look("creator", marks[index].id), "go");
    name.append(isolated(owner.name));
    head.append(name, ` · ${counted(owner.accounts.length, "account")} on ${counted(owner.networks, "network")}`);
    const words = confidence === owner.confidence ? "" : `; the creator as a whole: ${owner.confidence}`;
    const sure = element("p", `One owner: ${confidence}${words}`);
    const told = new Set(evidence.map(([account]) => account));
    const rest = owner.accounts.map(([account]) => account).filter((account) => account !== index && !told.has(account));
    const list = this.reasons(evidence);
    if (rest.length) list.append(this.line("by way of these", rest));
    return [this.titled("Creator", head, sure, list)];
  }

  // What is equally sure for equal reasons is said once.
  reasons(evidence) {
    const groups = new Map();
    for (const [account, confidence, reasons] of evidence) {
      const words = `${confidence}: ${this.model.words[reasons]}`;
      groups.set(words, [...(groups.get(words) || []), account]);
    }
    const list = element("ul", undefined, "reasons");
    for (const [words, accounts] of groups) list.append(this.line(words, accounts));
    return list;
  }

  line(words, accounts) {
    const item = element("li", `${words}, with `);
    for (const [at, account] of accounts.entries()) {
      item.append(at ? ", " : "", this.name(account), ...this.network(account));
    }
    return item;
  }

  network(account) {
    const told = this.model.accounts[account];
    return told ? [" on ", isolated(told.network)] : [];
  }

  // A link to where the account is drawn; one that is not drawn at all is but named.
  name(account) {
    if (typeof account === "string") {
      const made = element("span");
      made.append(isolated(account), " (not drawn)");
      return made;
    }
    const { by, at, marks, accounts } = this.model, { id, name } = accounts[account];
    if (by === "account" || !isCreator(marks[at.get(id)])) return goTo(this.model, at.get(id), this.choose);
    const made = button(undefined, () => this.look("account", id), "go");
    made.append(isolated(name));
    return made;
  }

  confirm({ confirm }) {
    if (!confirm) return [];
    return [this.titled("What would confirm it", ...this.command("Copy the command that asks them", confirm))];
  }

  related({ related }) {
    if (!related.length) return [];
    const list = element("ul", undefined, "reasons");
    for (const [account, merge] of related) {
      const item = element("li");
      item.append(this.name(account), ...this.network(account), ...(merge ? this.command("Copy the command that merges them", merge) : []));
      list.append(item);
    }
    const rule = element("p", "Called alike, and never one owner without ", "count");
    rule.append(element("code", "graphcrawl creators merge"));
    return [this.titled(`Related ${related.length}`, rule, list)];
  }

  command(title, command) {
    const made = element("div", undefined, "actions");
    made.append(button(title, async () => {
      this.say(await copyText(command) ? `Copied: ${command}` : command);
    }), element("code", command));
    return [made];
  }
}
