/**
 * What a container event says, as the engine's container table takes it. The JSON comes from a
 * recording or from a runtime: anything in it may be missing or of another type.
 */

import type { EngineExports } from "./engine-module.ts";
import { putArgument } from "./render.ts";

/** Index of each text of a container in the engine (assembly/state/container.ts). */
const TEXT = {
  fullId: 1,
  name: 2,
  image: 3,
  imageId: 4,
  imageRepository: 5,
  imageTag: 6,
  imageDigest: 7,
  ip: 8,
  podName: 9,
  namespaceName: 10,
  podUid: 11,
  podSandboxId: 12,
  labels: 13,
  mounts: 14,
  cniJson: 15,
  podLabels: 16,
} as const;

/** Index of each number of a container in the engine. */
const NUMBER = { type: 1, privileged: 2, hostPid: 3, hostNetwork: 4, hostIpc: 5 } as const;

export interface ContainerFacts {
  /** Short id. */
  readonly id: string;
  readonly texts: readonly (readonly [index: number, text: string])[];
  readonly numbers: readonly (readonly [index: number, value: bigint])[];
}

type Json = Readonly<Record<string, unknown>>;

/** Longer labels are left out, as Falco does by default. */
const LABEL_CHARS_MAX = 100;
const LIST_ITEMS_MAX = 1_024;

/** Puts what the JSON says into the engine's container table; `memory` is the engine's. */
export function tellContainer(engine: EngineExports, memory: Uint8Array, json: string): void {
  const put = (text: string): number => putArgument(engine, memory, text);
  const facts = readContainerJson(json);
  if (facts === undefined || engine.openContainer(put(facts.id)) === 0) return;
  for (const [index, text] of facts.texts) engine.setContainerText(index, put(text));
  for (const [index, value] of facts.numbers) engine.setContainerNumber(index, value);
  engine.closeContainer();
}

/** Reads the event's JSON; undefined when it names no container. */
export function readContainerJson(json: string): ContainerFacts | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return undefined;
  }
  const container = asRecord(asRecord(parsed)["container"]);
  const id = container["id"];
  if (typeof id !== "string" || id === "") return undefined;
  return { id, texts: texts(container), numbers: numbers(container) };
}

function texts(container: Json): ContainerFacts["texts"] {
  const labels = asRecord(container["labels"]);
  const label = (name: string): unknown =>
    labels[name] ?? asRecord(container["pod_sandbox_labels"])[name];
  const rows: readonly (readonly [number, unknown])[] = [
    [TEXT.fullId, container["full_id"]],
    [TEXT.name, container["name"]],
    [TEXT.image, container["image"]],
    [TEXT.imageId, container["imageid"]],
    [TEXT.imageRepository, container["imagerepo"]],
    [TEXT.imageTag, container["imagetag"]],
    [TEXT.imageDigest, container["imagedigest"]],
    [TEXT.ip, container["ip"]],
    [TEXT.podName, label("io.kubernetes.pod.name")],
    [TEXT.namespaceName, label("io.kubernetes.pod.namespace")],
    [TEXT.podUid, label("io.kubernetes.pod.uid")],
    [TEXT.podSandboxId, container["pod_sandbox_id"]],
    [TEXT.labels, labelList(labels)],
    [TEXT.mounts, mountList(container["Mounts"])],
    [TEXT.cniJson, container["cni_json"]],
    [TEXT.podLabels, labelList(asRecord(container["pod_sandbox_labels"]))],
  ];
  return rows.filter((row): row is readonly [number, string] => typeof row[1] === "string");
}

function numbers(container: Json): ContainerFacts["numbers"] {
  const type = container["type"];
  const known = Number.isInteger(type) && (type as number) >= 0 && (type as number) <= 0xffff;
  const truths: readonly (readonly [number, unknown])[] = [
    [NUMBER.privileged, container["privileged"]],
    [NUMBER.hostPid, container["host_pid"]],
    [NUMBER.hostNetwork, container["host_network"]],
    [NUMBER.hostIpc, container["host_ipc"]],
  ];
  return [
    ...(known ? [[NUMBER.type, BigInt(type as number)] as const] : []),
    ...truths
      .filter(([, value]) => typeof value === "boolean")
      .map(([index, value]) => [index, value === true ? 1n : 0n] as const),
  ];
}

/** NUL-separated `key=value`. */
function labelList(labels: Json): string {
  return Object.entries(labels)
    .slice(0, LIST_ITEMS_MAX)
    .filter(([, value]) => typeof value === "string" && value.length <= LABEL_CHARS_MAX)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join("\0");
}

/** NUL-separated `source:destination:mode:rw:propagation`. */
function mountList(mounts: unknown): string {
  if (!Array.isArray(mounts)) return "";
  return mounts
    .slice(0, LIST_ITEMS_MAX)
    .map((mount) => {
      const { Source, Destination, Mode, RW, Propagation } = asRecord(mount);
      return [Source, Destination, Mode, RW, Propagation].map((part) => textOf(part)).join(":");
    })
    .join("\0");
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "boolean" ? String(value) : "";
}

function asRecord(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}
