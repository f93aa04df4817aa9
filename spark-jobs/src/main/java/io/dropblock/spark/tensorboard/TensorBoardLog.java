package io.dropblock.spark.tensorboard;

import io.dropblock.metric.Histogram;
import io.dropblock.metric.Scores;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.train.event.RunEvent;
import io.dropblock.spark.train.step.LayerHistograms;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tensorflow.framework.Summary;

/**
 * A run's curves for TensorBoard, in event files of the run's folder: {@code train/loss}, {@code
 * train/learning_rate}, {@code train/images_per_second}, {@code dropblock/keep_prob}, {@code
 * dropblock/kept}, {@code val/<score>} and, of single classes, {@code val_detail/<score>}; at the
 * end of each epoch {@code dropblock/kept/<site>} and {@code dropblock/expected/<site>}, and the
 * histograms {@code parameters/<layer>/<parameter>} and {@code gradients/<layer>/<parameter>}.
 * Steps count from 1.
 *
 * <p>A run that goes on, behind a failure or with {@code --resume}, begins a new file, and what it
 * will do again is taken out of the former ones. Where a file cannot be written, that is told once
 * and the run goes on without.
 */
public final class TensorBoardLog implements Consumer<RunEvent>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TensorBoardLog.class);

  private final FileSystem files;
  private final Path folder;
  private final String host;
  private final Clock clock;
  private long stepsPerEpoch = 1;

  /** Null before the start and behind a failure to write. */
  private EventFile file;

  /**
   * @param folder of the run; it exists when the first event is told
   * @param host of this machine, for the files' names
   */
  public TensorBoardLog(FileSystem files, Path folder, String host, Clock clock) {
    this.files = files;
    this.folder = folder;
    this.host = host.replaceAll("[^A-Za-z0-9.-]", "_");
    this.clock = clock;
  }

  @Override
  public synchronized void accept(RunEvent event) {
    try {
      if (event instanceof RunEvent.Started started) {
        stepsPerEpoch = started.stepsPerEpoch();
        begin(started.firstStep());
      } else if (event instanceof RunEvent.Failed failed) {
        begin(failed.step());
      } else if (file != null) {
        measured(event);
      }
    } catch (IOException | FSError e) {
      stop(WholeFile.plain(e));
    }
  }

  /**
   * @param done steps that are done, and not done again
   */
  private void begin(long done) throws IOException {
    close();
    FormerFiles.cut(files, folder, done);
    file = EventFile.create(files, folder, clock.instant(), host);
  }

  private void measured(RunEvent event) throws IOException {
    Instant now = clock.instant();
    if (event instanceof RunEvent.Steps steps) {
      Summary.Builder summary = Summary.newBuilder();
      add(summary, "train/loss", steps.loss());
      add(summary, "train/learning_rate", steps.learningRate());
      add(summary, "train/images_per_second", steps.imagesPerSecond());
      add(summary, "dropblock/keep_prob", steps.keepProbability());
      add(summary, "dropblock/kept", steps.keptFraction());
      file.write(now, steps.step() + 1, summary.build());
    } else if (event instanceof RunEvent.Epoch epoch) {
      Summary.Builder summary = Summary.newBuilder();
      if (epoch.scores() != null) {
        for (Scores.Score score : epoch.scores().main()) {
          add(summary, "val/" + score.name(), score.value());
        }
        for (Scores.Score score : epoch.scores().details()) {
          add(summary, "val_detail/" + score.name(), score.value());
        }
      }
      for (RunEvent.SiteShare site : epoch.sites()) {
        add(summary, "dropblock/kept/" + site.site(), site.kept());
        add(summary, "dropblock/expected/" + site.site(), site.expected());
      }
      if (summary.getValueCount() > 0) {
        file.write(now, (epoch.epoch() + 1) * stepsPerEpoch, summary.build());
      }
    }
  }

  /**
   * Writes histograms.
   *
   * @param epochs that are done
   */
  synchronized void write(int epochs, LayerHistograms layers) {
    if (file == null) {
      return;
    }
    Summary.Builder summary = Summary.newBuilder();
    layers.parameters().forEach((name, values) -> add(summary, "parameters/" + name, values));
    layers.gradients().forEach((name, values) -> add(summary, "gradients/" + name, values));
    try {
      file.write(clock.instant(), epochs * stepsPerEpoch, summary.build());
    } catch (IOException | FSError e) {
      stop(WholeFile.plain(e));
    }
  }

  private static void add(Summary.Builder summary, String tag, Histogram values) {
    summary.addValue(Summary.Value.newBuilder().setTag(tag).setHisto(HistogramMessage.of(values)));
  }

  private static void add(Summary.Builder summary, String tag, double value) {
    summary.addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value));
  }

  private void stop(IOException why) {
    LOG.warn(
        "Cannot write TensorBoard's event file in {}: {}; the run goes on without",
        folder,
        why.getMessage());
    file = null;
  }

  @Override
  public synchronized void close() {
    if (file == null) {
      return;
    }
    try {
      file.close();
    } catch (IOException e) {
      stop(e);
    }
    file = null;
  }
}
