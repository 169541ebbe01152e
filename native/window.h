// Windows: file pages that show up inside a WebAssembly memory.
#ifndef LANNER_NATIVE_WINDOW_H_
#define LANNER_NATIVE_WINDOW_H_

#include <napi.h>

namespace lanner {

// mapWindow(memory, address, { fd, fdOffset, bytes, access })
Napi::Value MapWindow(const Napi::CallbackInfo& info);

// sealPages(memory, address, bytes): nothing in the range can be read or written any more.
Napi::Value SealPages(const Napi::CallbackInfo& info);

// unmapWindow(memory, address, bytes): fresh zero pages, readable and writable, take the place.
Napi::Value UnmapWindow(const Napi::CallbackInfo& info);

}  // namespace lanner

#endif
