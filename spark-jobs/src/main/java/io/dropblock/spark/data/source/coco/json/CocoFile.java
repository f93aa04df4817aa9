package io.dropblock.spark.data.source.coco.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.data.source.files.PlainStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * The three lists of a COCO file of objects, in whatever order they come. Read as a stream, since
 * the file has half a gigabyte; keys that are not needed are passed over.
 */
public final class CocoFile {
  private static final int NAMED_KEYS = 5;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // As Python writes them; they are refused where they stand.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private final String title;
  private final List<String> keys = new ArrayList<>();
  private CocoJson json;
  private List<CocoCategory> categories;
  private List<CocoImage> images;
  private List<CocoAnnotation> annotations;
  private String list;
  private int element;

  private CocoFile(String title) {
    this.title = title;
  }

  /**
   * Reads a file, also one that is compressed by gzip.
   *
   * @param title what it is called in errors
   * @throws DataException where it is missing, cut short or no JSON, a list is missing, or a
   *     category is malformed or there twice
   */
  public static CocoFile read(String title, FileTree.Entry entry, Configuration configuration) {
    CocoFile file = new CocoFile(title);
    try (InputStream in = PlainStream.open(entry, configuration);
        JsonParser parser = JSON.createParser(in)) {
      file.json = new CocoJson(parser);
      file.readAll(parser);
    } catch (JsonProcessingException e) {
      throw file.refused(file.place() + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw file.refused(file.place() + ": " + DataException.reason(e), e);
    }
    return file;
  }

  /**
   * Whether a file begins as those of COCO do: an object whose first key is one of theirs.
   *
   * @throws IOException where it cannot be read
   */
  public static boolean beginsAsCoco(FileTree.Entry entry, Configuration configuration)
      throws IOException {
    Set<String> known =
        Set.of("info", "licenses", "type", "images", "annotations", "categories", "videos");
    try (InputStream in = PlainStream.open(entry, configuration);
        JsonParser parser = JSON.createParser(in)) {
      return parser.nextToken() == JsonToken.START_OBJECT && known.contains(parser.nextFieldName());
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** In the order of the file. */
  public List<CocoCategory> categories() {
    return categories;
  }

  /** In the order of the file. */
  public List<CocoImage> images() {
    return images;
  }

  /** In the order of the file. */
  public List<CocoAnnotation> annotations() {
    return annotations;
  }

  /** What the file is called in errors. */
  public String title() {
    return title;
  }

  /** An error about the whole file. */
  public DataException refused(String reason, Throwable cause) {
    return new DataException("Cannot read " + title + ": " + reason, cause);
  }

  /** Where the reader is. */
  private String place() {
    return list == null ? "outside of its lists" : "element " + element + " of " + list;
  }

  private void readAll(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw refused("it is no JSON object", null);
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.getCurrentName();
      parser.nextToken();
      switch (key) {
        case "categories" -> categories = list(parser, key, this::category);
        case "images" -> images = list(parser, key, () -> CocoImage.read(json));
        case "annotations" -> annotations = list(parser, key, () -> CocoAnnotation.read(json));
        default -> {
          keys.add(key);
          parser.skipChildren();
        }
      }
    }
    if (parser.nextToken() != null) {
      throw refused("something follows the JSON object", null);
    }
    requireLists();
    checkCategories();
  }

  private interface Element<T> {
    T read() throws IOException;
  }

  private <T> List<T> list(JsonParser parser, String key, Element<T> reader) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw refused(key + " is no array", null);
    }
    List<T> elements = new ArrayList<>();
    list = key;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      element = elements.size();
      elements.add(reader.read());
    }
    list = null;
    return elements;
  }

  private CocoCategory category() throws IOException {
    try {
      return CocoCategory.read(json);
    } catch (CocoFlaw e) {
      throw refused(place() + ": " + e.getMessage(), e);
    }
  }

  private void requireLists() {
    if (categories == null && images == null && annotations == null) {
      List<String> named = keys.stream().limit(NAMED_KEYS).map(CocoJson::shortened).toList();
      throw refused(
          "it is no COCO file: it has no categories, images and annotations, but "
              + (named.isEmpty() ? "nothing" : String.join(", ", named)),
          null);
    }
    requireList("categories", categories);
    requireList("images", images);
    requireList("annotations", annotations);
  }

  private void requireList(String key, List<?> list) {
    if (list == null) {
      throw refused("it has no " + key, null);
    }
  }

  private void checkCategories() {
    if (categories.isEmpty()) {
      throw refused("its categories are empty", null);
    }
    Set<CocoId> ids = new HashSet<>();
    for (CocoCategory category : categories) {
      if (!ids.add(category.id())) {
        throw refused(
            String.format(
                Locale.ROOT,
                "category %s, %s, is there twice",
                category.id(),
                CocoJson.shortened(category.name())),
            null);
      }
    }
  }
}
