// Texts and their music: where the own one came, text by text.

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
        }))));
    }));
  };
  const encoders = () => encoderPlace.replaceChildren(chooser("In the order of", spaces[choice.space].encoders.map((one) => lookOf(one.encoder).name), (k) => {
    choice.order = k;
    update();
  }));
  const anyText = spaces.some((space) => Object.keys(clipsOf(space.dataset).texts).length > 0);
  block.append(element("h3", {}, "Text by text: the best first"),
    element("p", {class: "soft small"}, "The results hold where each text's own music came, and not which clips came before it."
      + (anyText ? "" : " They hold no texts either: musicrep report shows them where it finds the data set.")), element("div", {class: "tools"},
    chooser("Texts of", spaces.map((space) => `${space.dataset}, ${space.split}, centring: ${space.centring}`), (k) => { choice.space = k; choice.order = 0; encoders(); update(); }),
    encoderPlace, chooser("Direction", ["text to music", "music to text"], (k) => { choice.direction = k; update(); })), list);
  encoders();
  update();
};
