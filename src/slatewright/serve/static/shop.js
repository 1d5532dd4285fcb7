// The page: who shops, what was clicked, and slots that react.

import { aboutShop, historyOf, somebodyNew } from "./api.js";
import "./slots.js";
import "./dialog.js";
import { make } from "./slots/making.js";

const $ = (selector) => document.querySelector(selector);
const [banner, page, grid, seen] = ["slate-banner", "slate-page", "slate-grid", "#seen"].map($);
const state = { user: "", basket: 0, turn: 0 };

const shown = (...slots) => slots.flatMap((slot) => slot.slate?.items ?? []).map((item) => item.item_id);

// Everybody is asked anew; no product stands on the page twice. A newer round makes an older one stop.
async function refresh() {
  const turn = (state.turn += 1);
  for (const slot of [banner, page, grid]) {
    const above = slot === banner ? [] : shown(banner, ...(slot === grid ? page.children : []));
    slot.setAttribute("exclude", JSON.stringify(above));
    slot.setAttribute("user", state.user);
    await slot.refresh();
    if (turn !== state.turn) return;
  }
  await recall();
  document.body.dataset.turn = String(turn);
}

async function recall() {
  const items = await historyOf(state.user, 12).catch(() => []);
  seen.slate = { slate_id: null, user_id: state.user, items, fallback: null };
}

const WORDS = {
  view: (title) => `You looked at ${title}. The slates know it.`,
  cart: (title) => `${title} is in the basket.`,
  purchase: (title) => `You bought ${title}.`,
};

// The slot tells the server, with its slate_id; then everything is asked anew.
async function act(slot, kind, item) {
  if (kind === "cart") $("#basket").textContent = state.basket += 1;
  const kept = await slot.report(kind, item);
  say(kept ? WORDS[kind](slot.titleOf(item)) : "Something went wrong: the event did not reach the server.");
  await refresh();
}

let quiet = 0;
function say(words) {
  const status = $("#status");
  status.textContent = words;
  status.classList.add("on");
  clearTimeout(quiet);
  quiet = setTimeout(() => status.classList.remove("on"), 3500);
}

addEventListener("slate-click", async ({ target: slot, detail: { item } }) => {
  await $("product-dialog").open(state.user, item, (kind) => act(slot, kind, item));
  await act(slot, "view", item);
});
addEventListener("slate-basket", ({ target: slot, detail: { item } }) => act(slot, "cart", item));

function choose(user) {
  state.user = user;
  sessionStorage.setItem("user", user);
  return refresh();
}

function offerUsers(examples) {
  const asked = new URLSearchParams(location.search).get("user") ?? sessionStorage.getItem("user");
  const users = [...new Set([...(asked ? [asked] : []), ...examples])];
  $("#who").append(...users.map((user) => make("option", { value: user }, user)), make("option", { value: "" }, "Someone new"));
  $("#who").addEventListener("change", ({ target }) => choose(target.value || someoneNew()));
  return users[0] ?? someoneNew();
}

function someoneNew() {
  const user = somebodyNew();
  $("#who").prepend(make("option", { value: user, selected: true }, user));
  return user;
}

function offerCategories(names) {
  const chip = (label, category) =>
    make("button", { type: "button", class: "chip", "aria-pressed": String(category === null), onclick: ({ currentTarget }) => {
      document.querySelectorAll(".chip").forEach((one) => one.setAttribute("aria-pressed", String(one === currentTarget)));
      grid.setAttribute("category", category === null ? "" : JSON.stringify([category]));
      refresh();
    } }, label);
  if (names.length) $("#chips").append(chip("Everything", null), ...names.slice(0, 14).map((name) => chip(name, name)));
}

try {
  const about = await aboutShop();
  document.title = about.name;
  $("#name").textContent = about.name;
  $("#version").textContent = about.version;
  $("#size").textContent = `${about.items.toLocaleString("en")} products and ${about.users.toLocaleString("en")} people`;
  offerCategories(about.categories);
  await choose(offerUsers(about.examples));
} catch (error) {
  $("#slots").replaceChildren(make("p", { class: "nothing" }, `The shop is not open yet: ${error.message}`));
}
