/** Examples and exit codes, shown under the list of options. */
export const EXAMPLES = {
  lanner: `Examples:
  lanner run                                          the whole host, Lanner's own rules
  lanner watch -- npm install                         one command and everything it starts
  lanner replay session.scap.gz -r my_rules.yaml      a recording, your rules
  lanner check my_rules.yaml                          mistakes, with line and remedy
  lanner doctor                                       what this machine can do`,
  run: `Examples:
  lanner run -r /etc/falco/falco_rules.yaml -r rules.d/
  lanner run -o json_output=true -o priority=warning  JSON lines, Warning and above
  lanner run --scope cgroup:/user.slice               only what runs in this cgroup (v2)
  lanner run -w day.scap.gz                           keep the events for later

Without any option, on a terminal, and without root or eBPF, a recorded demonstration is shown
instead. Ctrl-C stops and prints statistics; a second Ctrl-C stops at once. SIGHUP does not reload
the configuration yet: it is refused with a message, unless it comes from a closed terminal.`,
  watch: `Examples:
  lanner watch -- sh -c 'cat /etc/shadow > /dev/null'
  lanner watch --fail-on warning -- make test         for pipelines
  lanner watch -w build.scap.gz -- make               and keep the events

Exits with the status of the command (128+N when signal N ended it), but with 1 when --fail-on
found something, whatever that status is.`,
  record: `Examples:
  lanner record -w session.scap.gz -- ./install.sh
  lanner record -w day.scap.gz --scope host --rotate-time 1h --rotate-size 500M
  lanner replay session.scap.gz -r my_rules.yaml

Exits with the status of the command (128+N when signal N ended it).`,
  replay: `Examples:
  lanner replay session.scap.gz -r my_rules.yaml
  lanner replay session.scap.gz -o json_output=true -o time_format_iso_8601=true
  lanner replay session.scap.gz -o rule_matching=all  every matching rule, not only the first
  lanner replay day-*.scap.gz --from 14:05 --to 14:10
  lanner replay session.scap.gz --filter 'evt.type = execve and proc.name = curl'
  zcat session.scap.gz | lanner replay -`,
  bench: `Examples:
  lanner bench -r falco_rules.yaml                    the bundled recording
  lanner bench -r falco_rules.yaml busy.scap.gz       a recording of your own host
  lanner bench -r old.yaml --compare new.yaml --brief what a change of the rules costs
  lanner bench -r rules.yaml busy.scap.gz --write-profile busy.json
  lanner bench -r rules.yaml busy.scap.gz --compare-profile busy.json --brief
  lanner bench -r my_rules.yaml --budget 150 --brief  for pipelines: 1 when an event costs more
  lanner bench -r my_rules.yaml --plots plots/        cost per rule and predicate as pictures`,
  inspect: `Examples:
  lanner inspect session.scap.gz
  lanner inspect session.scap.gz --json | jq '.recordings[0].events'`,
  check: `Examples:
  lanner check my_rules.yaml
  lanner check --json rules.d/ | jq '.falco_load_results[].errors'`,
  config: `Examples:
  lanner config -c /etc/falco/falco.yaml              mistakes, or what is set and where
  lanner config -c falco.yaml -o priority=warning --json | jq .config.priority
  lanner list config --format markdown                every key with its default`,
  explain: `Examples:
  lanner explain "Credential file read"               one of Lanner's own rules
  lanner explain "Terminal shell in container" -r falco_rules.yaml
  lanner explain my_rule -r my_rules.yaml --json | jq .cost`,
  describe: `Examples:
  lanner describe -r my_rules.yaml                    everything, with what macros become
  lanner describe -r my_rules.yaml -l "My rule" | jq '.rules[].details.events'`,
  test: `Examples:
  lanner test rules/default
  lanner test my_rules.yaml --tests my_tests.yaml --json

A tests file says what happens and which rule has to notice, or to keep silent:
  tests:
    - name: cat reads the password hashes
      rule: Credential file read
      expect: alert                     or silence; without a rule: of every rule
      output: file=/etc/shadow          stands in the alert (optional)
      events:                           or  capture: session.scap.gz
        - process: {name: nginx, uid: 33, container: web, parent: {name: dockerd}}
        - spawn: {path: /bin/cat, args: [/etc/shadow]}
        - open: {path: /etc/shadow, flags: [read]}
        - connect: {to: "203.0.113.7:4444", proto: tcp}

Steps: process (is there already), spawn (a child starts a program), exec, open {path, flags, fd,
mode}, connect {to, from, proto, fd}, accept {from, at}, and every system call by its name with the
parameters that lanner list events tells: - dup2: {res: 0, oldfd: 3, newfd: 0}. A step is of the
process named last, or of by: NAME. Processes take name, path, args, env, cwd, uid, gid, loginuid,
tty, capabilities, exe_flags (upper_layer, memfd, writable), container and vpid.`,
  list: `Examples:
  lanner list fields proc                             fields with proc in their name
  lanner list events open                             their parameters
  lanner list fields --format markdown > fields.md

Exits with 1 when no name has the filter in it.`,
} as const;

export const EXIT_CODES = `Exit codes:
  0  fine
  1  findings: an alert at or above --fail-on, or rules that do not pass the check
  2  usage: a wrong option, file or configuration
  3  cannot capture: no root, no eBPF, or a kernel without BTF
  4  --fail-on: no finding, but events or alerts were lost, so one may be missing

watch and record otherwise exit with the status of the command that they ran.`;
