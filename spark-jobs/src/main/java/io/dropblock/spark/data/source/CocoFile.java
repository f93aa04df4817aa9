package io.dropblock.spark.data.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.dropblock.spark.data.DataException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The three lists of an {@code instances_*.json}, in whatever order they come. Read as a stream,
 * since the file has half a gigabyte; keys that are not needed are passed over.
 */
final class CocoFile {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // As Python writes them; they are refused where they stand.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private final Path path;
  private List<CocoCategory> categories;
  private List<CocoImage> images;
  private List<CocoAnnotation> annotations;
  private String list;
  private int element;

  private CocoFile(Path path) {
    this.path = path;
  }

  /**
   * Reads a file.
   *
   * @throws DataException where it is missing, cut short or no JSON, a list is missing, or a
   *     category is malformed or there twice
   */
  static CocoFile read(Path path, Configuration configuration) {
    CocoFile file = new CocoFile(path);
    try (InputStream in = path.getFileSystem(configuration).open(path);
        JsonParser json = JSON.createParser(in)) {
      file.readAll(json);
    } catch (FileNotFoundException e) {
      throw new DataException("Cannot read " + path + ": there is no such file", e);
    } catch (JsonProcessingException e) {
      throw file.refused(file.place() + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw file.refused(file.place() + ": " + DataException.reason(e), e);
    }
    return file;
  }

  /** Sorted by id. */
  List<CocoCategory> categories() {
    return categories;
  }

  List<CocoImage> images() {
    return images;
  }

  List<CocoAnnotation> annotations() {
    return annotations;
  }

  /** An error about the whole file. */
  DataException refused(String reason, Throwable cause) {
    return new DataException("Cannot read " + path + ": " + reason, cause);
  }

  /** Where the reader is. */
  private String place() {
    return list == null ? "outside of its lists" : "element " + element + " of " + list;
  }

  private void readAll(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw refused("it is no JSON object", null);
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.getCurrentName();
      json.nextToken();
      switch (key) {
        case "categories" -> categories = list(json, key, this::category);
        case "images" -> images = list(json, key, CocoImage::read);
        case "annotations" -> annotations = list(json, key, CocoAnnotation::read);
        default -> json.skipChildren();
      }
    }
    if (json.nextToken() != null) {
      throw refused("something follows the JSON object", null);
    }
    requireList("categories", categories);
    requireList("images", images);
    requireList("annotations", annotations);
    checkCategories();
  }

  private interface Element<T> {
    T read(JsonParser json) throws IOException;
  }

  private <T> List<T> list(JsonParser json, String key, Element<T> reader) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw refused(key + " is no array", null);
    }
    List<T> elements = new ArrayList<>();
    list = key;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      element = elements.size();
      elements.add(reader.read(json));
    }
    list = null;
    return elements;
  }

  private CocoCategory category(JsonParser json) throws IOException {
    try {
      return CocoCategory.read(json);
    } catch (CocoFlaw e) {
      throw refused(place() + ": " + e.getMessage(), e);
    }
  }

  private void requireList(String key, List<?> list) {
    if (list == null) {
      throw refused("it has no " + key, null);
    }
  }

  private void checkCategories() {
    categories.sort(Comparator.comparingInt(CocoCategory::id));
    if (categories.size() < 2) {
      throw refused("it has fewer than 2 categories", null);
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < categories.size(); i++) {
      CocoCategory category = categories.get(i);
      if (i > 0 && categories.get(i - 1).id() == category.id() || !names.add(category.name())) {
        throw refused(
            String.format(
                Locale.ROOT,
                "category %d, %s, is there twice",
                category.id(),
                CocoJson.shortened(category.name())),
            null);
      }
    }
  }
}
