// Elements without HTML in strings: what comes from the network is text, and can't become markup.

/**
 * An element. Properties whose names begin with "on" are listeners, `class`, `for` and the rest are attributes; false, null
 * and undefined leave one out, true sets it empty. Children are nodes, texts, or lists of these; null and false are left out.
 */
export function h(tag, properties = {}, ...children) {
  return build(document.createElement(tag), properties, children);
}

/** The same in the SVG namespace. */
export function svg(tag, properties = {}, ...children) {
  return build(document.createElementNS('http://www.w3.org/2000/svg', tag), properties, children);
}

function build(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === false || value === null || value === undefined) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2).toLowerCase(), value);
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...present(children));
  return element;
}

/** Replaces what an element contains. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
  return element;
}

/** Sets a text only when it differs, so that selections and screen readers are left in peace. */
export function setText(element, text) {
  const wanted = String(text);
  if (element.textContent !== wanted) {
    element.textContent = wanted;
  }
}

/**
 * Makes the children of an element those of the given items, each with a key: what stays is updated in place, so that focus,
 * scroll positions and open menus stay too.
 *
 * @param create makes the element of an item
 * @param update is given the element and the item, also for a new one
 */
export function reconcile(parent, items, key, create, update) {
  const wanted = new Set(items.map((item) => String(key(item))));
  const known = new Map();
  for (const child of [...parent.children]) {
    if (wanted.has(child.dataset.key)) {
      known.set(child.dataset.key, child);
    } else {
      // First, or what comes behind it would have to move.
      child.remove();
    }
  }
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let child = known.get(name);
    known.delete(name);
    if (!child) {
      child = create(item);
      child.dataset.key = name;
    }
    if (child === place) {
      place = place.nextElementSibling;
    } else {
      parent.insertBefore(child, place);
    }
    update(child, item);
  }
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}
