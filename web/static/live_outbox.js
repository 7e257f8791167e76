// What a phone holds until the room has it: contributions to send, and words being typed. Both
// outlive a reload, in this browser only, under the name of the room; the end erases them.
const MOST = 40;

class Kept {
  constructor(key) {
    this.key = key;
    this.items = [];
    try {
      this.items = (key && JSON.parse(localStorage.getItem(key))) || [];
    } catch (error) {
      // storage may be forbidden: the page's own memory is enough
    }
  }

  save() {
    if (!this.key) return;
    try {
      if (this.items.length) localStorage.setItem(this.key, JSON.stringify(this.items));
      else localStorage.removeItem(this.key);
    } catch (error) {
      // the page's own memory is enough
    }
  }

  clear() {
    this.items = [];
    this.save();
  }
}

// a body without its nonce says whether two sendings are the same gesture
const bare = (body) => body.replace(/(^|&)_?envoi=[^&]*/, "");

/** Contributions in the order they were made: `{to, body, item}`. */
export class Outbox extends Kept {
  constructor(room) {
    super(room && `salle:${room}:envois`);
  }

  first() {
    return this.items[0];
  }

  add(one) {
    const twin = this.items.find((other) => other.to === one.to && bare(other.body) === bare(one.body));
    if (twin) return;
    this.items = this.items.concat([one]).slice(-MOST);
    this.save();
  }

  drop(one) {
    this.items = this.items.filter((other) => other !== one);
    this.save();
  }
}

const place = (field) => {
  const region = field.closest("[data-live]");
  return { to: new URL(field.form.getAttribute("action"), location.href).pathname, item: (region && region.dataset.item) || "" };
};
const ticks = (field) => field.type === "checkbox" || field.type === "radio";

/** Fields being filled: `{to, item, name, rank, value}`, and `on` for boxes. */
export class Drafts extends Kept {
  constructor(room) {
    super(room && `salle:${room}:brouillons`);
  }

  /** Remember a field that a person has just changed. */
  note(field) {
    if (!field.form || !field.name || field.type === "hidden") return;
    const same = Array.from(field.form.elements).filter((other) => other.name === field.name);
    const at = place(field);
    for (const one of field.type === "radio" ? same : [field]) {
      one.dataset.touched = "yes";
      const rank = same.indexOf(one);
      const draft = { to: at.to, item: at.item, name: one.name, rank, value: one.value };
      if (ticks(one)) draft.on = one.checked;
      this.items = this.items.filter((other) => !(other.to === at.to && other.item === at.item
        && other.name === one.name && other.rank === rank)).concat([draft]).slice(-4 * MOST);
    }
    if (field.form.matches("[data-send]")) this.save();
  }

  /** Give back to the fields of `document` what was typed in them. */
  restore(document) {
    for (const form of document.querySelectorAll("form[data-send]")) {
      const at = form.elements.length && place(form.elements[0]);
      for (const draft of this.items.filter((one) => one.to === at.to && one.item === at.item)) {
        const field = Array.from(form.elements).filter((one) => one.name === draft.name)[draft.rank];
        if (!field || field.dataset.touched || (ticks(field) && field.value !== draft.value)) continue;
        if (ticks(field)) field.checked = draft.on;
        else field.value = draft.value;
        field.dataset.touched = "yes";
        for (let up = field.closest("details"); up; up = up.parentElement.closest("details")) up.open = true;
      }
    }
  }

  drop(to, item) {
    this.items = this.items.filter((one) => one.to !== to || one.item !== item);
    this.save();
  }
}
