package io.dropblock.spark.predict;

import io.dropblock.nn.FoldedNetwork;
import io.dropblock.nn.NetworkState;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.rank.RankCores;
import io.dropblock.spark.rank.RankGpu;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Asks the network about a part of the images and writes what it says, as a file of its own. A task
 * that is tried again, or runs twice, writes the same.
 *
 * @param network is folded by each task
 * @param inference how it is asked
 * @param settings what the user chose
 * @param configuration Hadoop's settings of the driver
 * @param folder that the files are written to
 */
record PartTask(
    Broadcast<NetworkState> network,
    Inference inference,
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
    Path file = HadoopPath.in(new Path(folder), numbered.file());
    Path temporary =
        HadoopPath.in(
            new Path(folder), "_" + numbered.file() + "." + TaskContext.get().taskAttemptId());
    try {
      FileSystem files = HadoopPath.fileSystem(file, hadoop);
      try {
        PartResult result = write(numbered.part(), temporary, cores, hadoop);
        if (!files.exists(file) && !files.rename(temporary, file) && !files.exists(file)) {
          throw new IOException("cannot rename " + temporary);
        }
        return result;
      } finally {
        files.delete(temporary, false);
      }
    } catch (IOException | FSError e) {
      throw new DataException(
          "Cannot write predictions to " + file + ": " + DataException.reason(WholeFile.plain(e)),
          e);
    }
  }

  private PartResult write(ImagePart part, Path file, RankCores cores, Configuration hadoop)
      throws IOException {
    ComputationGraph graph = FoldedNetwork.of(network.value().restore());
    Counted counted = new Counted(settings.strict());
    try (BatchesAhead batches =
            new BatchesAhead(part.open(hadoop), inference, settings.batch(), cores.readers());
        PredictionRows rows = new PredictionRows(file, inference, hadoop)) {
      for (ImageBatch batch = batches.next(); batch.images() > 0; batch = batches.next()) {
        List<Optional<Prediction>> said = batch.samples().read(graph.output(batch.input()));
        for (int image = 0; image < batch.images(); image++) {
          String reason = batch.broken(image);
          if (reason == null && said.get(image).isEmpty()) {
            reason = "the network's output is not finite";
          }
          if (reason == null) {
            rows.write(batch.name(image), said.get(image).get());
            counted.images++;
          } else {
            counted.broken(batch.name(image), reason);
            rows.writeBroken(batch.name(image), reason);
          }
        }
        batches.giveBack(batch);
      }
    }
    return counted.result();
  }

  /** Of one part. */
  private static final class Counted {
    private final boolean strict;
    private final List<String> examples = new ArrayList<>();
    private long images;
    private long broken;

    Counted(boolean strict) {
      this.strict = strict;
    }

    void broken(String name, String reason) {
      if (strict) {
        throw new DataException(
            String.format(Locale.ROOT, "Cannot predict image %s: %s", name, reason));
      }
      images++;
      broken++;
      if (examples.size() < PartResult.MOST_EXAMPLES) {
        examples.add(name + ": " + reason);
      }
    }

    PartResult result() {
      return new PartResult(images, broken, List.copyOf(examples));
    }
  }
}
