package io.dropblock.spark.data.source.imagenet;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.files.SmallFile;
import io.dropblock.spark.files.HadoopPath;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The two files of ILSVRC2012's development kit that label its validation images.
 *
 * @param devkit where they were found, for errors
 * @param meta {@code meta.mat}: the classes
 * @param groundTruth a line an image: the number of its class in {@code meta.mat}, which is not its
 *     label
 */
record DevkitFiles(String devkit, byte[] meta, byte[] groundTruth) {
  private static final String META = "meta.mat";
  private static final String GROUND_TRUTH = "ILSVRC2012_validation_ground_truth.txt";
  // The kit has about 30 entries and 8 MB; these end a gzip that never does.
  private static final int MAX_ENTRIES = 10_000;
  private static final long MAX_ENTRY_BYTES = 256L << 20;

  static DevkitFiles read(Path devkit, Configuration configuration) {
    try {
      FileSystem fileSystem = HadoopPath.fileSystem(devkit, configuration);
      if (fileSystem.getFileStatus(devkit).isDirectory()) {
        return ofFolder(fileSystem, devkit, configuration);
      }
      Map<String, byte[]> found = new HashMap<>();
      try (InputStream in = fileSystem.open(devkit)) {
        unpack(devkit, in, found);
      }
      return of(devkit, found);
    } catch (FileNotFoundException e) {
      throw new DataException("Cannot read devkit " + devkit + ": there is no such file", e);
    } catch (IOException | IllegalArgumentException e) {
      // The second is the tar library's word for a header that is none.
      throw new DataException("Cannot read devkit " + devkit + ": " + DataException.reason(e), e);
    }
  }

  private static DevkitFiles ofFolder(FileSystem files, Path folder, Configuration configuration)
      throws IOException {
    Map<String, byte[]> found = new HashMap<>();
    for (String name : List.of(META, GROUND_TRUTH)) {
      for (Path path :
          List.of(HadoopPath.in(folder, "data/" + name), HadoopPath.in(folder, name))) {
        if (files.exists(path)) {
          found.putIfAbsent(name, SmallFile.read(path, configuration));
        }
      }
    }
    return of(folder, found);
  }

  private static DevkitFiles of(Path devkit, Map<String, byte[]> found) {
    for (String name : List.of(META, GROUND_TRUTH)) {
      if (!found.containsKey(name)) {
        throw new DataException("Cannot read devkit " + devkit + ": it has no data/" + name);
      }
    }
    return new DevkitFiles(devkit.toString(), found.get(META), found.get(GROUND_TRUTH));
  }

  private static void unpack(Path devkit, InputStream in, Map<String, byte[]> found)
      throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new GZIPInputStream(new BufferedInputStream(in)))) {
      int entries = 0;
      for (TarArchiveEntry entry = tar.getNextTarEntry();
          entry != null;
          entry = tar.getNextTarEntry()) {
        String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
        boolean wanted = entry.isFile() && (name.equals(META) || name.equals(GROUND_TRUTH));
        long limit = wanted ? SmallFile.MAX_BYTES : MAX_ENTRY_BYTES;
        if (entry.getSize() > limit || ++entries > MAX_ENTRIES) {
          throw new DataException(
              String.format(
                  Locale.ROOT,
                  "Cannot read devkit %s: entry %d, %s, has %d bytes, that is no devkit",
                  devkit,
                  entries,
                  entry.getName(),
                  entry.getSize()));
        }
        if (wanted) {
          found.put(name, tar.readNBytes((int) entry.getSize()));
        }
      }
    }
  }

  /** Translates the ground truth to synsets. */
  ValidationLabels labels() {
    Map<Integer, String> classes = SynsetTable.read(devkit, meta);
    List<String> lines = SmallFile.lines(groundTruth);
    List<String> synsets = new ArrayList<>(lines.size());
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String synset = line.matches("[0-9]{1,6}") ? classes.get(Integer.parseInt(line)) : null;
      if (synset == null) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot read devkit %s: line %d of %s is '%s', not the number of one of %d classes",
                devkit,
                i + 1,
                GROUND_TRUTH,
                line,
                classes.size()));
      }
      synsets.add(synset);
    }
    return new ValidationLabels(devkit, synsets, Set.copyOf(classes.values()));
  }
}
