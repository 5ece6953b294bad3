//! Which other engines than Chromium's are here, and what installs them? tests/engines looks for them in the same places.

use std::fs;
use std::path::Path;

use crate::command;

/// A browser with what drives it.
pub struct Engine {
    name: &'static str,
    packages: &'static [&'static str],
    is_here: fn() -> bool,
}

pub const ALL: [Engine; 2] = [
    Engine {
        name: "Firefox",
        packages: &["firefox-esr"],
        is_here: || {
            ["/usr/bin/firefox-esr", "/usr/bin/firefox"]
                .iter()
                .any(|path| works(path))
        },
    },
    Engine {
        name: "WebKit",
        packages: &["webkit2gtk-driver", "xvfb"],
        is_here: || {
            Path::new("/usr/bin/WebKitWebDriver").exists()
                && Path::new("/usr/bin/Xvfb").exists()
                && has_mini_browser()
        },
    },
];

/// Installs what is missing, and returns the names of those that can't be had.
pub fn install() -> Vec<&'static str> {
    let missing = ALL.iter().filter(|engine| !engine.can_be_had());
    missing.map(|engine| engine.name).collect()
}

impl Engine {
    fn can_be_had(&self) -> bool {
        if (self.is_here)() {
            return true;
        }
        println!("Installing {}.", self.name);
        if let Err(error) = command::apt_install(self.packages) {
            println!("{} can't be installed: {error:#}", self.name);
        }
        (self.is_here)()
    }
}

/// Ubuntu has a `firefox` that only says where the real one can be had; so ask for a version.
fn works(browser: &str) -> bool {
    command::output(browser, &["--version"]).is_some()
}

/// WebKit's browser for tests lies beside its library, in a folder named after the processor and the version.
fn has_mini_browser() -> bool {
    let folders = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten();
    let libraries = folders(Path::new("/usr/lib"));
    let versions = libraries.flat_map(|library| folders(&library.path()));
    versions.into_iter().any(|version| {
        version.file_name().to_string_lossy().starts_with("webkit")
            && version.path().join("MiniBrowser").exists()
    })
}
