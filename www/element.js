// The lab for other people's pages, as an element of its own.
//
//   <script src="superposition-lab.js"></script>
//   <superposition-lab t="5"></superposition-lab>

import { LabElement } from "./lab/element.js";

// The script may stand on a page twice.
if (!customElements.get("superposition-lab")) customElements.define("superposition-lab", LabElement);
