/** The Kubernetes pod of the event's container, as its runtime's labels tell it. */
import { NO_TEXT } from "../state/text";
import { containerCniJson, described, isHost, metadata, pairs } from "./container";
import { Value } from "./value";
import { valueOf } from "./words";

/** A sandbox id is shown with this many characters. */
const SHORT_ID: u32 = 12;

export function k8sPodName(): bool {
  const container = described();
  return container !== null && container.podName != NO_TEXT && metadata(container.podName);
}

export function k8sNsName(): bool {
  const container = described();
  if (container === null || container.namespaceName == NO_TEXT) return false;
  return metadata(container.namespaceName);
}

export function k8sPodId(): bool {
  return k8sPodUid();
}

export function k8sPodUid(): bool {
  const container = described();
  return container !== null && container.podUid != NO_TEXT && metadata(container.podUid);
}

export function k8sPodFullSandboxId(): bool {
  if (isHost()) return Value.text(0, 0);
  const container = described();
  return container !== null && metadata(container.podSandboxId);
}

export function k8sPodSandboxId(): bool {
  if (isHost()) return Value.text(0, 0);
  const container = described();
  if (container === null) return false;
  metadata(container.podSandboxId);
  if (Value.length > SHORT_ID) Value.length = SHORT_ID;
  return true;
}

/** One label of the pod's sandbox; missing when it lacks it. */
export function k8sPodLabel(key: usize, length: u32): bool {
  const container = described();
  return container !== null && valueOf(container.podLabels, key, length);
}

export function k8sPodLabels(): bool {
  if (isHost()) return Value.text(0, 0);
  const container = described();
  return container !== null && pairs(container.podLabels);
}

export function k8sPodCniJson(): bool {
  return containerCniJson();
}

/** The pod's address is that of the container in it. */
export function k8sPodIp(): bool {
  if (isHost()) return Value.text(0, 0);
  const container = described();
  return container !== null && metadata(container.ip);
}
