// Keep a page like its room: a stamp arrives, the page is fetched again, what changed is redrawn.
// Without this script each page still works. Written for the browsers of 2017 and later.
import { morph } from "./live_morph.js";
import { Drafts, Outbox } from "./live_outbox.js";

const root = document.getElementById("direct");
const SILENCE = 45000; // milliseconds without a word after which the line is taken for dead
const LONGEST = 15000;
const room = root && root.dataset.salle;
const outbox = new Outbox(room);
const drafts = new Drafts(room);
let shown = root && root.dataset.stamp;
let wanted = shown;
let fetching = false;
let sending = false;
let failures = 0;
let heard = Date.now();
let source = null;
let reopening = null;
let cutting = null;
let pressed = null;
let commanded = null;
let wake = () => {};

const element = (id) => document.getElementById(id);
const chance = (milliseconds) => Math.random() * milliseconds;
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
const backoff = (tries, first) => Math.min(LONGEST, first * Math.pow(2, tries)) * (0.3 + chance(0.7));
const gone = (answer) => answer.status === 403 || answer.status === 404;

function say(words, id) {
  const place = element(id || "etat");
  if (place && place.textContent !== words) place.textContent = words;
}

function told(name) {
  const place = element("etat");
  return (place && place.dataset[name]) || "";
}

// a page that stalls must not hold the others back
async function ask(address, options) {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), 12000);
  try {
    return await fetch(address, Object.assign({ cache: "no-store", signal: control.signal,
      credentials: "same-origin" }, options));
  } finally {
    clearTimeout(timer);
  }
}

// Drawing

function replace(before, after) {
  const within = before.contains(document.activeElement);
  before.replaceWith(after);
  say("");
  const title = after.querySelector("h1, h2");
  if (title) say(title.textContent, "annonce");
  if (within && title) title.focus({ preventScroll: true });
  const held = document.activeElement;
  const writes = held && held !== document.body && /^(INPUT|TEXTAREA|SELECT)$/.test(held.tagName);
  if (!writes) window.scrollTo(0, 0);
}

// a fragment of the page is drawn anew when it shows another thing, else only where it differs
function redraw(before, after) {
  if (after.dataset.stamp && before !== root && after.dataset.stamp === before.dataset.stamp) return;
  const other = before.dataset.item !== after.dataset.item;
  if (other && before !== root) replace(before, document.importNode(after, true));
  else morph(before, after);
}

/** Whether `page` is a page of this room, now drawn. */
function draw(page) {
  const fresh = page.getElementById("direct");
  if (!fresh) return false;
  const regions = new Map(Array.from(document.querySelectorAll("[data-live]"), (r) => [r.dataset.live, r]));
  for (const after of page.querySelectorAll("[data-live]")) {
    const before = regions.get(after.dataset.live);
    if (before) redraw(before, after);
  }
  document.title = page.title;
  shown = fresh.dataset.stamp;
  root.dataset.stamp = shown;
  if (fresh.dataset.fini) forget();
  clocks();
  tick();
  drafts.restore(document);
  document.dispatchEvent(new CustomEvent("redrawn"));
  return true;
}

function forget() {
  outbox.clear();
  drafts.clear();
}

// what the page was about is no longer there for it: the address says what is
function leave() {
  forget();
  if (source) source.close();
  location.reload();
}

async function refresh() {
  if (fetching) return;
  fetching = true;
  for (let tries = 0; wanted !== shown;) {
    const aim = wanted;
    await wait(chance(Number(root.dataset.jitter || 0)));
    try {
      const answer = await ask(location.pathname, { headers: { accept: "text/html" } });
      if (gone(answer)) { leave(); return; }
      if (!answer.ok || !draw(parsed(await answer.text()))) throw new Error(String(answer.status));
      tries = 0;
      if (aim === wanted) wanted = shown;
    } catch (error) {
      tries += 1;
      await wait(backoff(tries, 700));
    }
  }
  fetching = false;
}

// Listening

function cut(is) {
  if (!is) {
    clearTimeout(cutting);
    cutting = null;
    say("", "reseau");
    document.body.classList.remove("is-cut");
  } else if (cutting === null) {
    // a server that starts again is not worth a word
    cutting = setTimeout(() => {
      document.body.classList.add("is-cut");
      const place = element("reseau");
      if (place) say(place.dataset.coupe, "reseau");
    }, navigator.onLine === false ? 0 : 2500);
  }
}

function alive() {
  heard = Date.now();
  failures = 0;
  cut(false);
}

function listen() {
  clearTimeout(reopening);
  reopening = null;
  if (source) source.close();
  heard = Date.now();
  source = new EventSource(root.dataset.flux);
  source.addEventListener("open", () => { alive(); wake(); });
  source.addEventListener("ici", alive);
  source.addEventListener("etat", (event) => {
    alive();
    wanted = JSON.parse(event.data).stamp;
    refresh();
  });
  source.addEventListener("fin", again);
  source.addEventListener("error", () => {
    cut(true);
    // the browser comes back by itself after a cut; after a refusal it does not
    if (source.readyState === EventSource.CLOSED) again();
  });
}

function again() {
  source.close();
  if (reopening !== null) return;
  failures += 1;
  reopening = setTimeout(look, 300 + backoff(failures, 1500));
}

// the stamp alone, before a stream is opened again: the room may be gone
async function look() {
  reopening = null;
  try {
    const answer = await ask(root.dataset.etat || location.pathname);
    if (gone(answer)) { leave(); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    if (root.dataset.etat) {
      wanted = (await answer.json()).stamp;
      refresh();
    }
    listen();
  } catch (error) {
    cut(true);
    again();
  }
}

function soon(milliseconds) {
  clearTimeout(reopening);
  reopening = setTimeout(look, chance(milliseconds));
}

// Sending: until acknowledged, in order; the same one twice counts once, by its nonce

function busy(form, is) {
  for (const button of form.querySelectorAll("button")) button.disabled = is;
}

function written(form, button) {
  const data = new FormData(form);
  if (button && button.name) data.append(button.name, button.value);
  return new URLSearchParams(data).toString();
}

function anew(form) {
  const nonce = form.querySelector("input[name=_envoi], input[name=envoi]");
  if (!nonce) return;
  const bytes = Array.from(crypto.getRandomValues(new Uint8Array(12)));
  nonce.value = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function post(one) {
  const answer = await ask(one.to, {
    method: "POST",
    body: one.body,
    headers: { accept: "text/html", "content-type": "application/x-www-form-urlencoded" },
  });
  if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
  const page = parsed(await answer.text());
  // the page of somebody else's network is not an answer
  if (answer.ok && !page.getElementById("direct")) throw new Error("not ours");
  return { answer, page };
}

function settle(one, answer, page) {
  if (!answer.ok) {
    const reason = page.querySelector("#refus, .error p:not(.eyebrow)") || page.querySelector("main p");
    const words = (reason && reason.textContent.trim()) || told("refus");
    say(words);
    // the room has moved: where it is now, then why nothing was taken
    if (answer.status === 409) {
      wanted = null;
      refresh().then(() => say(words));
    }
    return;
  }
  drafts.drop(one.to, one.item);
  for (const form of document.querySelectorAll("form[data-send]")) {
    if (new URL(form.getAttribute("action"), location.href).pathname === one.to) {
      for (const field of form.querySelectorAll("[data-touched]")) delete field.dataset.touched;
      form.dataset.envoye = "oui"; // what was typed has gone: the form is drawn anew
      const fold = form.closest("details.repli");
      if (fold) fold.open = false;
    }
  }
  draw(page);
  const state = page.getElementById("etat");
  say(state ? state.textContent.trim() : "");
}

async function flush() {
  if (sending) return;
  sending = true;
  for (let tries = 0; outbox.first();) {
    const one = outbox.first();
    try {
      const { answer, page } = await post(one);
      tries = 0;
      outbox.drop(one);
      if (source && source.readyState === EventSource.OPEN) cut(false);
      if (answer.status === 403 || answer.status === 404) { leave(); return; }
      settle(one, answer, page);
    } catch (error) {
      tries += 1;
      say(told("attente"));
      cut(true);
      await Promise.race([wait(backoff(tries, 700)), new Promise((done) => { wake = done; })]);
    }
    for (const form of document.querySelectorAll("form[data-send]")) busy(form, false);
  }
  sending = false;
}

function submit(form, button) {
  const region = form.closest("[data-live]");
  const to = new URL(form.getAttribute("action"), location.href).pathname;
  outbox.add({ to, body: written(form, button), item: (region && region.dataset.item) || "" });
  anew(form);
  busy(form, true);
  flush();
}

// the trainer's gestures wait in no box: they count now, or are made again by hand
async function command(form, button) {
  const one = { to: new URL(form.getAttribute("action"), location.href).pathname, body: written(form, button) };
  if (commanded === form) return; // its buttons are not disabled, which would lose the focus
  commanded = form;
  for (let tries = 0; tries < 4; tries += 1) {
    try {
      const { answer, page } = await post(one);
      if (!answer.ok) settle(one, answer, page);
      else { draw(page); say(""); }
      break;
    } catch (error) {
      say(told("attente") || told("refus"));
      await wait(backoff(tries, 700));
    }
  }
  commanded = null;
}

// Clocks

function clocks() {
  for (const clock of document.querySelectorAll("[data-left]")) {
    const until = Date.now() + Number(clock.dataset.left) * 1000;
    if (Math.abs(until - Number(clock.dataset.until || 0)) > 1500) clock.dataset.until = String(until);
    clock.removeAttribute("data-left");
  }
}

function tick() {
  for (const clock of document.querySelectorAll("[data-until]")) {
    const left = Math.max(0, Math.round((Number(clock.dataset.until) - Date.now()) / 1000));
    const face = clock.querySelector("[data-clock]");
    const text = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (face && face.textContent !== text) {
      const before = face.textContent.split(":");
      const was = Number(before[0]) * 60 + Number(before[1]);
      face.textContent = text;
      if (was > 60 && left <= 60 && left > 0) say(told("minute"), "annonce");
      if (was > 0 && left === 0) say(told("heure"), "annonce");
    }
    clock.classList.toggle("is-last", left > 0 && left <= 60);
    clock.classList.toggle("is-over", left === 0);
  }
}

if (root) {
  document.documentElement.classList.add("js");
  document.addEventListener("input", (event) => drafts.note(event.target));
  document.addEventListener("click", (event) => {
    pressed = event.target.closest ? event.target.closest("button") : null;
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-send], [data-command]")) return;
    event.preventDefault();
    const button = event.submitter || (pressed && pressed.form === form ? pressed : null);
    if (form.matches("[data-send]")) submit(form, button);
    else command(form, button);
  });
  document.addEventListener("look", () => { wanted = ""; refresh(); });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    const asleep = Date.now() - heard > 20000;
    if (asleep || source.readyState !== EventSource.OPEN) soon(800);
  });
  window.addEventListener("online", () => { soon(1500); wake(); });
  window.addEventListener("offline", () => cut(true));
  window.addEventListener("pagehide", () => { if (source) source.close(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) soon(800); });
  clocks();
  tick();
  setInterval(tick, 250);
  setInterval(() => { if (!document.hidden && Date.now() - heard > SILENCE) soon(2000); }, 5000);
  if (root.dataset.fini) forget();
  drafts.restore(document);
  listen();
  if (outbox.first()) flush();
}
