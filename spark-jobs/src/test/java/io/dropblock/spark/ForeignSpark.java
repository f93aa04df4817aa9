package io.dropblock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Another Spark than ours, as a vendor lays it out: the first 3.5, with some older libraries, its
 * own scripts, its jars links with the vendor's suffix, Hadoop elsewhere, behind a link with a
 * space in its name, and its own settings: authentication, encryption, https, an event log, a
 * proxy's path.
 */
final class ForeignSpark {
  static final String PROXY_BASE = "/gateway/cluster-one";

  private static final Path SOURCE = ScriptRun.root().resolve("spark-jobs/src/test/foreign-spark");
  private static final Path FETCHED = ScriptRun.root().resolve("spark-jobs/target/foreign-spark");

  private final Path folder;
  private final String secret = "secret-" + UUID.randomUUID();
  private final String password = "password-" + UUID.randomUUID();

  private ForeignSpark(Path folder) {
    this.folder = folder;
  }

  /** Lays one out; its jars are fetched once. */
  static ForeignSpark layOut(Path folder) throws IOException, InterruptedException {
    ForeignSpark spark = new ForeignSpark(folder);
    fetch();
    assertThat(Submission.start(folder, List.of("--prepare-runtime")).succeed()).isNotNull();
    spark.linkJars();
    Path home = spark.real();
    Files.createDirectories(home.resolve("bin"));
    for (Path script : list(SOURCE.resolve("bin"))) {
      Path copy = Files.copy(script, home.resolve("bin").resolve(script.getFileName()));
      assertThat(copy.toFile().setExecutable(true)).isTrue();
    }
    spark.makeKey();
    Files.createDirectories(spark.conf());
    Files.createDirectories(spark.events());
    spark.writeSettings();
    // nothing of ours is kept there
    assertThat(home.toFile().setWritable(false)).isTrue();
    Files.createSymbolicLink(spark.home(), home);
    return spark;
  }

  private static void fetch() throws IOException, InterruptedException {
    if (Files.exists(FETCHED.resolve("done"))) {
      return;
    }
    Process maven =
        new ProcessBuilder(
                ScriptRun.root().resolve("mvnw").toString(),
                "-q",
                "-B",
                "-f",
                SOURCE.resolve("pom.xml").toString(),
                "dependency:copy-dependencies",
                "-DoutputDirectory=" + FETCHED.resolve("jars"),
                "-DincludeScope=runtime")
            .inheritIO()
            .start();
    assertThat(maven.waitFor()).as("fetching another Spark").isZero();
    Files.createFile(FETCHED.resolve("done"));
  }

  /** Its own jars, and of our Spark's those that it has none of. */
  private void linkJars() throws IOException {
    Path jars = Files.createDirectories(real().resolve("jars"));
    Files.createDirectories(hadoop());
    Set<String> names = new HashSet<>();
    for (Path jar : list(FETCHED.resolve("jars"))) {
      names.add(artifact(jar));
      String name = jar.getFileName().toString().replace("-3.5.0.jar", "-3.5.0-acme-1.jar");
      Files.createSymbolicLink(jars.resolve(name), jar);
    }
    assertThat(names).contains("spark-core_2.12", "guava").hasSize(11);
    for (Path jar : list(ScriptRun.root().resolve(".spark-runtime/jars"))) {
      if (names.add(artifact(jar))) {
        Path at = artifact(jar).startsWith("hadoop-") ? hadoop() : jars;
        Files.createSymbolicLink(at.resolve(jar.getFileName()), jar);
      }
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** Its name without the version, but with what stands behind that. */
  private static String artifact(Path jar) {
    return jar.getFileName().toString().replaceFirst("-\\d[^-]*(-M11)?", "").replace(".jar", "");
  }

  private void makeKey() throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "spark",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1,ip:127.0.0.2",
                "-storetype",
                "PKCS12",
                "-storepass",
                password,
                "-keystore",
                keyStore().toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
  }

  private void writeSettings() throws IOException {
    Files.writeString(
        conf().resolve("spark-env.sh"),
        "SPARK_DIST_CLASSPATH='" + hadoop() + "/*'\nSPARK_DAEMON_MEMORY=256m\n");
    Files.writeString(
        conf().resolve("log4j2.properties"),
        """
        rootLogger.level = info
        rootLogger.appenderRef.stdout.ref = console
        appender.console.type = Console
        appender.console.name = console
        appender.console.target = SYSTEM_ERR
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = %d{yy/MM/dd HH:mm:ss} %p %c{1}: %m%n%ex
        """);
    Files.writeString(
        conf().resolve("spark-defaults.conf"),
        String.join(
            "\n",
            List.of(
                "# Of a vendor, whose clusters have other applications, too",
                "spark.master                     yarn",
                "spark.submit.deployMode=cluster",
                "spark.serializer                 org.apache.spark.serializer.KryoSerializer",
                "spark.dynamicAllocation.enabled  true",
                "spark.executor.memory            9486M",
                "spark.driver.extraJavaOptions    -Dacme.driver=1 \\",
                "    -XX:+UseParallelGC",
                "spark.executor.extraJavaOptions=-Dacme.executor=1",
                "spark.driver.extraClassPath      /usr/lib/acme/*",
                "spark.executor.extraClassPath    /usr/lib/acme/*",
                "spark.authenticate               true",
                "spark.authenticate.secret        " + secret,
                "spark.network.crypto.enabled     true",
                "spark.ssl.enabled                true",
                "spark.ssl.protocol               TLSv1.2",
                "spark.ssl.keyStore               " + keyStore(),
                "spark.ssl.keyStoreType           PKCS12",
                "spark.ssl.keyStorePassword       " + password,
                "spark.ssl.keyPassword            " + password,
                "spark.ui.proxyBase               " + PROXY_BASE,
                "spark.eventLog.enabled           true",
                "spark.eventLog.compress          true",
                "spark.eventLog.rolling.enabled   true",
                "spark.eventLog.dir               " + events().toUri(),
                "")));
  }

  private Path real() {
    return folder.resolve("opt/acme-7.1/lib/spark3");
  }

  /** What SPARK_HOME is to be. */
  Path home() {
    return folder.resolve("spark 3");
  }

  /** What SPARK_CONF_DIR is to be. */
  Path conf() {
    return folder.resolve("etc/spark3/conf");
  }

  private Path hadoop() {
    return folder.resolve("opt/acme-7.1/lib/hadoop");
  }

  /** The folder of event logs. */
  Path events() {
    return folder.resolve("var/log/spark3");
  }

  private Path keyStore() {
    return folder.resolve("ui.p12");
  }

  /** Of who works with it. */
  Map<String, String> environment() {
    return Map.of("SPARK_HOME", home().toString(), "SPARK_CONF_DIR", conf().toString());
  }

  /** What nobody must read but who reads the settings. */
  List<String> secrets() {
    return List.of(secret, password);
  }

  /** All jars of it, as a class path. */
  String classPath() {
    return home() + "/jars/*:" + hadoop() + "/*";
  }

  /** What trusts its key. */
  SSLContext trust() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore())) {
      keys.load(in, password.toCharArray());
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("spark", keys.getCertificate("spark"));
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
