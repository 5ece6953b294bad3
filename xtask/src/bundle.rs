//! How does the page become one file? Its scripts, styles and wasm go into `superposition.html`, which works by a double
//! click, and into `superposition-lab.js`, which brings the lab to other people's pages.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, write::GzEncoder};

use crate::site::{DIST, collect, remove_folder};
use crate::{command, node, pictures};

const PAGE: &str = "superposition.html";
const ELEMENT: &str = "superposition-lab.js";

/// Where the files of sweeps are.
const DATA: &str = "www/data";

/// The grids whose figures the page in one file carries: the paper's, and both reductions.
const CARRIED: [&str; 7] = [
    "main",
    "main-large",
    "main-sum",
    "classroom",
    "map-paper",
    "decay-paper",
    "length-paper",
];

/// In the environment: where the page will be published. Links that copies without an address of their own make lead there.
const HOME: &str = "PAGE_ADDRESS";

/// Copies of the page's modules, with another `inlined.js`.
const WORKSHOP: &str = "target/bundle";

/// Files in `dist/` that carry everything inside.
pub fn files() -> [PathBuf; 2] {
    [PAGE.into(), ELEMENT.into()]
}

/// Writes them, from a `dist/` that is built.
pub fn build() -> Result<()> {
    workshop()?;
    let scripts = bundled("main.js", "esm", "utf8")?;
    let page = page(&scripts)?;
    fs::write(Path::new(DIST).join(PAGE), page)?;
    // ASCII, because a page of another encoding may load it.
    let element = bundled("element.js", "iife", "ascii")?;
    fs::write(Path::new(DIST).join(ELEMENT), element)?;
    Ok(())
}

/// The modules as they are in `www/`, but for the one that says what the page carries inside.
fn workshop() -> Result<()> {
    remove_folder(WORKSHOP)?;
    let mut sources = Vec::new();
    collect(Path::new("www"), &mut sources)?;
    for source in sources {
        let glue = source == Path::new("www/pkg/superposition.js"); // not a module
        if source.extension().is_some_and(|kind| kind == "js") && !glue {
            let copy = Path::new(WORKSHOP).join(source.strip_prefix("www")?);
            fs::create_dir_all(copy.parent().expect("a file in a folder"))?;
            fs::copy(&source, copy)?;
        }
    }
    let wasm = packed("www/pkg/superposition_bg.wasm")?;
    let glue = fs::read_to_string("www/pkg/superposition.js")?;
    let worker = fs::read_to_string("www/worker.js")?;
    let mut css = String::new();
    for sheet in ["base.css", "figure.css", "lab/lab.css"] {
        css += &fs::read_to_string(Path::new(DIST).join("www").join(sheet))?;
    }
    // On another page rem is whatever that page says.
    let css = serde_json::to_string(&without_rem(&css))?;
    let pytorch = serde_json::to_string(&fs::read_to_string("www/lab/pytorch.py")?)?;
    let home = serde_json::to_string(&env::var(HOME).unwrap_or_default())?;
    // Functions, whose text makes a worker's script and which are called on the main thread.
    let module = format!(
        "export const inlined = {{\n\
         wasm: \"{wasm}\",\n\
         css: {css},\n\
         home: {home},\n\
         pytorch: {pytorch},\n\
         glue: function () {{\n{glue}\nreturn wasm_bindgen;\n}},\n\
         worker: function (wasm_bindgen) {{\n{worker}\nreturn trainerServer;\n}},\n}};\n"
    );
    fs::write(Path::new(WORKSHOP).join("inlined.js"), module)?;
    Ok(())
}

/// A file as the page unpacks it (`unpacked` in wasm.js): gzip, for a file that lies on a disk is compressed by no server, and
/// base64, as it stands in a text.
fn packed(file: impl AsRef<Path>) -> Result<String> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&fs::read(file)?)?;
    Ok(STANDARD.encode(encoder.finish()?))
}

/// Lengths of the browser's default font size, 16 px, as pixels.
fn without_rem(css: &str) -> String {
    let mut out = String::new();
    let mut pieces = css.split("rem").peekable();
    while let Some(piece) = pieces.next() {
        let number = piece.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        match piece[number.len()..].parse::<f64>() {
            Ok(lengths) if pieces.peek().is_some() => {
                out += &format!("{number}{}px", 16.0 * lengths);
            }
            _ => {
                out += piece;
                out += if pieces.peek().is_some() { "rem" } else { "" };
            }
        }
    }
    out
}

/// A module of the workshop with all that it imports.
fn bundled(module: &str, format: &str, charset: &str) -> Result<String> {
    let entry = format!("{WORKSHOP}/{module}");
    let out = format!("{WORKSHOP}/out/{module}");
    let (format, charset) = (format!("--format={format}"), format!("--charset={charset}"));
    let quiet = "--log-override:empty-import-meta=silent";
    let outfile = format!("--outfile={out}");
    command::run(&mut node::esbuild(&[
        &entry,
        "--bundle",
        "--minify",
        "--legal-comments=none",
        quiet,
        &format,
        &charset,
        &outfile,
    ]))?;
    Ok(fs::read_to_string(out)?)
}

/// `index.html` with its styles, its script and the data of its first view inside.
fn page(script: &str) -> Result<String> {
    let mut html = fs::read_to_string("index.html")?;
    while let Some((tag, sheet)) = tag(&html, "<link rel=\"stylesheet\" href=\"", ">") {
        let css = fs::read_to_string(Path::new(DIST).join(&sheet))?;
        html = html.replacen(&tag, &format!("<style>{}</style>", css.trim_end()), 1);
    }
    // There is no app to install, and no icon to fetch.
    if let Some((tag, _)) = tag(&html, "<link rel=\"manifest\" href=\"", ">") {
        html = html.replacen(&tag, "", 1);
    }
    while let Some(start) = html.find("src=\"www/still/") {
        let path = &html[start + 5..];
        let path = path[..path.find('"').context("an attribute without an end")?].to_owned();
        let picture = fs::read_to_string(&path).with_context(|| format!("{path} can't be read"))?;
        let address = pictures::data_address(&picture);
        html = html.replacen(&format!("src=\"{path}\""), &format!("src=\"{address}\""), 1);
    }
    let (first, source) =
        tag(&html, "<script src=\"", "></script>").context("index.html has no first script")?;
    let early = fs::read_to_string(Path::new(DIST).join(source))?;
    html = html.replacen(&first, &format!("<script>{}</script>", early.trim_end()), 1);
    let (tag, source) = tag(&html, "<script type=\"module\" src=\"", "></script>")
        .context("index.html has no module script")?;
    ensure!(
        source == "www/main.js",
        "index.html's script is {source}, not www/main.js"
    );
    ensure!(
        !script.contains("</script"),
        "the script would end its own element"
    );
    let inside = format!("{}<script type=\"module\">{script}</script>", data()?);
    Ok(html.replacen(&tag, &inside, 1))
}

/// The first element that begins so, and the value of the attribute that its beginning leaves open.
fn tag(html: &str, beginning: &str, end: &str) -> Option<(String, String)> {
    let start = html.find(beginning)?;
    let rest = &html[start + beginning.len()..];
    let value = &rest[..rest.find('"')?];
    let length = beginning.len() + value.len() + 1 + rest[value.len() + 1..].find(end)? + end.len();
    Some((html[start..start + length].to_owned(), value.to_owned()))
}

/// A script that says what is in the files of [`CARRIED`] sweeps that the page shows before anybody asks for a single run,
/// and in the module that draws them, by name, packed; nothing if there are none.
fn data() -> Result<String> {
    let mut inside = BTreeMap::new();
    let mut files = Vec::new();
    if Path::new(DATA).is_dir() {
        collect(Path::new(DATA), &mut files)?;
    }
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let grid = name.strip_suffix(".pack").unwrap_or_default();
        if name == "sweeps.json" || CARRIED.contains(&grid) {
            inside.insert(name.into_owned(), packed(&file)?);
        }
    }
    if inside.is_empty() {
        return Ok(String::new());
    }
    inside.insert(
        "sweeps_bg.wasm".to_owned(),
        packed("www/pkg/sweeps_bg.wasm")?,
    );
    let inside = serde_json::to_string(&inside)?;
    Ok(format!(
        "<script>globalThis.__superpositionData = {inside};</script>\n  "
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_become_pixels_and_words_stay() {
        assert_eq!(
            without_rem("a{margin:0 -.25rem 1.5rem;content:\"remote\"}.premium{gap:2rem}"),
            "a{margin:0 -4px 24px;content:\"remote\"}.premium{gap:32px}"
        );
    }

    #[test]
    fn an_elements_attribute_is_found_with_all_of_it() {
        let html = r#"<p><link rel="stylesheet" href="a.css" media="print"><b>"#;
        let (tag, value) = tag(html, "<link rel=\"stylesheet\" href=\"", ">").unwrap();
        assert_eq!(tag, r#"<link rel="stylesheet" href="a.css" media="print">"#);
        assert_eq!(value, "a.css");
    }
}
