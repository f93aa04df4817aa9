/*
 * CUDA's driver without a GPU, for tests: it records every call, can fail each of them, knows what was taken and not
 * given back, and runs the kernels of dropblock.cu, compiled as C++, on the calling thread. Device memory is main memory
 * with a margin on both sides, which nobody may write. Built by FakeDriver with
 *   g++ -std=c++17 -O2 -shared -fPIC -ffp-contract=off -Wno-unknown-pragmas -I . -o libfakecuda.so fake_driver.cpp
 */
#include "simulation.h"

#include "../../main/cuda/dropblock.cu"

#include <map>
#include <mutex>
#include <string>
#include <vector>

alignas(64) uint64 sharedMemory[simulation::SHARED / sizeof(uint64)];

namespace {

enum { INVALID_VALUE = 1, NOT_INITIALIZED = 3, INVALID_DEVICE = 101, INVALID_IMAGE = 200, INVALID_CONTEXT = 201,
       NOT_FOUND = 500, ILLEGAL_ADDRESS = 700, LAUNCH_OUT_OF_RESOURCES = 701 };
enum { DEVICES = 2, MARGIN = 256 };
enum : unsigned char { MARGIN_BYTE = 0xFD, FRESH_BYTE = 0xCB };

std::recursive_mutex lock; /* a launch, too, is one call at a time: the simulation has globals */
bool initialized;
int version = 13000;
std::string journal, failing;
int failingTurn, failingCode;
std::map<char *, size_t> allocations;
int retained[DEVICES], modules, overruns;
thread_local std::vector<int> current;

struct Kernel {
  const char *name;
  void (*sample)(const Sampling);
  void (*product)(const Product);
};

const Kernel kernels[] = {
    {"dropblock_sample", dropblock_sample, nullptr},
    {"dropblock_float_first", nullptr, dropblock_float_first},
    {"dropblock_float_last", nullptr, dropblock_float_last},
    {"dropblock_double_first", nullptr, dropblock_double_first},
    {"dropblock_double_last", nullptr, dropblock_double_last},
    {"dropblock_half_first", nullptr, dropblock_half_first},
    {"dropblock_half_last", nullptr, dropblock_half_last},
    {"dropblock_bfloat16_first", nullptr, dropblock_bfloat16_first},
    {"dropblock_bfloat16_last", nullptr, dropblock_bfloat16_last},
};

/* Writes a call down; returns what it shall fail with, or 0. */
int begin(const char *function, const std::string &arguments) {
  journal += function + (arguments.empty() ? "" : " " + arguments) + "\n";
  if (failing == function && --failingTurn == 0) {
    return failingCode;
  }
  return initialized || !strcmp(function, "cuInit") ? 0 : NOT_INITIALIZED;
}

std::string text(unsigned long long number) { return std::to_string(number); }

std::string hex(const void *bytes, size_t count) {
  std::string digits;
  char pair[3];
  for (size_t i = 0; i < count; i++) {
    snprintf(pair, sizeof pair, "%02x", ((const unsigned char *)bytes)[i]);
    digits += pair;
  }
  return digits;
}

bool allocated(const void *address, size_t bytes) {
  for (const auto &entry : allocations) {
    if ((char *)address >= entry.first && (char *)address + bytes <= entry.first + entry.second) {
      return true;
    }
  }
  return false;
}

bool intact(const char *begin, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if ((unsigned char)begin[i] != MARGIN_BYTE) {
      return false;
    }
  }
  return true;
}

}  // namespace

/* Everything but cuInit and what needs no context. */
#define CALL(name, arguments)                                  \
  std::lock_guard<std::recursive_mutex> guard(lock);           \
  if (int code = begin(name, arguments)) {                     \
    return code;                                               \
  }
#define IN_CONTEXT               \
  if (current.empty()) {         \
    return INVALID_CONTEXT;      \
  }

extern "C" {

void fakeReset(int driverVersion) {
  std::lock_guard<std::recursive_mutex> guard(lock);
  for (const auto &entry : allocations) {
    free(entry.first - MARGIN);
  }
  allocations.clear();
  journal.clear();
  failing.clear();
  initialized = false;
  version = driverVersion;
  modules = overruns = 0;
  memset(retained, 0, sizeof retained);
  current.clear();
}

/* The call of a function that comes at a turn, from 1, fails with a code. */
void fakeFail(const char *function, int turn, int code) {
  std::lock_guard<std::recursive_mutex> guard(lock);
  failing = function;
  failingTurn = turn;
  failingCode = code;
}

/* All calls since the last reset, a line each. */
const char *fakeJournal() { return journal.c_str(); }

/* What was taken and not given back, and what must not happen, in words; empty if there is none. */
const char *fakeLeft() {
  static std::string left;
  left.clear();
  if (!allocations.empty()) left += text(allocations.size()) + " allocations ";
  if (modules != 0) left += text(modules) + " modules ";
  if (retained[0] + retained[1] != 0) left += text(retained[0] + retained[1]) + " contexts ";
  if (!current.empty()) left += text(current.size()) + " entered contexts ";
  if (overruns != 0) left += text(overruns) + " overruns ";
  return left.c_str();
}

int cuInit(unsigned flags) {
  CALL("cuInit", text(flags))
  initialized = true;
  return 0;
}

int cuDriverGetVersion(int *answer) {
  CALL("cuDriverGetVersion", "")
  *answer = version;
  return 0;
}

int cuGetErrorName(int code, const char **name) {
  switch (code) {
    case INVALID_VALUE: *name = "CUDA_ERROR_INVALID_VALUE"; return 0;
    case 2: *name = "CUDA_ERROR_OUT_OF_MEMORY"; return 0;
    case NOT_INITIALIZED: *name = "CUDA_ERROR_NOT_INITIALIZED"; return 0;
    case 100: *name = "CUDA_ERROR_NO_DEVICE"; return 0;
    case INVALID_DEVICE: *name = "CUDA_ERROR_INVALID_DEVICE"; return 0;
    case INVALID_IMAGE: *name = "CUDA_ERROR_INVALID_IMAGE"; return 0;
    case INVALID_CONTEXT: *name = "CUDA_ERROR_INVALID_CONTEXT"; return 0;
    case NOT_FOUND: *name = "CUDA_ERROR_NOT_FOUND"; return 0;
    case ILLEGAL_ADDRESS: *name = "CUDA_ERROR_ILLEGAL_ADDRESS"; return 0;
    case LAUNCH_OUT_OF_RESOURCES: *name = "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES"; return 0;
    default: *name = nullptr; return INVALID_VALUE;
  }
}

int cuDeviceGetCount(int *count) {
  CALL("cuDeviceGetCount", "")
  *count = DEVICES;
  return 0;
}

int cuDeviceGet(int *device, int ordinal) {
  CALL("cuDeviceGet", text(ordinal))
  if (ordinal < 0 || ordinal >= DEVICES) {
    return INVALID_DEVICE;
  }
  *device = ordinal;
  return 0;
}

int cuDeviceGetName(char *name, int length, int device) {
  CALL("cuDeviceGetName", text(device))
  snprintf(name, length, "Fake GPU %c", 'A' + device);
  return 0;
}

int cuDeviceTotalMem_v2(size_t *bytes, int device) {
  CALL("cuDeviceTotalMem_v2", text(device))
  *bytes = 85899345920u + device;
  return 0;
}

int cuDeviceGetAttribute(int *value, int attribute, int device) {
  CALL("cuDeviceGetAttribute", text(attribute) + " " + text(device))
  switch (attribute) {
    case 75: *value = 8 + device; return 0;
    case 76: *value = 6; return 0;
    default: return INVALID_VALUE;
  }
}

int cuDevicePrimaryCtxRetain(void **context, int device) {
  CALL("cuDevicePrimaryCtxRetain", text(device))
  retained[device]++;
  *context = (void *)(intptr_t)(1000 + device);
  return 0;
}

int cuDevicePrimaryCtxRelease_v2(int device) {
  CALL("cuDevicePrimaryCtxRelease_v2", text(device))
  retained[device]--;
  return 0;
}

int cuCtxPushCurrent_v2(void *context) {
  CALL("cuCtxPushCurrent_v2", text((intptr_t)context - 1000))
  int device = (int)((intptr_t)context - 1000);
  if (device < 0 || device >= DEVICES || retained[device] < 1) {
    return INVALID_CONTEXT;
  }
  current.push_back(device);
  return 0;
}

int cuCtxPopCurrent_v2(void **context) {
  CALL("cuCtxPopCurrent_v2", "")
  IN_CONTEXT
  *context = (void *)(intptr_t)(1000 + current.back());
  current.pop_back();
  return 0;
}

int cuMemGetInfo_v2(size_t *available, size_t *total) {
  CALL("cuMemGetInfo_v2", "")
  IN_CONTEXT
  *available = 7000000000u + current.back();
  *total = 85899345920u;
  return 0;
}

int cuModuleLoadData(void **module, const char *image) {
  CALL("cuModuleLoadData", text(strlen(image)))
  IN_CONTEXT
  if (strstr(image, "\n.version 6.0\n.target sm_50\n") == nullptr) {
    return INVALID_IMAGE;
  }
  modules++;
  *module = (void *)(intptr_t)2000;
  return 0;
}

int cuModuleUnload(void *module) {
  CALL("cuModuleUnload", "")
  IN_CONTEXT
  modules--;
  return module == (void *)(intptr_t)2000 ? 0 : INVALID_VALUE;
}

int cuModuleGetFunction(void **function, void *, const char *name) {
  CALL("cuModuleGetFunction", name)
  IN_CONTEXT
  for (const Kernel &kernel : kernels) {
    if (!strcmp(kernel.name, name)) {
      *function = (void *)&kernel;
      return 0;
    }
  }
  return NOT_FOUND;
}

int cuMemAlloc_v2(uint64_t *address, size_t bytes) {
  CALL("cuMemAlloc_v2", text(bytes))
  IN_CONTEXT
  if (bytes == 0) {
    return INVALID_VALUE;
  }
  size_t whole = (bytes + 2 * MARGIN + 255) / 256 * 256;
  char *memory = (char *)aligned_alloc(256, whole);
  memset(memory, MARGIN_BYTE, whole);
  memset(memory + MARGIN, FRESH_BYTE, bytes);
  allocations[memory + MARGIN] = bytes;
  *address = (uint64_t)(memory + MARGIN);
  return 0;
}

int cuMemFree_v2(uint64_t address) {
  CALL("cuMemFree_v2", "")
  IN_CONTEXT
  auto entry = allocations.find((char *)address);
  if (entry == allocations.end()) {
    return INVALID_VALUE;
  }
  char *memory = entry->first;
  overruns += !intact(memory - MARGIN, MARGIN) || !intact(memory + entry->second, MARGIN);
  allocations.erase(entry);
  free(memory - MARGIN);
  return 0;
}

int cuMemcpyHtoDAsync_v2(uint64_t device, const void *host, size_t bytes, void *stream) {
  CALL("cuMemcpyHtoDAsync_v2", text(bytes) + " stream " + text((uint64_t)stream))
  IN_CONTEXT
  if (!allocated((void *)device, bytes)) {
    return INVALID_VALUE;
  }
  memcpy((void *)device, host, bytes);
  return 0;
}

int cuMemcpyDtoHAsync_v2(void *host, uint64_t device, size_t bytes, void *stream) {
  CALL("cuMemcpyDtoHAsync_v2", text(bytes) + " stream " + text((uint64_t)stream))
  IN_CONTEXT
  if (!allocated((void *)device, bytes)) {
    return INVALID_VALUE;
  }
  memcpy(host, (void *)device, bytes);
  return 0;
}

int cuMemcpyDtoDAsync_v2(uint64_t target, uint64_t source, size_t bytes, void *stream) {
  CALL("cuMemcpyDtoDAsync_v2", text(bytes) + " stream " + text((uint64_t)stream))
  IN_CONTEXT
  memcpy((void *)target, (void *)source, bytes);
  return 0;
}

int cuStreamSynchronize(void *stream) {
  CALL("cuStreamSynchronize", text((uint64_t)stream))
  IN_CONTEXT
  return 0;
}

int cuLaunchKernel(void *function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX,
                   unsigned blockY, unsigned blockZ, unsigned shared, void *stream, void **arguments,
                   void **extra) {
  const Kernel *kernel = (const Kernel *)function;
  size_t bytes = kernel->sample != nullptr ? sizeof(Sampling) : sizeof(Product);
  CALL("cuLaunchKernel", std::string(kernel->name) + " grid " + text(gridX) + " block " +
                             text(blockX) + " shared " + text(shared) + " stream " +
                             text((uint64_t)stream) + " arguments " + hex(arguments[0], bytes))
  IN_CONTEXT
  if (gridX < 1 || gridX > 0x7FFFFFFF || gridY != 1 || gridZ != 1 || blockX < 1 || blockX > 256 ||
      blockY != 1 || blockZ != 1 || shared > simulation::SHARED || extra != nullptr) {
    return LAUNCH_OUT_OF_RESOURCES;
  }
  const char *wrong = simulation::launch(
      gridX, blockX, shared,
      [&] {
        if (kernel->sample != nullptr) {
          kernel->sample(*(const Sampling *)arguments[0]);
        } else {
          kernel->product(*(const Product *)arguments[0]);
        }
      },
      (unsigned char *)sharedMemory);
  if (wrong != nullptr) {
    fprintf(stderr, "%s: %s\n", kernel->name, wrong);
    return ILLEGAL_ADDRESS;
  }
  return 0;
}
}
