#include "programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "kernel.h"

namespace lanner {
namespace {

constexpr size_t kVerifierLogBytes = 1 << 20;
constexpr size_t kLogTailBytes = 4'000;
constexpr const char* kAttachedPrefix = "on_";
constexpr const char* kListTasks = "list_tasks";
// Rows of some 600,000 threads.
constexpr size_t kTaskBytesMax = 100 << 20;

// What libbpf warned about during a load on this thread. libbpf's print hook has no user data and
// is one for the process, so the text is kept for each thread.
thread_local std::string* warnings = nullptr;

int KeepWarning(libbpf_print_level level, const char* format, va_list arguments) {
  if (warnings == nullptr || level != LIBBPF_WARN) return 0;
  char line[1024];
  const int length = vsnprintf(line, sizeof line, format, arguments);
  if (length > 0 && warnings->size() < kVerifierLogBytes) warnings->append(line);
  return 0;
}

class KeepWarnings {
 public:
  explicit KeepWarnings(std::string* text) {
    libbpf_set_print(KeepWarning);
    warnings = text;
  }
  ~KeepWarnings() { warnings = nullptr; }
  KeepWarnings(const KeepWarnings&) = delete;
  KeepWarnings& operator=(const KeepWarnings&) = delete;
};

std::string Tail(const std::string& text) {
  if (text.size() <= kLogTailBytes) return text;
  const size_t start = text.size() - kLogTailBytes;
  const size_t line = text.find('\n', start);
  return text.substr(line == std::string::npos ? start : line + 1);
}

bool IsAttached(const bpf_program* program) {
  const std::string name = bpf_program__name(program);
  return name.rfind(kAttachedPrefix, 0) == 0;
}

Failure LoadFailure(const std::string& path, int error, const std::string& log) {
  const std::string what = "cannot load " + path;
  // The verifier answers EACCES too; then it says why in its log.
  const bool verifier_spoke = log.find("processed ") != std::string::npos;
  if (error == EPERM || (error == EACCES && !verifier_spoke)) return NoPermission(what);
  return {Code::kLoadFailed, what + ": " + ErrnoText(error) +
                                 "; the kernel's reasons follow\n" + Tail(log)};
}

// Of the handlers only those that are wanted are verified and loaded.
void SelectPrograms(bpf_object* object, const std::vector<Handler>& handlers, bool attached) {
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object) {
    const std::string name = bpf_program__name(program);
    const bool wanted = std::any_of(handlers.begin(), handlers.end(), [&name](const Handler& one) {
      return one.program == name;
    });
    const bool always = IsAttached(program) || name == kListTasks;
    bpf_program__set_autoload(program, always ? attached : wanted);
  }
}

// One attempt at opening and loading an object, with what libbpf and the verifier said.
class Attempt {
 public:
  explicit Attempt(std::string path) : path_(std::move(path)), keep_(&warned_) {}

  bpf_object* Open() {
    LIBBPF_OPTS(bpf_object_open_opts, options);
    options.kernel_log_buf = log_.data();
    options.kernel_log_size = static_cast<uint32_t>(log_.size());
    // Named, so that a type which the kernel lacks is not searched for in its modules: listing them
    // takes CAP_SYS_ADMIN, and libbpf before 1.2 gives up where it is refused.
    options.btf_custom_path = kBtfPath;
    return bpf_object__open_file(path_.c_str(), &options);
  }

  Failure OpenFailure() const {
    return {Code::kLoadFailed, "cannot open " + path_ + ": " + ErrnoText(errno) +
                                   "; build it with `npm run build`\n" + Tail(warned_)};
  }

  Outcome Load(bpf_object* object) {
    const int error = -bpf_object__load(object);
    if (error == 0) return std::nullopt;
    log_.back() = '\0';
    return LoadFailure(path_, error, warned_ + log_.data());
  }

 private:
  std::string path_;
  std::string warned_;
  KeepWarnings keep_;
  std::vector<char> log_ = std::vector<char>(kVerifierLogBytes);
};

}  // namespace

Programs::~Programs() { Close(); }

Outcome Programs::Load(const Plan& plan, const std::vector<Handler>& handlers) {
  plan_ = plan;
  Attempt attempt(plan.path);
  object_ = attempt.Open();
  if (object_ == nullptr) return attempt.OpenFailure();
  if (Outcome failure = Size()) return failure;
  SelectPrograms(object_, handlers, true);
  if (Outcome failure = attempt.Load(object_)) return failure;
  return Put(object_, handlers);
}

// A second opening of the object that takes the maps of the first. The programs stay loaded through
// the array that holds them.
Outcome Programs::Add(const std::vector<Handler>& handlers) {
  Attempt attempt(plan_.path);
  const std::unique_ptr<bpf_object, decltype(&bpf_object__close)> more(attempt.Open(),
                                                                       &bpf_object__close);
  if (more == nullptr) return attempt.OpenFailure();
  bpf_map* map = nullptr;
  bpf_object__for_each_map(map, more.get()) {
    if (bpf_map__reuse_fd(map, Map(bpf_map__name(map))) == 0) continue;
    return Failure{Code::kLoadFailed, std::string("cannot share map ") + bpf_map__name(map) + ": " +
                                          ErrnoText(errno)};
  }
  SelectPrograms(more.get(), handlers, false);
  if (Outcome failure = attempt.Load(more.get())) return failure;
  return Put(more.get(), handlers);
}

Outcome Programs::Put(const bpf_object* object, const std::vector<Handler>& handlers) {
  const int array = Map("handlers");
  for (const Handler& handler : handlers) {
    const bpf_program* program =
        bpf_object__find_program_by_name(object, handler.program.c_str());
    // A system call without a program of its own arrives as a generic event.
    if (program == nullptr) continue;
    const int fd = bpf_program__fd(program);
    if (bpf_map_update_elem(array, &handler.number, &fd, BPF_ANY) == 0) continue;
    return Failure{Code::kLoadFailed, "cannot install " + handler.program + ": " +
                                          ErrnoText(errno)};
  }
  return std::nullopt;
}

// The template's own size is not set: libbpf before 1.3 crashes on resizing an inner map.
Outcome Programs::Size() {
  bpf_map* rings = bpf_object__find_map_by_name(object_, "rings");
  bpf_map* scratch = bpf_object__find_map_by_name(object_, "scratch");
  bpf_map* page = bpf_object__find_map_by_name(object_, ".bss.wakeup");
  if (rings == nullptr || scratch == nullptr || page == nullptr) {
    return Failure{Code::kLoadFailed,
                   "the BPF object lacks map `rings`, `scratch` or `.bss.wakeup`; build it again"};
  }
  const uint32_t cpus = plan_.cpus;
  if (bpf_map__set_inner_map_fd(rings, plan_.template_ring) != 0 ||
      bpf_map__set_max_entries(rings, cpus) != 0 ||
      bpf_map__set_max_entries(scratch, cpus) != 0 ||
      bpf_map__reuse_fd(page, plan_.wakeup) != 0) {
    return Failure{Code::kLoadFailed, "cannot size the maps for " + std::to_string(cpus) +
                                          " CPUs: " + ErrnoText(errno)};
  }
  return std::nullopt;
}

Outcome Programs::Attach() {
  if (!links_.empty()) return std::nullopt;
  std::string warned;
  const KeepWarnings keep(&warned);
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object_) {
    if (!IsAttached(program)) continue;
    bpf_link* link = bpf_program__attach(program);
    if (link == nullptr) {
      const int error = errno;
      const std::string what = std::string("cannot attach ") + bpf_program__name(program);
      Detach();
      if (error == EPERM) return NoPermission(what);
      return Failure{Code::kLoadFailed, what + ": " + ErrnoText(error) + "\n" + Tail(warned)};
    }
    links_.push_back(link);
  }
  return std::nullopt;
}

Outcome Programs::Tasks(std::vector<uint8_t>& rows) {
  const auto failed = [](const char* what) -> Outcome {
    return Failure{Code::kLoadFailed,
                   std::string("cannot list processes: ") + what + ": " + ErrnoText(errno)};
  };
  std::string warned;
  const KeepWarnings keep(&warned);
  if (list_tasks_ == nullptr) {
    const bpf_program* program = bpf_object__find_program_by_name(object_, kListTasks);
    if (program == nullptr) return failed("the BPF object lacks program `list_tasks`");
    list_tasks_ = bpf_program__attach_iter(program, nullptr);
    if (list_tasks_ == nullptr) return failed("attaching");
  }
  const int fd = bpf_iter_create(bpf_link__fd(list_tasks_));
  if (fd < 0) return failed("starting");
  std::array<uint8_t, 1 << 16> buffer;
  ssize_t got = 0;
  while (rows.size() < kTaskBytesMax && (got = read(fd, buffer.data(), buffer.size())) > 0) {
    rows.insert(rows.end(), buffer.begin(), buffer.begin() + got);
  }
  const int error = errno;
  close(fd);
  errno = error;
  return got < 0 ? failed("reading") : std::nullopt;
}

void Programs::Detach() {
  for (bpf_link* link : links_) bpf_link__destroy(link);
  links_.clear();
}

void Programs::Close() {
  Detach();
  bpf_link__destroy(list_tasks_);
  list_tasks_ = nullptr;
  if (object_ != nullptr) bpf_object__close(object_);
  object_ = nullptr;
}

int Programs::Map(const char* name) const {
  const bpf_map* map = bpf_object__find_map_by_name(object_, name);
  return map == nullptr ? -1 : bpf_map__fd(map);
}

std::vector<ProgramRuns> Programs::Runs() const {
  std::vector<ProgramRuns> runs;
  const bpf_program* program = nullptr;
  while ((program = bpf_object__next_program(object_, const_cast<bpf_program*>(program)))) {
    if (!IsAttached(program)) continue;
    bpf_prog_info info{};
    uint32_t bytes = sizeof info;
    if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &bytes) != 0) continue;
    runs.push_back({bpf_program__name(program), info.run_cnt, info.run_time_ns});
  }
  return runs;
}

}  // namespace lanner
