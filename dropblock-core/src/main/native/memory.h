#ifndef DROPBLOCK_MEMORY_H
#define DROPBLOCK_MEMORY_H

#include <jni.h>
#include <stdint.h>

/* Zeros; NULL with an exception pending where there is no memory. */
uint64_t *allocate(JNIEnv *, int64_t words);

/*
 * At least so many words, with anything in them, at the beginning of a cache line; valid until the
 * thread's next call. NULL with an exception pending where there is no memory.
 */
uint64_t *scratch(JNIEnv *, int64_t words);

#endif
