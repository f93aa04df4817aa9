package io.dropblock.spark.evaluate.coco;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.coco.json.CocoFlaw;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/**
 * Results in COCO's format, {@code [{"image_id": 42, "category_id": 18, "bbox": [x, y, width,
 * height], "score": 0.236}, ...]}, read as a stream: a file may have any length.
 */
final class ResultsReader {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // As Python writes them; they are refused where they stand.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private static final String CUT_SHORT = "the file ends here, it is cut short";

  private final String title;
  private long element = -1;

  private ResultsReader(String title) {
    this.title = title;
  }

  /** Takes detections. */
  interface Sink {
    /**
     * One of them.
     *
     * @param element its place in the file, from 0
     */
    void add(long element, Result result);
  }

  /**
   * Reads them all.
   *
   * @param title what the file is called in errors
   * @return how many there are
   * @throws DataException where it is no such JSON, cut short, or a detection lacks something or
   *     has something else there
   */
  static long read(String title, InputStream in, Sink sink) {
    ResultsReader reader = new ResultsReader(title);
    try (JsonParser parser = JSON.createParser(in)) {
      return reader.read(parser, sink);
    } catch (CocoFlaw e) {
      throw reader.refused(e.getMessage(), e);
    } catch (EOFException e) {
      throw reader.refused(CUT_SHORT, e);
    } catch (JsonProcessingException e) {
      String message = e.getOriginalMessage().replaceAll("\\p{Cntrl}", "?");
      // Not always a JsonEOFException
      throw reader.refused(message.startsWith("Unexpected end-of-input") ? CUT_SHORT : message, e);
    } catch (IOException e) {
      throw reader.refused(DataException.reason(e), e);
    }
  }

  private long read(JsonParser parser, Sink sink) throws IOException, CocoFlaw {
    JsonToken first = parser.nextToken();
    if (first != JsonToken.START_ARRAY) {
      throw new CocoFlaw(
          "it is no array of detections"
              + (first == null ? ", but empty" : ", it begins with " + Result.text(parser)));
    }
    element = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      sink.add(element, Result.read(parser));
      element++;
    }
    long size = element;
    element = -1;
    if (parser.nextToken() != null) {
      throw new CocoFlaw("something follows the array of detections");
    }
    return size;
  }

  private DataException refused(String reason, Throwable cause) {
    return new DataException(
        element < 0
            ? String.format(Locale.ROOT, "Cannot read results %s: %s", title, reason)
            : String.format(
                Locale.ROOT, "Cannot read results %s: element %d: %s", title, element, reason),
        cause);
  }
}
