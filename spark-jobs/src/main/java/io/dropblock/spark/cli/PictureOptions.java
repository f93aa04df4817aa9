package io.dropblock.spark.cli;

import io.dropblock.model.DropBlockSummary;
import io.dropblock.model.Regularization.Kind;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.source.DrawnScenes;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.report.DropPicture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The picture of what a recipe drops. */
final class PictureOptions {
  private static final long DRAWING = 12;

  /** Nobody's photograph is longer. */
  private static final int PHOTO_LIMIT = 256 << 20;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description =
          "Draw what dropout and DropBlock drop of a channel of the recipe's maps at the end of a"
              + " training, as a PNG.")
  private String picture;

  @Option(
      names = "--photo",
      paramLabel = "FILE",
      description = "The image that the picture lies over; default: drawn shapes.")
  private String photo;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * Draws, if that is asked for.
   *
   * @param recipe its name
   * @param sites that drop
   * @param keepProbability at the end
   * @throws DataException if there is nothing to draw, or a file cannot be read or written
   */
  void draw(String recipe, List<DropBlockSummary> sites, double keepProbability) {
    if (picture == null) {
      if (photo != null) {
        throw new ParameterException(
            command.commandLine(), "Cannot use --photo " + photo + " without --picture");
      }
      return;
    }
    List<DropBlockSummary> blocks =
        sites.stream().filter(site -> site.kind() == Kind.DROPBLOCK).toList();
    if (blocks.isEmpty()) {
      throw new DataException(
          "Cannot draw --picture "
              + picture
              + ": recipe "
              + recipe
              + " drops no blocks; take one with DropBlock, such as imagenet-resnet50-dropblock");
    }
    Application application = Application.ofTasks("dropblock describe");
    Path file = NewFile.path(application, "--picture", picture);
    try {
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      new DropPicture(blocks, keepProbability).write(image(application), png);
      WholeFile.replace(
          HadoopPath.fileSystem(file, application.configuration()), file, png.toByteArray());
    } catch (IOException e) {
      throw new DataException("Cannot write --picture " + file + ": " + DataException.reason(e), e);
    }
    System.out.println("Picture: " + file);
  }

  private Image image(Application application) throws IOException {
    if (photo == null) {
      return decoded(new DrawnScenes(DRAWING).jpeg(), "the drawing");
    }
    Path file = application.path("--photo", photo);
    byte[] bytes;
    try (FSDataInputStream in =
        HadoopPath.fileSystem(file, application.configuration()).open(file)) {
      bytes = in.readNBytes(PHOTO_LIMIT);
    } catch (IOException e) {
      throw new DataException("Cannot read --photo " + file + ": " + DataException.reason(e), e);
    }
    return decoded(bytes, "--photo " + file);
  }

  private static Image decoded(byte[] bytes, String what) {
    try {
      return ImageDecoder.decode(bytes);
    } catch (BrokenImageException e) {
      throw new DataException("Cannot read " + what + ": " + e.getMessage(), e);
    }
  }
}
