/* The native methods of io.dropblock.op: translate arguments and call. */
#include <jni.h>
#include <string.h>

#include "kernel.h"
#include "memory.h"

static const Kernel *const KERNELS[] = {&dropblock_baseline, &dropblock_avx2, &dropblock_avx512};

/* A word beside others, for loops that look over the edge. */
enum { MARGIN = 1 };

/* Parts of a piece of work for each thread, so that one that is held up does not hold up the rest. */
enum { PARTS = 4 };

/* Larger outputs are not in a cache when they are next read. */
enum { CACHED_BYTES = 16 << 20 };

/* Fewer pixels or elements are not worth waking a thread. */
enum { WORTH_THREADS = 1 << 16 };

/* How many parts each sample's work is cut into. */
static int64_t partsOfSample(int64_t samples, int threads) {
  return threads == 1 ? 1 : ((int64_t)PARTS * threads + samples - 1) / samples;
}

JNIEXPORT void JNICALL Java_io_dropblock_op_NativeOp_sample(
    JNIEnv *env, jclass self, jint instructionSet, jint threads, jlongArray mask,
    jlongArray droppedOfSample, jint samples, jint channels, jint height, jint width,
    jint blockHeight, jint blockWidth, jlongArray table, jcharArray guide, jint guideShift,
    jint steps, jlong key, jint step, jint firstSample) {
  (void)self;
  Geometry g = {.width = width,
                .blockWidth = blockWidth,
                .pixels = height * width,
                .wordsPerMap = (height * width - 1) / 64 + 1,
                .startColumns = width - blockWidth + 1,
                .starts = (height - blockHeight + 1) * (width - blockWidth + 1),
                .blockWords = ((blockHeight - 1) * width + blockWidth - 1) / 64 + 1};
  int64_t sampleWords = (int64_t)channels * g.wordsPerMap;
  int team = samples * sampleWords * 64 < WORTH_THREADS ? 1 : threads;
  int64_t parts = partsOfSample(samples, team);
  /* fewer channels would not fill Philox' vectors */
  int64_t partChannels = (channels + parts - 1) / parts;
  partChannels = partChannels < 32 ? 32 : (partChannels + 3) / 4 * 4;
  parts = (channels + partChannels - 1) / partChannels;
  int64_t partWords = partChannels * g.wordsPerMap + MARGIN;
  jint tableLength = (*env)->GetArrayLength(env, table);
  jint guideLength = (*env)->GetArrayLength(env, guide);
  /* one buffer for all: counts, the table, the guide, the words of a block, the words to draw */
  uint64_t *buffer = scratch(env, samples + tableLength + guideLength / 4 + 1 + MARGIN +
                                      g.blockWords + MARGIN + samples * parts * partWords);
  if (buffer == NULL) {
    return;
  }
  int64_t *dropped = (int64_t *)buffer, *tableCopy = dropped + samples;
  uint16_t *guideCopy = (uint16_t *)(tableCopy + tableLength);
  uint64_t *block = (uint64_t *)(tableCopy + tableLength) + guideLength / 4 + 1 + MARGIN;
  uint64_t *words = block + g.blockWords + MARGIN;
  (*env)->GetLongArrayRegion(env, table, 0, tableLength, (jlong *)tableCopy);
  (*env)->GetCharArrayRegion(env, guide, 0, guideLength, guideCopy);
  memset(dropped, 0, (size_t)samples * sizeof(int64_t));
  memset(block - MARGIN, 0, (size_t)(MARGIN + g.blockWords + MARGIN) * sizeof(uint64_t));
  for (int32_t row = 0; row < blockHeight; row++) {
    for (int32_t column = 0; column < blockWidth; column++) {
      int32_t pixel = row * width + column;
      block[pixel / 64] |= 1ull << (pixel & 63);
    }
  }
  Gaps gaps = {tableCopy, guideCopy, tableLength - 1, guideShift, steps};
#pragma omp parallel for collapse(2) schedule(dynamic) num_threads(team)
  for (int32_t sample = 0; sample < samples; sample++) {
    for (int64_t part = 0; part < parts; part++) {
      int64_t first = part * partChannels;
      int64_t here = channels - first < partChannels ? channels - first : partChannels;
      Stream stream = {(uint64_t)key, (uint32_t)step, (uint32_t)(firstSample + sample)};
      uint64_t *at = words + (sample * parts + part) * partWords;
      memset(at, 0, (size_t)partWords * sizeof(uint64_t));
      int64_t n = KERNELS[instructionSet]->sample(&g, &gaps, &stream, block, (int32_t)first,
                                                  (int32_t)here, at);
#pragma omp atomic
      dropped[sample] += n;
    }
  }
  for (int32_t sample = 0; sample < samples; sample++) {
    for (int64_t part = 0; part < parts; part++) {
      int64_t first = part * partChannels;
      int64_t here = channels - first < partChannels ? channels - first : partChannels;
      (*env)->SetLongArrayRegion(env, mask, (jsize)(sample * sampleWords + first * g.wordsPerMap),
                                 (jsize)(here * g.wordsPerMap),
                                 (const jlong *)(words + (sample * parts + part) * partWords));
    }
  }
  (*env)->SetLongArrayRegion(env, droppedOfSample, 0, samples, (const jlong *)dropped);
}

JNIEXPORT void JNICALL Java_io_dropblock_op_NativeOp_multiply(
    JNIEnv *env, jclass self, jint instructionSet, jint threads, jboolean doubles,
    jboolean channelsLast, jlong output, jlong input, jlongArray mask, jint samples, jint pixels,
    jint channels, jboolean shared, jdoubleArray factorOfSample) {
  (void)self;
  const Kernel *kernel = KERNELS[instructionSet];
  Geometry g = {.pixels = pixels, .wordsPerMap = (pixels - 1) / 64 + 1};
  int64_t sampleWords = (int64_t)(shared ? 1 : channels) * g.wordsPerMap;
  int64_t sampleElements = (int64_t)channels * pixels;
  uint64_t *buffer = scratch(env, samples + samples * sampleWords + MARGIN);
  if (buffer == NULL) {
    return;
  }
  double *factors = (double *)buffer;
  uint64_t *words = buffer + samples;
  (*env)->GetDoubleArrayRegion(env, factorOfSample, 0, samples, factors);
  (*env)->GetLongArrayRegion(env, mask, 0, (jsize)(samples * sampleWords), (jlong *)words);
  if ((*env)->ExceptionCheck(env)) {
    return;
  }
  int team = samples * sampleElements < WORTH_THREADS ? 1 : threads;
  int64_t units = (int64_t)g.wordsPerMap * (channelsLast ? 1 : channels);
  int64_t parts = partsOfSample(samples, team);
  int past = output != input && samples * sampleElements * (doubles ? 8 : 4) > CACHED_BYTES;
#pragma omp parallel for collapse(2) schedule(dynamic) num_threads(team)
  for (int64_t sample = 0; sample < samples; sample++) {
    for (int64_t part = 0; part < parts; part++) {
      int64_t first = units * part / parts, end = units * (part + 1) / parts;
      int64_t at = sample * sampleElements;
      const uint64_t *own = words + sample * sampleWords;
      const uint64_t *from = shared ? own : own + first;
      double factor = factors[sample];
      if (channelsLast && doubles) {
        kernel->lastDouble((double *)output + at, (const double *)input + at, own, &g, channels,
                           shared, (int32_t)first, (int32_t)end, factor);
      } else if (channelsLast) {
        kernel->lastFloat((float *)output + at, (const float *)input + at, own, &g, channels,
                          shared, (int32_t)first, (int32_t)end, (float)factor);
      } else if (doubles) {
        kernel->productDouble((double *)output + at, (const double *)input + at, from, &g, shared,
                              first, end, factor, past);
      } else {
        kernel->productFloat((float *)output + at, (const float *)input + at, from, &g, shared,
                             first, end, (float)factor, past);
      }
    }
  }
}
