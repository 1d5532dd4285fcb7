// One product up close: why it is here, and what goes with it.

import { reasonsFor } from "./api.js";
import { money, picture } from "./slots/cards.js";
import { calm, make } from "./slots/making.js";

class ProductDialog extends HTMLElement {
  #dialog = make("dialog", { "aria-labelledby": "product-title" });

  connectedCallback() {
    this.append(this.#dialog);
    this.#dialog.addEventListener("click", (event) => event.target === this.#dialog && this.#dialog.close());
  }

  // `act` is called with what somebody does here. Resolves once the reasons are in: asked later, the answer would be
  // "you have just seen it".
  async open(user, item, act) {
    const reasons = make("ul", { class: "reasons" });
    this.#dialog.replaceChildren(
      make("div", { class: "product" },
        make("div", { class: "stage" }, picture(item.image, true)),
        make("div", { class: "words" },
          make("p", { class: "eyebrow" }, item.categories.join(" · ")),
          make("h2", { id: "product-title" }, calm(item.title)),
          make("p", { class: "price" }, money(item.price)),
          make("p", { class: "acts" },
            make("button", { class: "primary", type: "button", onclick: () => act("cart") }, "Add to the basket"),
            make("button", { class: "quiet", type: "button", onclick: () => act("purchase") }, "Buy it now")),
          make("h3", {}, "Why you see this"),
          reasons),
        make("button", { class: "close", type: "button", "aria-label": "Close", onclick: () => this.#dialog.close() }, "×")),
      make("slate-carousel", { user, like: item.item_id, k: 8, heading: "Goes well with it", "heading-level": 3,
        surface: "product", "slot-name": "alike", "sentence-case": true, reports: "shown" }),
    );
    if (!this.#dialog.open) this.#dialog.showModal();
    await this.#explain(reasons, user, item);
  }

  async #explain(list, user, item) {
    const lines = await reasonsFor(user, item.item_id).then((why) => why.sentences.slice(1), () => []);
    list.replaceChildren(...(lines.length ? lines : ["It came up among the popular ones."]).map((line) => make("li", {}, line)));
  }
}

customElements.define("product-dialog", ProductDialog);
