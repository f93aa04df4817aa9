package io.dropblock.spark.ml;

import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.prepare.ByteRanges;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The column of images: bytes of JPEGs and PNGs, or what Spark's data source {@code image} makes of
 * images.
 *
 * @param name of the column
 * @param index in a row
 * @param decoded whether Spark decoded them
 * @param path index of a column that says where an image lies, for people; -1 if there is none
 */
record ImageColumn(String name, int index, boolean decoded, int path) implements Serializable {
  /** Spark's data source binaryFile has it. */
  private static final String PATH = "path";

  private static final String TAKEN =
      "; a column of bytes is taken, each a JPEG or PNG, such as content of Spark's data source"
          + " binaryFile, or column image of its data source image";

  /**
   * Finds it.
   *
   * @throws IllegalArgumentException if there is none of that name, or it holds no images
   */
  static ImageColumn of(StructType schema, String name) {
    List<String> names = List.of(schema.fieldNames());
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "Cannot read images from column '"
              + name
              + "': there is none of that name; there are "
              + String.join(", ", names)
              + "; set inputCol");
    }
    DataType type = schema.fields()[index].dataType();
    boolean decoded = isSparkImage(type);
    if (!decoded && !type.equals(DataTypes.BinaryType)) {
      throw new IllegalArgumentException(
          "Cannot read images from column '"
              + name
              + "': its type is "
              + type.simpleString()
              + bytesWithin(type)
                  .map(field -> "; select " + name + "." + field + " as a column of its own")
                  .orElse("")
              + TAKEN);
    }
    int path = names.indexOf(PATH);
    boolean told = path >= 0 && schema.fields()[path].dataType().equals(DataTypes.StringType);
    return new ImageColumn(name, index, decoded, told ? path : -1);
  }

  /** Whatever may be null in it. */
  private static boolean isSparkImage(DataType type) {
    StructField[] expected = ImageSchema.columnSchema().fields();
    return type instanceof StructType struct
        && Arrays.equals(
            struct.fields(),
            expected,
            (one, other) ->
                one.name().equals(other.name()) && one.dataType().equals(other.dataType()) ? 0 : 1);
  }

  private static Optional<String> bytesWithin(DataType type) {
    return type instanceof StructType struct
        ? Arrays.stream(struct.fields())
            .filter(field -> field.dataType().equals(DataTypes.BinaryType))
            .map(StructField::name)
            .findFirst()
        : Optional.empty();
  }

  /**
   * The image of a row, encoded.
   *
   * @throws BrokenImageException where there is none, as the end of a sentence
   */
  byte[] encoded(Row row) throws BrokenImageException {
    if (row.isNullAt(index)) {
      throw new BrokenImageException("its row has no bytes");
    }
    if (decoded) {
      return SparkImage.png(row.getStruct(index));
    }
    byte[] bytes = row.getAs(index);
    if (bytes.length > ByteRanges.MAX_IMAGE_BYTES) {
      throw new BrokenImageException(
          String.format(Locale.ROOT, "%,d bytes are too long for an image", bytes.length));
    }
    return bytes;
  }

  /** Where an image is to be found, for people. */
  String place(Row row) {
    String found = null;
    if (decoded && !row.isNullAt(index)) {
      found = ImageSchema.getOrigin(row.getStruct(index));
    } else if (path >= 0) {
      found = row.getString(path);
    }
    return "column '" + name + "'" + (found == null ? "" : " (" + found + ")");
  }
}
