// A page says in data-scene what it was made for; its live part says in data-scene-now where the session
// is. When the two differ the page is loaded anew; what was being typed is kept as a draft.
export function followScene() {
  const page = document.querySelector("[data-scene]");
  if (!page) return;
  const look = () => {
    const now = page.querySelector("[data-scene-now]")?.dataset.sceneNow;
    if (now && now !== page.dataset.scene) {
      watcher.disconnect();
      location.replace(location.pathname + location.search);
    }
  };
  const watcher = new MutationObserver(look);
  watcher.observe(page, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-scene-now"] });
}
