// A whole page of titled rows, in which no product stands twice: one question, a carousel for each row of the answer.

import { pageOf, whomOf, wishesOf } from "./asking.js";
import { SlateElement } from "./element.js";
import { make } from "./making.js";

const ASKING = ["server", "key", "user", "session", "page", "k", "surface", "category", "exclude-category", "exclude"];
const HANDED = ["server", "key", "href", "currency", "basket", "sources", "sentence-case", "reports", "kind", "heading-level"];
const NOTHING = { slate_id: null, user_id: null, items: [], fallback: null };
const HELD = 3; // rows whose room is kept until the answer is there

export class SlatePage extends HTMLElement {
  static observedAttributes = ASKING;
  #due = false;
  #turn = 0;
  #shown = null; // for whom

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).append(make("slot", { name: "rows" }), make("slot"));
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`:host { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--slate-row-gap, 32px); }
      :host([hidden]), :host(:not([state="failed"])) > slot:not([name]) { display: none; }`);
    this.shadowRoot.adoptedStyleSheets = [sheet];
  }

  get k() {
    return Math.min(Math.max(Number.parseInt(this.getAttribute("k") ?? "12", 10) || 12, 1), 100);
  }

  get surface() {
    return this.getAttribute("surface") || this.getAttribute("page") || "home";
  }

  connectedCallback() {
    if (!this.#shown) this.#soon();
  }

  attributeChangedCallback(name, before, after) {
    if (before !== after && this.isConnected) this.#soon();
  }

  // Asks anew; resolves when the rows are shown. They stay as they are if the server does not answer.
  async refresh() {
    const turn = (this.#turn += 1);
    this.#due = false;
    const whom = whomOf(this);
    try {
      const { rows } = await pageOf(whom, { ...wishesOf(this), page: this.getAttribute("page") ?? "" });
      if (turn === this.#turn) this.#fill(rows, whom);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error, whom);
    }
  }

  #soon() {
    if (!this.#shown) this.#hold();
    if (this.#due || this.getAttribute("loading") === "manual") return;
    this.#due = true;
    queueMicrotask(() => this.#due && this.isConnected && this.refresh());
  }

  // Slots that the author wrote for a row by its name come first, the rows of the answer below them.
  get #own() {
    return [...this.children].filter((one) => one instanceof SlateElement && one.hasAttribute("slot-name") && !one.made);
  }

  get #made() {
    return [...this.children].filter((one) => one.made);
  }

  #hold() {
    this.setAttribute("state", "loading");
    for (const own of this.#own) own.slot = "rows";
    const held = Number.parseInt(this.getAttribute("rows") ?? "", 10);
    this.#make(Number.isNaN(held) ? HELD : held).forEach((row) => row.setAttribute("heading", "\u00a0"));
  }

  #make(count) {
    const made = this.#made;
    for (const surplus of made.splice(count)) surplus.remove();
    while (made.length < count) {
      const row = make("slate-carousel", { slot: "rows", k: this.k });
      row.made = true;
      this.#hand(row);
      this.append(row);
      made.push(row);
    }
    return made;
  }

  // What the page says of how products look holds for its rows, unless a row says otherwise.
  #hand(row) {
    const words = this.getAttributeNames().filter((name) => name.startsWith("text-"));
    for (const name of [...HANDED, ...words]) {
      if (this.hasAttribute(name) && (row.made || !row.hasAttribute(name))) row.setAttribute(name, this.getAttribute(name));
    }
    row.setAttribute("surface", this.surface);
  }

  #fill(rows, whom) {
    const own = new Map(this.#own.map((one) => [one.getAttribute("slot-name"), one]));
    const rest = rows.filter((row) => !own.has(row.slot));
    for (const [name, one] of own) {
      one.slot = "rows";
      this.#hand(one);
      this.#show(one, rows.find((row) => row.slot === name) ?? { title: "", slot: name, slate: NOTHING }, whom);
    }
    this.#make(rest.length).forEach((one, at) => this.#show(one, rest[at], whom));
    this.#shown = whom;
    this.setAttribute("state", rows.length ? "filled" : "failed");
  }

  #show(one, { title, slot, slate }, whom) {
    if (one.made || one.titled || !one.hasAttribute("heading")) {
      one.titled = true;
      one.setAttribute("heading", title);
    }
    one.setAttribute("slot-name", slot);
    one.show(slate, { ...whom, like: null });
  }

  #fail(error, whom) {
    this.dispatchEvent(new CustomEvent("slate-failed", { bubbles: true, composed: true, detail: { error } }));
    if (this.#shown && this.#shown.user === whom.user && this.#shown.server === whom.server) return;
    this.#fill([], whom);
    this.#shown = null;
  }
}
