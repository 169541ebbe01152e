// The few functions of libuv's stable 1.x ABI that the waiter needs. Node does not ship uv.h with
// its N-API headers; handles are opaque here, their size is asked at run time.
#ifndef LANNER_NATIVE_LOOP_H_
#define LANNER_NATIVE_LOOP_H_

#include <cstddef>
#include <cstdint>

extern "C" {
struct uv_loop_s;
struct uv_handle_s;

int uv_poll_init(uv_loop_s* loop, uv_handle_s* handle, int fd);
int uv_poll_start(uv_handle_s* handle, int events, void (*callback)(uv_handle_s*, int, int));
int uv_poll_stop(uv_handle_s* handle);
int uv_timer_init(uv_loop_s* loop, uv_handle_s* handle);
int uv_timer_start(uv_handle_s* handle, void (*callback)(uv_handle_s*), uint64_t timeout_ms,
                   uint64_t repeat_ms);
int uv_timer_stop(uv_handle_s* handle);
void uv_close(uv_handle_s* handle, void (*callback)(uv_handle_s*));
size_t uv_handle_size(int type);
const char* uv_handle_type_name(int type);
void* uv_handle_get_data(const uv_handle_s* handle);
void uv_handle_set_data(uv_handle_s* handle, void* data);
}

namespace lanner {

constexpr int kUvPoll = 8;
constexpr int kUvTimer = 13;
constexpr int kUvReadable = 1;

}  // namespace lanner

#endif
