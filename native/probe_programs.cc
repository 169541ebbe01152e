// Loads the smallest program of each kind (`return 0`) and unloads it again; attaches nothing.
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "errors.h"
#include "probe.h"

namespace lanner {
namespace {

constexpr uint32_t kRingBytes = 4'096;

struct Kind {
  const char* feature;
  bpf_prog_type type;
  bpf_attach_type attach;
  const char* target;  // function or tracepoint, null when the type needs none
};

constexpr std::array<Kind, 7> kKinds = {{
    {"tp_btf", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, "sys_exit"},
    {"io_uring", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, "io_uring_submit_req"},
    {"iterator", BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, "task"},
    {"fentry", BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, "wake_up_new_task"},
    {"lsm", BPF_PROG_TYPE_LSM, BPF_LSM_MAC, "file_open"},
    {"kprobe", BPF_PROG_TYPE_KPROBE, BPF_TRACE_RAW_TP, nullptr},
    {"raw_tracepoint", BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_TRACE_RAW_TP, nullptr},
}};

Feature Missing(const char* name, int error) { return {name, false, ErrnoText(error)}; }

Feature ProbeKind(const Kind& kind) {
  LIBBPF_OPTS(bpf_prog_load_opts, options);
  if (kind.target != nullptr) {
    options.expected_attach_type = kind.attach;
    const int id = libbpf_find_vmlinux_btf_id(kind.target, kind.attach);
    if (id < 0) return {kind.feature, false, std::string("the kernel has no ") + kind.target};
    options.attach_btf_id = static_cast<uint32_t>(id);
  }
  // r0 = 0; exit
  std::array<bpf_insn, 2> program{};
  program[0].code = BPF_ALU64 | BPF_MOV | BPF_K;
  program[1].code = BPF_JMP | BPF_EXIT;
  const int fd = bpf_prog_load(kind.type, "lanner_probe", "GPL", program.data(), program.size(),
                               &options);
  if (fd < 0) return Missing(kind.feature, errno);
  close(fd);
  const bool without_kprobes = kind.type == BPF_PROG_TYPE_KPROBE &&
                               access("/sys/bus/event_source/devices/kprobe/type", R_OK) != 0;
  if (without_kprobes) return {kind.feature, false, "the kernel was built without kprobes"};
  return {kind.feature, true, ""};
}

Feature ProbeRing() {
  const int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "probe", 0, 0, kRingBytes, nullptr);
  if (fd < 0) return Missing("ringbuf", errno);
  close(fd);
  return {"ringbuf", true, ""};
}

int Silent(libbpf_print_level, const char*, va_list) { return 0; }

}  // namespace

std::vector<Feature> ProbePrograms() {
  libbpf_set_print(Silent);
  std::vector<Feature> features = {ProbeRing()};
  for (const Kind& kind : kKinds) features.push_back(ProbeKind(kind));
  return features;
}

}  // namespace lanner
