// A plain script in the head, so that the page is never drawn in the wrong theme first.
(() => {
  const KEPT = "comeback.theme";
  const root = document.documentElement;

  const showKept = () => {
    const kept = localStorage.getItem(KEPT);
    if (kept) root.dataset.theme = kept;
  };

  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-testid=theme]")) return;
    localStorage.setItem(KEPT, isDark() ? "light" : "dark");
    showKept();
  });

  showKept();
})();
