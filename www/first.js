// Is the page only a part of another one? Said before anything is painted, so that nobody sees the rest of it.
"use strict";
if (new URLSearchParams(location.search).get("embed")) document.documentElement.classList.add("embedded");
