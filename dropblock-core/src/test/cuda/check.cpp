/*
 * Checks and measures dropblock.ptx on a GPU, without Java, CUDA's toolkit or its headers: needs g++ to be built and
 * NVIDIA's driver to be run. check.sh does both.
 *   check PTX VECTORS [most elements of a vector]   masks and products against vectors.txt, bit for bit
 *   check PTX bench                                 GB/s, x read and y written, beside a plain copy
 * The driver is libcuda.so.1, or what the environment variable CUDA_DRIVER names.
 */
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

static void *driver;

/* Calls a function of the driver; a failure ends the program. */
template <typename... Arguments>
static void call(const char *name, Arguments... arguments) {
  auto function = (int (*)(Arguments...))dlsym(driver, name);
  int code = function == nullptr ? -1 : function(arguments...);
  if (code != 0) {
    const char *text = "no such function";
    if (auto names = (int (*)(int, const char **))dlsym(driver, "cuGetErrorName")) {
      names(code, &text);
    }
    fprintf(stderr, "%s gave %d, %s\n", name, code, text == nullptr ? "?" : text);
    exit(2);
  }
}

static void *module;

static void *function(const std::string &name) {
  void *handle;
  call("cuModuleGetFunction", &handle, module, name.c_str());
  return handle;
}

static uint64_t allocate(size_t bytes) {
  uint64_t address;
  call("cuMemAlloc_v2", &address, bytes);
  return address;
}

static void copyIn(uint64_t device, const void *host, size_t bytes) {
  call("cuMemcpyHtoDAsync_v2", device, host, bytes, (void *)nullptr);
}

static void synchronize() { call("cuStreamSynchronize", (void *)nullptr); }

static void copyOut(void *host, uint64_t device, size_t bytes) {
  call("cuMemcpyDtoHAsync_v2", host, device, bytes, (void *)nullptr);
  synchronize();
}

static void launch(void *kernel, unsigned blocks, unsigned threads, unsigned shared, void *structure) {
  void *arguments[] = {structure};
  call("cuLaunchKernel", kernel, blocks, 1u, 1u, threads, 1u, 1u, shared, (void *)nullptr, arguments,
       (void **)nullptr);
}

/* The structures of sample.cuh and product.cuh. */
struct Sampling {
  uint64_t words, dropped, tally, scales, gaps, key, sampleElements;
  uint32_t step, firstSample, samples, maps, sharing, scaling, width, blockHeight, blockWidth;
  uint32_t startColumns, starts, horizon, wordsPerMap, tileInShared;
};

struct Product {
  uint64_t output, input, words, scales, pieceElements;
  uint32_t samplesOfPiece, channels, pixels, wordsPerMap, sharedChannels, blocksOfPiece, wide, pieces;
};

static_assert(sizeof(Sampling) == 112 && sizeof(Product) == 72, "as the kernels' own");

struct Case {
  uint64_t key;
  double gamma;
  uint32_t step, firstSample, samples, channels, height, width, blockHeight, blockWidth, shared, scaling;

  uint64_t elements() const { return (uint64_t)samples * channels * height * width; }
};

/* A mask on the GPU: SampleLaunch and DeviceMask once more. */
struct Mask {
  Case shape;
  Sampling sampling;
  std::vector<uint32_t> gaps;
  std::vector<char> header;
  unsigned threads, blocks, sharedBytes;
  uint64_t memory, wordCount;

  explicit Mask(const Case &c) : shape(c) {
    uint32_t startColumns = c.width - c.blockWidth + 1, starts = (c.height - c.blockHeight + 1) * startColumns;
    double none = 1 - c.gamma;
    uint32_t horizon = none == 1 ? 0 : starts < 1024 ? starts : 1024;
    for (uint32_t gap = 1; gap <= horizon; gap++) {
      gaps.push_back((uint32_t)((double)powl(none, gap) * 4294967296.0));
    }
    uint32_t maps = c.shared ? 1 : c.channels, wordsPerMap = (c.height * c.width + 63) / 64;
    for (threads = 256; threads >= 32 && bytes(threads, wordsPerMap) > 32768; threads /= 2) {
    }
    bool tile = threads >= 32;
    threads = tile ? threads : 32;
    sharedBytes = bytes(threads, tile ? wordsPerMap : 0);
    blocks = (c.samples * ((maps + 3) / 4) - 1) / (threads / 4) + 1;
    header.resize(16 + 8 * c.samples + 4 * horizon);
    if (horizon > 0) {
      memcpy(header.data() + 16 + 8 * c.samples, gaps.data(), 4 * horizon);
    }
    wordCount = (uint64_t)c.samples * maps * wordsPerMap;
    uint64_t words = (8 * c.samples + header.size() + 15) / 16 * 16;
    memory = allocate(words + 8 * wordCount);
    uint64_t tally = memory + 8 * c.samples, dropped = tally + 16;
    sampling = {memory + words, dropped, tally, memory, dropped + 8 * c.samples, c.key,
                (uint64_t)c.channels * c.height * c.width, c.step, c.firstSample, c.samples, maps,
                c.channels / maps, c.scaling, c.width, c.blockHeight, c.blockWidth, startColumns,
                horizon == 0 ? 0 : starts, horizon, wordsPerMap, tile};
  }

  Mask(const Mask &) = delete;

  ~Mask() { call("cuMemFree_v2", memory); }

  unsigned bytes(unsigned threadCount, uint32_t wordsPerMap) const {
    return 16 + threadCount * wordsPerMap * 8 + (unsigned)(gaps.size() + threadCount) * 4;
  }

  void sample() {
    copyIn(sampling.tally, header.data(), header.size());
    static void *kernel = function("dropblock_sample");
    launch(kernel, blocks, threads, sharedBytes, &sampling);
  }
};

struct Type {
  const char *name;
  uint32_t size;
};

static const Type FLOAT = {"float", 4}, HALF = {"half", 2}, BFLOAT16 = {"bfloat16", 2};

/* ProductLaunch once more. */
static void multiply(const Mask &mask, const Type &type, bool last, uint64_t input, uint64_t output) {
  const Case &c = mask.shape;
  uint32_t lanes = 16 / type.size, pieces = c.scaling == 1 ? c.samples : 1;
  bool wide = last ? (input | output) % 16 == 0 && c.channels % lanes == 0 : (input - output) % 16 == 0;
  uint64_t elements = c.elements() / pieces;
  bool aligned = output % 16 == 0 && (pieces == 1 || elements % lanes == 0);
  uint64_t blocksOfPiece = (elements + (wide && !aligned ? lanes - 1 : 0) - 1) / (1024 * lanes) + 1;
  uint64_t runs = (uint64_t)c.samples * ((c.height * c.width + 31) / 32);
  uint64_t blocks = last ? (runs * (c.channels / (wide ? lanes : 1)) - 1) / 256 + 1 : pieces * blocksOfPiece;
  Product product = {output, input, mask.sampling.words, mask.sampling.scales, elements, c.samples / pieces,
                     c.channels, c.height * c.width, mask.sampling.wordsPerMap, c.shared,
                     (uint32_t)(last ? blocks : blocksOfPiece), wide, pieces};
  launch(function(std::string("dropblock_") + type.name + (last ? "_last" : "_first")), (unsigned)blocks, 256,
         last ? 0 : 128 * lanes, &product);
}

static std::string fnv(const void *bytes, size_t count) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (size_t i = 0; i < count; i++) {
    hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001B3u;
  }
  char text[17];
  snprintf(text, sizeof text, "%016llx", (unsigned long long)hash);
  return text;
}

/* Element i of x: a number that all types hold exactly. */
static void put(char *place, const Type &type, uint64_t i) {
  float number = ((int)((uint32_t)i * 40503u & 255) - 128) / 16.0f;
  uint32_t bits;
  memcpy(&bits, &number, 4);
  if (type.size == 4) {
    memcpy(place, &bits, 4);
    return;
  }
  uint16_t half = (uint16_t)(bits >> 16);
  if (type.name == HALF.name) {
    int exponent = (int)(bits >> 23 & 0xFF) - 127 + 15;
    half = (uint16_t)(number == 0 ? 0 : (bits >> 16 & 0x8000) | exponent << 10 | (bits & 0x7FFFFF) >> 13);
  }
  memcpy(place, &half, 2);
}

/* Where element i of channels-first memory is in channels-last memory. */
static uint64_t lastPlace(const Case &c, uint64_t i) {
  uint64_t pixels = c.height * c.width, sample = i / pixels / c.channels;
  return (sample * pixels + i % pixels) * c.channels + i / pixels % c.channels;
}

enum { MARGIN = 64 };

/* y of both orders of memory, in place or not, at several addresses, in outputs that hold other numbers before. */
static int productFailures(const Mask &mask, const Type &type, const std::string &expected) {
  const Case &c = mask.shape;
  uint64_t bytes = c.elements() * type.size;
  int failures = 0;
  uint64_t source = allocate(bytes + 2 * MARGIN), target = allocate(bytes + 2 * MARGIN);
  std::vector<char> x(bytes), y(bytes), memory(bytes + 2 * MARGIN);
  for (int variant = 0; variant < 12; variant++) {
    bool last = variant % 2 == 1, inPlace = variant / 2 % 2 == 1;
    uint32_t from = variant / 4 * type.size, to = inPlace ? from : variant / 4 == 2 ? 0 : from;
    for (uint64_t i = 0; i < c.elements(); i++) {
      put(&x[(last ? lastPlace(c, i) : i) * type.size], type, i);
    }
    memset(memory.data(), 0xFF, memory.size());
    copyIn(target, memory.data(), memory.size());
    memcpy(memory.data() + MARGIN / 2 + from, x.data(), bytes);
    copyIn(source, memory.data(), memory.size());
    uint64_t output = inPlace ? source : target;
    multiply(mask, type, last, source + MARGIN / 2 + from, output + MARGIN / 2 + to);
    copyOut(memory.data(), output, memory.size());
    for (uint64_t i = 0; i < c.elements(); i++) {
      memcpy(&y[i * type.size], &memory[MARGIN / 2 + to + (last ? lastPlace(c, i) : i) * type.size], type.size);
    }
    bool outside = false;
    for (uint64_t i = 0; i < memory.size(); i++) {
      outside |= (i < MARGIN / 2 + to || i >= MARGIN / 2 + to + bytes) && memory[i] != (char)0xFF;
    }
    if (outside || fnv(y.data(), bytes) != expected) {
      printf("  %s, %s%s, offsets %u %u: %s\n", type.name, last ? "channels last" : "channels first",
             inPlace ? ", in place" : "", from, to, outside ? "wrote outside the output" : "differs");
      failures++;
    }
  }
  call("cuMemFree_v2", source);
  call("cuMemFree_v2", target);
  return failures;
}

static int vectorFailures(const char *file, uint64_t most) {
  std::ifstream lines(file);
  std::string line;
  int failures = 0, count = 0;
  while (std::getline(lines, line)) {
    std::istringstream in(line);
    std::string key, gamma, gaps, words, products[3];
    uint64_t kept;
    Case c;
    if (line[0] == '#' ||
        !(in >> key >> gamma >> c.step >> c.firstSample >> c.samples >> c.channels >> c.height >> c.width >>
          c.blockHeight >> c.blockWidth >> c.shared >> c.scaling >> kept >> gaps >> words >> products[0] >>
          products[1] >> products[2]) ||
        c.elements() > most) {
      continue;
    }
    c.key = strtoull(key.c_str(), nullptr, 16);
    c.gamma = strtod(gamma.c_str(), nullptr);
    int before = failures;
    Mask mask(c);
    if (gaps != "-" && fnv(mask.gaps.data(), mask.gaps.size() * 4) != gaps) {
      printf("  the gap table differs: the C library's pow, not the GPU\n");
      failures++;
    }
    for (int again = 0; again < 2; again++) {
      mask.sample();
    }
    std::vector<uint64_t> drawn(mask.wordCount), dropped(c.samples);
    copyOut(drawn.data(), mask.sampling.words, 8 * mask.wordCount);
    copyOut(dropped.data(), mask.sampling.dropped, 8 * c.samples);
    uint64_t ones = c.elements();
    for (uint64_t one : dropped) {
      ones -= one * mask.sampling.sharing;
    }
    if (ones != kept) {
      printf("  kept %llu\n", (unsigned long long)ones);
      failures++;
    }
    if (fnv(drawn.data(), 8 * mask.wordCount) != words) {
      printf("  the mask differs\n");
      failures++;
    }
    const Type *types[] = {&FLOAT, &HALF, &BFLOAT16};
    for (int type = 0; type < 3; type++) {
      failures += productFailures(mask, *types[type], products[type]);
    }
    count++;
    if (failures > before) {
      printf("FAILED: %s\n", line.c_str());
    }
  }
  printf("%d vectors, %d failures\n", count, failures);
  return count == 0 ? 1 : failures;
}

/* Microseconds of one turn, the best of several rounds. */
template <typename Turn>
static double microseconds(Turn turn) {
  enum { ROUNDS = 7, TURNS = 40 };
  double best = 1e30;
  turn();
  synchronize();
  for (int round = 0; round < ROUNDS; round++) {
    auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < TURNS; i++) {
      turn();
    }
    synchronize();
    std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
    best = time.count() / TURNS < best ? time.count() / TURNS : best;
  }
  return best;
}

static void bench() {
  const uint32_t shapes[][2] = {{256, 28}, {1024, 14}, {2048, 7}};
  const uint32_t samples = getenv("CHECK_SAMPLES") ? atoi(getenv("CHECK_SAMPLES")) : 256;
  printf("%u samples, block 7, keep .9; in brackets the share of the copy's bandwidth\n", samples);
  printf("%-18s %-9s %-6s %10s %18s %18s\n", "maps of a sample", "type", "order", "copy", "forward", "backward");
  for (const auto &shape : shapes) {
    for (const Type *type : {&FLOAT, &BFLOAT16}) {
      for (bool last : {false, true}) {
        uint32_t channels = shape[0], side = shape[1];
        double gamma = .1 * side * side / (49.0 * (side - 6) * (side - 6));
        Mask mask({1, gamma, 1, 0, samples, channels, side, side, 7, 7, 0, 0});
        uint64_t bytes = mask.shape.elements() * type->size;
        uint64_t x = allocate(bytes), y = allocate(bytes);
        std::vector<char> zeros(bytes);
        copyIn(x, zeros.data(), bytes);
        double copy = microseconds([&] { call("cuMemcpyDtoDAsync_v2", y, x, (size_t)bytes, (void *)nullptr); });
        double forward = microseconds([&] {
          mask.sample();
          multiply(mask, *type, last, x, y);
        });
        double backward = microseconds([&] { multiply(mask, *type, last, x, y); });
        double gigabytes = 2e-3 * (double)bytes;
        printf("%4u x %2u x %2u       %-9s %-6s %5.0f GB/s %5.0f GB/s (%3.0f %%) %5.0f GB/s (%3.0f %%)\n", channels, side,
               side, type->name, last ? "last" : "first", gigabytes / copy, gigabytes / forward,
               100 * copy / forward, gigabytes / backward, 100 * copy / backward);
        call("cuMemFree_v2", x);
        call("cuMemFree_v2", y);
      }
    }
  }
}

int main(int count, char **arguments) {
  const char *library = getenv("CUDA_DRIVER") ? getenv("CUDA_DRIVER") : "libcuda.so.1";
  driver = dlopen(library, RTLD_NOW);
  if (driver == nullptr || count < 3) {
    fprintf(stderr, "%s\n", driver == nullptr ? dlerror() : "usage: check PTX VECTORS [most elements] | check PTX bench");
    return 2;
  }
  call("cuInit", 0u);
  int device, version, major, minor;
  void *context;
  char name[256];
  call("cuDeviceGet", &device, 0);
  call("cuDeviceGetName", name, 256, device);
  call("cuDriverGetVersion", &version);
  call("cuDeviceGetAttribute", &major, 75, device);
  call("cuDeviceGetAttribute", &minor, 76, device);
  printf("%s, compute capability %d.%d, driver for CUDA %d.%d\n", name, major, minor, version / 1000, version % 1000 / 10);
  call("cuDevicePrimaryCtxRetain", &context, device);
  call("cuCtxPushCurrent_v2", context);
  std::ifstream file(arguments[1]);
  std::string ptx((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  call("cuModuleLoadData", &module, ptx.c_str());
  int failures = 0;
  if (!strcmp(arguments[2], "bench")) {
    bench();
  } else {
    failures = vectorFailures(arguments[2], count > 3 ? strtoull(arguments[3], nullptr, 10) : UINT64_MAX);
  }
  call("cuModuleUnload", module);
  call("cuDevicePrimaryCtxRelease_v2", device);
  return failures == 0 ? 0 : 1;
}
