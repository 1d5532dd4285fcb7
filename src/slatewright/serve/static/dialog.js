// One product up close: why it is here, and what goes with it.

import { reasonsFor, slateLike } from "./api.js";
import { card, make, picture, price } from "./parts.js";

class ProductDialog extends HTMLElement {
  #dialog = make("dialog", { "aria-labelledby": "product-title" });

  connectedCallback() {
    this.append(this.#dialog);
    this.#dialog.addEventListener("click", (event) => event.target === this.#dialog && this.#dialog.close());
  }

  // Resolves once the reasons are in: asked later, the answer would be "you have just seen it".
  async open(user, item, slate) {
    const say = (name) => () => this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { item, slate } }));
    const reasons = make("ul", { class: "reasons" });
    const alike = make("ul", { class: "alike" });
    this.#dialog.replaceChildren(
      make("div", { class: "product" },
        make("div", { class: "stage" }, picture(item, true)),
        make("div", { class: "words" },
          make("p", { class: "eyebrow" }, item.categories.join(" · ")),
          make("h2", { id: "product-title" }, item.title),
          make("p", { class: "price" }, price(item)),
          make("p", { class: "acts" },
            make("button", { class: "primary", type: "button", onclick: say("product-add") }, "Add to the basket"),
            make("button", { class: "quiet", type: "button", onclick: say("product-buy") }, "Buy it now")),
          make("h3", {}, "Why you see this"),
          reasons),
        make("button", { class: "close", type: "button", "aria-label": "Close", onclick: () => this.#dialog.close() }, "×")),
      make("h3", { class: "with" }, "Goes well with it"),
      alike,
    );
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#similar(alike, item);
    await this.#explain(reasons, user, item);
  }

  async #explain(list, user, item) {
    const lines = await reasonsFor(user, item.item_id).then((why) => why.sentences.slice(1), () => []);
    list.replaceChildren(...(lines.length ? lines : ["It came up among the popular ones."]).map((line) => make("li", {}, line)));
  }

  async #similar(list, item) {
    const slate = await slateLike(item.item_id, { k: 4, surface: "product", slot: "alike" }).catch(() => null);
    list.replaceChildren(...(slate?.items ?? []).map((one) => make("li", {}, card(one, slate))));
  }
}

customElements.define("product-dialog", ProductDialog);
