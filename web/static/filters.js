// Filter forms answer as one types; without this file, the button does the same.
const form = document.querySelector("form[data-filters]");
const DELAY = 250; // milliseconds after the last key
let timer = 0;
let running = null;

async function refresh() {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  const address = `${form.action}${query.size ? `?${query}` : ""}`;
  running?.abort();
  running = new AbortController();
  try {
    const response = await fetch(address, { signal: running.signal });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById("results");
    const current = document.getElementById("results");
    // the count is a live region: changed in place, it is announced
    const count = current.querySelector(".count");
    count.replaceChildren(...fresh.querySelector(".count").childNodes);
    fresh.querySelector(".count").replaceWith(count);
    current.replaceChildren(...fresh.childNodes);
    history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") form.submit();
  }
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(refresh, DELAY);
});
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  refresh();
});
