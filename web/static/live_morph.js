// Make one element like another, touching only what differs: no flicker, and what a person is
// typing, has opened or is reading stays.
const STAY = ["data-touched", "data-until"];

function keeps(element, name) {
  return STAY.indexOf(name) >= 0 || (name === "open" && element.nodeName === "DETAILS");
}

function attributes(old, fresh) {
  for (const one of Array.from(old.attributes)) {
    if (!fresh.hasAttribute(one.name) && !keeps(old, one.name)) old.removeAttribute(one.name);
  }
  for (const one of fresh.attributes) {
    if (!keeps(old, one.name) && old.getAttribute(one.name) !== one.value) {
      old.setAttribute(one.name, one.value);
    }
  }
}

const name = (node) => (node.nodeType === 1 ? node.getAttribute("id") || "" : "");
const alike = (one, other) => one.nodeName === other.nodeName && name(one) === name(other);

function children(old, fresh) {
  let place = old.firstChild;
  for (const wanted of Array.from(fresh.childNodes)) {
    if (name(wanted)) {
      // what has a name is found again wherever it was
      const found = Array.from(old.childNodes).find((node) => alike(node, wanted));
      if (found && found !== place) old.insertBefore(found, place);
      if (found) place = found;
    }
    if (place && alike(place, wanted) && !stale(place)) {
      const next = place.nextSibling;
      morph(place, wanted);
      place = next;
    } else {
      const made = document.importNode(wanted, true);
      if (place && stale(place)) {
        const next = place.nextSibling;
        place.replaceWith(made);
        place = next;
      } else {
        old.insertBefore(made, place);
      }
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

// a form that was sent does not keep what was typed in it
const stale = (node) => node.nodeType === 1 && node.hasAttribute("data-envoye");

/** Change `old` until it reads as `fresh`. */
export function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== 1) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  attributes(old, fresh);
  children(old, fresh);
}
