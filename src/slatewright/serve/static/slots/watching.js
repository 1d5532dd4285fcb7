// When a slot was really seen: half of it, or half of the window, for a second of a page that is in front.

const LONG_ENOUGH = 1000; // ms
const STEPS = Array.from({ length: 51 }, (_, step) => step / 50);

const enough = ({ intersectionRatio, intersectionRect, rootBounds }) =>
  intersectionRatio >= 0.5 || (rootBounds !== null && intersectionRect.height >= rootBounds.height / 2 && intersectionRect.width > 0);

// Calls `then` once; gives a function that ends the watch.
export function whenSeen(element, then) {
  let timer = null;
  let inView = false;
  const look = () => {
    clearTimeout(timer);
    if (inView && document.visibilityState === "visible") timer = setTimeout(seen, LONG_ENOUGH);
  };
  const observer = new IntersectionObserver((entries) => {
    const now = enough(entries.at(-1));
    if (now === inView) return;
    inView = now;
    look();
  }, { threshold: STEPS });
  const stop = () => {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener("visibilitychange", look);
  };
  const seen = () => {
    stop();
    then();
  };
  document.addEventListener("visibilitychange", look);
  observer.observe(element);
  return stop;
}

// Resolves when an element is on the screen or a bit below it.
export function whenNear(element) {
  return new Promise((near) => {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      near();
    }, { rootMargin: "600px" });
    observer.observe(element);
  });
}
