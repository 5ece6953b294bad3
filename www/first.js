// What must be known before anything is painted: do scripts run at all, is the page only a part of another one, so that nobody sees
// the rest of it, and which theme did the reader choose? And whatever stops the page's module: the reader then sees what readers
// without scripts see (`.without`), which is in the HTML and hidden only while there is hope.
"use strict";
{
  /** A module that has not begun after so long is given up; it takes over if it comes after all. */
  const PATIENCE_MS = 15_000;
  const root = document.documentElement;
  // A copy that a browser saved has the classes of the page that was saved.
  root.className = "scripts";
  // A guess, until `embed.js` has read the address as a whole.
  if (/[?&;]embed=[^&]/i.test(location.search)) root.classList.add("embedded");
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch {
    // A frame without an origin of its own keeps nothing.
  }

  // A copy that a browser saves has what scripts made, which would be made again. So the page keeps itself as it came. (The
  // document has been read, and its modules have not begun.)
  const asItCame = () => {
    const kept = document.getElementById("as-it-came");
    if (kept) document.body.innerHTML = kept.textContent;
    else document.head.append(Object.assign(document.createElement("script"), { type: "text/plain", id: "as-it-came", textContent: document.body.innerHTML }));
  };
  document.addEventListener("readystatechange", asItCame, { once: true });

  const giveUp = () => root.classList.contains("works") || root.classList.remove("scripts", "embedded");
  // A script that can't be fetched or read, or that fails before the page works (main.js says when it does).
  addEventListener("error", ({ target }) => (target === window || target instanceof HTMLScriptElement) && giveUp(), true);
  setTimeout(giveUp, PATIENCE_MS);
}
