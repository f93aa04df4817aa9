// What io.dropblock.spark.data.image.NativeJpeg calls. Sizes and positions were checked there.
#include <jni.h>
#include <stdlib.h>
#include <string.h>

#include "jpeg.h"
#include "resample.h"

#define EXPORT(name) JNIEXPORT JNICALL Java_io_dropblock_spark_data_image_NativeJpeg_##name

enum { ROWS = 4 };

jstring EXPORT(source)(JNIEnv *env, jclass type) {
  (void) type;
  return (*env)->NewStringUTF(env, SOURCE);
}

// A copy: a picture takes too long to hold the garbage collector for.
static unsigned char *copy(JNIEnv *env, jbyteArray array, jsize *length) {
  *length = (*env)->GetArrayLength(env, array);
  unsigned char *bytes = malloc((size_t) *length + 1);
  if (bytes != NULL) {
    (*env)->GetByteArrayRegion(env, array, 0, *length, (jbyte *) bytes);
  }
  return bytes;
}

// What decoding in one call needs; all of it is freed at its end.
struct work {
  struct jpeg jpeg;
  unsigned char *bytes;
  float *floats;
};

static jstring end(JNIEnv *env, struct work *work) {
  jstring message = work->jpeg.failure.message[0] ? (*env)->NewStringUTF(env, work->jpeg.failure.message) : NULL;
  jpeg_close(&work->jpeg);
  free(work->floats);
  free(work->bytes);
  free(work);
  return message;
}

static void read_whole(JNIEnv *env, struct work *work, jsize length, jint width, jint height, jbyteArray rgb) {
  struct jpeg *jpeg = &work->jpeg;
  jpeg_open(jpeg, work->bytes, length);
  jpeg_start(jpeg, width, height, 1, 0, 0, width, 3);
  for (jint y = 0; y < height; y++) {
    (*env)->SetByteArrayRegion(env, rgb, y * width * 3, width * 3, (const jbyte *) jpeg_row(jpeg));
  }
  jpeg_finish(jpeg);
}

jstring EXPORT(whole)(JNIEnv *env, jclass type, jbyteArray array, jint width, jint height, jbyteArray rgb) {
  (void) type;
  struct work *work = calloc(1, sizeof *work);
  jsize length = 0;
  if (work == NULL || (work->bytes = copy(env, array, &length)) == NULL) {
    free(work);
    return (*env)->NewStringUTF(env, "no memory for the picture");
  }
  if (setjmp(work->jpeg.failure.back) == 0) {
    read_whole(env, work, length, width, height, rgb);
  }
  return end(env, work);
}

// Where a square goes: memory outside the heap, or else an array from offset on.
struct target {
  float *memory;
  jfloatArray array;
  jint offset;
};

// Source rows come in order and only the last four are kept; a target row is made as soon as its last one is there.
static void read_square(JNIEnv *env, struct work *work, const struct square *square, jint height,
    const struct target *target) {
  struct jpeg *jpeg = &work->jpeg;
  size_t stride = resample_scratch(square) / sizeof(float);
  float *line = work->floats + ROWS * stride;
  float *row_of_array = line + stride;
  int size = square->size, next = 0;
  for (int y = 0; y < size; y++) {
    const int *index = square->down.index + 4 * y;
    float *rows[ROWS];
    for (; next <= index[3] && next < height; next++) {
      const unsigned char *row = jpeg_row(jpeg);
      if (next >= index[0]) {
        resample_widen(row, work->floats + next % ROWS * stride, square->width);
      }
    }
    for (int i = 0; i < ROWS; i++) {
      rows[i] = work->floats + index[i] % ROWS * stride;
    }
    if (target->memory != NULL) {
      resample_row(square, y, rows, line, target->memory + (size_t) y * size, (size_t) size * size);
      continue;
    }
    resample_row(square, y, rows, line, row_of_array, size);
    for (int channel = 0; channel < 3; channel++) {
      (*env)->SetFloatArrayRegion(env, target->array, target->offset + (channel * size + y) * size, size,
          row_of_array + channel * size);
    }
  }
}

// geometry: the picture's width and height, denominator, the rectangle's x, y, width and height in the scaled
// picture, size, mirror; taps: 4 x size columns, then 4 x size rows, likewise weights, then 3 means and 3 scales.
jstring EXPORT(square)(JNIEnv *env, jclass type, jbyteArray array, jintArray geometry, jintArray taps,
    jfloatArray weights, jobject direct, jfloatArray out, jint offset) {
  (void) type;
  struct target target = {.array = out, .offset = offset};
  if (direct != NULL) {
    float *memory = (*env)->GetDirectBufferAddress(env, direct);
    if (memory == NULL) {
      return (*env)->NewStringUTF(env, "no address of the memory to write to");
    }
    target.memory = memory + offset;
  }
  jint g[9];
  (*env)->GetIntArrayRegion(env, geometry, 0, 9, g);
  int size = g[7];
  size_t side = 4 * (size_t) size;
  struct square square = {.size = size, .width = g[5], .mirror = g[8]};
  size_t stride = resample_scratch(&square) / sizeof(float);
  size_t numbers = (ROWS + 1) * stride + 3 * (size_t) size;
  struct work *work = calloc(1, sizeof *work);
  jsize length = 0;
  if (work == NULL || (work->bytes = copy(env, array, &length)) == NULL
      || (work->floats = aligned_alloc(64, (4 * (numbers + 4 * side + 6) + 63) / 64 * 64)) == NULL) {
    if (work != NULL) {
      free(work->bytes);
    }
    free(work);
    return (*env)->NewStringUTF(env, "no memory for the picture");
  }
  float *weight = work->floats + numbers;
  int *index = (int *) (weight + 2 * side + 6);
  (*env)->GetFloatArrayRegion(env, weights, 0, 2 * side + 6, weight);
  (*env)->GetIntArrayRegion(env, taps, 0, 2 * side, index);
  square.across = (struct axis) {index, weight};
  square.down = (struct axis) {index + side, weight + side};
  memcpy(square.mean, weight + 2 * side, sizeof square.mean);
  memcpy(square.scale, weight + 2 * side + 3, sizeof square.scale);
  if (setjmp(work->jpeg.failure.back) == 0) {
    jpeg_open(&work->jpeg, work->bytes, length);
    jpeg_start(&work->jpeg, g[0], g[1], g[2], g[3], g[4], g[5], 4);
    read_square(env, work, &square, g[6], &target);
  }
  return end(env, work);
}
