// The page: who shops, what was clicked, and three slots that react.

import { aboutShop, acted, historyOf, newId } from "./api.js";
import "./slots.js";
import "./dialog.js";
import { card, make } from "./parts.js";

const $ = (selector) => document.querySelector(selector);
const [banner, carousel, grid] = ["slate-banner", "slate-carousel", "slate-grid"].map($);
const state = { user: "", category: null, basket: 0, turn: 0 };

// A newer refresh makes an older one stop: slots never mix two users.
async function refresh() {
  const turn = (state.turn += 1);
  const current = () => turn === state.turn;
  const exclude = [];
  for (const slot of [banner, carousel]) {
    exclude.push(...(await slot.load(state.user, { exclude })));
    if (!current()) return;
  }
  await grid.load(state.user, { exclude, category: state.category });
  if (current()) await recall();
  document.body.dataset.turn = String(turn);
}

async function recall() {
  const items = await historyOf(state.user, 8).catch(() => []);
  $(".seen").hidden = items.length === 0;
  $("#history").replaceChildren(...items.map((item) => make("li", {}, card(item, null))));
}

async function act(kind, item, slate, words) {
  try {
    await acted(state.user, kind, item.item_id, slate?.slate_id);
    say(words);
    await refresh();
  } catch (error) {
    say(`Something went wrong: ${error.message}.`);
  }
}

let quiet = 0;
function say(words) {
  const status = $("#status");
  status.textContent = words;
  status.classList.add("on");
  clearTimeout(quiet);
  quiet = setTimeout(() => status.classList.remove("on"), 3500);
}

addEventListener("product-open", async ({ detail: { item, slate } }) => {
  await $("product-dialog").open(state.user, item, slate);
  await act("view", item, slate, `You looked at ${item.title}. The slates know it.`);
});
addEventListener("product-add", ({ detail: { item, slate } }) => {
  $("#basket").textContent = state.basket += 1;
  act("cart", item, slate, `${item.title} is in the basket.`);
});
addEventListener("product-buy", ({ detail: { item, slate } }) => act("purchase", item, slate, `You bought ${item.title}.`));

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
  const user = `visitor-${newId().slice(0, 6)}`;
  $("#who").prepend(make("option", { value: user, selected: true }, user));
  return user;
}

function offerCategories(names) {
  const chip = (label, category) =>
    make("button", { type: "button", class: "chip", "aria-pressed": String(category === null), onclick: ({ currentTarget }) => {
      document.querySelectorAll(".chip").forEach((one) => one.setAttribute("aria-pressed", String(one === currentTarget)));
      state.category = category;
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
