import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

const children: ChildProcess[] = [];

/** Starts a child and waits until it has printed its first line, which is returned. */
export async function startChild(
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<{ readonly pid: number; readonly line: string; readonly child: ChildProcess }> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { ...options, stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  let text = "";
  while (!text.includes("\n")) {
    const [chunk] = (await once(child.stdout, "data")) as [Buffer];
    text += chunk.toString();
  }
  return { pid: child.pid ?? -1, line: text.slice(0, text.indexOf("\n")), child };
}

/** Ends what `startChild` started; for afterAll. */
export async function endChildren(): Promise<void> {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}
