#include "memory.h"

#include <stdlib.h>

enum { LINE = 64 };

static void *noMemory(JNIEnv *env) {
  jclass error = (*env)->FindClass(env, "java/lang/OutOfMemoryError");
  (*env)->ThrowNew(env, error, "Cannot allocate memory outside the heap");
  return NULL;
}

uint64_t *allocate(JNIEnv *env, int64_t words) {
  uint64_t *buffer = calloc((size_t)words + 1, sizeof(uint64_t));
  return buffer == NULL ? noMemory(env) : buffer;
}

/* A buffer that a thread keeps, since new memory costs more than the masks that it is for. */
static __thread uint64_t *kept;
static __thread int64_t keptWords;

/* glibc's since 2.18; pthread_key_create would ask for the glibc that this is built with. */
extern int __cxa_thread_atexit_impl(void (*end)(void *), void *argument, void *library);
extern void *__dso_handle;

static void endThread(void *argument) {
  (void)argument;
  free(kept);
  kept = NULL;
}

uint64_t *scratch(JNIEnv *env, int64_t words) {
  if (keptWords < words) {
    if (kept == NULL && __cxa_thread_atexit_impl(endThread, NULL, &__dso_handle) != 0) {
      return noMemory(env);
    }
    free(kept);
    kept = aligned_alloc(LINE, ((size_t)words * sizeof(uint64_t) + LINE - 1) / LINE * LINE);
    keptWords = kept == NULL ? 0 : words;
  }
  return kept == NULL ? noMemory(env) : kept;
}
