// Single clips: who made them, what they look and sound like.

function clipsOf(dataset) { return (shared.clips && shared.clips[dataset]) || {ids: [], artists: [], audio: {}, texts: {}, pictures: {}, problem: ""}; }

// Loud is dark, as in the other figures; low frequencies are at the bottom.
function spectrogram(picture, name) {
  const canvas = element("canvas", {width: picture.columns, height: picture.bands, role: "img",
    "aria-label": `Mel spectrogram of ${name}: ${picture.seconds.toFixed(1)} s, ${Math.round(picture.low)} to ${Math.round(picture.high)} Hz`});
  canvas.style.width = "180px";
  canvas.style.height = "84px";
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(picture.columns, picture.bands);
  for (let band = 0; band < picture.bands; ++band) {
    for (let column = 0; column < picture.columns; ++column) {
      const loud = parseInt(picture.values[band * picture.columns + column], 16) * 17;
      const grey = 255 - Math.max(0, Math.min(255, (loud - 64) * 255 / 191));
      const at = ((picture.bands - 1 - band) * picture.columns + column) * 4;
      pixels.data.set([grey, grey, grey, 255], at);
    }
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

// A player, or why there is none.
function player(clips, place) {
  const link = clips.audio[place];
  if (!link) return element("span", {class: "soft small"}, clips.problem || "No audio is linked to this report.");
  const out = element("audio", {controls: true, preload: "none", src: link, "aria-label": `Audio of ${clips.ids[place]}`});
  out.addEventListener("error", () => {
    const where = link.startsWith("data:") ? "the audio in this page cannot be played by this browser" : `the audio file is not there, or cannot be played: ${decodeURI(link)}`;
    out.replaceWith(element("span", {class: "failed small", role: "status"}, `No sound: ${where}`));
  });
  return out;
}

function artistText(clips, place) {
  const artist = clips.artists[place];
  if (artist === null || artist === undefined) return "";
  return typeof artist === "number" ? `artist ${artist + 1}` : artist;
}

// One clip of a list; `middle` is what the list is about.
function clipItem(dataset, place, middle) {
  const clips = clipsOf(dataset);
  const name = element("div", {}, element("strong", {}, clips.ids[place]), element("div", {class: "soft small"}, artistText(clips, place)),
    clips.texts[place] ? element("div", {class: "small"}, shortened(clips.texts[place], 280)) : null);
  const picture = clips.pictures[place];
  return element("li", {}, name, middle, element("div", {}, picture ? spectrogram(picture, clips.ids[place]) : null, player(clips, place)));
}

// A list that shows some and, when asked, more: `make(k)` makes item k of `n`.
function longList(n, make) {
  const list = element("ul", {class: "clips"});
  const more = element("button", {type: "button", onclick: () => grow()});
  const out = element("div", {}, list, more);
  let shown = 0;
  function grow() {
    const end = Math.min(n, shown + 20);
    for (; shown < end; ++shown) list.append(make(shown));
    more.hidden = shown >= n;
    more.textContent = `Show more (${n - shown} left)`;
  }
  grow();
  return out;
}

drawers.pictures = (block, data) => {
  block.append(...data.datasets.flatMap((each) => [element("h3", {}, `Mel spectrograms of ${each.dataset}`),
    element("div", {class: "pictures"}, each.pictures.map((picture) =>
      element("figure", {}, spectrogram(picture, picture.label), element("figcaption", {}, picture.label))))]));
};
