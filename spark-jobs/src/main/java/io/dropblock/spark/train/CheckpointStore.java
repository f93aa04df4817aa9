package io.dropblock.spark.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.dropblock.nn.NetworkState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a run: one folder each, {@code epoch-0003} after three epochs. A folder is
 * written under a temporary name, synced, and renamed when it is whole; reading checks every length
 * and checksum.
 */
public final class CheckpointStore {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
  private static final ObjectMapper JSON =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
  private static final Pattern NAME = Pattern.compile("epoch-\\d{4,}");
  private static final String MANIFEST = "manifest.json";
  private static final String CONFIGURATION = "configuration.json";
  private static final String PARAMETERS = "parameters.bin";
  private static final String UPDATER = "updater.bin";
  private static final String RECIPE = "recipe.yaml";
  private static final int MANIFEST_LIMIT = 1 << 20;

  private final FileSystem files;
  private final Path folder;

  CheckpointStore(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /** Writes a checkpoint and returns its folder. */
  Path write(Checkpoint checkpoint) throws IOException {
    Path target = new Path(folder, name(checkpoint.manifest().epochs()));
    Path staging = new Path(folder, "_tmp." + target.getName());
    files.delete(staging, true);
    List<Checkpoint.Entry> entries = new ArrayList<>();
    for (Map.Entry<String, byte[]> content : contents(checkpoint).entrySet()) {
      writeSynced(new Path(staging, content.getKey()), content.getValue());
      entries.add(
          new Checkpoint.Entry(
              content.getKey(), content.getValue().length, sha256(content.getValue())));
    }
    Checkpoint.Manifest manifest = checkpoint.manifest().withFiles(entries);
    writeSynced(new Path(staging, MANIFEST), JSON.writeValueAsBytes(manifest));
    files.delete(target, true);
    if (!files.rename(staging, target)) {
      throw new IOException("cannot rename " + staging + " to " + target);
    }
    return target;
  }

  private static Map<String, byte[]> contents(Checkpoint checkpoint) {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    contents.put(RECIPE, checkpoint.recipe().getBytes(StandardCharsets.UTF_8));
    contents.put(
        CONFIGURATION, checkpoint.network().configuration().getBytes(StandardCharsets.UTF_8));
    contents.put(PARAMETERS, checkpoint.network().parameters());
    contents.put(UPDATER, checkpoint.network().updaterState());
    return contents;
  }

  private void writeSynced(Path path, byte[] bytes) throws IOException {
    try (FSDataOutputStream out = files.create(path, true)) {
      out.write(bytes);
      out.hsync();
    }
  }

  /** The newest checkpoint that is whole; damaged ones are passed over with a warning. */
  public Optional<Checkpoint> latest() throws IOException {
    for (Path path : newestFirst()) {
      try {
        return Optional.of(read(files, path));
      } catch (TrainingException e) {
        LOG.warn("{}; taking the one before it", e.getMessage());
      }
    }
    return Optional.empty();
  }

  /**
   * Reads a checkpoint by name.
   *
   * @param name {@code latest}, {@code best} as of the latest, or a folder's name
   * @throws TrainingException if there is none of that name, or it is damaged
   */
  public Checkpoint named(String name) {
    try {
      if (!name.equals("latest") && !name.equals("best")) {
        return read(files, new Path(folder, name));
      }
      Checkpoint latest =
          latest()
              .orElseThrow(
                  () -> new TrainingException("Cannot read a checkpoint: none in " + folder));
      Integer best = latest.manifest().bestEpoch();
      return name.equals("latest") || best == null
          ? latest
          : read(files, new Path(folder, name(best + 1)));
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot read checkpoints in %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static String name(int epochs) {
    return "epoch-%04d".formatted(epochs);
  }

  /** Deletes all but the newest {@code keep} checkpoints and the best one. */
  void prune(int keep, Integer bestEpoch) throws IOException {
    List<Path> newestFirst = newestFirst();
    String best = bestEpoch == null ? "" : name(bestEpoch + 1);
    for (Path path : newestFirst.subList(Math.min(keep, newestFirst.size()), newestFirst.size())) {
      if (!path.getName().equals(best)) {
        files.delete(path, true);
      }
    }
  }

  private List<Path> newestFirst() throws IOException {
    List<Path> found = new ArrayList<>();
    if (files.exists(folder)) {
      for (FileStatus status : files.listStatus(folder)) {
        if (NAME.matcher(status.getPath().getName()).matches()) {
          found.add(status.getPath());
        }
      }
    }
    // longer names are later ones, from epoch 10,000 on
    found.sort(
        Comparator.comparing((Path path) -> path.getName().length())
            .thenComparing(Path::getName)
            .reversed());
    return found;
  }

  /**
   * Reads one checkpoint.
   *
   * @throws TrainingException if it is not there or damaged, with what is wrong
   */
  public static Checkpoint read(FileSystem files, Path folder) {
    try {
      Checkpoint.Manifest manifest = readManifest(files, new Path(folder, MANIFEST));
      Map<String, byte[]> contents = new LinkedHashMap<>();
      for (Checkpoint.Entry entry : manifest.files()) {
        if (!List.of(RECIPE, CONFIGURATION, PARAMETERS, UPDATER).contains(entry.name())) {
          throw new IOException("it names a file that no checkpoint has, " + entry.name());
        }
        contents.put(entry.name(), readChecked(files, folder, entry));
      }
      if (contents.size() != 4) {
        throw new IOException("it holds " + contents.keySet() + " only");
      }
      return new Checkpoint(
          manifest,
          new String(contents.get(RECIPE), StandardCharsets.UTF_8),
          new NetworkState(
              new String(contents.get(CONFIGURATION), StandardCharsets.UTF_8),
              contents.get(PARAMETERS),
              contents.get(UPDATER)));
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot read checkpoint %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static Checkpoint.Manifest readManifest(FileSystem files, Path path) throws IOException {
    if (!files.exists(path)) {
      throw new IOException("it has no " + MANIFEST);
    }
    long bytes = files.getFileStatus(path).getLen();
    if (bytes > MANIFEST_LIMIT) {
      throw new IOException("its manifest of " + bytes + " bytes is too long");
    }
    Checkpoint.Manifest manifest =
        JSON.readValue(readFully(files, path, (int) bytes), Checkpoint.Manifest.class);
    if (manifest.version() != Checkpoint.Manifest.VERSION || manifest.files() == null) {
      throw new IOException("its version is " + manifest.version() + ", not 1");
    }
    return manifest;
  }

  private static byte[] readChecked(FileSystem files, Path folder, Checkpoint.Entry entry)
      throws IOException {
    Path path = new Path(folder, entry.name());
    if (!files.exists(path)) {
      throw new IOException(entry.name() + " is missing");
    }
    long found = files.getFileStatus(path).getLen();
    if (found != entry.bytes() || found > Integer.MAX_VALUE - 16) {
      throw new IOException(
          "%s has %d bytes in place of %d".formatted(entry.name(), found, entry.bytes()));
    }
    byte[] bytes = readFully(files, path, (int) found);
    if (!sha256(bytes).equals(entry.sha256())) {
      throw new IOException(entry.name() + " does not have its checksum");
    }
    return bytes;
  }

  private static byte[] readFully(FileSystem files, Path path, int length) throws IOException {
    byte[] bytes = new byte[length];
    try (FSDataInputStream in = files.open(path)) {
      in.readFully(bytes);
    }
    return bytes;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
