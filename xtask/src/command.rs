//! How does xtask run other programs? Shown before they start, and repeatable by hand when they fail.

use std::env;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Shows the command and runs it on this terminal.
pub fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", shown(command));
    let status = command.status().with_context(|| not_started(command))?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// Like [`run`], but a program that has not ended after `limit` is ended.
pub fn run_within(limit: Duration, command: &mut Command) -> Result<()> {
    println!("$ {}", shown(command));
    let start = Instant::now();
    let mut child = command.spawn().with_context(|| not_started(command))?;
    loop {
        match child.try_wait()? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => bail!("`{}` failed ({status})", shown(command)),
            None if start.elapsed() > limit => {
                child.kill()?;
                child.wait()?;
                bail!(
                    "`{}` had not ended after {} s",
                    shown(command),
                    limit.as_secs()
                );
            }
            None => sleep(Duration::from_millis(50)),
        }
    }
}

/// What the program prints, without the last line break; `None` if it is missing or fails.
pub fn output(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim_end().to_owned())
}

/// Where the program is in PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(&name))
        .find(|path| path.is_file())
}

/// Installs Debian packages, as root or with a sudo that asks nothing.
pub fn apt_install(packages: &[&str]) -> Result<()> {
    let by_hand = format!(
        "sudo apt-get install --no-install-recommends {}",
        packages.join(" ")
    );
    if find("apt-get").is_none() {
        bail!("there is no apt-get on this machine");
    }
    let is_root = output("id", &["-u"]).as_deref() == Some("0");
    if !is_root && output("sudo", &["-n", "true"]).is_none() {
        bail!("apt-get needs root here: run `{by_hand}`, then this command again");
    }
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(if is_root { "env" } else { "sudo" });
        if !is_root {
            command.args(["-n", "env"]);
        }
        command.args([
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-q",
            "-o",
            "DPkg::Lock::Timeout=300",
        ]);
        command.args(arguments);
        command
    };
    // Old package lists name files that are gone; without a network the install may still work from apt's cache.
    if let Err(error) = run(&mut apt(&["update"])) {
        println!("{error}; going on with the package lists that are here");
    }
    let install = ["install", "-y", "--no-install-recommends"];
    run(&mut apt(&[&install, packages].concat()))
        .with_context(|| format!("`{by_hand}` would mend it"))
}

/// The command as one would type it in the repository's root.
pub fn shown(command: &Command) -> String {
    let mut words = Vec::new();
    if let Some(folder) = command.get_current_dir() {
        words.push(format!("cd {} &&", folder.display()));
    }
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            words.push(format!("{}={}", name.display(), quoted(value)));
        }
    }
    words.push(quoted(command.get_program()));
    words.extend(command.get_args().map(quoted));
    words.join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "-_=+./,:@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn not_started(command: &Command) -> String {
    format!("`{}` could not be started", command.get_program().display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_command_can_be_typed_again() {
        let mut command = Command::new("cargo");
        command
            .args(["test", "two words", "it's"])
            .env("RUSTDOCFLAGS", "-D warnings")
            .current_dir("tests");
        assert_eq!(
            shown(&command),
            r"cd tests && RUSTDOCFLAGS='-D warnings' cargo test 'two words' 'it'\''s'"
        );
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let mut sleeper = Command::new("sleep");
        let error = run_within(Duration::from_millis(100), sleeper.arg("60")).unwrap_err();
        assert!(error.to_string().contains("had not ended"), "{error}");
    }
}
