// Texts and their music: where the own one came, text by text.

// What one encoder found for question k, the best first: ids, texts where they are known; its own is bold.
function nearestList(space, one, k, toMusic) {
  const nearest = toMusic ? one.nearestMusic : one.nearestText;
  const count = nearest.length / one.items.length;
  if (!count) return null;
  const clips = clipsOf(space.dataset);
  const found = nearest.slice(k * count, (k + 1) * count);
  return element("details", {}, element("summary", {class: "small"}, `${lookOf(one.encoder).name}: nearest ${toMusic ? "music" : "texts"}`),
    element("ol", {class: "nearest small"}, found.map((place) => {
      const item = one.items[place];
      const name = element(place === k ? "strong" : "span", {}, place === k ? `${clips.ids[item]} (its own)` : clips.ids[item]);
      const text = clips.texts[item] ? element("div", {class: "soft"}, shortened(clips.texts[item], 160)) : null;
      return element("li", {}, name, text, toMusic ? element("div", {}, player(clips, item)) : null);
    })));
}

function meanRank(ranks) { return ranks.reduce((a, b) => a + b, 0) / ranks.length; }

drawers.ranks = (block, data) => {
  const spaces = data.spaces.filter((space) => space.encoders.length);
  if (!spaces.length) return;
  const list = element("div");
  const choice = {space: 0, order: 0, direction: 0};
  const encoderPlace = element("span");
  const update = () => {
    const space = spaces[choice.space];
    const first = space.encoders[choice.order];
    const ranksOf = (one, k) => {
      const ranks = choice.direction === 0 ? one.music : one.text;
      const out = [];
      for (let at = k; at < ranks.length; at += one.items.length) out.push(ranks[at]);
      return out;
    };
    const order = first.items.map((item, k) => ({item, k, rank: meanRank(ranksOf(first, k))})).sort((a, b) => a.rank - b.rank || a.k - b.k);
    list.replaceChildren(longList(order.length, (at) => {
      const {item} = order[at];
      return clipItem(space.dataset, item, element("div", {class: "small"}, choice.direction === 0 ? "rank of its own music for the text" : "rank of its own text for the music",
        element("ul", {class: "predictions"}, space.encoders.map((one) => {
          const k = one.items.indexOf(item);
          if (k < 0) return null;
          return element("li", {}, encoderKey(one.encoder), ` ${ranksOf(one, k).join(", ")} of ${one.n}`);
        })), nearestList(space, first, first.items.indexOf(item), choice.direction === 0)));
    }));
  };
  const encoders = () => encoderPlace.replaceChildren(chooser("In the order of", spaces[choice.space].encoders.map((one) => lookOf(one.encoder).name), (k) => {
    choice.order = k;
    update();
  }));
  const anyNearest = spaces.some((space) => space.encoders.some((one) => one.nearestMusic.length));
  const anyText = spaces.some((space) => Object.keys(clipsOf(space.dataset).texts).length > 0);
  block.append(element("h3", {}, "Text by text: the best first"),
    element("p", {class: "soft small"}, (anyNearest ? "Ranks are of each training, lists of the first one." : "These results hold where each text's own music came, and not which clips came before it.")
      + (anyText ? "" : " They hold no texts: musicrep report shows them where it finds the data set.")), element("div", {class: "tools"},
    chooser("Texts of", spaces.map((space) => `${space.dataset}, ${space.split}, centring: ${space.centring}`), (k) => { choice.space = k; choice.order = 0; encoders(); update(); }),
    encoderPlace, chooser("Direction", ["text to music", "music to text"], (k) => { choice.direction = k; update(); })), list);
  encoders();
  update();
};
