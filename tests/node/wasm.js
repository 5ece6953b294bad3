// The page's wasm, without a page: its glue is a classic script.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const pkg = new URL("../../www/pkg/", import.meta.url);

/** @type {any} */
export const api = vm.runInThisContext(`${readFileSync(new URL("superposition.js", pkg), "utf8")}\nwasm_bindgen`);
api.initSync({ module: readFileSync(new URL("superposition_bg.wasm", pkg)) });
