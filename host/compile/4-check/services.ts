import { readFileSync } from "node:fs";

const SERVICES_FILE = "/etc/services";

let ports: ReadonlyMap<string, number> | null = null;

/** The port of a service name by the system's table; null when the table does not know it. */
export function portOfService(name: string): number | null {
  ports ??= readServices();
  return ports.get(name) ?? null;
}

function readServices(): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  let text: string;
  try {
    text = readFileSync(SERVICES_FILE, "utf8");
  } catch {
    // A system without the table knows no service names.
    return found;
  }
  for (const line of text.split("\n")) {
    const [name, entry, ...aliases] = line.replace(/#.*/, "").trim().split(/\s+/);
    const port = /^(\d{1,5})\/(?:tcp|udp)$/.exec(entry ?? "")?.[1];
    if (name === undefined || port === undefined) continue;
    for (const key of [name, ...aliases]) if (!found.has(key)) found.set(key, Number(port));
  }
  return found;
}
