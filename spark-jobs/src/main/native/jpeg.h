// A JPEG's pixels, row by row: libjpeg-turbo with its errors turned into one line of text.
#ifndef JPEG_H
#define JPEG_H

#include <setjmp.h>
#include <stddef.h>
#include <stdio.h>

#include <jpeglib.h>

// Where decoding stopped, and why. The manager comes first: libjpeg hands out pointers to it.
struct failure {
  struct jpeg_error_mgr manager;
  jmp_buf back;
  char message[JMSG_LENGTH_MAX];
  int ended;  // whether the bytes ended before the end mark
};

// A rectangle of the picture scaled by 1 / denominator, as it is read.
struct jpeg {
  struct jpeg_decompress_struct decoder;
  struct jpeg_progress_mgr progress;
  struct failure failure;
  unsigned char *line;  // one row as it comes
  int pixel;            // bytes of a pixel of it, 3 or 4: colours, and a byte of anything
  int first;            // column of the line that the rectangle starts at
};

// The caller clears all, sets failure.back, and frees with jpeg_close, whatever happens.
void jpeg_open(struct jpeg *jpeg, const unsigned char *bytes, size_t length);
void jpeg_start(struct jpeg *jpeg, int width, int height, int denominator, int x, int y, int columns,
    int pixel);
// The next row of the rectangle, red first, in pixels of the size asked for.
const unsigned char *jpeg_row(struct jpeg *jpeg);
// Reads on to the end mark, so that what is missing is noticed.
void jpeg_finish(struct jpeg *jpeg);
void jpeg_close(struct jpeg *jpeg);

#endif
