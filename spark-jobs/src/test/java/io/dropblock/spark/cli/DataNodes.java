package io.dropblock.spark.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.client.HdfsDataInputStream;

/** The data nodes of a small HDFS, and what lies on their disks: files of one block, one copy. */
record DataNodes(MiniDFSCluster cluster, FileSystem hdfs) {
  /** Names that nobody asks a name server for. */
  static final List<String> HOSTS = List.of("127.0.0.1", "127.0.0.2");

  private static final int DISKS = 2;

  /** By where the bytes are found. */
  String hostOf(Path file) {
    return HOSTS.stream().filter(host -> replica(file, host) != null).findFirst().orElseThrow();
  }

  /** The bytes of a file on a host's disk, or null. */
  java.nio.file.Path replica(Path file, String host) {
    int node = HOSTS.indexOf(host);
    try (FSDataInputStream in = hdfs.open(file)) {
      String name = ((HdfsDataInputStream) in).getAllBlocks().get(0).getBlock().getBlockName();
      return IntStream.range(0, DISKS)
          .mapToObj(disk -> cluster.getInstanceStorageDir(node, disk).toPath())
          .flatMap(DataNodes::files)
          .filter(path -> path.getFileName().toString().equals(name))
          .findFirst()
          .orElse(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file that its writer neither closed nor gave up: its lease is held still. */
  void leaveFileOfADeadClient(Path file, Configuration client) throws IOException {
    DistributedFileSystem dying =
        (DistributedFileSystem) FileSystem.newInstance(cluster.getURI(), client);
    FSDataOutputStream out = dying.create(file);
    out.write(new byte[100_000]);
    out.hflush();
    dying.getClient().closeAllFilesBeingWritten(true);
    if (((DistributedFileSystem) hdfs).isFileClosed(file)) {
      throw new IllegalStateException("Cannot leave " + file + " open: it is closed");
    }
  }

  /**
   * The data node deletes blocks of files that are gone while this looks: those are passed over.
   */
  private static Stream<java.nio.file.Path> files(java.nio.file.Path root) {
    List<java.nio.file.Path> found = new ArrayList<>();
    SimpleFileVisitor<java.nio.file.Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(
              java.nio.file.Path file, BasicFileAttributes attributes) {
            found.add(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(java.nio.file.Path file, IOException e)
              throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        };
    try {
      Files.walkFileTree(root, visitor);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found.stream();
  }
}
