// <script type="module" src="https://…/static/slots.js"></script> gives a page its slots; docs/slots.md tells the rest.
// Every part is named here, so that the browser fetches them all at once.

import "./slots/making.js";
import "./slots/look.js";
import "./slots/asking.js";
import "./slots/session.js";
import "./slots/reporting.js";
import "./slots/watching.js";
import "./slots/cards.js";
import "./slots/element.js";
import { SlateBanner } from "./slots/banner.js";
import { SlateCarousel } from "./slots/carousel.js";
import { SlateGrid } from "./slots/grid.js";
import { SlatePage } from "./slots/page.js";

export { looked } from "./slots/session.js";

const SLOTS = { "slate-banner": SlateBanner, "slate-carousel": SlateCarousel, "slate-grid": SlateGrid, "slate-page": SlatePage };
for (const [name, slot] of Object.entries(SLOTS)) if (!customElements.get(name)) customElements.define(name, slot);
