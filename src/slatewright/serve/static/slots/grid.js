// Products in rows and columns.

import { SlateElement } from "./element.js";
import { make } from "./making.js";

export class SlateGrid extends SlateElement {
  draw() {
    return [this.head(), make("ul", { class: "grid", part: "grid", role: "list" }, ...this.cards())];
  }
}
