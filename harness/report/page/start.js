// Draws every block of the page.

(function start() {
  tip.box = document.getElementById("tip");
  const read = (block) => JSON.parse(block.querySelector("script").textContent);
  const named = (name) => document.querySelector(`.block[data-block="${name}"]`);
  const looks = named("encoders") ? read(named("encoders")) : [];
  shared.looks = new Map(looks.map((look) => [look.label, look]));
  shared.clips = named("clips") ? read(named("clips")) : {};
  for (const table of document.querySelectorAll("table.sortable")) makeSortable(table);
  for (const block of document.querySelectorAll(".block")) {
    const draw = drawers[block.dataset.block];
    if (!draw) continue;
    try {
      draw(block, read(block));
    } catch (error) {
      // One section that cannot be drawn must not cost the others.
      console.error(error);
      block.append(element("p", {class: "failed"}, `This part of the page could not be drawn: ${error.message}`));
    }
  }
  for (const canvas of document.querySelectorAll("main > .block")) canvas.hidden = !canvas.children.length;
  themeButton(document.getElementById("theme"));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hide(); });
})();
