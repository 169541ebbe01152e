/** Examples and exit codes, shown under the list of options. */
export const EXAMPLES = {
  lanner: `Examples:
  lanner run                                          the whole host, Lanner's own rules
  lanner watch -- npm install                         one command and everything it starts
  lanner replay session.scap.gz -r my_rules.yaml      a recording, your rules
  lanner check my_rules.yaml                          errors, with line and remedy
  lanner doctor                                       what works here, and what is missing`,
  run: `Examples:
  lanner run -r /etc/falco/falco_rules.yaml -r rules.d/
  lanner run -o json_output=true -o priority=warning  JSON lines, Warning and above
  lanner run --scope cgroup:/user.slice               only what runs in this cgroup (v2)
  lanner run -w day.scap.gz                           also record the events

Where capture is not possible, lanner run without options on a terminal shows a recorded
demonstration and exits with 3. Ctrl-C stops and prints statistics; a second Ctrl-C stops at once.
SIGHUP prints a message, since reloading is not supported yet; a closed terminal stops the run.`,
  watch: `Examples:
  lanner watch -- sh -c 'cat /etc/shadow > /dev/null'
  lanner watch --fail-on warning -- make test         for pipelines
  lanner watch -w build.scap.gz -- make               and record the events

Exits with the status of the command (128+N if signal N ended it). With --fail-on, exits with 1 on
a finding, whatever that status is, and with 4 if the command succeeded without a finding but events
or alerts were lost.`,
  record: `Examples:
  lanner record -w session.scap.gz -- ./install.sh
  lanner record -w day.scap.gz --scope host --rotate-time 1h --rotate-size 500M
  lanner replay session.scap.gz -r my_rules.yaml

Exits with the status of the command (128+N if signal N ended it).`,
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
  lanner bench -r old.yaml --compare new.yaml --brief cost of a change of the rules
  lanner bench -r rules.yaml busy.scap.gz --write-profile busy.json
  lanner bench -r rules.yaml busy.scap.gz --compare-profile busy.json --brief
  lanner bench -r my_rules.yaml --budget 150 --brief  for pipelines: 1 if an event costs more
  lanner bench -r my_rules.yaml --plots plots/        plots of cost per rule and predicate`,
  inspect: `Examples:
  lanner inspect session.scap.gz
  lanner inspect session.scap.gz --json | jq '.recordings[0].events'`,
  check: `Examples:
  lanner check my_rules.yaml
  lanner check --json rules.d/ | jq '.falco_load_results[].errors'`,
  config: `Examples:
  lanner config -c /etc/falco/falco.yaml              errors, or what is set and where
  lanner config -c falco.yaml -o priority=warning --json | jq .config.priority
  lanner list config --format markdown                every key with its default`,
  explain: `Examples:
  lanner explain "Credential file read"               one of Lanner's own rules
  lanner explain "Terminal shell in container" -r falco_rules.yaml
  lanner explain my_rule -r my_rules.yaml --json | jq .cost`,
  describe: `Examples:
  lanner describe -r my_rules.yaml                    everything, with macros expanded
  lanner describe -r my_rules.yaml -l "My rule" | jq '.rules[].details.events'`,
  test: `Examples:
  lanner test rules/default
  lanner test my_rules.yaml --tests my_tests.yaml --json

A tests file describes events, and which rule must raise an alert or stay silent:
  tests:
    - name: cat reads the password hashes
      rule: Credential file read
      expect: alert                     or silence; silence without rule: no rule may match
      output: file=/etc/shadow          text that the alert must contain (optional)
      events:                           or  capture: session.scap.gz
        - process: {name: nginx, uid: 33, container: web, parent: {name: dockerd}}
        - spawn: {path: /bin/cat, args: [/etc/shadow]}
        - open: {path: /etc/shadow, flags: [read]}
        - connect: {to: "203.0.113.7:4444", proto: tcp}

Steps: process (runs already), spawn (a child starts a program), exec, open {path, flags, fd, mode},
connect {to, from, proto, fd}, accept {from, at}, and every system call by its name with the
parameters that lanner list events shows: - dup2: {res: 0, oldfd: 3, newfd: 0}. A step belongs to
the process named last, or to by: NAME. Processes take name, path, args, env, cwd, uid, gid,
loginuid, tty, capabilities, exe_flags (upper_layer, memfd, writable), container and vpid.`,
  list: `Examples:
  lanner list fields proc                             fields with proc in their name
  lanner list events open                             their parameters
  lanner list fields --format markdown > fields.md

Exits with 1 when no name contains the filter.`,
} as const;

export const EXIT_CODES = `Exit codes:
  0  success
  1  findings: an alert at or above --fail-on, or rules that contain errors
  2  usage: a wrong option, file or configuration
  3  cannot capture: missing privileges, no eBPF, or a kernel without BTF
  4  --fail-on: no finding, but events or alerts were lost, so a finding may be missing

watch and record otherwise exit with the status of the command that they ran.`;
