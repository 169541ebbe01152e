/**
 * One container that a thread of the table runs in. Both ids and the type come from the thread's
 * cgroups; the rest arrives later, from the container runtime or from a recording, and is NO_TEXT
 * until then.
 */
import { Text } from "./text";

@unmanaged
export class Container {
  changedAt: u64;
  /** ns since the epoch, 0 unknown. */
  startTime: u64;
  /** Falco's container type number; 0xffff unknown. */
  type: u32;
  /** 0 no, 1 yes, 2 not known. */
  privileged: u32;
  hostPid: u32;
  hostNetwork: u32;
  hostIpc: u32;
  /** 1 once somebody described it; what that left out is then empty, not missing. */
  described: u32;
  /**
   * Threads that point here. An entry without threads is kept until its place is needed: what the
   * runtime tells may come before the first thread. An entry whose `id` is NO_TEXT is free.
   */
  threads: u32;
  hashNext: u32;
  /** Twelve characters at most. */
  id: Text;
  fullId: Text;
  name: Text;
  image: Text;
  imageId: Text;
  imageRepository: Text;
  imageTag: Text;
  imageDigest: Text;
  ip: Text;
  podName: Text;
  namespaceName: Text;
  podUid: Text;
  podSandboxId: Text;
  /** NUL-separated `key=value`. */
  labels: Text;
  /** NUL-separated `source:destination:mode:rw:propagation`. */
  mounts: Text;
  cniJson: Text;
  /** As `labels`, of the pod's sandbox. */
  podLabels: Text;
}
