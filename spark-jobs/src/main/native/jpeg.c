#include "jpeg.h"

#include <stdlib.h>
#include <string.h>

#include <jerror.h>

// A progressive JPEG of a few bytes can ask for thousands of passes over a large picture.
enum { MOST_SCANS = 500, MARGIN = 2 };

static void leave(j_common_ptr common) {
  struct failure *failure = (struct failure *) common->err;
  if (failure->message[0] == 0) {
    failure->manager.format_message(common, failure->message);
  }
  longjmp(failure->back, 1);
}

// Whether all pixels are there. Of all other warnings libjpeg makes pixels up, or may have misread some.
static int harmless(const struct jpeg_error_mgr *manager) {
  int marker = manager->msg_parm.i[1];
  switch (manager->msg_code) {
    case JWRN_JFIF_MAJOR:      // a number that says nothing of the pixels
    case JWRN_ADOBE_XFORM:     // colours are taken for what all decoders take them for
    case JWRN_NOT_SEQUENTIAL:  // numbers that such a scan has no use for
    case JWRN_JPEG_EOF:        // where data is missing, JWRN_HIT_MARKER follows
      return 1;
    case JWRN_EXTRANEOUS_DATA:  // between segments, or behind a scan; before a restart too few were read
      return marker < JPEG_RST0 || marker >= JPEG_RST0 + 8;
    default:
      return 0;
  }
}

static void warn(j_common_ptr common, int level) {
  struct failure *failure = (struct failure *) common->err;
  if (level >= 0) {
    return;
  }
  failure->ended |= failure->manager.msg_code == JWRN_JPEG_EOF;
  if (!harmless(&failure->manager)) {
    if (failure->ended) {
      snprintf(failure->message, sizeof failure->message, "Premature end of JPEG file");
    }
    leave(common);
  }
}

static void stop(struct jpeg *jpeg, const char *message) {
  snprintf(jpeg->failure.message, sizeof jpeg->failure.message, "%s", message);
  leave((j_common_ptr) &jpeg->decoder);
}

static void watch(j_common_ptr common) {
  if (((j_decompress_ptr) common)->input_scan_number > MOST_SCANS) {
    struct failure *failure = (struct failure *) common->err;
    snprintf(failure->message, sizeof failure->message, "more than %d scans", MOST_SCANS);
    leave(common);
  }
}

void jpeg_open(struct jpeg *jpeg, const unsigned char *bytes, size_t length) {
  jpeg->decoder.err = jpeg_std_error(&jpeg->failure.manager);
  jpeg->failure.manager.error_exit = leave;
  jpeg->failure.manager.emit_message = warn;
  jpeg_create_decompress(&jpeg->decoder);
  jpeg->progress.progress_monitor = watch;
  jpeg->decoder.progress = &jpeg->progress;
  jpeg_mem_src(&jpeg->decoder, bytes, length);
  jpeg_read_header(&jpeg->decoder, TRUE);
}

void jpeg_start(struct jpeg *jpeg, int width, int height, int denominator, int x, int y, int columns,
    int pixel) {
  struct jpeg_decompress_struct *decoder = &jpeg->decoder;
  if ((int) decoder->image_width != width || (int) decoder->image_height != height) {
    stop(jpeg, "two frame headers that differ");
  }
  if (decoder->data_precision != 8) {
    stop(jpeg, "samples that are not of 8 bits");
  }
  decoder->scale_num = 1;
  decoder->scale_denom = denominator;
  decoder->out_color_space = decoder->num_components == 4 ? JCS_CMYK : pixel == 4 ? JCS_EXT_RGBX : JCS_RGB;
  jpeg->pixel = pixel;
  jpeg_start_decompress(decoder);
  // Colours are smoothed across pixels: with a margin the rectangle's are those of the whole picture.
  JDIMENSION from = x < MARGIN ? 0 : x - MARGIN;
  JDIMENSION end = x + columns + MARGIN;
  JDIMENSION wide = (end < decoder->output_width ? end : decoder->output_width) - from;
  if (wide < decoder->output_width) {
    jpeg_crop_scanline(decoder, &from, &wide);
  }
  jpeg->first = x - (int) from;
  jpeg->line = malloc((size_t) 4 * decoder->output_width);
  if (jpeg->line == NULL) {
    stop(jpeg, "no memory for a row");
  }
  if (y > 0 && jpeg_skip_scanlines(decoder, y) != (JDIMENSION) y) {
    stop(jpeg, "rows are missing");
  }
}

// As TensorFlow does: what Adobe's programs write is inverted.
static void unite(unsigned char *line, int width, int pixel, int inverted) {
  const unsigned char *from = line;
  for (int i = 0; i < width; i++, from += 4, line += pixel) {
    int black = inverted ? from[3] : 255 - from[3];
    for (int channel = 0; channel < 3; channel++) {
      int ink = inverted ? from[channel] : 255 - from[channel];
      line[channel] = ink * black / 255;
    }
  }
}

const unsigned char *jpeg_row(struct jpeg *jpeg) {
  JSAMPROW line = jpeg->line;
  if (jpeg_read_scanlines(&jpeg->decoder, &line, 1) != 1) {
    stop(jpeg, "rows are missing");
  }
  if (jpeg->decoder.out_color_space == JCS_CMYK) {
    unite(line, jpeg->decoder.output_width, jpeg->pixel, jpeg->decoder.saw_Adobe_marker);
  }
  return line + (size_t) jpeg->pixel * jpeg->first;
}

void jpeg_finish(struct jpeg *jpeg) { jpeg_finish_decompress(&jpeg->decoder); }

void jpeg_close(struct jpeg *jpeg) {
  jpeg_destroy_decompress(&jpeg->decoder);
  free(jpeg->line);
}
