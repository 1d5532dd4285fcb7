// One product, large.

import { whyOf } from "./asking.js";
import { picture, sourceLabel } from "./cards.js";
import { SlateElement } from "./element.js";
import { make } from "./making.js";

export class SlateBanner extends SlateElement {
  static usual = 1;

  get k() {
    return 1;
  }

  draw(slate) {
    const item = slate?.items[0];
    if (slate && !item) return [];
    const words = item ? this.#words(item) : [make("i"), make("i"), make("i")];
    return [
      make("div", { class: item ? "banner" : "banner blank", part: "banner", "data-item": item?.item_id, "aria-hidden": item ? null : "true" },
        make("div", { class: "words", part: "words" }, ...words),
        make("div", { class: "stage", part: "stage" }, item ? picture(this.imageOf(item), true) : null)),
    ];
  }

  #words(item) {
    const source = this.hasAttribute("sources") && item.source ? ` · ${sourceLabel(item.source)}` : "";
    const reason = this.hasAttribute("reasons") ? make("p", { class: "reason", part: "reason" }) : null;
    if (reason) this.#explain(reason, item);
    return [
      this.heading ? make("p", { class: "eyebrow", part: "heading" }, this.heading + source) : null,
      make(`h${this.level}`, { class: "name", part: "title" }, this.titleOf(item)),
      item.categories?.length ? make("p", { class: "shelf", part: "shelf" }, item.categories.join(" · ")) : null,
      make("p", { class: "price", part: "price" }, this.priceOf(item)),
      make("p", { class: "actions", part: "actions" }, this.#look(item), this.hasAttribute("basket") ? this.#plus(item) : null),
      reason,
    ];
  }

  #look(item) {
    const href = this.hrefOf(item);
    const settings = { class: "look", part: "look", ...this.openers(item) };
    return href ? make("a", { ...settings, href }, this.word("look")) : make("button", { ...settings, type: "button" }, this.word("look"));
  }

  #plus(item) {
    return make("button", { class: "plus", part: "add", type: "button", onclick: () => this.added(item) }, this.word("basket"));
  }

  // What in somebody's history speaks for the product, where the server can say.
  async #explain(place, item) {
    const why = this.whom.user ? await whyOf(this.whom, item.item_id).catch(() => null) : null;
    const titles = (why?.because ?? []).slice(0, 2).map((one) => this.titleOf(one));
    if (titles.length) place.textContent = this.word("because").replace("{titles}", titles.join(" & "));
  }
}
