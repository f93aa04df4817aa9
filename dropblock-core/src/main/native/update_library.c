/* The native methods of io.dropblock.cpu.UpdateLoops: translate arguments and call. */
#include <jni.h>

#include "memory.h"
#include "update.h"

enum { PIECE_WORDS = sizeof(Piece) / sizeof(uint64_t) };

/* Pieces: the fields of a Piece, in their order. Decays: coupled and decoupled of each. Numbers: a Step's. */
JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_update(
    JNIEnv *env, jclass self, jint rule, jint threads, jlongArray pieces, jfloatArray decays,
    jfloatArray numbers, jlong gradient, jlong state, jlong parameters) {
  (void)self;
  int64_t count = (*env)->GetArrayLength(env, decays) / 2;
  uint64_t *buffer = scratch(env, (PIECE_WORDS + 1) * count);
  if (buffer == NULL) {
    return;
  }
  Step step = {0};
  (*env)->GetFloatArrayRegion(env, numbers, 0, (*env)->GetArrayLength(env, numbers), (float *)&step);
  (*env)->GetLongArrayRegion(env, pieces, 0, (jsize)(PIECE_WORDS * count), (jlong *)buffer);
  Decay *decaysCopy = (Decay *)(buffer + PIECE_WORDS * count);
  (*env)->GetFloatArrayRegion(env, decays, 0, (jsize)(2 * count), (float *)decaysCopy);
  if (!(*env)->ExceptionCheck(env)) {
    update((Rule)rule, &step, (const Piece *)buffer, decaysCopy, count, threads, (float *)gradient,
           (float *)state, (const float *)parameters);
  }
}

JNIEXPORT jdouble JNICALL Java_io_dropblock_cpu_NativeLoops_sumOfSquares(
    JNIEnv *env, jclass self, jint threads, jlongArray pieces, jlong gradient) {
  (void)self;
  int64_t count = (*env)->GetArrayLength(env, pieces) / PIECE_WORDS;
  uint64_t *buffer = scratch(env, (PIECE_WORDS + 1) * count);
  if (buffer == NULL) {
    return 0;
  }
  (*env)->GetLongArrayRegion(env, pieces, 0, (jsize)(PIECE_WORDS * count), (jlong *)buffer);
  if ((*env)->ExceptionCheck(env)) {
    return 0;
  }
  return sumOfSquares((const Piece *)buffer, count, threads, (const float *)gradient,
                      (double *)(buffer + PIECE_WORDS * count));
}
