// What does the query of an address say, after chats, mail programs and people have passed it on? They encode it twice, write `&` as
// in HTML, change capitals, put the end of a sentence behind it, and add keys of their own. Knows no document.

/** Keys that belong to others: what is embedded, and what other sites add to links to count who follows them. */
export const FOREIGN = new RegExp(
  `^(embed|ref|ref_src|ref_url|source|si|share|spm|ncid|cmpid|epik|trk|xtor|_x_tr_\\w+|_branch_match_id|(utm|pk|mtm|piwik|matomo|fb|hs|_hs|__hs|mc|ml|ck|oly|vero|wt|elq|ga|_ga|at|sc)_\\w+` +
    `|_ga|_gl|_kx|_ke|_hsenc|_hsmi|hsctatracking|mkt_tok|igshid|igsh|et_rid|nr_email_referer|\\w*clid|\\w*clkid|gclsrc|gad_source|[gw]braid|li_fat_id|srsltid|_openstat|s_cid|elqtrackid)$`,
);

/** What sentences and their marks leave behind the last value. */
const ENDING = /[\s.,;:!?)\]}>'"»”’…*_]+$/;
/** Nobody sees these. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;

/** A text without its percent signs, or as it is where they encode nothing. @param {string} text */
export function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The keys in small letters, each once, and the keys that had several different values, of which the first holds.
 * @param {string} query @returns {{given: URLSearchParams, repeated: string[]}}
 */
export function readQuery(query) {
  // An equals sign that is encoded belongs to a query that was encoded once too often.
  const pieces = query
    .replace(/^\?/, "")
    .split("&")
    .flatMap((piece) => (!piece.includes("=") && /%3d/i.test(piece) ? decoded(piece).split("&") : [piece]));
  const given = new URLSearchParams();
  const repeated = new Set();
  const pairs = [...new URLSearchParams(pieces.map((piece) => piece.replace(/^(amp;)+/i, "")).join("&"))];
  for (const [k, [name, text]] of pairs.entries()) {
    const key = name.replace(INVISIBLE, "").trim().toLowerCase();
    const bare = text.replace(INVISIBLE, "");
    const value = k === pairs.length - 1 ? bare.replace(ENDING, "") : bare;
    if (!given.has(key)) given.set(key, value);
    else if (given.get(key) !== value && !FOREIGN.test(key)) repeated.add(key);
  }
  return { given, repeated: [...repeated] };
}
