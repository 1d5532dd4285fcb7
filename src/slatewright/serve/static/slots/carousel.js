// A row of products to move along: by its arrows, the arrow keys, a finger or a wheel.

import { SlateElement } from "./element.js";
import { make } from "./making.js";

const calmly = matchMedia("(prefers-reduced-motion: reduce)");
const smooth = () => (calmly.matches ? "instant" : "smooth");

export class SlateCarousel extends SlateElement {
  #track = null;
  #size = new ResizeObserver(() => this.#ends());

  draw() {
    this.#track = make("ul", { class: "track", part: "track", id: "track", role: "list", onscroll: () => this.#ends() },
      ...this.cards());
    this.#track.addEventListener("keydown", (event) => this.#key(event));
    this.#size.disconnect();
    this.#size.observe(this.#track);
    const arrow = (name, way, sign) => make("button", { type: "button", class: "arrow", part: `arrow ${name}`, "aria-label": this.word(name),
      "aria-controls": "track", "aria-disabled": "true", onclick: () => this.#turn(way) }, sign);
    return [
      this.head(make("span", { class: "arrows", part: "arrows" }, arrow("previous", -1, "‹"), arrow("next", 1, "›"))),
      this.#track,
    ];
  }

  get #forward() {
    return getComputedStyle(this).direction === "rtl" ? -1 : 1;
  }

  #turn(way) {
    const track = this.#track;
    track.scrollBy({ left: way * this.#forward * track.clientWidth * 0.85, behavior: smooth() });
  }

  // An arrow that leads nowhere says so, but keeps the focus of whoever just used it.
  #ends() {
    const { scrollLeft, scrollWidth, clientWidth } = this.#track;
    const [previous, next] = this.shadowRoot.querySelectorAll(".arrow");
    if (!next) return;
    const at = Math.abs(scrollLeft);
    previous.setAttribute("aria-disabled", String(at < 2));
    next.setAttribute("aria-disabled", String(at + clientWidth > scrollWidth - 2));
    previous.parentElement.classList.toggle("idle", scrollWidth <= clientWidth + 1);
  }

  #key(event) {
    const cards = [...this.#track.querySelectorAll(".open")];
    const at = cards.indexOf(this.shadowRoot.activeElement?.closest("li")?.querySelector(".open"));
    const step = { ArrowRight: this.#forward, ArrowLeft: -this.#forward }[event.key];
    const to = { Home: 0, End: cards.length - 1 }[event.key] ?? (step === undefined ? null : at + step);
    if (at < 0 || to === null || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const card = cards[Math.min(Math.max(to, 0), cards.length - 1)];
    card.focus({ preventScroll: true });
    card.closest("li").scrollIntoView({ behavior: smooth(), block: "nearest", inline: "nearest" });
  }
}
