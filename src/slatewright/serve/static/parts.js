// Small pieces of page, made without innerHTML: what a shop calls its products is text, never markup.

const money = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const SOURCES = {
  popular: "Popular",
  recent: "New in",
  together: "Goes together",
  similar: "Alike",
  taste: "Your taste",
  als: "Your taste",
  model: "Your taste",
};

export function make(tag, settings = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(settings)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const price = (item) => (item.price === null ? "" : money.format(item.price));

export function sourceLabel(source) {
  const known = Object.keys(SOURCES).find((name) => source.toLowerCase().includes(name));
  return known ? SOURCES[known] : source;
}

export function picture(item, eager = false) {
  return make("img", {
    src: item.image,
    alt: "",
    width: 400,
    height: 400,
    loading: eager ? "eager" : "lazy",
    decoding: "async",
  });
}

// A product: the whole card opens it, the plus puts it into the basket. Both are said as events that bubble.
export function card(item, slate, eager = false) {
  const say = (name) => (event) =>
    event.currentTarget.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { item, slate } }));
  return make(
    "article",
    { class: "card", "data-item": item.item_id, "data-source": item.source },
    make(
      "button",
      { class: "open", type: "button", onclick: say("product-open") },
      make("span", { class: "frame" }, picture(item, eager)),
      make("span", { class: "title" }, item.title),
      make("span", { class: "line" }, make("span", { class: "price" }, price(item)),
        make("span", { class: "source" }, sourceLabel(item.source))),
    ),
    make("button", {
      class: "add",
      type: "button",
      "aria-label": `Add ${item.title} to the basket`,
      title: "Add to the basket",
      onclick: say("product-add"),
    }, "+"),
  );
}
