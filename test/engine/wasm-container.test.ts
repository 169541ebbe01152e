/** Containers, by cgroup and by what the runtime tells; users. */
import { describe, expect, test } from "vitest";
import { clone, encode, execve } from "../support/records.ts";
import { WasmEngine } from "./wasm-engine.ts";

const ID = "8226abc5e8a241d3c2d44f9b8a96321a91a532770d2081f1ad9cb00729589cdd";
const SHORT = ID.slice(0, 12);

/** Behind an event of a thread with that cgroup. */
function engineIn(path: string): WasmEngine {
  const engine = new WasmEngine();
  engine.feed(
    execve({ tid: 9, exe: "/bin/x", comm: "x", cgroups: `cpuset=/\0mem_cgroup=${path}\0` }),
  );
  return engine;
}

function idFor(path: string): string | number | boolean | undefined {
  return engineIn(path).field("container.id");
}

describe("the id comes from the cgroups", () => {
  test.each([
    [`/libpod_parent/libpod-${ID}`, SHORT],
    [`/machine.slice/libpod-${ID}.scope`, SHORT],
    [`/machine.slice/libpod-${ID}.scope/container`, SHORT],
    [`/docker/${ID}`, SHORT],
    [`/system.slice/docker-${ID}.scope`, SHORT],
    [`/kubepods/burstable/pod1/${ID}`, SHORT],
    [`/kubepods.slice/cri-containerd-${ID}.scope`, SHORT],
    [`/kubepods.slice/crio-${ID}.scope`, SHORT],
    [`/system.slice/containerd.service/kubepods:cri-containerd:${ID}`, SHORT],
    ["/default/my-task", "my-task"],
    ["/libpod_parent/conmon", "conmon"],
    ["/lxc/web1/init", "web1"],
    ["/lxc.payload.web2", "web2"],
    ["/machine.slice/vm1.libvirt-lxc", "vm1"],
    ["/system.slice/ssh.service", "host"],
    ["/user.slice/user-0.slice/session-1.scope", "host"],
    [`/docker/${ID.slice(0, 63)}g`, ID.slice(0, 12)],
    ["/", "host"],
  ])("%s is %s", (path, expected) => {
    expect(idFor(path)).toBe(expected);
  });
});

describe("the cgroups also tell the type, and the whole id where they have it", () => {
  test.each([
    [`/docker/${ID}`, "docker", ID],
    [`/system.slice/docker-${ID}.scope`, "docker", ID],
    [`/docker/${ID}/docker/${"1".repeat(64)}`, "docker", "1".repeat(64)],
    [`/machine.slice/libpod-${ID}.scope/container`, "podman", ID],
    [`/kubepods.slice/kubepods-burstable.slice/cri-containerd-${ID}.scope`, "containerd", ID],
    [`/system.slice/containerd.service/kubepods:cri-containerd:${ID}`, "containerd", ID],
    [`/kubepods.slice/crio-${ID}.scope`, "cri-o", ID],
    [`/kubepods/burstable/pod1/crio-${ID}`, "cri-o", ID],
    [`/kubepods/burstable/pod1/${ID}`, "cri", ID],
    ["/lxc/web1/init", "lxc", ""],
    ["/machine.slice/vm1.libvirt-lxc", "libvirt-lxc", ""],
    ["/system.slice/runc-bpm-job.scope", "bpm", ""],
    ["/default/my-task", undefined, undefined],
    ["/libpod_parent/conmon", undefined, undefined],
  ])("%s is of type %s", (path, type, fullId) => {
    const engine = engineIn(path);
    expect(engine.field("container.type")).toBe(type);
    expect(engine.field("container.full_id")).toBe(fullId);
  });

  test("of the second version, whose only line has no name", () => {
    const engine = new WasmEngine();
    const cgroups = `=/system.slice/docker-${ID}.scope\0`;
    engine.feed(execve({ tid: 9, exe: "/bin/x", comm: "x", cgroups }));
    expect(engine.field("container.type")).toBe("docker");
    expect(engine.field("container.name")).toBeUndefined();
  });

  test("what the runtime tells comes before it", () => {
    const engine = engineIn(`/kubepods/burstable/pod1/${ID}`);
    write(engine, SHORT);
    engine.exports.openContainer(SHORT.length);
    engine.exports.setContainerNumber(1, 8n);
    engine.exports.closeContainer();
    expect(engine.field("container.type")).toBe("cri-o");
    expect(engine.field("container.full_id")).toBe(ID);
  });

  test("where no runtime can be asked, what is left is empty and not missing", () => {
    const engine = engineIn("/lxc/web1/init");
    expect(engine.field("container.name")).toBe("");
    expect(engine.field("container.image.repository")).toBe("");
    expect(engine.field("container.privileged")).toBe(false);
  });
});

test("news of a container replace what was told before", () => {
  const engine = engineIn(`/docker/${ID}`);
  for (const [index, text] of [
    [2, "web"],
    [8, "10.0.0.7"],
  ] as const) {
    write(engine, SHORT);
    engine.exports.openContainer(SHORT.length);
    engine.exports.setContainerText(index, write(engine, text));
    engine.exports.closeContainer();
  }
  expect(engine.field("container.ip")).toBe("10.0.0.7");
  expect(engine.field("container.name")).toBe("");
  expect(engine.field("container.full_id")).toBe(ID);
});

test("the event of older producers holds the JSON alone, and takes no part in the first time", () => {
  const engine = new WasmEngine();
  const told: string[] = [];
  engine.onContainer = (json) => {
    told.push(json);
    write(engine, SHORT);
    engine.exports.openContainer(SHORT.length);
    engine.exports.setContainerText(2, write(engine, "web"));
    engine.exports.closeContainer();
  };
  const json = '{"container":{"id":"x"}}';
  engine.feed(encode("CONTAINER_JSON_2_E", 0, json));
  expect(told).toEqual([json]);
  expect(engine.field("evt.type")).toBe("container");
  expect(engine.field("container.name")).toBe("web");
  engine.feed(execve({ tid: 9, exe: "/bin/x", comm: "x", cgroups: `cpu=/docker/${ID}\0` }));
  expect(engine.field("container.name")).toBe("web");
  expect(engine.field("evt.reltime")).toBe(0);
});

test("children are in their parent's container, and subsystems have their usual names", () => {
  const engine = new WasmEngine();
  const cgroups = `mem_cgroup=/docker/${ID}\0io=/docker/${ID}\0`;
  engine.feed(execve({ tid: 9, exe: "/bin/x", comm: "x", cgroups }));
  engine.feed(clone({ result: 0, tid: 10, ptid: 9, cgroups }), encode("SYSCALL_GETUID_X", 10, 0));
  expect(engine.field("container.id")).toBe(SHORT);
  expect(engine.field("thread.cgroup", "memory")).toBe(`/docker/${ID}`);
  expect(engine.field("thread.cgroup", "blkio")).toBe(`/docker/${ID}`);
});

test("the host is asked about an async event and its answer shows", () => {
  const engine = new WasmEngine();
  const told: string[] = [];
  engine.onContainer = (json) => {
    told.push(json);
    write(engine, SHORT);
    expect(engine.exports.openContainer(SHORT.length)).not.toBe(0);
    engine.exports.setContainerText(2, write(engine, "web"));
    engine.exports.setContainerNumber(2, 1n);
    engine.exports.closeContainer();
  };
  const json = '{"container":{"id":"x"}}';
  engine.feed(encode("ASYNCEVENT_E", -1n, 0, "container", Buffer.from(`${json}\0`)));
  expect(told).toEqual([json]);
  expect(engine.field("container.id")).toBe(SHORT);
  expect(engine.field("container.name")).toBe("web");
  expect(engine.field("thread.tid")).toBe(-1);
  engine.feed(encode("ASYNCEVENT_E", -1n, 0, "container_removed", Buffer.from(`${json}\0`)));
  expect(engine.field("container.name")).toBe("web");
  engine.feed(encode("ASYNCEVENT_E", -1n, 0, "contained", Buffer.from(`${json}\0`)));
  expect(told).toHaveLength(2);
  expect(engine.field("container.id")).toBeUndefined();
  engine.feed(execve({ tid: 9, exe: "/bin/x", comm: "x", cgroups: `cpu=/docker/${ID}\0` }));
  expect(engine.field("container.name")).toBe("web");
  expect(engine.field("container.privileged")).toBe(true);
});

test("what a pod's runtime tells shows in the pod's fields", () => {
  const engine = new WasmEngine();
  write(engine, SHORT);
  engine.exports.openContainer(SHORT.length);
  engine.exports.setContainerText(2, write(engine, "shop"));
  engine.exports.setContainerText(15, write(engine, '{"ip":1}'));
  engine.exports.setContainerText(16, write(engine, "app=web\0io.kubernetes.x=y\0tier=front"));
  engine.exports.closeContainer();
  engine.feed(execve({ tid: 9, exe: "/bin/x", comm: "x", cgroups: `cpu=/docker/${ID}\0` }));
  expect(engine.field("container.cni.json")).toBe('{"ip":1}');
  expect(engine.field("k8s.pod.cni.json")).toBe('{"ip":1}');
  expect(engine.field("k8s.pod.labels")).toBe("app:web, tier:front");
  expect(engine.field("k8s.pod.label", "tier")).toBe("front");
  engine.feed(execve({ tid: 10, exe: "/bin/x", comm: "x" }));
  expect(engine.field("k8s.pod.labels")).toBe("");
});

test("users and groups have names", () => {
  const engine = new WasmEngine();
  engine.feed(encode("USER_ADDED_E", -1n, 33, 33, "www-data", "/var/www", "/bin/false", ""));
  engine.feed(encode("GROUP_ADDED_E", -1n, 0, "wheel", ""));
  engine.feed(execve({ tid: 9, exe: "/bin/x", comm: "x", uid: 33 }));
  expect(engine.field("user.name")).toBe("www-data");
  expect(engine.field("user.homedir")).toBe("/var/www");
  expect(engine.field("group.name")).toBe("wheel");
});

function write(engine: WasmEngine, text: string): number {
  const bytes = Buffer.from(text);
  engine.bytes.set(bytes, engine.exports.argument() >>> 0);
  return bytes.length;
}
