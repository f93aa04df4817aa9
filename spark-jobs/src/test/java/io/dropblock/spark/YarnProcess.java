package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.awaitility.Awaitility;

/** {@link MiniYarn} in a JVM of its own, what its clients need, and its containers. */
final class YarnProcess implements AutoCloseable {
  /** A class of each jar that it needs: of the others of the tests some would get in its way. */
  private static final List<String> NEEDED =
      List.of(
          "io.dropblock.spark.MiniYarn",
          "org.apache.hadoop.yarn.server.MiniYARNCluster",
          "org.apache.hadoop.conf.Configuration",
          "org.apache.hadoop.shaded.com.google.common.base.Joiner",
          "org.junit.Assert",
          "org.bouncycastle.jce.provider.BouncyCastleProvider",
          "org.bouncycastle.cert.X509CertificateHolder",
          // of the resource manager's pages; not in Java 17 any more
          "javax.xml.bind.JAXBContext",
          "javax.activation.DataSource",
          "org.apache.commons.logging.impl.Log4JLogger",
          "org.slf4j.Logger",
          "org.apache.logging.slf4j.Log4jLogger",
          "org.apache.logging.log4j.Logger",
          "org.apache.logging.log4j.core.Logger",
          "org.apache.log4j.Logger");

  private final Process process;
  private final Path folder;
  private final Path clients;

  private YarnProcess(Process process, Path folder, Path clients) {
    this.process = process;
    this.folder = folder;
    this.clients = clients;
  }

  /**
   * Starts one, and waits until it is there.
   *
   * @param folder for disks and logs, empty
   */
  static YarnProcess start(Path folder) throws IOException, ClassNotFoundException {
    Path clients = Files.createDirectories(folder.resolve("clients"));
    Path log = folder.resolve("yarn.log");
    String home = System.getProperty("java.home");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(home, "bin", "java").toString(),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "-cp",
                classPath(),
                MiniYarn.class.getName(),
                folder.resolve("disks").toString(),
                clients.toString())
            // its work goes to the folder target of where it runs
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(key -> key.matches("SPARK_.*|HADOOP_.*|YARN_.*|OMP_.*"));
    environment.put("JAVA_HOME", home);
    YarnProcess yarn = new YarnProcess(builder.start(), folder, clients);
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> Files.exists(clients.resolve(MiniYarn.READY)) || !yarn.process.isAlive());
    assertThat(yarn.process.isAlive()).as(() -> read(log)).isTrue();
    return yarn;
  }

  private static String classPath() throws ClassNotFoundException {
    Set<String> found = new LinkedHashSet<>();
    ClassLoader loader = YarnProcess.class.getClassLoader();
    for (String name : NEEDED) {
      found.add(
          Class.forName(name, false, loader)
              .getProtectionDomain()
              .getCodeSource()
              .getLocation()
              .getPath());
    }
    return String.join(File.pathSeparator, found);
  }

  /** The folder with core-site.xml and yarn-site.xml. */
  Path clients() {
    return clients;
  }

  /** Hadoop's settings of a client. */
  Configuration configuration() {
    Configuration configuration = new Configuration();
    for (String file : List.of("core-site.xml", "hdfs-site.xml", "yarn-site.xml")) {
      configuration.addResource(new org.apache.hadoop.fs.Path(clients.resolve(file).toUri()));
    }
    return configuration;
  }

  /** The JVMs in containers with a main class whose name has a part. */
  List<ProcessHandle> jvms(String part) {
    return process
        .descendants()
        .filter(ProcessHandle::isAlive)
        .filter(
            jvm -> {
              String words = Submission.commandLine(jvm);
              return words.split("\0")[0].endsWith("/java") && words.contains(part);
            })
        .toList();
  }

  /**
   * What a container's program printed, by the folder of its logs, which names node, application
   * and container.
   */
  List<Path> logs(String application) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("target"))) {
      return files
          .filter(file -> file.toString().contains(application))
          .filter(file -> file.getFileName().toString().matches("stderr|stdout"))
          .toList();
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> containers = process.descendants().toList();
    process.destroyForcibly();
    containers.forEach(ProcessHandle::destroyForcibly);
  }
}
