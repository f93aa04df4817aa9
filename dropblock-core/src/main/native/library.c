/* The native methods of io.dropblock.cpu and io.dropblock.op: translate arguments and call. */
#define _GNU_SOURCE /* exp10 */
#include <jni.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"
#include "pointwise.h"

static const Kernel *const KERNELS[] = {&dropblock_baseline, &dropblock_avx2, &dropblock_avx512};

/* A word on both sides of others, for loops that look over the edge. */
enum { MARGIN = 1 };

JNIEXPORT jstring JNICALL Java_io_dropblock_cpu_NativeLibrary_source(JNIEnv *env, jclass self) {
  (void)self;
  return (*env)->NewStringUTF(env, SOURCE);
}

JNIEXPORT jint JNICALL Java_io_dropblock_cpu_NativeLibrary_instructionSets(JNIEnv *env,
                                                                              jclass self) {
  (void)env, (void)self;
  __builtin_cpu_init();
  return 1 + (__builtin_cpu_supports("x86-64-v3") != 0) +
         (__builtin_cpu_supports("x86-64-v3") && __builtin_cpu_supports("x86-64-v4"));
}

/* Zeros; NULL with an exception pending where there is no memory. */
static uint64_t *allocate(JNIEnv *env, int64_t words) {
  uint64_t *buffer = calloc((size_t)(words + 2 * MARGIN), sizeof(uint64_t));
  if (buffer == NULL) {
    jclass error = (*env)->FindClass(env, "java/lang/OutOfMemoryError");
    (*env)->ThrowNew(env, error, "Cannot allocate memory for the words of a mask");
  }
  return buffer;
}

JNIEXPORT jlong JNICALL Java_io_dropblock_op_NativeOp_sample(
    JNIEnv *env, jclass self, jint instructionSet, jlongArray mask, jint firstWord, jint height,
    jint width, jint blockHeight, jint blockWidth, jlongArray table, jcharArray guide,
    jint guideShift, jint steps, jlong key, jint step, jint sample, jint firstChannel,
    jint channels) {
  (void)self;
  Geometry g = {.width = width,
                .blockWidth = blockWidth,
                .pixels = height * width,
                .wordsPerMap = (height * width - 1) / 64 + 1,
                .startColumns = width - blockWidth + 1,
                .starts = (height - blockHeight + 1) * (width - blockWidth + 1),
                .blockWords = ((blockHeight - 1) * width + blockWidth - 1) / 64 + 1};
  int64_t count = (int64_t)channels * g.wordsPerMap;
  jint tableLength = (*env)->GetArrayLength(env, table);
  jint guideLength = (*env)->GetArrayLength(env, guide);
  int64_t guideWords = guideLength / 4 + 1;
  /* one buffer for all: the words to draw, the words of a block, the table, the guide */
  uint64_t *buffer =
      allocate(env, count + MARGIN + g.blockWords + MARGIN + tableLength + guideWords);
  if (buffer == NULL) {
    return 0;
  }
  uint64_t *words = buffer + MARGIN, *block = words + count + 2 * MARGIN;
  int64_t *tableCopy = (int64_t *)(block + g.blockWords + MARGIN);
  uint16_t *guideCopy = (uint16_t *)(tableCopy + tableLength);
  (*env)->GetLongArrayRegion(env, table, 0, tableLength, (jlong *)tableCopy);
  (*env)->GetCharArrayRegion(env, guide, 0, guideLength, guideCopy);
  for (int32_t row = 0; row < blockHeight; row++) {
    for (int32_t column = 0; column < blockWidth; column++) {
      int32_t pixel = row * width + column;
      block[pixel / 64] |= 1ull << (pixel & 63);
    }
  }
  Gaps gaps = {tableCopy, guideCopy, tableLength - 1, guideShift, steps};
  Stream stream = {(uint64_t)key, (uint32_t)step, (uint32_t)sample};
  int64_t dropped =
      KERNELS[instructionSet]->sample(&g, &gaps, &stream, block, firstChannel, channels, words);
  (*env)->SetLongArrayRegion(env, mask, firstWord, (jsize)count, (const jlong *)words);
  free(buffer);
  return dropped;
}

JNIEXPORT void JNICALL Java_io_dropblock_op_NativeOp_multiply(
    JNIEnv *env, jclass self, jint instructionSet, jboolean doubles, jboolean channelsLast,
    jlong output, jlong input, jlongArray mask, jint firstWord, jint wordCount, jint pixels,
    jint channels, jboolean shared, jlong first, jlong end, jdouble factor) {
  (void)self;
  const Kernel *kernel = KERNELS[instructionSet];
  Geometry g = {.pixels = pixels, .wordsPerMap = (pixels - 1) / 64 + 1};
  uint64_t *words = allocate(env, wordCount);
  if (words == NULL) {
    return;
  }
  (*env)->GetLongArrayRegion(env, mask, firstWord, wordCount, (jlong *)words);
  void *y = (void *)output;
  const void *x = (const void *)input;
  if ((*env)->ExceptionCheck(env)) {
    /* the words are not there: told when this returns */
  } else if (channelsLast && doubles) {
    kernel->lastDouble(y, x, words, &g, channels, shared, (int32_t)first, (int32_t)end, factor);
  } else if (channelsLast) {
    kernel->lastFloat(y, x, words, &g, channels, shared, (int32_t)first, (int32_t)end,
                      (float)factor);
  } else if (doubles) {
    kernel->productDouble(y, x, words, &g, shared, first, end, factor);
  } else {
    kernel->productFloat(y, x, words, &g, shared, first, end, (float)factor);
  }
  free(words);
}

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_normForward(
    JNIEnv *env, jclass self, jint instructionSet, jint threads, jboolean channelsLast, jlong y,
    jlong x, jlong samples, jlong channels, jlong pixels, jlong gamma, jlong beta, jlong mean, jlong variance,
    jfloat epsilon, jboolean relu, jboolean training) {
  (void)self;
  Maps maps = {samples, channels, pixels, channelsLast, threads};
  Norm norm = {(float *)gamma, (float *)beta, (float *)mean, (float *)variance, epsilon, relu};
  double *sums = (double *)allocate(env, channelsLast ? 2 * channels * threads : 0);
  if (sums != NULL) {
    KERNELS[instructionSet]->normForward((float *)y, (const float *)x, &maps, &norm, training, sums);
    free(sums);
  }
}

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_normBackward(
    JNIEnv *env, jclass self, jint instructionSet, jint threads, jboolean channelsLast, jlong dx,
    jlong dy, jlong x, jlong samples, jlong channels, jlong pixels, jlong gamma, jlong beta, jlong mean,
    jlong variance, jfloat epsilon, jboolean relu, jlong dGamma, jlong dBeta) {
  (void)self;
  Maps maps = {samples, channels, pixels, channelsLast, threads};
  Norm norm = {(float *)gamma, (float *)beta, (float *)mean, (float *)variance, epsilon, relu};
  double *sums = (double *)allocate(env, channelsLast ? 2 * channels * threads : 0);
  if (sums != NULL) {
    KERNELS[instructionSet]->normBackward((float *)dx, (const float *)dy, (const float *)x, &maps,
                                          &norm, (float *)dGamma, (float *)dBeta, sums);
    free(sums);
  }
}

/* DL4J's parameters are the mean and log10 of the deviation; its "gradients" are subtracted. */
JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_normUpdates(
    JNIEnv *env, jclass self, jlong channels, jlong mean, jlong variance, jlong movingMean,
    jlong movingLogDeviation, jdouble decay, jlong dMean, jlong dLogDeviation) {
  (void)env, (void)self;
  for (int64_t i = 0; i < channels; i++) {
    double moving = ((const float *)movingMean)[i];
    ((float *)dMean)[i] = (float)((1 - decay) * (moving - ((const float *)mean)[i]));
    double deviation = exp10(((const float *)movingLogDeviation)[i]);
    double before = deviation * deviation;
    double after = decay * before + (1 - decay) * ((const float *)variance)[i];
    ((float *)dLogDeviation)[i] = (float)(log10(before / after) / 2);
  }
}

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_sumForward(
    JNIEnv *env, jclass self, jint instructionSet, jint threads, jlong y, jlong a, jlong b,
    jlong length) {
  (void)env, (void)self;
  KERNELS[instructionSet]->sumForward((float *)y, (const float *)a, (const float *)b, length,
                                      threads);
}

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_sumBackward(
    JNIEnv *env, jclass self, jint instructionSet, jint threads, jlong dx, jlong dy, jlong y,
    jlong length) {
  (void)env, (void)self;
  KERNELS[instructionSet]->sumBackward((float *)dx, (const float *)dy, (const float *)y, length,
                                       threads);
}

JNIEXPORT jboolean JNICALL Java_io_dropblock_cpu_NativeLoops_pointwiseAvailable(JNIEnv *env,
                                                                                jclass self) {
  (void)env, (void)self;
  return pointwiseAvailable() != 0;
}

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_pointwiseBackward(
    JNIEnv *env, jclass self, jint threads, jint rows, jint inputs, jint outputs, jlong x, jlong w,
    jlong dy, jlong dx, jlong dw) {
  (void)self;
  Pointwise p = {rows, inputs, outputs, threads};
  float *buffer = (float *)allocate(env, pointwiseBuffer(&p) / 2 + 1);
  if (buffer != NULL) {
    pointwiseBackward(&p, (const float *)x, (const float *)w, (const float *)dy, (float *)dx,
                      (float *)dw, buffer);
    free(buffer);
  }
}
