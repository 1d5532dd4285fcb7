// What every slot is: it asks for its slate, shows it, says once that it was seen and what was opened.

import { placeOf, slateOf, whomOf, wishesOf } from "./asking.js";
import { blank, card, money } from "./cards.js";
import { sheets } from "./look.js";
import { calm, make } from "./making.js";
import { outbox } from "./reporting.js";
import { looked, visit, visitor } from "./session.js";
import { whenNear, whenSeen } from "./watching.js";

const ASKING = ["server", "key", "user", "session", "like", "k", "surface", "slot-name", "category", "exclude-category", "exclude"];
const LOOKING = ["heading", "heading-newcomer", "heading-level", "href", "currency", "basket", "sources", "reasons", "sentence-case"];
const WORDS = {
  label: "Recommended products",
  previous: "Earlier products",
  next: "Further products",
  add: "Add {title} to the basket",
  basket: "Add to the basket",
  look: "Have a look",
  because: "Because of {titles}.",
};

export class SlateElement extends HTMLElement {
  static observedAttributes = [...ASKING, ...LOOKING];
  static usual = 12; // items, where the page names no k

  #region = make("section", { part: "region" });
  #shown = null; // the slate, and for whom, where
  #due = false;
  #turn = 0;
  #unwatch = () => {};
  #seen = () => {};

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).append(this.#region, make("slot"));
    this.shadowRoot.adoptedStyleSheets = sheets();
  }

  get slate() {
    return this.#shown?.slate ?? null;
  }

  // Shows a slate that the page already has, without asking for one.
  set slate(slate) {
    this.show(slate, whomOf(this));
  }

  show(slate, whom) {
    this.#turn += 1;
    this.#due = false;
    this.#fill(slate, whom);
  }

  get k() {
    const k = Number.parseInt(this.getAttribute("k") ?? "", 10);
    return Number.isNaN(k) ? this.constructor.usual : Math.min(Math.max(k, 1), 100);
  }

  connectedCallback() {
    if (Object.hasOwn(this, "slate")) {
      const early = this.slate; // set before this script was there
      delete this.slate;
      this.slate = early;
    } else if (this.#shown) this.#watch();
    else this.#soon();
  }

  disconnectedCallback() {
    this.#unwatch();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after || !this.isConnected) return;
    if (ASKING.includes(name)) this.#soon();
    else if (this.#shown) this.#draw();
  }

  // Asks anew; resolves when the answer is shown. What is shown stays until then, and if the server does not answer.
  async refresh() {
    if (this.#page) return this.#page.refresh();
    const turn = (this.#turn += 1);
    this.#due = false;
    if (this.#shown === null) this.#wait();
    this.#region.setAttribute("aria-busy", "true");
    const whom = whomOf(this);
    try {
      if (this.getAttribute("loading") === "lazy" && this.#shown === null) await whenNear(this);
      const slate = await slateOf(whom, wishesOf(this));
      if (turn === this.#turn) this.#fill(slate, whom);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error, whom);
    }
  }

  // Tells the server what somebody did with an item of this slate; resolves to whether it has that on disk.
  report(kind, item) {
    const { server, key, user } = this.whom;
    if (!user) looked(item.item_id);
    const event = { user_id: user || visitor(), item_id: item.item_id, kind, session_id: visit() };
    if (this.slate?.slate_id) event.slate_id = this.slate.slate_id;
    this.#seen();
    return outbox(server, key).add("interactions", event, true);
  }

  word(name) {
    return this.getAttribute(`text-${name}`) ?? WORDS[name];
  }

  titleOf(item) {
    const title = item.title ?? item.item_id;
    return this.hasAttribute("sentence-case") ? calm(title) : title;
  }

  priceOf(item) {
    return money(item.price, this.getAttribute("currency"), this.closest("[lang]")?.lang);
  }

  imageOf(item) {
    return /^\/(?!\/)/.test(item.image ?? "") ? this.whom.server + item.image : item.image;
  }

  hrefOf(item) {
    const values = { item_id: item.item_id, slate_id: this.slate.slate_id ?? "" };
    return this.getAttribute("href")?.replace(/\{(item_id|slate_id)\}/g, (_, name) => encodeURIComponent(values[name]));
  }

  // Middle clicks open another tab, and count as well.
  openers(item) {
    return { onclick: (event) => this.opened(event, item), onauxclick: (event) => event.button === 1 && this.opened(event, item) };
  }

  // A click goes on to the address of the card, unless the page prevents it.
  opened(event, item) {
    if (!this.#say("slate-click", item)) event.preventDefault();
    if (this.#reports("clicks")) this.report(this.getAttribute("kind") ?? "view", item);
  }

  added(item) {
    this.#say("slate-basket", item);
    if (this.#reports("clicks")) this.report("cart", item);
  }

  get heading() {
    const strange = this.slate?.fallback === "newcomer" && this.getAttribute("heading-newcomer");
    return strange || this.getAttribute("heading");
  }

  get level() {
    return /^[1-6]$/.test(this.getAttribute("heading-level") ?? "") ? this.getAttribute("heading-level") : "2";
  }

  get whom() {
    return this.#shown?.whom ?? whomOf(this);
  }

  // The head of a slot: its heading and what stands beside it.
  head(...beside) {
    const words = this.heading ? make(this.heading.trim() ? `h${this.level}` : "p", { part: "heading", class: "heading" }, this.heading) : null;
    return words || beside.length ? make("div", { part: "head", class: "head" }, words, ...beside) : null;
  }

  cards() {
    if (!this.slate) return Array.from({ length: this.k }, blank);
    return this.slate.items.map((item) => card(item, this));
  }

  // The page that fills this slot together with others, so that none repeats another.
  get #page() {
    return this.closest("slate-page");
  }

  #soon() {
    if (this.#due) return;
    if (this.#shown === null) this.#wait();
    if (this.#page || this.getAttribute("loading") === "manual") return;
    this.#due = true;
    queueMicrotask(() => this.#due && this.isConnected && this.refresh());
  }

  #reports(what) {
    const chosen = this.getAttribute("reports") ?? "all";
    return chosen === "all" || chosen === what;
  }

  #wait() {
    this.#become("loading");
    this.#draw();
  }

  // Without a slate stands what the page wrote inside the slot; a slot without even that takes no room.
  #become(state) {
    const inside = [...this.childNodes].some((node) => node.nodeType === Node.ELEMENT_NODE || node.textContent.trim());
    this.setAttribute("state", state);
    this.toggleAttribute("bare", !inside);
  }

  #fill(slate, whom) {
    this.#shown = { slate, whom: { ...whom, user: slate.user_id ?? whom.user }, place: placeOf(this) };
    this.#become(slate.items.length ? "filled" : "empty");
    this.#draw();
    this.#say(slate.items.length ? "slate-filled" : "slate-empty");
    if (this.isConnected) this.#watch();
  }

  #fail(error, whom) {
    const same = this.#shown && ["user", "like", "server"].every((name) => this.#shown.whom[name] === whom[name]);
    if (!same) {
      this.#unwatch();
      this.#shown = null;
      this.#become("failed");
      this.#region.replaceChildren();
    }
    this.#region.removeAttribute("aria-busy");
    this.#say("slate-failed", null, { error });
  }

  // Whoever had a card in hand has it, or the one in its place, when the cards are new.
  #draw() {
    const cards = () => [...this.#region.querySelectorAll("[data-item]")];
    const held = this.shadowRoot.activeElement?.closest("[data-item]");
    const at = cards().indexOf(held);
    this.#region.setAttribute("aria-label", this.heading?.trim() || this.word("label"));
    this.#region.toggleAttribute("hidden", this.slate?.items.length === 0);
    this.#region.replaceChildren(...this.draw(this.slate).filter((node) => node !== null));
    if (this.slate) this.#region.removeAttribute("aria-busy");
    else this.#region.setAttribute("aria-busy", "true");
    if (!held) return;
    const again = cards().find((one) => one.dataset.item === held.dataset.item) ?? cards()[Math.min(at, cards().length - 1)];
    again?.querySelector("a, button")?.focus({ preventScroll: true });
  }

  // Says an event of this slot; false where the page prevented what follows.
  #say(name, item = null, more = {}) {
    const position = item ? this.slate.items.indexOf(item) + 1 : undefined;
    const detail = { slate: this.slate, ...placeOf(this), ...(item ? { item, position } : {}), ...more };
    return this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, cancelable: name === "slate-click", detail }));
  }

  // An impression is what was in front of somebody for a second, not what was sent; or what they clicked before that.
  #watch() {
    this.#unwatch();
    const { slate, whom, place } = this.#shown;
    if (!slate.items.length || this.#shown.seen) return;
    const shown = this.#shown;
    this.#seen = () => {
      this.#unwatch();
      this.#seen = () => {};
      shown.seen = true;
      this.#say("slate-shown");
      if (slate.slate_id && this.#reports("shown")) this.#tellShown(slate, whom, place);
    };
    this.#unwatch = whenSeen(this, () => this.#seen());
  }

  // The same slate in front of the same person again, as after a reload, is the same event.
  #tellShown(slate, whom, { surface, slot }) {
    const user = whom.user || visitor();
    outbox(whom.server, whom.key).add("impressions", {
      event_id: `shown-${slate.slate_id}-${user}`,
      slate_id: slate.slate_id,
      user_id: user,
      item_ids: slate.items.map((item) => item.item_id),
      sources: slate.items.map((item) => item.source ?? ""),
      surface,
      slot,
    });
  }
}
