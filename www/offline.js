// The page asks the browser to keep a copy of it, for when there is no network (app/sw.js).

import { embedded } from "./embed.js";
import { inlined } from "./inlined.js";

/** Once the page has settled; not as one file, which is a copy itself, nor as a part of another page. */
export function keepCopy() {
  if (inlined || embedded || !("serviceWorker" in navigator)) return;
  addEventListener("load", () => {
    setTimeout(() => navigator.serviceWorker.register("sw.js").catch(() => {}), 2000); // a browser may forbid it
  });
}
