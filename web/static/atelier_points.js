// How many points, dots or choices are left, said as they are placed. The server checks all the same.
const fill = (words, count) => (words || "").replace("#", String(count));

function placed(group) {
  const ticked = group.querySelectorAll("input[type=checkbox]:checked").length;
  return [...group.querySelectorAll("select")].reduce((sum, field) => sum + Number(field.value), ticked);
}

function tell(group) {
  const said = group.querySelector("[data-reste]");
  if (!said) return;
  const left = Number(group.dataset.total) - placed(group);
  const many = Math.abs(left) > 1 ? "s" : "";
  const name = left === 0 ? "juste" : (left > 0 ? "reste" : "trop") + many;
  const words = fill(said.dataset[name], Math.abs(left));
  if (said.textContent !== words) said.textContent = words;
  said.classList.toggle("est-juste", left === 0);
  said.classList.toggle("est-trop", left < 0);
}

const all = () => document.querySelectorAll("[data-total]").forEach(tell);
document.addEventListener("input", (event) => {
  const group = event.target.closest?.("[data-total]");
  if (group) tell(group);
});
document.addEventListener("redrawn", all);
all();
