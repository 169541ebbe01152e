/** Progress on standard error, so that standard output stays the agent's. */
const color = process.stderr.isTTY && process.env.NO_COLOR === undefined;

export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** One finished step: what, how it went, how long it took. */
export function sayStep(name, text, startedMs) {
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
  const time = startedMs === 0 ? "" : ` (${seconds} s)`;
  const label = color ? `\x1b[1m${name.padEnd(12)}\x1b[0m` : name.padEnd(12);
  say(`  ${label} ${text}${time}`);
}
