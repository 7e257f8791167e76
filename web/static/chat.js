// A conversation without reloading the page. Every form here also works without this file.
import { openSource } from "./panel.js";
import { eventsOf } from "./stream.js";

const chat = document.getElementById("chat");
const turns = document.getElementById("turns");
const composer = document.getElementById("composer");
const box = document.getElementById("question");
const stop = document.getElementById("stop");
const send = document.getElementById("send");
const announcement = document.getElementById("announcement");
const say = chat.dataset;
let running = null;

/** Ask `question`, show the answer as it comes, then the turn as the server draws it. */
async function ask(question, actor) {
  if (running || !question.trim()) return;
  running = new AbortController();
  const pending = showPending(question);
  // emptied now: what is typed while the answer comes is the next question, and is kept
  if (box.value === question) box.value = "";
  grow();
  toggleWorking(true);
  try {
    const conversation = await conversationId();
    const reply = await receive({ question, actor: actor || null, conversation_id: conversation }, pending);
    await settle(pending, conversation, reply);
  } catch (error) {
    const text = error.name === "AbortError" ? say.textStopped : error.told ?? say.textUnreachable;
    showFailure(pending, text);
    if (!box.value) box.value = question;
    grow();
  } finally {
    running = null;
    toggleWorking(false);
  }
}

async function conversationId() {
  if (say.conversation) return say.conversation;
  const started = await post("/api/v1/conversations", {});
  say.conversation = (await started.json()).id;
  return say.conversation;
}

async function receive(body, pending) {
  const response = await post("/api/v1/ask/stream", body);
  const answer = pending.querySelector(".answer");
  let text = "";
  let reply = null;
  for await (const { event, data } of eventsOf(response)) {
    if (event === "fragment") {
      text += data.text;
      showText(answer, text);
    } else if (event === "redaction") {
      showWaiting(pending, say.textWriting);
    } else if (event === "retrait") {
      // what was shown did not hold: the sentences of the sources come instead
      text = "";
      answer.replaceChildren();
    } else if (event === "reponse") {
      reply = data;
    } else if (event === "erreur") {
      throw told(data.detail);
    }
  }
  if (!reply) throw told(say.textUnreachable);
  return reply;
}

/** Put the turn as the server draws it in place of the pending one, all at once. */
async function settle(pending, conversation, reply) {
  const address = `/conversations/${conversation}`;
  const isFirst = location.pathname === "/conversation";
  const [drawn, whole] = await Promise.all([
    pageAt(`${address}/tours/${reply.id}`),
    isFirst ? pageAt(address) : null,
  ]);
  if (whole) becomeConversation(address, whole);
  const turn = drawn.querySelector(".turn");
  pending.replaceWith(turn);
  const note = turn.querySelector(".reply > .note")?.textContent ?? "";
  announcement.textContent = `${say.textAnswer} ${note} ${plainAnswer(turn)}`.replace(/\s+/g, " ");
  turn.scrollIntoView({ block: "start", behavior: "instant" });
}

/** The first answer makes this page the page of a conversation. */
function becomeConversation(address, page) {
  composer.action = address;
  history.replaceState(null, "", address);
  document.title = page.title;
  chat.querySelector(".chat-head").replaceWith(page.querySelector(".chat-head"));
}

async function pageAt(address) {
  const response = await fetch(address);
  if (!response.ok) throw told(say.textUnreachable);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

async function post(address, body) {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: running?.signal,
  });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw told(problem.detail ?? say.textUnreachable);
}

function told(sentence) {
  return Object.assign(new Error("told"), { told: sentence });
}

function showPending(question) {
  document.getElementById("starters")?.remove();
  announcement.textContent = "";
  const pending = document.getElementById("pending-turn").content.cloneNode(true).firstElementChild;
  pending.querySelector(".question").textContent = question;
  pending.querySelector(".waiting").textContent = say.textWaiting;
  turns.append(pending);
  pending.scrollIntoView({ block: "start", behavior: "instant" });
  return pending;
}

function showWaiting(pending, sentence) {
  const waiting = pending.querySelector(".waiting");
  if (waiting) waiting.textContent = sentence;
}

function showText(answer, text) {
  const paragraphs = text.replace(/\s*\[S\d+\]/g, "").replaceAll("**", "").trim().split(/\n+/);
  answer.replaceChildren(
    ...paragraphs.map((words) => Object.assign(document.createElement("p"), { textContent: words })),
  );
}

function showFailure(pending, sentence) {
  pending.classList.add("is-failed");
  const answer = pending.querySelector(".answer");
  answer.removeAttribute("aria-busy");
  const note = Object.assign(document.createElement("p"), { className: "note", textContent: sentence });
  pending.querySelector(".waiting")?.remove();
  answer.append(note);
  announcement.textContent = sentence;
}

function toggleWorking(isWorking) {
  const hadFocus = document.activeElement === (isWorking ? send : stop);
  stop.hidden = !isWorking;
  send.hidden = isWorking;
  if (hadFocus) (isWorking ? stop : box).focus();
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, innerHeight / 3)}px`;
}

function plainAnswer(turn) {
  const copy = turn.querySelector(".answer").cloneNode(true);
  for (const marks of copy.querySelectorAll(".marks")) marks.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

/** The answer with its numbers, then its sources, as plain text. */
function withSources(turn) {
  const copy = turn.querySelector(".answer").cloneNode(true);
  for (const link of copy.querySelectorAll(".mark-link")) link.textContent = ` [${link.dataset.source}]`;
  const lines = [...copy.querySelectorAll("p, li")].map((block) => {
    const text = block.textContent.replace(/\s+/g, " ").trim();
    return block.tagName === "LI" ? `- ${text}` : text;
  });
  const sources = [...turn.querySelectorAll(".source")].map((source) => {
    const place = source.querySelector(".source-open").textContent.trim();
    const section = source.querySelector(".section-name").textContent.trim();
    return `[${source.dataset.number}] ${place}, ${section}`;
  });
  const question = turn.querySelector(".question").textContent.trim();
  return [question, "", ...lines, ...(sources.length ? ["", say.textSources, ...sources] : [])].join("\n");
}

async function copyText(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    announcement.textContent = done;
    return true;
  } catch {
    announcement.textContent = say.textNotCopied;
    return false;
  }
}

async function judge(form, submitter) {
  const turn = form.closest(".turn");
  const data = new FormData(form, submitter);
  await post("/api/v1/feedback", {
    message_id: turn.dataset.id,
    verdict: data.get("verdict"),
    reason: data.get("reason") || null,
    comment: data.get("comment") || null,
  });
  const isUp = data.get("verdict") === "up";
  turn.querySelector('.thumb[value="up"]').setAttribute("aria-pressed", String(isUp));
  turn.querySelector(".complaint > summary").classList.toggle("is-given", !isUp);
  turn.querySelector(".complaint").open = false;
  turn.querySelector(".opinion-said").textContent = say.textThanks;
  announcement.textContent = say.textThanks;
  if (!isUp) turn.querySelector(".complaint > summary").focus();
}

composer?.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(box.value, composer.elements.actor.value);
});
box?.addEventListener("keydown", (event) => {
  // an unfinished composition (accents, suggestions) ends with Enter too
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});
box?.addEventListener("input", grow);
stop?.addEventListener("click", () => running?.abort());

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches(".suggestions") && composer) {
    event.preventDefault();
    ask(event.submitter.value, composer.elements.actor.value);
  } else if (form.matches(".thumb-form, .complaint-form")) {
    event.preventDefault();
    judge(form, event.submitter).catch((error) => {
      announcement.textContent = error.told ?? say.textUnreachable;
    });
  }
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-source]");
  const action = event.target.closest("[data-action]")?.dataset.action;
  if (link) {
    event.preventDefault();
    openSource(link.closest(".turn"), link.dataset.source, link.dataset.phrase, link);
  } else if (action === "print") {
    window.print();
  } else if (action === "copy") {
    const button = event.target.closest("[data-action]");
    if (await copyText(withSources(button.closest(".turn")), say.textCopied)) flash(button);
  } else if (action === "copy-link") {
    const button = event.target.closest("[data-action]");
    if (await copyText(document.getElementById("share-link").href, say.textLinkCopied)) flash(button);
  }
});

/** A person who sees must learn that it worked, too. */
function flash(button) {
  button.classList.add("is-done");
  setTimeout(() => button.classList.remove("is-done"), 1500);
}

// an opened form of opinion must not hide behind the question box
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.open && event.target.matches(".complaint")) {
      event.target.querySelector("form").scrollIntoView({ block: "nearest" });
    }
  },
  true,
);

if (box) {
  grow();
  if (turns.children.length === 0) box.focus({ preventScroll: true });
  addEventListener("resize", grow);
}
