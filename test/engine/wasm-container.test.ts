/** Containers, by cgroup and by what the runtime tells; users. */
import { describe, expect, test } from "vitest";
import { clone, encode, execve } from "../support/records.ts";
import { WasmEngine } from "./wasm-engine.ts";

const ID = "8226abc5e8a241d3c2d44f9b8a96321a91a532770d2081f1ad9cb00729589cdd";
const SHORT = ID.slice(0, 12);

function idFor(path: string): string | number | boolean | undefined {
  const engine = new WasmEngine();
  engine.feed(
    execve({ tid: 9, exe: "/bin/x", comm: "x", cgroups: `cpuset=/\0mem_cgroup=${path}\0` }),
  );
  return engine.field("container.id");
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
