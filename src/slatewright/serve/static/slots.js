// The three slots of the page. Each asks the API for its slate, shows it, and says so once it can be seen.

import { readable, reasonsFor, shown, slateFor } from "./api.js";
import { card, make, picture, price, sourceLabel } from "./parts.js";

const SURFACE = "home";

class SlateSlot extends HTMLElement {
  #watch = null;

  get slotName() {
    return this.getAttribute("slot-name");
  }

  // Fills the slot and returns the ids it shows.
  async load(user, wishes = {}) {
    this.setAttribute("aria-busy", "true");
    try {
      const slate = await slateFor(user, { k: this.getAttribute("k"), surface: SURFACE, slot: this.slotName, ...wishes });
      this.dataset.slate = slate.slate_id;
      this.replaceChildren(...this.draw(slate));
      this.hidden = slate.items.length === 0 && !this.hasAttribute("keep");
      this.#sayWhenSeen(slate);
      return slate.items.map((item) => item.item_id);
    } finally {
      this.removeAttribute("aria-busy");
    }
  }

  disconnectedCallback() {
    this.#watch?.disconnect();
  }

  // An impression is what was on the screen for a moment, not what was sent.
  #sayWhenSeen(slate) {
    this.#watch?.disconnect();
    this.#watch = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.#watch.disconnect();
      shown(slate, SURFACE, this.slotName).then(() => (this.dataset.shown = slate.slate_id)).catch(() => {});
    }, { threshold: 0.2 });
    this.#watch.observe(this);
  }
}

class SlateBanner extends SlateSlot {
  draw(slate) {
    const [item] = slate.items;
    if (!item) return [];
    const say = (name) => () => this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { item, slate } }));
    const reason = make("p", { class: "reason" });
    if (!slate.fallback) this.#explain(reason, slate.user_id, item);
    return [
      make("section", { class: "banner", "aria-label": "Featured product", "data-item": item.item_id },
        make("div", { class: "words" },
          make("p", { class: "eyebrow" }, slate.fallback === "newcomer" ? "Popular right now" : `Picked for you · ${sourceLabel(item.source)}`),
          make("h1", {}, item.title),
          make("p", { class: "shelf" }, item.categories.join(" · ")),
          make("p", { class: "price" }, price(item)),
          reason,
          make("p", { class: "acts" },
            make("button", { class: "primary", type: "button", onclick: say("product-open") }, "Have a look"),
            make("button", { class: "quiet", type: "button", onclick: say("product-add") }, "Add to the basket"))),
        make("div", { class: "stage" }, picture(item, true))),
    ];
  }

  async #explain(place, user, item) {
    const why = await reasonsFor(user, item.item_id).catch(() => null);
    const titles = readable(why?.because ?? []).slice(0, 2).map((one) => one.title);
    if (titles.length) place.textContent = `Because of ${listed.format(titles)}.`;
  }
}

const listed = new Intl.ListFormat("en", { type: "conjunction" });

class SlateCarousel extends SlateSlot {
  draw(slate) {
    const track = make("ul", { class: "track", tabindex: "0", "aria-label": "Recommended products" },
      ...slate.items.map((item) => make("li", {}, card(item, slate, true))));
    const move = (way) => () => track.scrollBy({ left: way * track.clientWidth * 0.8, behavior: "smooth" });
    const heading = slate.fallback === "newcomer" ? "What others like" : "Recommended for you";
    return [
      make("section", { class: "carousel", "aria-label": heading },
        make("div", { class: "head" },
          make("h2", {}, heading),
          make("span", { class: "arrows" },
            make("button", { type: "button", "aria-label": "Earlier products", onclick: move(-1) }, "←"),
            make("button", { type: "button", "aria-label": "Further products", onclick: move(1) }, "→"))),
        track),
    ];
  }
}

class SlateGrid extends SlateSlot {
  draw(slate) {
    if (slate.items.length === 0) return [make("p", { class: "nothing" }, "You have seen everything here.")];
    return [make("ul", { class: "grid", "aria-label": "More products" },
      ...slate.items.map((item) => make("li", {}, card(item, slate))))];
  }
}

customElements.define("slate-banner", SlateBanner);
customElements.define("slate-carousel", SlateCarousel);
customElements.define("slate-grid", SlateGrid);
