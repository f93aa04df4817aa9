/*
 * A GPU of one core, for kernels compiled as C++: the threads of a thread block are fibers that take turns at
 * __syncthreads(), one thread block after the other. In shared memory nothing is 0 by itself, and nobody may touch more
 * of it than was asked for.
 */
#pragma once
#include <csetjmp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <ucontext.h>

struct Index {
  unsigned x = 1, y = 1, z = 1;
};

static Index threadIdx, blockIdx, blockDim, gridDim;

#define __device__
#define __global__
#define __shared__
#define __launch_bounds__(threads)

namespace simulation {

enum { THREADS = 1024, STACK = 64 * 1024, SHARED = 48 * 1024 };
enum : unsigned char { POISON = 0xA5 };

/* A fiber is made once and then left and entered by jumps, which are no system calls. */
static ucontext_t contexts[THREADS];
static jmp_buf scheduler, fibers[THREADS];
static bool made[THREADS], done[THREADS];
static char *stacks;
static const std::function<void()> *kernel;
static unsigned waiting;

static void leave(unsigned thread) {
  if (_setjmp(fibers[thread]) == 0) {
    _longjmp(scheduler, 1);
  }
}

static void run() {
  const unsigned thread = threadIdx.x;
  for (;;) {
    (*kernel)();
    done[thread] = true;
    leave(thread);
  }
}

static void enter(unsigned thread) {
  threadIdx.x = thread;
  if (_setjmp(scheduler) != 0) {
    return;
  }
  if (made[thread]) {
    _longjmp(fibers[thread], 1);
  }
  made[thread] = true;
  getcontext(&contexts[thread]);
  contexts[thread].uc_stack.ss_sp = stacks + (size_t)thread * STACK;
  contexts[thread].uc_stack.ss_size = STACK;
  makecontext(&contexts[thread], run, 0);
  setcontext(&contexts[thread]);
}

/* Runs a kernel; returns null, or what it did that no kernel may. */
static const char *launch(unsigned blocks, unsigned threads, unsigned sharedBytes,
                          const std::function<void()> &body, unsigned char *shared) {
  static unsigned launches;
  launches++;
  if (stacks == nullptr) {
    stacks = (char *)malloc((size_t)THREADS * STACK);
  }
  kernel = &body;
  gridDim.x = blocks;
  blockDim.x = threads;
  for (unsigned block = 0; block < blocks; block++) {
    blockIdx.x = block;
    memset(shared, POISON, SHARED);
    memset(done, 0, sizeof done);
    for (unsigned left = threads; left > 0;) {
      unsigned before = left;
      waiting = 0;
      /* forwards and backwards by turns: what needs an order between barriers shows */
      for (unsigned i = 0; i < threads; i++) {
        unsigned thread = launches % 2 == 0 ? i : threads - 1 - i;
        if (!done[thread]) {
          enter(thread);
          left -= done[thread];
        }
      }
      if (waiting != 0 && left != before) {
        memset(made, 0, sizeof made);
        return "some threads returned while others wait at a barrier";
      }
    }
    for (unsigned i = sharedBytes; i < SHARED; i++) {
      if (shared[i] != POISON) {
        return "wrote past its shared memory";
      }
    }
  }
  return nullptr;
}

}  // namespace simulation

static inline void __syncthreads() {
  unsigned thread = threadIdx.x;
  simulation::waiting++;
  simulation::leave(thread);
  threadIdx.x = thread;
}

static inline void __threadfence() {}

template <typename T>
static inline T atomicAdd(T *address, T value) {
  T before = *address;
  *address += value;
  return before;
}

template <typename T>
static inline T __ldg(const T *address) {
  return *address;
}

static inline int __popc(unsigned bits) { return __builtin_popcount(bits); }

static inline unsigned __float_as_uint(float x) {
  unsigned bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline float __uint_as_float(unsigned bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}
