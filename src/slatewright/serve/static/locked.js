// Opens pages that are kept for whoever has a key: asks for it once, sends it in a header, follows links with it.

import { forget, held, hold, withKey } from "./key.js";
import { make } from "./slots/making.js";

const OURS = "/slates";
const form = document.querySelector("#unlock");
const said = document.querySelector("#said");

const here = () => location.pathname + location.search;
const asks = (path) => fetch(path, { headers: { ...withKey(held()), Accept: "text/html" }, cache: "no-store", redirect: "error" });

async function problemOf(answer) {
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 401) return "This key opens nothing here.";
  return told.detail ?? `the server said ${answer.status}`;
}

// The page as it was answered: its markup has no script, and its one style sheet becomes this document's.
function show(html) {
  const [before, style, after] = html.split(/<style>|<\/style>/, 3);
  const told = new DOMParser().parseFromString(before + after, "text/html");
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet];
  document.title = told.title;
  const out = make("button", { type: "button" }, "Forget the key");
  out.addEventListener("click", () => {
    forget();
    location.reload();
  });
  document.body.replaceChildren(make("div", { class: "forget" }, out), ...told.body.children);
  scrollTo(0, 0);
}

// Whether the page opened; where it did not, its problem is told where the key is asked for, or in place of the page.
async function open(path) {
  const answer = await asks(path);
  if (answer.ok) {
    show(await answer.text());
    return true;
  }
  const problem = await problemOf(answer);
  if (answer.status === 401 || answer.status === 403) forget();
  if (form.isConnected) said.textContent = problem;
  else if (held()) document.querySelector("main").replaceChildren(make("h1", {}, "Not to be opened"), make("p", { role: "alert" }, problem));
  else location.reload();
  return false;
}

function unlock() {
  form.hidden = false;
  form.elements[0].focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  hold(form.elements[0].value.trim());
  open(here()).catch((error) => (said.textContent = String(error)));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || link.origin !== location.origin || !link.pathname.startsWith(OURS)) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  open(here());
});

addEventListener("popstate", () => open(here()));

if (!held() || !(await open(here()))) unlock();
