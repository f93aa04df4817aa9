/* The native methods of io.dropblock.cpu.UpsampleLoops: translate arguments and call. */
#include <jni.h>

#include "memory.h"
#include "upsample.h"

static const Upsampler *const UPSAMPLERS[] = {
    &dropblock_baseline_upsample, &dropblock_avx2_upsample, &dropblock_avx512_upsample};

/* Geometry: the fields of an Upsampling, in their order. */
static Upsampling upsampling(JNIEnv *env, jintArray geometry) {
  jint g[7];
  (*env)->GetIntArrayRegion(env, geometry, 0, 7, g);
  return (Upsampling){g[0], g[1], g[2], g[3], g[4], g[5], g[6]};
}

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_upsampleForward(
    JNIEnv *env, jclass self, jint instructionSet, jintArray geometry, jlong y, jlong x,
    jlong added) {
  (void)self;
  Upsampling u = upsampling(env, geometry);
  UPSAMPLERS[instructionSet]->forward(&u, (float *)y, (const float *)x, (const float *)added);
}

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_upsampleBackward(
    JNIEnv *env, jclass self, jint instructionSet, jintArray geometry, jlong dx, jlong dy) {
  (void)self;
  Upsampling u = upsampling(env, geometry);
  UPSAMPLERS[instructionSet]->backward(&u, (float *)dx, (const float *)dy);
}

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_argMax(JNIEnv *env, jclass self,
                                                                 jint instructionSet,
                                                                 jintArray geometry,
                                                                 jbyteArray labels, jlong x) {
  (void)self;
  Upsampling u = upsampling(env, geometry);
  jint count = (*env)->GetArrayLength(env, labels);
  uint8_t *found = (uint8_t *)scratch(env, count / 8 + 1);
  if (found != NULL) {
    UPSAMPLERS[instructionSet]->argMax(&u, found, (const float *)x);
    (*env)->SetByteArrayRegion(env, labels, 0, count, (const jbyte *)found);
  }
}
