package io.dropblock.spark.train.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropblock.nn.NetworkState;
import io.dropblock.nn.StateBytes;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.train.event.OlderScores;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;

/**
 * What lies in the folder of one checkpoint. The manifest, written last, holds the length and the
 * checksum of every other file; whoever reads compares them.
 */
final class CheckpointFiles {
  private static final ObjectMapper JSON =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
  private static final int LAST_WITH_ACCURACIES = 2;
  private static final String MANIFEST = "manifest.json";
  private static final String CONFIGURATION = "configuration.json";
  private static final String RECIPE = "recipe.yaml";

  /** A file for each array of the network. */
  private static final String ARRAY = ".bin";

  private static final String PARAMETERS = NetworkState.PARAMETERS + ARRAY;
  private static final Pattern NAMES =
      Pattern.compile("recipe\\.yaml|configuration\\.json|[a-z_]+\\.bin");
  private static final int MANIFEST_LIMIT = 1 << 26;

  private final FileSystem files;
  private final Path folder;

  CheckpointFiles(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /** Writes all files, each synced where the file system can; of a network piece by piece. */
  void write(Checkpoint.Manifest manifest, String recipe, StateBytes network) throws IOException {
    List<Checkpoint.Entry> entries = new ArrayList<>();
    entries.add(write(RECIPE, recipe.getBytes(StandardCharsets.UTF_8)));
    entries.add(write(CONFIGURATION, network.configuration().getBytes(StandardCharsets.UTF_8)));
    for (String array : network.names()) {
      try (HashedFile file = new HashedFile(files, HadoopPath.in(folder, array + ARRAY))) {
        file.write(network, array);
        entries.add(file.sync());
      }
    }
    write(MANIFEST, JSON.writeValueAsBytes(manifest.withFiles(entries)));
  }

  private Checkpoint.Entry write(String name, byte[] bytes) throws IOException {
    try (HashedFile file = new HashedFile(files, HadoopPath.in(folder, name))) {
      file.write(bytes);
      return file.sync();
    }
  }

  /**
   * Reads all files.
   *
   * @throws DamagedCheckpointException if one is not there or not as it was written
   * @throws TrainingException if a later version of this program wrote it
   * @throws IOException if they cannot be read now
   */
  Checkpoint read() throws IOException, DamagedCheckpointException {
    Checkpoint.Manifest manifest = readManifest();
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (Checkpoint.Entry entry : manifest.files()) {
      if (!NAMES.matcher(entry.name()).matches()) {
        throw new DamagedCheckpointException(
            "it names a file that no checkpoint has, " + entry.name());
      }
      contents.put(entry.name(), readChecked(entry));
    }
    if (!contents.keySet().containsAll(List.of(RECIPE, CONFIGURATION, PARAMETERS))) {
      throw new DamagedCheckpointException("it holds " + contents.keySet() + " only");
    }
    return new Checkpoint(
        manifest,
        new String(contents.get(RECIPE), StandardCharsets.UTF_8),
        new NetworkState(
            new String(contents.get(CONFIGURATION), StandardCharsets.UTF_8), arrays(contents)));
  }

  /** An older version wrote an empty file where the updater had no state. */
  private static Map<String, byte[]> arrays(Map<String, byte[]> contents) {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    contents.forEach(
        (file, bytes) -> {
          if (file.endsWith(ARRAY) && bytes.length > 0) {
            arrays.put(file.substring(0, file.length() - ARRAY.length()), bytes);
          }
        });
    return arrays;
  }

  /** Whether the folder looks like a checkpoint, whole or damaged. */
  boolean isThere() throws IOException {
    return files.exists(HadoopPath.in(folder, CONFIGURATION))
        || files.exists(HadoopPath.in(folder, PARAMETERS));
  }

  /** Whether all files are there with their lengths; does not read them. */
  boolean looksWhole() throws IOException {
    return whole().isPresent();
  }

  /** The manifest, if all files are there with their lengths; does not read the others. */
  Optional<Checkpoint.Manifest> whole() throws IOException {
    try {
      Checkpoint.Manifest manifest = readManifest();
      for (Checkpoint.Entry entry : manifest.files()) {
        requireLength(entry);
      }
      return Optional.of(manifest);
    } catch (DamagedCheckpointException e) {
      return Optional.empty();
    }
  }

  private Checkpoint.Manifest readManifest() throws IOException, DamagedCheckpointException {
    Path path = HadoopPath.in(folder, MANIFEST);
    long bytes = length(MANIFEST, "it has no " + MANIFEST);
    if (bytes > MANIFEST_LIMIT) {
      throw new DamagedCheckpointException(
          "its manifest of " + bytes + " bytes is longer than " + MANIFEST_LIMIT);
    }
    byte[] text = readFully(path, (int) bytes);
    try {
      JsonNode fields = JSON.readTree(text);
      int version = fields.path("version").asInt();
      requireVersion(version);
      if (version <= LAST_WITH_ACCURACIES) {
        OlderScores.ofManifest((ObjectNode) fields);
      }
      Checkpoint.Manifest manifest = JSON.treeToValue(fields, Checkpoint.Manifest.class);
      requireCounters(manifest);
      return manifest;
    } catch (IOException e) {
      // of the text, which was read
      throw new DamagedCheckpointException(MANIFEST + " is none: " + firstLine(e), e);
    }
  }

  private static String firstLine(IOException e) {
    String message =
        e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    return String.valueOf(message).lines().findFirst().orElse("");
  }

  private void requireVersion(int version) throws DamagedCheckpointException {
    if (version > Checkpoint.Manifest.VERSION) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "Cannot read checkpoint %s: its version is %d, and this program reads 1 to %d; use"
                  + " the one that wrote it",
              folder,
              version,
              Checkpoint.Manifest.VERSION));
    }
    if (version < 1) {
      throw new DamagedCheckpointException(MANIFEST + " has no version");
    }
  }

  private static void requireCounters(Checkpoint.Manifest manifest)
      throws DamagedCheckpointException {
    if (manifest.files() == null
        || manifest.files().contains(null)
        || manifest.version() > 1 && manifest.origin() == null) {
      throw new DamagedCheckpointException(MANIFEST + " has no files, or no origin");
    }
    if (manifest.epochs() < 0 || manifest.stepsPerEpoch() < 1 || !isWithin(manifest)) {
      throw new DamagedCheckpointException(
          String.format(
              Locale.ROOT,
              "its step %d is not one of epoch %d, with %d steps each",
              manifest.step(),
              manifest.epochs() + 1,
              manifest.stepsPerEpoch()));
    }
  }

  private byte[] readChecked(Checkpoint.Entry entry)
      throws IOException, DamagedCheckpointException {
    requireLength(entry);
    byte[] bytes = readFully(HadoopPath.in(folder, entry.name()), (int) entry.bytes());
    if (!HashedFile.checksum(bytes).equals(entry.sha256())) {
      throw new DamagedCheckpointException(entry.name() + " does not have its checksum");
    }
    return bytes;
  }

  private void requireLength(Checkpoint.Entry entry)
      throws IOException, DamagedCheckpointException {
    long found = length(entry.name(), entry.name() + " is missing");
    if (found != entry.bytes() || found > Integer.MAX_VALUE - 16) {
      throw new DamagedCheckpointException(
          String.format(
              Locale.ROOT,
              "%s has %s in place of %,d",
              entry.name(),
              Count.of(found, "byte"),
              entry.bytes()));
    }
  }

  private long length(String name, String otherwise)
      throws IOException, DamagedCheckpointException {
    try {
      return files.getFileStatus(HadoopPath.in(folder, name)).getLen();
    } catch (FileNotFoundException e) {
      // a folder that may not be entered looks like an empty one
      if (files.exists(folder)) {
        files.access(folder, FsAction.READ_EXECUTE);
      }
      throw new DamagedCheckpointException(otherwise, e);
    }
  }

  private byte[] readFully(Path path, int length) throws IOException, DamagedCheckpointException {
    byte[] bytes = new byte[length];
    try (FSDataInputStream in = files.open(path)) {
      in.readFully(bytes);
    } catch (FileNotFoundException e) {
      // also what Java says where a file may not be opened
      length(path.getName(), path.getName() + " is missing");
      throw e;
    } catch (EOFException | ChecksumException e) {
      throw new DamagedCheckpointException(path.getName() + ": " + e.getMessage(), e);
    }
    return bytes;
  }

  /** All steps of an epoch are done where it was stopped before it was measured. */
  private static boolean isWithin(Checkpoint.Manifest manifest) {
    long within = manifest.step() - (long) manifest.epochs() * manifest.stepsPerEpoch();
    return within >= 0 && within <= manifest.stepsPerEpoch();
  }
}
