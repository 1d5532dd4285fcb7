// How slots look. Text takes fonts and colours of the page; the rest can be set by --slate-… and ::part.
// Sheets are constructed, not written into the page: a content security policy without inline styles lets them be.

const HOST = `
:host {
  --_accent: var(--slate-accent, #1f5b4a);
  --_on-accent: var(--slate-on-accent, #fff);
  --_line: var(--slate-line, color-mix(in srgb, currentColor 16%, transparent));
  --_soft: color-mix(in srgb, currentColor 74%, transparent);
  --_ground: var(--slate-image-background, color-mix(in srgb, currentColor 7%, transparent));
  --_round: var(--slate-radius, 16px);
  --_gap: var(--slate-gap, 16px);
  display: block; container-type: inline-size; line-height: 1.4;
}
:host([hidden]), [hidden] { display: none !important; }
:host([bare]:is([state="empty"], [state="failed"])) { display: none; }
:host(:is([state="empty"], [state="failed"])) section, :host(:is([state="loading"], [state="filled"])) > slot { display: none; }
* { box-sizing: border-box; }
ul, p, h1, h2, h3, h4, h5, h6 { margin: 0; padding: 0; list-style: none; }
button, a { font: inherit; color: inherit; text-decoration: none; cursor: pointer; }
:focus-visible { outline: 3px solid var(--slate-focus, var(--_accent)); outline-offset: 2px; }
section { transition: opacity .15s; }
:host([state="filled"]) section[aria-busy="true"] { opacity: .6; }
.head { display: flex; align-items: center; justify-content: space-between; gap: 12px; min-height: 40px; margin-bottom: 12px; }
.heading { font: var(--slate-heading-font, inherit); font-size: var(--slate-heading-size, clamp(20px, 2.6cqi, 26px)); font-weight: 650; line-height: 1.2; text-wrap: balance; }
`;

const CARDS = `
li { position: relative; min-width: 0; }
.open { display: flex; flex-direction: column; width: 100%; height: 100%; padding: 0 0 12px; border: 1px solid var(--_line); border-radius: var(--_round);
  background: var(--slate-card-background, transparent); text-align: start; overflow: hidden; transition: box-shadow .16s, border-color .16s; }
.frame { display: block; aspect-ratio: var(--slate-image-ratio, 1); overflow: hidden; background: var(--_ground); }
.frame img { display: block; width: 100%; height: 100%; object-fit: var(--slate-image-fit, cover); transition: transform .3s; }
.title { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; height: 2.6em; margin: 11px 13px 6px; font-size: 14.5px; font-weight: 600; line-height: 1.3; overflow-wrap: anywhere; }
.line { display: flex; align-items: baseline; justify-content: space-between; gap: 8px; min-height: 1.35em; margin: auto 13px 0; font-size: 17px; }
.price { font-weight: 700; white-space: nowrap; }
.source { overflow: hidden; color: var(--_soft); font-size: 12px; text-overflow: ellipsis; white-space: nowrap; }
.add { position: absolute; inset-block-start: 8px; inset-inline-end: 8px; width: 40px; height: 40px; padding: 0; border: 0; border-radius: 50%;
  background: var(--_accent); color: var(--_on-accent); font-size: 22px; line-height: 1; box-shadow: 0 2px 8px rgb(0 0 0 / 22%); }
@media (hover: hover) {
  a.open:hover, button.open:hover { border-color: color-mix(in srgb, currentColor 34%, transparent); box-shadow: 0 10px 26px -16px rgb(0 0 0 / 55%); }
  .open:hover img { transform: scale(1.04); }
  .add:hover { filter: brightness(1.15); }
}
.blank i { display: block; height: .8em; margin: .25em 0; border-radius: 6px; background: var(--_ground); }
.blank .title { display: block; }
.blank .title i + i { width: 60%; }
.blank .line i { width: 4em; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(var(--slate-card-width, 180px), 44cqi), 1fr)); gap: calc(var(--_gap) * 1.25) var(--_gap); }
`;

const CAROUSEL = `
.track { display: grid; grid-auto-flow: column; grid-auto-columns: min(var(--slate-card-width, 208px), 43cqi); gap: var(--_gap); margin: -6px; padding: 6px 6px 14px;
  overflow-x: auto; overscroll-behavior-x: contain; scroll-snap-type: x proximity; scroll-padding: 6px; scrollbar-width: none; }
.track li { scroll-snap-align: start; }
.head .arrows { margin-inline-start: auto; }
.arrows { display: flex; gap: 8px; }
.arrows.idle { visibility: hidden; }
.arrow { display: grid; place-items: center; width: 40px; height: 40px; padding: 0 0 3px; border: 1px solid var(--_line); border-radius: 50%; background: var(--slate-card-background, transparent); font-size: 22px; line-height: 1; }
.arrow:dir(rtl) { transform: scaleX(-1); }
.arrow[aria-disabled="true"] { opacity: .38; cursor: default; }
@media (hover: hover) { .arrow:not([aria-disabled="true"]):hover { border-color: currentColor; } }
@container (max-width: 520px) {
  .arrows, .source { display: none; }
  .heading { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; text-wrap: wrap; }
  .add { width: 36px; height: 36px; font-size: 20px; }
}
`;

const BANNER = `
.banner { display: grid; grid-template-columns: minmax(0, 1fr) min(40cqi, 400px); min-height: 400px; overflow: hidden; border-radius: calc(var(--_round) * 1.5); color: var(--slate-banner-color, var(--_on-accent)); }
.words { display: flex; background: var(--slate-banner-background, linear-gradient(120deg, var(--_accent) 35%, color-mix(in srgb, var(--_accent), #000 24%))); flex-direction: column; justify-content: center; padding: 26px clamp(24px, 4.2cqi, 52px); }
.stage { position: relative; min-height: 100%; background: var(--_accent); }
.stage img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: var(--slate-image-fit, cover); }
.eyebrow { margin-bottom: 12px; color: var(--slate-highlight, inherit); font-size: 13px; font-weight: 650; letter-spacing: .07em; text-transform: uppercase; }
.name { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; font: var(--slate-heading-font, inherit); font-size: clamp(27px, 3.5cqi, 44px); font-weight: 650; line-height: 1.15; text-wrap: balance; overflow-wrap: anywhere; }
.shelf { margin-top: 10px; opacity: .86; }
.banner .price { margin-top: 6px; font-size: 21px; font-weight: 650; }
.reason { height: 1.5em; margin-top: 16px; overflow: hidden; font-style: italic; opacity: .92; text-overflow: ellipsis; white-space: nowrap; }
.actions { display: flex; flex-wrap: wrap; gap: 10px; margin-top: 22px; }
.look, .plus { padding: 12px 22px; border: 1px solid transparent; border-radius: 999px; font-weight: 650; }
.look { background: var(--slate-highlight, var(--_on-accent)); color: var(--slate-on-highlight, var(--_accent)); }
.plus { border-color: color-mix(in srgb, currentColor 50%, transparent); background: transparent; }
.banner :focus-visible { outline-color: currentColor; }
.banner.blank { color: inherit; }
.banner.blank .words { background: var(--_ground); }
.banner.blank i { width: 70%; height: 1.6em; margin: .4em 0; }
.banner.blank .stage { background: var(--_ground); }
@container (max-width: 640px) {
  .banner { grid-template-columns: minmax(0, 1fr); grid-template-rows: 230px minmax(250px, auto); }
  .stage { order: -1; min-height: 0; }
  .words { justify-content: start; padding: 22px 22px 16px; }
  .look, .plus { padding: 11px 17px; font-size: 15px; }
  .reason { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; height: 2.8em; font-size: 14.5px; white-space: normal; }
}
`;

const CALM = "@media (prefers-reduced-motion: reduce) { *, section { transition: none !important; scroll-behavior: auto !important; } .open:hover img { transform: none; } }";

let made = null;
export function sheets() {
  made ??= [HOST, CARDS, CAROUSEL, BANNER, CALM].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  return made;
}
