/* The native methods of io.dropblock.cpu: translate arguments and call. */
#define _GNU_SOURCE /* exp10 */
#include <jni.h>
#include <math.h>
#include <stdlib.h>

#include "conv.h"
#include "kernel.h"
#include "memory.h"
#include "momentum.h"
#include "order.h"

static const Kernel *const KERNELS[] = {&dropblock_baseline, &dropblock_avx2, &dropblock_avx512};
static const Convolver *const CONVOLVERS[] = {&dropblock_baseline_conv, &dropblock_avx2_conv,
                                              &dropblock_avx512_conv};

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

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_normForward(
    JNIEnv *env, jclass self, jint instructionSet, jint threads, jboolean channelsLast, jlong y,
    jlong x, jlong samples, jlong channels, jlong pixels, jlong gamma, jlong beta, jlong mean,
    jlong variance, jfloat epsilon, jboolean relu, jboolean training) {
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
    jlong dy, jlong x, jlong samples, jlong channels, jlong pixels, jlong gamma, jlong beta,
    jlong mean, jlong variance, jfloat epsilon, jboolean relu, jlong dGamma, jlong dBeta) {
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
/* NormLoops.LEAST_VARIANCE */
#define LEAST_VARIANCE 1e-38

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_normUpdates(
    JNIEnv *env, jclass self, jlong channels, jlong mean, jlong variance, jlong movingMean,
    jlong movingLogDeviation, jdouble decay, jlong dMean, jlong dLogDeviation) {
  (void)env, (void)self;
  for (int64_t i = 0; i < channels; i++) {
    double moving = ((const float *)movingMean)[i];
    ((float *)dMean)[i] = (float)((1 - decay) * (moving - ((const float *)mean)[i]));
    double deviation = exp10(((const float *)movingLogDeviation)[i]);
    double before = fmax(deviation * deviation, LEAST_VARIANCE);
    double after =
        fmax(decay * before + (1 - decay) * ((const float *)variance)[i], LEAST_VARIANCE);
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

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_channelsLast(
    JNIEnv *env, jclass self, jint threads, jlong y, jlong x, jlong samples, jlong channels,
    jlong pixels) {
  (void)env, (void)self;
  channelsLast((float *)y, (const float *)x, samples, channels, pixels, threads);
}

/* Geometry: the fields of a Convolution, in their order. */
static Convolution convolution(JNIEnv *env, jintArray geometry) {
  jint g[14];
  (*env)->GetIntArrayRegion(env, geometry, 0, 14, g);
  return (Convolution){g[0], g[1], g[2], g[3],  g[4],  g[5],  g[6],
                       g[7], g[8], g[9], g[10], g[11], g[12], g[13]};
}

/* So many floats more than the convolution's own buffer, in front of it. */
static float *buffer(JNIEnv *env, const Convolver *by, const Convolution *c, int64_t more) {
  return (float *)scratch(env, (by->buffer(c) + more) / 2 + 1);
}

JNIEXPORT jlong JNICALL Java_io_dropblock_cpu_NativeLoops_convolutionPacked(JNIEnv *env,
                                                                            jclass self,
                                                                            jint instructionSet,
                                                                            jintArray geometry,
                                                                            jboolean back) {
  (void)self;
  Convolution c = convolution(env, geometry);
  return CONVOLVERS[instructionSet]->packed(&c, back);
}

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_convolutionPack(
    JNIEnv *env, jclass self, jint instructionSet, jintArray geometry, jboolean back, jlong packed,
    jlong w) {
  (void)self;
  Convolution c = convolution(env, geometry);
  const Convolver *by = CONVOLVERS[instructionSet];
  float *work = buffer(env, by, &c, 0);
  if (work != NULL) {
    by->pack(&c, back, (float *)packed, (const float *)w, work);
  }
}

/* w: as "pack" made them, or as they are. */
JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_convolutionForward(
    JNIEnv *env, jclass self, jint instructionSet, jintArray geometry, jlong y, jlong x, jlong w,
    jboolean isPacked, jlong bias, jlong added, jboolean relu) {
  (void)self;
  Convolution c = convolution(env, geometry);
  const Convolver *by = CONVOLVERS[instructionSet];
  int64_t size = isPacked ? 0 : by->packed(&c, 0);
  float *work = buffer(env, by, &c, size);
  if (work == NULL) {
    return;
  }
  if (!isPacked) {
    by->pack(&c, 0, work, (const float *)w, work + size);
  }
  by->forward(&c, (float *)y, (const float *)x, isPacked ? (const float *)w : work,
              (const float *)bias, (const float *)added, relu, work + size);
}

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_convolutionBackward(
    JNIEnv *env, jclass self, jint instructionSet, jintArray geometry, jlong dx, jlong dw,
    jlong dBias, jlong dy, jlong x, jlong w, jboolean isPacked) {
  (void)self;
  Convolution c = convolution(env, geometry);
  const Convolver *by = CONVOLVERS[instructionSet];
  int64_t size = isPacked || dx == 0 ? 0 : by->packed(&c, 1);
  float *work = buffer(env, by, &c, size);
  if (work == NULL) {
    return;
  }
  if (size > 0) {
    by->pack(&c, 1, work, (const float *)w, work + size);
  }
  by->backward(&c, (float *)dx, (float *)dw, (float *)dBias, (const float *)dy, (const float *)x,
               isPacked ? (const float *)w : work, work + size);
}

/* Pieces: first, count and first velocity of each. */
JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_momentumUpdate(
    JNIEnv *env, jclass self, jint threads, jlongArray pieces, jfloatArray decays, jfloat scale,
    jfloat rate, jfloat momentum, jboolean nesterov, jlong gradient, jlong velocity,
    jlong parameters) {
  (void)self;
  jint count = (*env)->GetArrayLength(env, decays);
  uint64_t *buffer = scratch(env, 4 * (int64_t)count);
  if (buffer == NULL) {
    return;
  }
  Momentum m = {scale, rate, momentum, nesterov, threads};
  float *decaysCopy = (float *)(buffer + 3 * (int64_t)count);
  (*env)->GetLongArrayRegion(env, pieces, 0, 3 * count, (jlong *)buffer);
  (*env)->GetFloatArrayRegion(env, decays, 0, count, decaysCopy);
  if (!(*env)->ExceptionCheck(env)) {
    momentumUpdate(&m, (const Piece *)buffer, decaysCopy, count, (float *)gradient,
                   (float *)velocity, (const float *)parameters);
  }
}
