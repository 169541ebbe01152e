/**
 * The container of the event's thread. A thread outside of any is in one called "host", of which
 * everything is known. Of a real one its cgroups tell both ids and the type; every other field is
 * missing until the runtime or a recording describes it.
 */
import { EventAt } from "../record/event";
import { Container } from "../state/container";
import { Frame } from "../state/frame";
import { NO_TEXT, Text, TextAt } from "../state/text";
import { constant, Scratch } from "./scratch";
import { Value } from "./value";
import { appendPairs, valueOf } from "./words";

/** The container, once its metadata is there. */
export function described(): Container | null {
  const container = Frame.container;
  return container === null || container.described == 0 ? null : container;
}

/** Whether the event's thread is known and in no container. */
export function isHost(): bool {
  return Frame.container === null && Frame.thread !== null;
}

/** A text that is empty on the host, and empty too when the runtime left it out. */
export function metadata(text: Text): bool {
  return Value.block(text);
}

export function containerId(): bool {
  const container = Frame.container;
  if (container !== null) return Value.block(container.id);
  return isHost() && constant("host");
}

export function containerFullId(): bool {
  if (isHost()) return constant("host");
  const container = Frame.container;
  if (container === null) return false;
  if (container.described == 0 && container.fullId == NO_TEXT) return false;
  return metadata(container.fullId);
}

export function containerName(): bool {
  if (isHost()) return constant("host");
  const container = described();
  return container !== null && metadata(container.name);
}

export function containerImage(): bool {
  if (isHost()) return Value.text(0, 0);
  const container = described();
  return container !== null && metadata(container.image);
}

export function containerImageId(): bool {
  if (isHost()) return Value.text(0, 0);
  const container = described();
  return container !== null && metadata(container.imageId);
}

export function containerImageRepository(): bool {
  if (isHost()) return Value.text(0, 0);
  const container = described();
  return container !== null && metadata(container.imageRepository);
}

export function containerImageTag(): bool {
  if (isHost()) return Value.text(0, 0);
  const container = described();
  return container !== null && metadata(container.imageTag);
}

export function containerImageDigest(): bool {
  if (isHost()) return Value.text(0, 0);
  const container = described();
  return container !== null && metadata(container.imageDigest);
}

export function containerIp(): bool {
  if (isHost()) return Value.text(0, 0);
  const container = described();
  return container !== null && metadata(container.ip);
}

export function containerType(): bool {
  if (isHost()) return constant("host");
  const container = Frame.container;
  if (container === null) return false;
  switch (container.type) {
    case 0:
      return constant("docker");
    case 1:
      return constant("lxc");
    case 2:
      return constant("libvirt-lxc");
    case 3:
      return constant("mesos");
    case 4:
      return constant("rkt");
    case 6:
      return constant("cri");
    case 7:
      return constant("containerd");
    case 8:
      return constant("cri-o");
    case 9:
      return constant("bpm");
    case 11:
      return constant("podman");
    default:
      // Falco has no word for it.
      return container.described != 0 && Value.text(0, 0);
  }
}

export function containerPrivileged(): bool {
  if (isHost()) return Value.truth(false);
  const container = described();
  return container !== null && truth(container.privileged);
}

export function containerHostPid(): bool {
  if (isHost()) return Value.truth(false);
  const container = described();
  return container !== null && truth(container.hostPid);
}

export function containerHostNetwork(): bool {
  if (isHost()) return Value.truth(false);
  const container = described();
  return container !== null && truth(container.hostNetwork);
}

export function containerHostIpc(): bool {
  if (isHost()) return Value.truth(false);
  const container = described();
  return container !== null && truth(container.hostIpc);
}

function truth(state: u32): bool {
  return Value.truth(state == 1);
}

/** What the network plugin answered for the pod, as the runtime has it. */
export function containerCniJson(): bool {
  if (isHost()) return Value.text(0, 0);
  const container = described();
  return container !== null && metadata(container.cniJson);
}

/** Start of the pid namespace of the event's thread. */
export function containerStartTs(): bool {
  const thread = Frame.thread;
  return thread !== null && thread.pidnsStart != 0 && Value.unsigned(thread.pidnsStart);
}

export function containerDuration(): bool {
  if (!containerStartTs()) return false;
  return Value.unsigned(EventAt.time(Frame.event) - Value.number);
}

/** One label; missing when the container lacks it. */
export function containerLabel(key: usize, length: u32): bool {
  const container = described();
  return container !== null && valueOf(container.labels, key, length);
}

/** `key:value` each, joined by a comma and a blank. */
export function containerLabels(): bool {
  if (isHost()) return Value.text(0, 0);
  const container = described();
  return container !== null && pairs(container.labels);
}

/** `key:value` each, joined by a comma and a blank. */
export function pairs(labels: Text): bool {
  const mark = Scratch.begin();
  appendPairs(labels);
  return Scratch.end(mark);
}

/** All mounts, joined by commas. */
export function containerMounts(): bool {
  if (isHost()) return Value.text(0, 0);
  const container = described();
  if (container === null) return false;
  const mark = Scratch.begin();
  const text = container.mounts;
  let length: u32 = text == NO_TEXT ? 0 : TextAt.length(text);
  if (length != 0 && load<u8>(TextAt.bytes(text) + length - 1) == 0) length--;
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(TextAt.bytes(text) + i);
    Scratch.byte(byte == 0 ? 0x2c : byte);
  }
  return Scratch.end(mark);
}
