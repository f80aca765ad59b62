// What is told of one account, in words.
const WITHOUT_ENGAGEMENT = ["twitch", "snapchat"];

function depthText(mark) {
  if (mark.depth === null) return "in no crawl";
  if (mark.seed) return "0 (a seed)";
  return mark.depth === 1 ? "1 hop from a seed" : `${mark.depth} hops from a seed`;
}

function engagementText(mark) {
  if (mark.er !== undefined) return `${Number(mark.er.toPrecision(3))} %`;
  return WITHOUT_ENGAGEMENT.includes(mark.network) ? "does not exist on this network" : "not known";
}

function factsOf(model, mark) {
  if (isCreator(mark)) return creatorFacts(model, mark);
  return [
    ["Network", mark.network],
    ["Followers", mark.followers === "?" ? "not known" : mark.followers],
    ["Engagement", engagementText(mark)],
    ["Report", model.words[mark.state]],
    ...(mark.cluster === undefined ? [] : [["Cluster", clusterText(model, mark)]]),
    ["Depth", depthText(mark)],
    ["Asked", model.words[mark.remark]],
  ];
}

// What nobody may conclude from this page.
function gapsOf(model, index) {
  const mark = model.marks[index];
  if (isCreator(mark)) return creatorGaps(model, index);
  const { lists, listedBy } = connectionsOf(model, index);
  const open = lists.filter(({ certainty }) => certainty === "unknown").length;
  const gaps = [];
  if (mark.standing !== "asked") gaps.push("which accounts it lists");
  if (open) gaps.push(`whether ${open === 1 ? "1 account" : `${open.toLocaleString("en")} accounts`} it lists would list it back`);
  if (mark.standing !== "asked" && listedBy.length) gaps.push("whether it lists back those that list it");
  if (mark.followers === "?") gaps.push("how many followers it has");
  if (mark.er === undefined && !WITHOUT_ENGAGEMENT.includes(mark.network)) gaps.push("its engagement");
  if (!mark.username) gaps.push("its username");
  gaps.push(`why anyone lists it: the ${model.origin === "imported" ? "file" : "vendor"} does not say`);
  return gaps;
}

function briefly(mark) {
  if (isCreator(mark)) return creatorBriefly(mark);
  const handle = mark.username ? `@${mark.username}` : "";
  const followers = mark.followers === "?" ? "" : mark.followers;
  return [handle, mark.network, followers].filter(Boolean);
}

// Names and IDs that a shell would read otherwise were given no `ask` in Python.
function commandFor(model, mark) {
  const account = mark.ask === "id" ? `${mark.network}:id:${mark.social_id}` : `${mark.network}:${mark.username}`;
  return model.command.replace("ACCOUNT", () => account);
}
