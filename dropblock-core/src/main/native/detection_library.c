/* The native methods of DoublingLoops and FocalLoops of io.dropblock.cpu: translate arguments and call. */
#include <jni.h>

#include "doubling.h"
#include "focal.h"
#include "memory.h"

static FocalPass *const *const PASSES[] = {&dropblock_baseline_focal, &dropblock_avx2_focal,
                                           &dropblock_avx512_focal};

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_doublingForward(
    JNIEnv *env, jclass self, jint threads, jlong rows, jlong width, jlong channels, jlong y,
    jlong x, jlong added) {
  (void)env, (void)self;
  Doubling d = {rows, width, channels, threads};
  doublingForward(&d, (float *)y, (const float *)x, (const float *)added);
}

JNIEXPORT void JNICALL Java_io_dropblock_cpu_NativeLoops_doublingBackward(
    JNIEnv *env, jclass self, jint threads, jlong rows, jlong width, jlong channels, jlong dx,
    jlong dy) {
  (void)env, (void)self;
  Doubling d = {rows, width, channels, threads};
  doublingBackward(&d, (float *)dx, (const float *)dy);
}

JNIEXPORT jdouble JNICALL Java_io_dropblock_cpu_NativeLoops_focal(
    JNIEnv *env, jclass self, jint instructionSet, jint threads, jlong gradient, jlong logits,
    jintArray labels, jint classes, jint halves, jfloat alpha, jfloat scale) {
  (void)self;
  jint anchors = (*env)->GetArrayLength(env, labels);
  Focal focal = {anchors, classes, halves, threads, alpha, scale};
  int64_t parts = (int64_t)anchors * classes / FOCAL_PART + 1;
  double *sums = (double *)scratch(env, parts + anchors / 2 + 1);
  if (sums == NULL) {
    return 0;
  }
  jint *classOf = (jint *)(sums + parts);
  (*env)->GetIntArrayRegion(env, labels, 0, anchors, classOf);
  return (*PASSES[instructionSet])(&focal, (float *)gradient, (const float *)logits, classOf, sums);
}
