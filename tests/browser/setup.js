// The numbers on the page are compared with those of the native program, so it must be there and up to date.
import { execFileSync } from "node:child_process";

export default function setup() {
  if (process.env.LAB) return;
  execFileSync("cargo", ["build", "--quiet", "--release", "--features", "cli", "--bin", "lab"], { cwd: "../..", stdio: "inherit" });
}
