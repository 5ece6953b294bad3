//! Does a grid come out the same from a cluster? A Slurm of one controller and two nodes, all on this machine, runs the job array of
//! `sweeps/slurm.sh` as it is; one task is taken from its node in mid-run and goes on; what the tasks stored, merged, is compared.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::command::{self, run};
use crate::python;

const PACKAGES: [&str; 2] = ["slurm-wlm", "munge"];
const PROGRAMS: [&str; 4] = [
    "/usr/sbin/munged",
    "/usr/sbin/slurmctld",
    "/usr/sbin/slurmd",
    "/usr/bin/sbatch",
];
const NODES: [&str; 2] = ["one", "two"];
const KEPT: &str = "target/cluster-tools";
const LAB: &str = "target/release/lab";
/// Runs of an instant, and a grid of a minute whose runs are stored.
const GRIDS: [(&str, u32); 2] = [("check", 4), ("nudged", 2)];
const PATIENCE: Duration = Duration::from_secs(1200);

/// What is not run is at least what its reader's schema allows.
fn schemas() -> Result<()> {
    fs::create_dir_all(KEPT)?;
    let python = python::with(Path::new("sweeps/requirements.txt"), Path::new(KEPT))?;
    let program = |name| Command::new(python.with_file_name(name));
    run(program("kubernetes-validate").args(["--strict", "sweeps/job.yaml"]))?;
    let mut workflows = program("check-jsonschema");
    workflows.args(["--builtin-schema", "vendor.github-workflows"]);
    for file in fs::read_dir(".github/workflows")? {
        workflows.arg(file?.path());
    }
    run(&mut workflows)
}

pub fn run_here() -> Result<()> {
    schemas()?;
    if !PROGRAMS.iter().all(|program| Path::new(program).exists()) {
        println!("Installing Slurm.");
        command::apt_install(&PACKAGES)?;
    }
    run(Command::new("cargo").args(["build", "--release", "--features", "cli", "--bin", "lab"]))?;
    let lab = env::current_dir()?.join(LAB);
    let cluster = Cluster::start(&env::current_dir()?.join("target/cluster"), &lab)?;
    for (grid, tasks) in GRIDS {
        cluster.makes(grid, tasks)?;
    }
    println!("\nThe cluster made the same runs, bit for bit.");
    Ok(())
}

/// Ends its daemons when it is dropped.
struct Cluster {
    folder: PathBuf,
    /// Where jobs are submitted: as the repository, with shards of its own.
    work: PathBuf,
}

impl Cluster {
    fn start(folder: &Path, lab: &Path) -> Result<Self> {
        let cluster = Self {
            folder: folder.to_owned(),
            work: folder.join("work"),
        };
        cluster.end();
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        let places = [
            "state",
            "one",
            "two",
            "munge",
            "work/target/release",
            "work/sweeps",
            "work/www/data",
        ];
        for place in places {
            fs::create_dir_all(folder.join(place))?;
        }
        symlink(lab, cluster.work.join(LAB))?;
        fs::copy("sweeps/slurm.sh", cluster.work.join("sweeps/slurm.sh"))?;

        // A key and a socket of its own, whatever else runs here. munge wants nobody else to read them.
        let munge = folder.join("munge");
        fs::set_permissions(&munge, fs::Permissions::from_mode(0o700))?;
        let key = munge.join("key");
        fs::write(&key, fs::read("/proc/sys/kernel/random/uuid")?)?;
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600))?;
        let option = |name: &str, file: &str| format!("--{name}={}", munge.join(file).display());
        run(Command::new(PROGRAMS[0]).arg("--force").args([
            option("key-file", "key"),
            option("socket", "socket"),
            option("pid-file", "pid"),
            option("log-file", "log"),
            option("seed-file", "seed"),
        ]))?;
        fs::write(cluster.configuration(), cluster.describe()?)?;
        run(&mut cluster.slurm(PROGRAMS[1], &[]))?;
        for node in NODES {
            run(&mut cluster.slurm(PROGRAMS[2], &["-N", node]))?;
        }
        cluster.wait("idle nodes", || {
            let states = cluster.told("sinfo", &["--noheader", "--format=%D %t"])?;
            Ok(states.trim() == "2 idle")
        })?;
        run(&mut cluster.slurm("sinfo", &[]))?;
        Ok(cluster)
    }

    fn configuration(&self) -> PathBuf {
        self.folder.join("slurm.conf")
    }

    /// Nodes of eight processors each, whatever this machine has, for that is what the job asks for; of their memory they say nothing.
    fn describe(&self) -> Result<String> {
        let host = command::output("hostname", &["-s"]).context("this machine has no name")?;
        let user = command::output("id", &["-un"]).context("this user has no name")?;
        let folder = self.folder.display();
        let ports: Vec<u16> = (0..3).map(|_| free_port()).collect::<Result<_>>()?;
        Ok(format!(
            "ClusterName=here
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
SlurmUser={user}
SlurmdUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n/pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n/log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
MpiDefault=none
NodeName=one NodeHostname={host} NodeAddr=127.0.0.1 Port={} CPUs=8
NodeName=two NodeHostname={host} NodeAddr=127.0.0.1 Port={} CPUs=8
PartitionName=all Nodes=one,two Default=YES State=UP
",
            ports[0], ports[1], ports[2]
        ))
    }

    /// A command of Slurm's, where jobs are submitted.
    fn slurm(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("SLURM_CONF", self.configuration())
            .current_dir(&self.work);
        command
    }

    fn told(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let mut command = self.slurm(program, arguments);
        let output = command.output()?;
        if !output.status.success() {
            bail!(
                "`{}`: {}",
                command::shown(&command),
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    fn wait(&self, what: &str, mut there: impl FnMut() -> Result<bool>) -> Result<()> {
        let start = Instant::now();
        while !there()? {
            if start.elapsed() > PATIENCE {
                bail!(
                    "no {what} after {} s; logs are in {}",
                    PATIENCE.as_secs(),
                    self.folder.display()
                );
            }
            sleep(Duration::from_millis(200));
        }
        Ok(())
    }

    /// Runs a grid as a job array, takes one of its tasks away in mid-run, merges and compares.
    fn makes(&self, grid: &str, tasks: u32) -> Result<()> {
        let store = |task: u32| format!("target/shards/{grid}-{task}/{grid}.jsonl");
        let lines = |task: u32| {
            fs::read_to_string(self.work.join(store(task))).map_or(0, |text| text.lines().count())
        };
        println!("\n=== {grid}, {tasks} tasks");
        let start = Instant::now();
        let array = format!("--array=1-{tasks}");
        let submit = ["--parsable", "--mem=0", &array, "sweeps/slurm.sh", grid];
        println!("$ sbatch {}", submit.join(" "));
        let job = self.told("sbatch", &submit)?.trim().to_owned();
        let queue = || self.told("squeue", &["--noheader", "--format=%i %t %N"]);

        self.wait("run of the first task", || {
            Ok(lines(1) > 0 || queue()?.is_empty())
        })?;
        let first = format!("{job}_1");
        if self.told("scontrol", &["requeue", &first]).is_ok() {
            println!(
                "$ scontrol requeue {first}    (with {} runs stored)",
                lines(1)
            );
        }
        // A task that was taken away waits for a while before it may go on.
        self.wait("end of the job", || {
            for line in queue()?.lines().filter(|line| line.contains(" PD ")) {
                let task = line.split(' ').next().unwrap_or_default();
                let now = self.told(
                    "scontrol",
                    &["update", &format!("JobId={task}"), "StartTime=now"],
                );
                now.ok(); // it may just have begun
            }
            Ok(queue()?.trim().is_empty())
        })?;
        println!(
            "All tasks ended after {:.0} s.",
            start.elapsed().as_secs_f64()
        );

        let merged = format!("www/data/{grid}.jsonl");
        let mut merge = Command::new(self.work.join(LAB));
        merge
            .args(["merge", &merged])
            .args((1..=tasks).map(store))
            .current_dir(&self.work);
        run(&mut merge)?;
        // A run that two stores have must be the same in both, bit for bit, or they can't be merged.
        let expected = self.expected(grid)?;
        let both = format!("both-{grid}.jsonl");
        let mut compare = Command::new(self.work.join(LAB));
        compare.args(["merge", &both, &merged]).arg(&expected);
        run(compare.current_dir(&self.work))?;
        let count = |store: PathBuf| fs::read_to_string(store).map(|text| text.lines().count());
        let runs = count(self.work.join(&merged))?;
        if runs == 0 || [count(expected)?, count(self.work.join(&both))?] != [runs; 2] {
            bail!("{grid}: the cluster stored {runs} runs, and not those that are expected");
        }
        println!("{runs} runs are the same, bit for bit.");
        Ok(())
    }

    /// What is stored, or what one machine makes.
    fn expected(&self, grid: &str) -> Result<PathBuf> {
        if grid != "check" {
            return Ok(env::current_dir()?
                .join("www/data")
                .join(format!("{grid}.jsonl")));
        }
        let here = self.work.join("here");
        let mut sweep = Command::new(self.work.join(LAB));
        sweep.args(["sweep", grid, "--store"]).arg(&here);
        run(sweep.current_dir(&self.work))?;
        Ok(here.join("check.jsonl"))
    }

    fn end(&self) {
        for pid in ["one/pid", "two/pid", "slurmctld.pid", "munge/pid"] {
            if let Ok(pid) = fs::read_to_string(self.folder.join(pid)) {
                Command::new("kill").arg(pid.trim()).status().ok();
            }
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.end();
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
