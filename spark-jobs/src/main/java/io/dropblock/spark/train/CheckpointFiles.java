package io.dropblock.spark.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.dropblock.nn.NetworkState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/**
 * What lies in the folder of one checkpoint. The manifest, written last, holds the length and the
 * checksum of every other file; whoever reads compares them.
 */
final class CheckpointFiles {
  private static final ObjectMapper JSON =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
  private static final String MANIFEST = "manifest.json";
  private static final String CONFIGURATION = "configuration.json";
  private static final String PARAMETERS = "parameters.bin";
  private static final String UPDATER = "updater.bin";
  private static final String RECIPE = "recipe.yaml";
  private static final int MANIFEST_LIMIT = 1 << 20;

  private final FileSystem files;
  private final Path folder;

  CheckpointFiles(FileSystem files, Path folder) {
    this.files = files;
    this.folder = folder;
  }

  /** Writes all files, each synced where the file system can. */
  void write(Checkpoint checkpoint) throws IOException {
    List<Checkpoint.Entry> entries = new ArrayList<>();
    for (Map.Entry<String, byte[]> content : contents(checkpoint).entrySet()) {
      writeSynced(content.getKey(), content.getValue());
      entries.add(
          new Checkpoint.Entry(
              content.getKey(), content.getValue().length, sha256(content.getValue())));
    }
    writeSynced(MANIFEST, JSON.writeValueAsBytes(checkpoint.manifest().withFiles(entries)));
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

  private void writeSynced(String name, byte[] bytes) throws IOException {
    try (FSDataOutputStream out = files.create(new Path(folder, name), true)) {
      out.write(bytes);
      if (out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
    }
  }

  /**
   * Reads all files.
   *
   * @throws TrainingException if one is not there or damaged, with what is wrong
   */
  Checkpoint read() {
    try {
      Checkpoint.Manifest manifest = readManifest();
      Map<String, byte[]> contents = new LinkedHashMap<>();
      for (Checkpoint.Entry entry : manifest.files()) {
        if (!List.of(RECIPE, CONFIGURATION, PARAMETERS, UPDATER).contains(entry.name())) {
          throw new IOException("it names a file that no checkpoint has, " + entry.name());
        }
        contents.put(entry.name(), readChecked(entry));
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
          String.format(Locale.ROOT, "Cannot read checkpoint %s: %s", folder, e.getMessage()), e);
    }
  }

  private Checkpoint.Manifest readManifest() throws IOException {
    Path path = new Path(folder, MANIFEST);
    if (!files.exists(path)) {
      throw new IOException("it has no " + MANIFEST);
    }
    long bytes = files.getFileStatus(path).getLen();
    if (bytes > MANIFEST_LIMIT) {
      throw new IOException("its manifest of " + bytes + " bytes is too long");
    }
    Checkpoint.Manifest manifest =
        JSON.readValue(readFully(path, (int) bytes), Checkpoint.Manifest.class);
    if (manifest.version() != Checkpoint.Manifest.VERSION || manifest.files() == null) {
      throw new IOException("its version is " + manifest.version() + ", not 1");
    }
    if (manifest.epochs() < 0
        || manifest.stepsPerEpoch() < 1
        || manifest.step() / manifest.stepsPerEpoch() != manifest.epochs()) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "its step %d is not one of epoch %d, with %d steps each",
              manifest.step(),
              manifest.epochs() + 1,
              manifest.stepsPerEpoch()));
    }
    return manifest;
  }

  private byte[] readChecked(Checkpoint.Entry entry) throws IOException {
    Path path = new Path(folder, entry.name());
    if (!files.exists(path)) {
      throw new IOException(entry.name() + " is missing");
    }
    long found = files.getFileStatus(path).getLen();
    if (found != entry.bytes() || found > Integer.MAX_VALUE - 16) {
      throw new IOException(
          String.format(
              Locale.ROOT, "%s has %d bytes in place of %d", entry.name(), found, entry.bytes()));
    }
    byte[] bytes = readFully(path, (int) found);
    if (!sha256(bytes).equals(entry.sha256())) {
      throw new IOException(entry.name() + " does not have its checksum");
    }
    return bytes;
  }

  private byte[] readFully(Path path, int length) throws IOException {
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
