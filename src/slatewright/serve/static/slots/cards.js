// A product as a slot shows it, and the empty place that holds its room until the answer is there.

import { make } from "./making.js";

const SOURCES = {
  popular: "Popular",
  recent: "New in",
  together: "Goes together",
  similar: "Alike",
  taste: "Your taste",
  als: "Your taste",
  model: "Your taste",
};

export function sourceLabel(source) {
  const known = Object.keys(SOURCES).find((name) => source.toLowerCase().includes(name));
  return known ? SOURCES[known] : source;
}

// An amount in the words of the page's language; the currency is the shop's.
export function money(amount, currency, language) {
  if (amount === null || amount === undefined) return "";
  const style = currency ? { style: "currency", currency } : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  try {
    return new Intl.NumberFormat(language || undefined, style).format(amount);
  } catch {
    return `${amount.toFixed(2)} ${currency ?? ""}`.trim();
  }
}

export function picture(address, eager) {
  const image = make("img", {
    part: "image",
    alt: "", // the title stands beside it
    width: 400,
    height: 400,
    loading: eager ? "eager" : "lazy", // before src: the browser looks at it then
    decoding: "async",
    draggable: "false",
    onerror: () => image.remove(), // the ground it lies on stays
  });
  if (address) image.src = address;
  return address ? image : null;
}

// The whole card opens the product; without an address to go to it is a button. The plus puts it into the basket.
export function card(item, slot) {
  const href = slot.hrefOf(item);
  const source = slot.hasAttribute("sources") && item.source ? sourceLabel(item.source) : null;
  const open = make(href ? "a" : "button",
    { class: "open", part: "card", href, type: href ? null : "button", ...slot.openers(item) },
    make("span", { class: "frame", part: "frame" }, picture(slot.imageOf(item))),
    make("span", { class: "title", part: "title" }, slot.titleOf(item)),
    make("span", { class: "line", part: "line" },
      make("span", { class: "price", part: "price" }, slot.priceOf(item)),
      source && make("span", { class: "source", part: "source" }, source)));
  return make("li", { part: "item", "data-item": item.item_id }, open, slot.hasAttribute("basket") ? plus(item, slot) : null);
}

const plus = (item, slot) => make("button", {
  class: "add",
  part: "add",
  type: "button",
  "aria-label": slot.word("add").replace("{title}", slot.titleOf(item)),
  onclick: () => slot.added(item),
}, "+");

export const blank = () => make("li", { class: "blank", part: "item", "aria-hidden": "true" },
  make("div", { class: "open", part: "card" },
    make("span", { class: "frame", part: "frame" }),
    make("span", { class: "title", part: "title" }, make("i"), make("i")),
    make("span", { class: "line", part: "line" }, make("i"))));
