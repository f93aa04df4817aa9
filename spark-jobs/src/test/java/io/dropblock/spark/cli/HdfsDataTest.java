package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.feed.Batch;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.EpochOrder;
import io.dropblock.spark.data.feed.Feed;
import io.dropblock.spark.data.feed.FeedSettings;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.inspect.DatasetCheck;
import io.dropblock.spark.data.prepare.JobProgress;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.source.DrawnShapes;
import io.dropblock.spark.data.source.coco.TestCoco;
import io.dropblock.spark.data.source.files.TestTars;
import io.dropblock.spark.data.source.tfrecord.TestRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.protocol.HdfsFileStatus;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.TaskLocation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Data sets on a real HDFS, a name node and two data nodes on loopback, through the command line:
 * only the addresses say that it is HDFS. What is made there is held against that on a local disk.
 */
@ExtendWith(SparkInThisJvm.class)
class HdfsDataTest {
  @TempDir private static java.nio.file.Path folder;
  private static MiniDFSCluster cluster;
  private static DataNodes nodes;
  private static FileSystem hdfs;

  @BeforeAll
  static void start() throws IOException {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("cluster").toString());
    cluster =
        new MiniDFSCluster.Builder(configuration)
            .numDataNodes(2)
            .hosts(DataNodes.HOSTS.toArray(String[]::new))
            .build();
    cluster.waitActive();
    settings().forEach((name, value) -> System.setProperty("spark.hadoop." + name, value));
    hdfs = FileSystem.get(cluster.getURI(), client());
    nodes = new DataNodes(cluster, hdfs);
    for (FileSystem files : List.of(hdfs, FileSystem.getLocal(client()).getRaw())) {
      Path images = new Path(files == hdfs ? onHdfs("shapes") : local("shapes"));
      new DrawnShapes(1).write(files, images, 20, 4);
    }
    for (String where : List.of(onHdfs(""), local(""))) {
      assertThat(prepare(where + "shapes", where + "data", "--block", "64").status()).isZero();
    }
  }

  @AfterAll
  static void stop() {
    settings().keySet().forEach(name -> System.clearProperty("spark.hadoop." + name));
    cluster.shutdown();
  }

  /** One copy of each block, and no long waiting for another one or for the end of a file. */
  private static Map<String, String> settings() {
    return Map.of(
        "dfs.replication",
        "1",
        "dfs.client.retry.window.base",
        "1",
        "dfs.client.block.write.locateFollowingBlock.initial.delay.ms",
        "5");
  }

  private static Configuration client() {
    Configuration client = new Configuration();
    settings().forEach(client::set);
    return client;
  }

  private static String onHdfs(String name) {
    return cluster.getURI() + "/user/" + name;
  }

  private static String local(String name) {
    return folder.resolve("local") + "/" + name;
  }

  private static Answer prepare(String source, String out, String... more) {
    Stream<String> words = Stream.of("prepare", source, "--out", out);
    return Answer.to(Stream.concat(words, Arrays.stream(more)).toArray(String[]::new));
  }

  @Test
  void aFolderIsStoredCheckedAndDescribedAsOnALocalDisk() throws IOException {
    assertSameShards("data");
    assertThat(names(onHdfs("data")))
        .containsExactly("manifest.json", "train-00000.parquet", "val-00000.parquet");
    Answer checked = Answer.to("prepare", "--check", onHdfs("data"));
    assertThat(checked.status()).isZero();
    assertThat(checked.out()).contains("144 records, no damage found");
    List<byte[]> sheets = new ArrayList<>();
    for (String where : List.of(onHdfs(""), local(""))) {
      Answer described =
          Answer.to("prepare", "--describe", where + "data", "--sheet", where + "sheet.png");
      assertThat(described.status()).isZero();
      assertThat(described.out()).contains("data: 6 classes, ");
      sheets.add(read(where + "sheet.png"));
    }
    assertThat(sheets.get(0)).isEqualTo(sheets.get(1)).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void aFeedGivesTheSameBatchesAsFromALocalDisk() {
    for (int rank = 0; rank < 2; rank++) {
      List<Batch> there = feed(onHdfs("data"), 2, rank);
      List<Batch> here = feed(local("data"), 2, rank);
      assertThat(there).hasSize(7);
      for (int i = 0; i < there.size(); i++) {
        assertThat(there.get(i).targets().encoded()).isEqualTo(here.get(i).targets().encoded());
        assertThat(there.get(i).pixels()).isEqualTo(here.get(i).pixels());
      }
    }
  }

  @Test
  void tfRecordsAreStoredAsOnALocalDiskLessTheDamagedOnes() throws IOException {
    for (String file : List.of("train-00000-of-00001", "validation-00000-of-00001")) {
      List<byte[]> records = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        byte[] image = TestImages.jpeg(16, 16, i);
        records.add(
            TestRecords.imageNet(image, 1 + i % 2, "n0000000" + i % 2, i + ".JPEG").bytes());
      }
      writeBoth("records/" + file, TestRecords.file(records));
    }
    assertPreparedAlike("records", "from-records", "6 images to train on, 6 to validate on");
    byte[] damaged = read(onHdfs("records/train-00000-of-00001"));
    damaged[damaged.length - 100] ^= 1;
    write(onHdfs("records/train-00000-of-00001"), damaged);
    String broken = "train/train-00000-of-00001/00005";
    Answer refused = prepare(onHdfs("records"), onHdfs("from-damaged"));
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.error())
        .hasLineCount(1)
        .contains(": 1 broken entry: " + broken + " (its data have a wrong checksum)");
    Answer skipped = prepare(onHdfs("records"), onHdfs("from-damaged"), "--skip-broken");
    assertThat(skipped.status()).isZero();
    assertThat(skipped.out())
        .contains("5 images to train on, 6 to validate on")
        .contains("Left out " + broken + ": its data have a wrong checksum");
  }

  @Test
  void cocoInATarIsStoredAsOnALocalDisk() throws IOException {
    java.nio.file.Path drawn = folder.resolve("coco");
    new TestCoco(drawn).write();
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (Stream<java.nio.file.Path> walk = Files.walk(drawn)) {
      for (java.nio.file.Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        files.put("coco/" + drawn.relativize(file), Files.readAllBytes(file));
      }
    }
    writeBoth("coco.tar", TestTars.bytes(files));
    assertPreparedAlike("coco.tar", "from-coco", "3 images to train on, 1 to validate on");
  }

  @Test
  void realImageNetTarsAreStoredAsOnALocalDisk() throws IOException {
    java.nio.file.Path sample =
        java.nio.file.Path.of(System.getProperty("dropblock.test.data", "absent"))
            .resolve("ilsvrc2012-sample");
    Assumptions.assumeTrue(
        Files.exists(sample),
        "no ImageNet sample at " + sample + " (system property dropblock.test.data)");
    try (Stream<java.nio.file.Path> files = Files.list(sample)) {
      for (java.nio.file.Path file : files.toList()) {
        writeBoth("imagenet/" + file.getFileName(), Files.readAllBytes(file));
      }
    }
    assertPreparedAlike("imagenet", "from-imagenet", "120 images to train on, 40 to validate on");
  }

  @Test
  void aRunThatDiedIsGoneOnWith() throws IOException {
    Map<String, byte[]> images = new LinkedHashMap<>();
    for (int i = 0; i < 1210; i++) {
      String split = i < 1200 ? "train" : "val";
      images.put(
          String.format(Locale.ROOT, "%s/%s/%d.jpg", split, i % 2 == 0 ? "a" : "b", i), jpeg(i));
    }
    // a broken image of the same length stops the first run at one of its 3 shards of train
    byte[] whole = images.put("train/a/500.jpg", new byte[jpeg(500).length]);
    assertThat(whole).isEqualTo(jpeg(500));
    writeBoth("dirty.tar", TestTars.bytes(images));
    String out = onHdfs("restarted/out");
    Answer stopped = prepare(onHdfs("dirty.tar"), out, "--block", "64");
    assertThat(stopped.status()).isEqualTo(1);
    assertThat(stopped.error())
        .contains("train/a/500.jpg")
        .contains("the same command goes on with 3 finished shards in hdfs://");
    assertThat(hdfs.exists(new Path(out))).isFalse();
    Path unfinished = new Path(onHdfs("restarted/.out.unfinished"));
    Map<String, Long> finished = shardIds(unfinished);
    assertThat(finished).hasSize(3);
    nodes.leaveFileOfADeadClient(
        new Path(unfinished, "_preparation/_train-00001.parquet.dead"), client());

    images.put("train/a/500.jpg", whole);
    writeBoth("dirty.tar", TestTars.bytes(images));
    assertThat(prepare(onHdfs("dirty.tar"), out, "--block", "64").status()).isZero();
    assertThat(names(onHdfs("restarted"))).containsExactly("out");
    assertThat(names(out)).hasSize(5).contains("manifest.json");
    assertThat(shardIds(new Path(out))).hasSize(4).containsAllEntriesOf(finished);
    assertThat(prepare(local("dirty.tar"), local("restarted/out"), "--block", "64").status())
        .isZero();
    assertSameShards("restarted/out");
  }

  @Test
  void aFlippedByteIsFoundAndNamedAndNeverFed() throws IOException {
    copy("data", "flipped");
    Path shard = new Path(onHdfs("flipped/train-00000.parquet"));
    byte[] bytes = read(shard.toString());
    bytes[1000] ^= 1;
    write(shard.toString(), bytes);
    assertDamaged("flipped", "train-00000.parquet, records 0 to 63: ");
  }

  /** What the hardware does, below HDFS. */
  @Test
  void aReplicaThatRottedOnADataNodeIsNamedAndNeverFed() throws IOException {
    copy("data", "rotten");
    Path shard = new Path(onHdfs("rotten/train-00000.parquet"));
    java.nio.file.Path replica = nodes.replica(shard, nodes.hostOf(shard));
    byte[] bytes = Files.readAllBytes(replica);
    bytes[1000] ^= 1;
    Files.write(replica, bytes);
    assertDamaged("rotten", "train-00000.parquet");
  }

  @Test
  void aTaskThatChecksAShardPrefersTheHostThatHoldsIt() throws IOException {
    ConcurrentLinkedQueue<Seq<Seq<TaskLocation>>> wishes = new ConcurrentLinkedQueue<>();
    try (JavaSparkContext spark = LocalSpark.start(1, Map.of("spark.locality.wait", "0"))) {
      spark
          .sc()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onStageSubmitted(SparkListenerStageSubmitted stage) {
                  wishes.add(stage.stageInfo().taskLocalityPreferences());
                }
              });
      assertThat(DatasetCheck.run(spark, new Path(onHdfs("data")), JobProgress.NONE).damages())
          .isEmpty();
    }
    List<String> hosts = new ArrayList<>();
    for (Seq<TaskLocation> ofTask : JavaConverters.seqAsJavaList(wishes.remove())) {
      assertThat(ofTask.size()).isEqualTo(1);
      hosts.add(ofTask.apply(0).host());
    }
    assertThat(hosts)
        .containsExactly(
            nodes.hostOf(new Path(onHdfs("data/train-00000.parquet"))),
            nodes.hostOf(new Path(onHdfs("data/val-00000.parquet"))));
  }

  private static void assertDamaged(String name, String damage) {
    Answer checked = Answer.to("prepare", "--check", onHdfs(name));
    assertThat(checked.status()).isEqualTo(1);
    assertThat(checked.out()).contains(damage).doesNotContain("val-00000");
    assertThatThrownBy(() -> feed(onHdfs(name), 1, 0))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot read shard " + onHdfs(name) + "/train-00000.parquet: ");
  }

  private static void assertPreparedAlike(String source, String name, String counts) {
    for (String where : List.of(onHdfs(""), local(""))) {
      Answer answer = prepare(where + source, where + name);
      assertThat(answer.error()).isEmpty();
      assertThat(answer.status()).isZero();
      assertThat(answer.out()).contains(counts);
    }
    assertSameShards(name);
  }

  /** Byte for byte, by length and SHA-256. */
  private static void assertSameShards(String name) {
    DatasetManifest there = ManifestFile.read(new Path(onHdfs(name)), client());
    DatasetManifest here = ManifestFile.read(new Path(local(name)), client());
    for (Split split : Split.values()) {
      assertThat(there.shards(split)).isNotEmpty().isEqualTo(here.shards(split));
    }
    assertThat(there.classes()).isEqualTo(here.classes());
    assertThat(there.counts()).isEqualTo(here.counts());
    for (Shard shard : there.train()) {
      assertThat(read(onHdfs(name) + "/" + shard.file()))
          .isEqualTo(read(local(name) + "/" + shard.file()));
    }
  }

  private static List<Batch> feed(String dataset, int world, int rank) {
    FeedSource source =
        new FeedSource(
            dataset,
            ManifestFile.read(new Path(dataset), client()),
            Split.TRAIN,
            new ClassPreprocessing(new PadCrop(32, 4, true)),
            Normalization.IMAGENET);
    EpochOrder order = EpochOrder.shuffled(source.blockSizes(), 5, 1, world, rank, 8);
    List<Batch> batches = new ArrayList<>();
    try (Feed feed = Feed.open(source, order, FeedSettings.of(2, 3), client())) {
      feed.forEachRemaining(batches::add);
    }
    return batches;
  }

  private static Map<String, Long> shardIds(Path path) throws IOException {
    Map<String, Long> ids = new LinkedHashMap<>();
    for (FileStatus status : hdfs.listStatus(path)) {
      if (status.isFile() && status.getPath().getName().endsWith(".parquet")) {
        ids.put(status.getPath().getName(), ((HdfsFileStatus) status).getFileId());
      }
    }
    return ids;
  }

  private static List<String> names(String path) throws IOException {
    return Arrays.stream(hdfs.listStatus(new Path(path)))
        .map(status -> status.getPath().getName())
        .sorted()
        .toList();
  }

  private static byte[] jpeg(int seed) {
    return TestImages.jpeg(16, 16, seed);
  }

  private static void copy(String from, String to) throws IOException {
    for (String name : names(onHdfs(from))) {
      write(onHdfs(to) + "/" + name, read(onHdfs(from) + "/" + name));
    }
  }

  private static void writeBoth(String name, byte[] bytes) throws IOException {
    write(onHdfs(name), bytes);
    write(local(name), bytes);
  }

  private static void write(String path, byte[] bytes) throws IOException {
    Path file = new Path(path);
    try (FSDataOutputStream out = file.getFileSystem(client()).create(file, true)) {
      out.write(bytes);
    }
  }

  private static byte[] read(String path) {
    Path file = new Path(path);
    try (FSDataInputStream in = file.getFileSystem(client()).open(file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
