// The trainer's page: keys that press its buttons, a question before what ends, and a clock.
const SETTING = "raccourcis";
const KEYS = { PageDown: "ArrowRight", PageUp: "ArrowLeft", b: "n", ".": "n" };
const TURN = 20000; // milliseconds between two looks at the time spent

const active = () => { try { return localStorage.getItem(SETTING) !== "non"; } catch { return true; } };
const remember = (on) => { try { localStorage.setItem(SETTING, on ? "oui" : "non"); } catch { /* asked again next time */ } };

function setting() {
  const box = document.getElementById("raccourcis");
  if (box) box.checked = active();
}

const typing = (element) => element.isContentEditable
  || element.matches("textarea, select, input:not([type=checkbox])");

function help() {
  const panel = document.getElementById("volet-aide");
  panel.open = !panel.open;
  if (panel.open) panel.querySelector("summary").focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !active()) return;
  if (typing(event.target)) return;
  if (event.key === "?") { event.preventDefault(); help(); return; }
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const button = document.querySelector(`[data-touche="${CSS.escape(KEYS[key] || key)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

document.addEventListener("submit", (event) => {
  const asked = event.target.dataset.demande;
  if (asked && !window.confirm(asked)) event.preventDefault();
}, true);

// once the contributions are grouped, the boxes and the name are free for the next group
let grouping = null;
document.addEventListener("submit", (event) => {
  grouping = event.target.id === "regrouper" ? event.target : null;
});
document.addEventListener("redrawn", () => {
  if (grouping) grouping.reset();
  grouping = null;
});

document.addEventListener("change", (event) => {
  if (event.target.id === "raccourcis") remember(event.target.checked);
});
// the agenda follows the room, unless the page is one column
let place = null;
function follow() {
  const current = document.querySelector(".etape[aria-current]");
  const way = document.querySelector(".chemin");
  if (!current || !way || current.id === place || way.scrollHeight <= way.clientHeight) return;
  place = current.id;
  const [seen, box] = [way.getBoundingClientRect(), current.getBoundingClientRect()];
  if (box.bottom > seen.bottom - 60 || box.top < seen.top) {
    way.scrollTop += box.top - seen.top - seen.height / 3;
  }
}

document.addEventListener("redrawn", setting);
document.addEventListener("redrawn", follow);
setting();
follow();
setInterval(() => { if (!document.hidden) document.dispatchEvent(new CustomEvent("look")); }, TURN);
