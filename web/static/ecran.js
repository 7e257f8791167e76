// Make what is projected fit: the largest size that does, then fewer lines and how many are left out.
const main = document.getElementById("direct");
const SIZES = 4; // then closer lines
let item = null;
let least = 0;

const body = () => main.querySelector(".ecran-corps");
const wide = (box) => box.scrollWidth > box.clientWidth + 1;
const spills = (box) => box.scrollHeight > box.clientHeight + 1 || wide(box)
  || Array.from(box.querySelectorAll(".tableau")).some(wide) || main.scrollHeight > main.clientHeight + 1;

function uncut(box) {
  box.classList.remove("est-coupe");
  for (const one of box.querySelectorAll(".ecran-coupe")) one.classList.remove("ecran-coupe");
  for (const one of box.querySelectorAll(".ecran-autres")) one.remove();
}

const shows = (element) => element.getClientRects().length > 0;
const parts = (list) => (list.matches(".answer")
  ? list.querySelectorAll(":scope > p, :scope > ul > li, :scope > ol > li") : list.children);
const lines = (list) => Array.from(parts(list)).filter((one) =>
  !one.classList.contains("ecran-autres") && !one.classList.contains("ecran-coupe") && shows(one));

// lists that are in no other one, and the text of an answer
function lists(box) {
  const found = Array.from(box.querySelectorAll("ul:not(.legende), ol:not(.reponse-sources), .answer"));
  return found.filter((one) => shows(one) && !found.some((other) => other !== one && other.contains(one)));
}

function note(list) {
  const hidden = list.querySelectorAll(":scope > .ecran-coupe").length;
  let last = list.querySelector(":scope > .ecran-autres");
  if (!last) {
    last = document.createElement(list.matches("ul, ol") ? "li" : "p");
    last.className = "ecran-autres";
    list.append(last);
  }
  const words = list.matches(".answer") ? main.dataset.suite
    : (hidden > 1 ? main.dataset.autres : main.dataset.autre).replace("#", String(hidden));
  if (last.textContent !== words) last.textContent = words;
}

// the list that goes lowest loses its last lines, until all is seen
function cut(box) {
  for (let turn = 0; turn < 400 && spills(box); turn += 1) {
    const longest = lists(box).filter((list) => lines(list).length > 1)
      .sort((one, other) => other.getBoundingClientRect().bottom - one.getBoundingClientRect().bottom)[0];
    if (!longest) break;
    const left = lines(longest);
    const over = box.scrollHeight - box.clientHeight;
    const each = longest.getBoundingClientRect().height / left.length;
    const most = longest.matches(".answer") ? 1 : Math.floor(over / each / 2);
    const many = Math.max(1, Math.min(left.length - 1, most));
    for (const line of left.slice(-many)) line.classList.add("ecran-coupe");
    note(longest);
  }
}

function fit() {
  const box = body();
  if (!box) return;
  if (item !== main.dataset.item) {
    item = main.dataset.item;
    least = 0; // within one scene letters only get smaller: nothing jumps
  }
  uncut(box);
  for (let size = least; size <= SIZES; size += 1) {
    main.dataset.taille = String(Math.min(size + 1, SIZES));
    box.classList.toggle("est-serre", size === SIZES);
    least = size;
    if (!spills(box)) break;
  }
  if (spills(box)) cut(box);
  box.classList.toggle("est-coupe", spills(box));
}

if (main) {
  document.addEventListener("redrawn", fit);
  window.addEventListener("resize", () => { least = 0; fit(); });
  fit();
}
