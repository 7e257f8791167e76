// The sources panel: beside the text on a wide screen, a sheet at the bottom on a phone.

const WIDE = matchMedia("(min-width: 1000px)");
const panel = document.getElementById("panel");
let opener = null;

/** Show source `number` of `turn`, its sentence `phrase` brought forward. */
export function openSource(turn, number, phrase, from) {
  const source = turn.querySelector(`.source[data-number="${number}"]`);
  if (!source) return;
  const copy = source.cloneNode(true);
  copy.removeAttribute("id");
  const place = copy.querySelector(".source-open");
  place.replaceWith(...place.childNodes);
  for (const mark of copy.querySelectorAll("mark")) {
    mark.classList.toggle("is-cited", mark.dataset.phrase === phrase);
  }
  document.getElementById("panel-number").textContent = number;
  document.getElementById("panel-body").replaceChildren(...copy.childNodes);
  opener?.classList.remove("is-open");
  opener = from;
  opener.classList.add("is-open");
  if (panel.open) panel.close();
  if (WIDE.matches) panel.show();
  else panel.showModal();
  document.body.classList.toggle("has-panel", WIDE.matches);
  document.getElementById("panel-title").focus({ preventScroll: true });
  panel.querySelector("mark.is-cited")?.scrollIntoView({ block: "nearest" });
}

/** Close and give the focus back at once: the `close` event comes later, and could steal it. */
function close() {
  panel.close();
  document.body.classList.remove("has-panel");
  opener?.classList.remove("is-open");
  opener?.focus();
  opener = null;
}

panel?.addEventListener("cancel", (event) => {
  event.preventDefault();
  close();
});
document.getElementById("panel-close")?.addEventListener("click", close);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel?.open) {
    event.preventDefault();
    close();
  }
});
panel?.addEventListener("click", (event) => {
  if (event.target === panel) close(); // the backdrop of the bottom sheet
});
