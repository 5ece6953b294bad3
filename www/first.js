// What must be known before anything is painted: is the page only a part of another one, so that nobody sees the rest of it? And
// which theme did the reader choose?
"use strict";
if (new URLSearchParams(location.search).get("embed")) document.documentElement.classList.add("embedded");
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // A frame without an origin of its own keeps nothing.
}
