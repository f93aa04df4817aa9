/* The native methods of io.dropblock.cpu.DepthwiseLoops: translate arguments and call. */
#include <jni.h>

#include "depthwise.h"
#include "memory.h"

static const DepthwiseConvolver *const CONVOLVERS[] = {
    &dropblock_baseline_depthwise, &dropblock_avx2_depthwise, &dropblock_avx512_depthwise};

/* Geometry: the fields of a Depthwise, in their order. */
static Depthwise depthwise(JNIEnv *env, jintArray geometry) {
  jint g[13];
  (*env)->GetIntArrayRegion(env, geometry, 0, 13, g);
  return (Depthwise){g[0], g[1], g[2], g[3],  g[4],  g[5], g[6],
                     g[7], g[8], g[9], g[10], g[11], g[12]};
}

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_depthwiseForward(
    JNIEnv *env, jclass self, jint instructionSet, jintArray geometry, jlong y, jlong x, jlong w) {
  (void)self;
  Depthwise d = depthwise(env, geometry);
  CONVOLVERS[instructionSet]->forward(&d, (float *)y, (const float *)x, (const float *)w);
}

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_depthwiseBackward(
    JNIEnv *env, jclass self, jint instructionSet, jintArray geometry, jlong dx, jlong dw, jlong dy,
    jlong x, jlong w) {
  (void)self;
  Depthwise d = depthwise(env, geometry);
  const DepthwiseConvolver *by = CONVOLVERS[instructionSet];
  float *work = (float *)scratch(env, by->buffer(&d) / 2 + 1);
  if (work != NULL) {
    by->backward(&d, (float *)dx, (float *)dw, (const float *)dy, (const float *)x,
                 (const float *)w, work);
  }
}
