//! How does one run what may never end, or eat all memory? In processes of its own, which are ended in time.

use std::fs::{self, OpenOptions};
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The most that a program, and all that it starts, may take.
#[derive(Clone, Copy)]
pub struct Limits {
    pub time: Duration,
    /// In bytes; watched on Linux only.
    pub memory: u64,
}

/// Rare, because looking takes time from what is measured.
const LOOK: Duration = Duration::from_millis(500);

/// The few lines that the program prints, or why there are none, in a few words. Its complaints are added to `log`.
pub fn output(command: &mut Command, limits: Limits, log: &Path) -> Result<String, String> {
    let complaints = OpenOptions::new()
        .create(true)
        .append(true)
        .open(log)
        .map_err(|error| format!("{}: {error}", log.display()))?;
    command.stdout(Stdio::piped()).stderr(complaints);
    let program = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .spawn()
        .map_err(|error| format!("{program} can't be started: {error}"))?;
    let start = Instant::now();
    let mut looked = start;
    let status = loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            break status;
        }
        if start.elapsed() > limits.time {
            end(&mut child);
            return Err(format!("not done after {} s", limits.time.as_secs()));
        }
        if looked.elapsed() > LOOK {
            looked = Instant::now();
            let used: u64 = tree(child.id()).into_iter().map(resident).sum();
            if used > limits.memory {
                end(&mut child);
                return Err(format!(
                    "out of memory (over {} GB)",
                    limits.memory / 1_000_000_000
                ));
            }
        }
        sleep(Duration::from_millis(20));
    };
    let mut text = String::new();
    let mut stdout = child.stdout.take().expect("a pipe");
    stdout
        .read_to_string(&mut text)
        .map_err(|error| error.to_string())?;
    if status.success() {
        Ok(text)
    } else {
        Err(format!("failed ({status}; {} says why)", log.display()))
    }
}

/// Ends the child and what it started.
fn end(child: &mut Child) {
    // Its descendants first: once it is gone, nobody knows whose they were.
    let descendants = tree(child.id()).into_iter().skip(1);
    for id in descendants {
        // It may have ended by itself meanwhile.
        let _ = Command::new("kill").args(["-9", &id.to_string()]).status();
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// The process and all its descendants; itself alone where there is no /proc.
fn tree(root: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let id: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            Some((id, parent(&stat)?))
        })
        .collect();
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&id) = found.get(next) {
        found.extend(
            parents
                .iter()
                .filter(|(_, parent)| *parent == id)
                .map(|(child, _)| child),
        );
        next += 1;
    }
    found
}

/// 1 from "17 (a name) S 1 …"; a name may have blanks and brackets in it.
fn parent(stat: &str) -> Option<u32> {
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

/// Bytes of memory that the process has, or 0 if it has ended.
fn resident(id: u32) -> u64 {
    let kilobytes = || {
        let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    kilobytes().unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, limits: Limits) -> Result<String, String> {
        let log = std::env::temp_dir().join("superposition-peers-test.log");
        output(Command::new("sh").args(["-c", script]), limits, &log)
    }

    const GENEROUS: Limits = Limits {
        time: Duration::from_secs(60),
        memory: 1 << 40,
    };

    #[test]
    fn a_program_within_its_limits_is_heard() {
        assert_eq!(shell("echo 3", GENEROUS), Ok("3\n".to_owned()));
        assert!(
            shell("exit 4", GENEROUS)
                .unwrap_err()
                .contains("exit status: 4")
        );
    }

    #[test]
    fn a_program_that_hangs_is_ended_with_what_it_started() {
        let time = Duration::from_millis(100);
        let start = Instant::now();
        let late = shell("sleep 61 & sleep 62", Limits { time, ..GENEROUS });
        assert!(late.unwrap_err().contains("not done"));
        assert!(start.elapsed() < Duration::from_secs(30));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_program_that_takes_too_much_memory_is_ended() {
        let greedy = shell(
            "sleep 60; true",
            Limits {
                memory: 1,
                ..GENEROUS
            },
        );
        assert!(greedy.unwrap_err().contains("out of memory"));
    }

    #[test]
    fn parents_are_read_whatever_a_program_is_called() {
        assert_eq!(parent("17 (a) b) S 5 17 17"), Some(5));
        assert_eq!(parent(""), None);
    }
}
