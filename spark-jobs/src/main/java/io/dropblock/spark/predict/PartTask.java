package io.dropblock.spark.predict;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.data.shard.BrokenImage;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.objective.picture.Exhibit;
import io.dropblock.spark.predict.output.FinishedParts;
import io.dropblock.spark.predict.output.PartNote;
import io.dropblock.spark.predict.output.WrittenFile;
import io.dropblock.spark.rank.RankCores;
import io.dropblock.spark.rank.RankGpu;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Asks the network about a part of the images and writes what it says, as files of its own. A task
 * that is tried again, or runs twice, writes the same.
 *
 * @param network is folded once for all parts that an executor does one after the other
 * @param inference how it is asked
 * @param format what is written
 * @param settings what the user chose
 * @param configuration Hadoop's settings of the driver
 * @param folder that is written to
 */
record PartTask(
    Broadcast<NetworkState> network,
    Inference inference,
    PredictionFormat format,
    PredictionSettings settings,
    SerializableConfiguration configuration,
    String folder)
    implements Function<NumberedPart, PartResult> {

  @Override
  public PartResult call(NumberedPart numbered) {
    RankGpu.ofThisTask().ifPresent(RankGpu::take);
    RankCores cores = RankCores.ofThisTask();
    cores.take();
    Configuration hadoop = configuration.value();
    Path path = new Path(folder);
    try {
      PartPlace place =
          new PartPlace(
              new FinishedParts(HadoopPath.fileSystem(path, hadoop), path),
              numbered.name(),
              UUID.randomUUID().toString(),
              hadoop);
      Told told = write(numbered, place, cores);
      place.parts().add(numbered.name(), told.note());
      return new PartResult(told.note(), told.pictures());
    } catch (IOException | FSError e) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot write predictions to %s, %s: %s",
              folder,
              numbered.name(),
              DataException.reason(WholeFile.plain(e))),
          e);
    }
  }

  private record Told(PartNote note, List<Exhibit> pictures) {}

  private Told write(NumberedPart numbered, PartPlace place, RankCores cores) throws IOException {
    NetworkState state = network.value();
    ComputationGraph graph = FoldedNetworks.take(state);
    Counted counted = new Counted();
    List<WrittenFile> files;
    try (BatchesAhead batches =
            new BatchesAhead(
                numbered.part().open(place.configuration()),
                inference,
                settings.batch(),
                cores.readers());
        PartWriter writer = format.begin(place, inference)) {
      for (ImageBatch batch = batches.next(); batch.images() > 0; batch = batches.next()) {
        List<Optional<Prediction>> said = batch.samples().read(graph.output(batch.input()));
        for (int image = 0; image < batch.images(); image++) {
          Optional<Prediction> prediction = write(batch, image, said.get(image), writer, counted);
          if (prediction.isPresent() && counted.pictures.size() < numbered.pictures()) {
            ShownPixels pixels =
                new ShownPixels(batch.pixels(), inference.normalization(), inference.size());
            counted.pictures.add(prediction.get().exhibit(batch.name(image), image, pixels));
          }
        }
        batches.giveBack(batch);
      }
      files = writer.finish();
    }
    FoldedNetworks.giveBack(state, graph);
    return new Told(counted.note(files), counted.pictures);
  }

  /** What was written of an image; empty if it is broken. */
  private Optional<Prediction> write(
      ImageBatch batch, int image, Optional<Prediction> said, PartWriter writer, Counted counted)
      throws IOException {
    String name = batch.name(image);
    String key = counted.key(name, batch.known(image));
    String reason = batch.broken(image);
    if (reason == null && said.isPresent()) {
      writer.write(name, key, said.get());
      return said;
    }
    String why = reason == null ? "the network's output is not finite" : reason;
    counted.breaks(name, why);
    writer.writeBroken(name, why);
    return Optional.empty();
  }

  /** Of one part. */
  private final class Counted {
    private final ImageKeys keys = new ImageKeys(format);
    private final List<BrokenImage> named = new ArrayList<>();
    private final List<Exhibit> pictures = new ArrayList<>();
    private long images;
    private long broken;

    /** Counts an image. */
    String key(String name, Annotation known) {
      images++;
      return keys.add(name, known);
    }

    void breaks(String name, String reason) {
      if (settings.strict()) {
        throw new DataException(
            String.format(Locale.ROOT, "Cannot predict image %s: %s", name, reason));
      }
      broken++;
      if (named.size() < PredictionJob.MOST_EXAMPLES || !format.tellsBroken()) {
        named.add(new BrokenImage(name, reason));
      }
    }

    PartNote note(List<WrittenFile> files) {
      return new PartNote(images, broken, named, files, keys.names());
    }
  }
}
