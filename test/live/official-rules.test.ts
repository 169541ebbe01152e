/**
 * The official stable rules against real processes: a host script and a container script that
 * between them do what most of the rules look for. What happens to files happens in a private mount
 * namespace or in an empty directory, what happens on the network on the loopback interface.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { containerCommand, noPodmanReason } from "../support/podman.ts";
import { shared } from "../support/shared.ts";
import { type Alert, lanner, liveTitle, NO_LANNER_REASON, skipLive } from "./lanner.ts";

const RULES = shared("falco-rules", "falco_rules.yaml");

/** A connection to port 4444 of a public address that exists in a network namespace only. */
const CONNECT = `ip link set lo up; ip addr add 203.0.113.7/32 dev lo; exec $0 -MSocket -e "
  socket(L, PF_INET, SOCK_STREAM, 0); bind(L, sockaddr_in(4444, inet_aton(q(203.0.113.7))));
  listen(L, 1); socket(S, PF_INET, SOCK_STREAM, 0);
  connect(S, sockaddr_in(4444, inet_aton(q(203.0.113.7))))"`;

/** Some hosts keep sessions in control groups that look like a container's; the roots do not. */
const LEAVE_CGROUPS = `for group in /sys/fs/cgroup /sys/fs/cgroup/*; do
  echo $$ > $group/cgroup.procs; done 2> /dev/null`;

/** Rule, and the part of the script that raises it. */
const ON_HOST: readonly (readonly [string, string])[] = [
  ["Read sensitive file untrusted", "cat /etc/shadow > /dev/null"],
  [
    "Directory traversal monitored file read",
    "cd $T; perl -e 'open(F, q(<), q(../../../../../../etc/passwd)); system(q(cat), q(../../../../../../etc/passwd))' > /dev/null",
  ],
  [
    "Run shell untrusted",
    "cp /usr/bin/perl $T/nginx; $T/nginx -e 'system(q(/bin/sh), q(-c), q(true))'",
  ],
  [
    "System user interactive",
    "cp /usr/bin/perl $T/sshd; $T/sshd -e 'if (!fork) { $) = 1; $< = $> = 1; exec q(/bin/true) } wait'",
  ],
  ["Search Private Keys or Passwords", "find $T -name id_rsa"],
  ["Clear Log Activities", "echo > $T/auth.log"],
  ["Remove Bulk Data from Disk", "echo x > $T/data; shred -u $T/data"],
  ["Create Symlink Over Sensitive Files", "ln -s /etc/shadow $T/link"],
  [
    "Create Hardlink Over Sensitive Files",
    "unshare -m sh -c 'mount -t tmpfs none /etc; touch /etc/shadow; ln /etc/shadow /etc/copy'",
  ],
  [
    "PTRACE attached to process",
    "perl -e '$p = fork; if (!$p) { sleep 5; exit } syscall(101, 16, $p, 0, 0); waitpid($p, 0); syscall(101, 17, $p, 0, 0); kill 9, $p'",
  ],
  ["PTRACE anti-debug attempt", "perl -e 'syscall(101, 0, 0, 0, 0)'"],
  ["Find AWS Credentials", "grep -s aws_secret_access_key $T/none"],
  [
    "Execution from /dev/shm",
    "d=$(mktemp -d /dev/shm/XXXXXX); cp /bin/true $d/program; $d/program; rm -r $d",
  ],
  [
    "Fileless execution via memfd_create",
    `perl -e '$n = "x"; $f = syscall(319, $n, 0); open(O, ">&=", $f); open(I, "<", "/bin/true"); local $/; syswrite(O, <I>); exec {"/proc/self/fd/$f"} "x"'`,
  ],
  [
    "Disallowed SSH Connection Non Standard Port",
    `cp /usr/bin/perl $T/ssh; unshare -n sh -c '${CONNECT}' $T/ssh`,
  ],
];

const IN_CONTAINER: readonly (readonly [string, string])[] = [
  ["Terminal shell in container", "sh -c true"],
  ["Read sensitive file untrusted", "echo x > /etc/shadow; cat /etc/shadow"],
  [
    "Netcat Remote Code Execution in Container",
    "busybox ln -s /bin/busybox /tmp/nc; /tmp/nc -e true || true",
  ],
  ["Detect release_agent File Container Escapes", "echo x > /tmp/release_agent"],
  ["Packet socket created in container", "busybox arping -c 1 -w 1 -I lo 127.0.0.1 || true"],
  [
    "Redirect STDOUT/STDIN to Network Connection in Container",
    "busybox nc -l -p 4000 -e true & sleep 0.3; echo | busybox nc -w 1 127.0.0.1 4000 || true",
  ],
  ["Drop and execute new binary in container", "busybox cp /bin/busybox /copy; /copy true"],
  ["Create Symlink Over Sensitive Files", "busybox ln -s /etc/shadow /tmp/link"],
  ["Linux Kernel Module Injection Detected", "busybox insmod /bin/busybox || true"],
];

function scriptOf(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([, script]) => `(${script})`).join("\n");
}

const names = (alerts: readonly Alert[]): Set<string> => new Set(alerts.map(({ rule }) => rule));

async function watch(command: readonly string[]): Promise<readonly Alert[]> {
  const keys = [
    "json_output=true",
    "rule_matching=all",
    "append_output[]={suggested_output: true}",
  ];
  const options = keys.flatMap((key) => ["-o", key]);
  const { alerts } = await lanner(["watch", "-r", RULES ?? "", ...options, "--", ...command]);
  return alerts;
}

/** Missing data is no missing feature: it never fails a run that requires live suites. */
const NO_RULES = RULES === undefined ? "the official rules are not here" : "";

describe.skipIf(NO_RULES !== "" || skipLive())(
  liveTitle("official stable rules", NO_RULES || NO_LANNER_REASON),
  { timeout: 120_000 },
  () => {
    test("fifteen are raised on the host", async () => {
      const folder = mkdtempSync(join(tmpdir(), "lanner-official-"));
      try {
        const script = `${LEAVE_CGROUPS}\n${scriptOf(ON_HOST)}`;
        const alerts = await watch(["env", `T=${folder}`, "sh", "-c", script]);
        const expected = ON_HOST.map(([rule]) => rule);
        expect(expected.filter((rule) => !names(alerts).has(rule))).toEqual([]);
        expect(names(alerts).size).toBeGreaterThanOrEqual(15);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  },
);

const NO_CONTAINER = NO_LANNER_REASON || noPodmanReason();

describe.skipIf(NO_RULES !== "" || skipLive(NO_CONTAINER))(
  liveTitle("official stable rules in a container", NO_RULES || NO_CONTAINER),
  { timeout: 120_000 },
  () => {
    test("nine are raised, and each names the container", async () => {
      const folder = mkdtempSync(join(tmpdir(), "lanner-official-"));
      try {
        const cidFile = join(folder, "id");
        const capabilities = ["NET_RAW", "SYS_ADMIN", "SYS_MODULE"];
        const run = ["-t", ...capabilities.map((name) => `--cap-add=${name}`)];
        const alerts = await watch(containerCommand(scriptOf(IN_CONTAINER), { cidFile, run }));
        const id = readFileSync(cidFile, "utf8").slice(0, 12);
        const inside = alerts.filter((alert) => alert.output_fields["container.id"] === id);
        const expected = IN_CONTAINER.map(([rule]) => rule);
        expect(expected.filter((rule) => !names(inside).has(rule))).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  },
);
