package io.dropblock.spark.data.source.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.source.files.TestTars;
import io.dropblock.spark.data.source.voc.TestVoc;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFormatTest {
  @TempDir Path folder;

  @Test
  void goesByWhatLiesThere() throws IOException {
    assertThat(detect(folder)).isEqualTo(SourceFormat.FOLDER);
    assertThat(detect(folder.resolve("absent"))).isEqualTo(SourceFormat.FOLDER);
    Path tars = Files.createDirectory(folder.resolve("tars"));
    Path tar = Files.createFile(tars.resolve("ILSVRC2012_img_val.tar"));
    assertThat(detect(tars)).isEqualTo(SourceFormat.ILSVRC2012);
    assertThat(detect(tar)).isEqualTo(SourceFormat.ILSVRC2012);
    Path flat = Files.createDirectory(folder.resolve("flat"));
    Files.createFile(flat.resolve("validation-00001-of-00128"));
    assertThat(detect(flat)).isEqualTo(SourceFormat.TFRECORDS);
    Path deep = Files.createDirectories(folder.resolve("deep/train"));
    Files.createFile(deep.resolve("train-00001-of-01024"));
    assertThat(detect(folder.resolve("deep"))).isEqualTo(SourceFormat.TFRECORDS);
    Path version = Files.createDirectories(folder.resolve("cifar10/3.0.2"));
    Files.createFile(version.resolve("cifar10-test.tfrecord-00000-of-00001"));
    assertThat(detect(version)).isEqualTo(SourceFormat.TFRECORDS);
    assertThat(detect(folder.resolve("cifar10"))).isEqualTo(SourceFormat.TFRECORDS);
    Path coco = Files.createDirectories(folder.resolve("coco/annotations"));
    assertThat(detect(folder.resolve("coco"))).isEqualTo(SourceFormat.FOLDER);
    Files.createFile(coco.resolve("instances_val2017.json"));
    assertThat(detect(folder.resolve("coco"))).isEqualTo(SourceFormat.COCO);
    // A folder of that name is a class, and a name with an ending another file.
    Path images = Files.createDirectories(folder.resolve("images/train"));
    Files.createDirectory(images.resolve("train-00001-of-01024"));
    Files.createFile(images.resolve("train-00001-of-01024.txt"));
    assertThat(detect(folder.resolve("images"))).isEqualTo(SourceFormat.FOLDER);
  }

  @Test
  void knowsVocByItsListsOrItsTar() throws IOException {
    Path devkit = folder.resolve("devkit");
    TestVoc voc = TestVoc.draw(devkit, 1, 1);
    Path downloads = Files.createDirectory(folder.resolve("downloads"));
    Path tar = TestVoc.tar(devkit, downloads.resolve("VOCtrainval_11-May-2012.tar"));
    Path renamed = Files.copy(tar, folder.resolve("v.tar"));
    for (Path source :
        new Path[] {devkit, voc.folder(), voc.folder().getParent(), tar, downloads, renamed}) {
      assertThat(detect(source)).as(source.toString()).isEqualTo(SourceFormat.VOC);
    }
    Path packed = TestTars.pack(devkit, folder.resolve("p.tar"), "./", 2);
    assertThat(detect(packed)).isEqualTo(SourceFormat.VOC);
    Path inside = TestTars.pack(voc.folder(), folder.resolve("i.tar"), "", 2);
    assertThat(detect(inside)).isEqualTo(SourceFormat.VOC);
    Path other = TestTars.write(folder.resolve("o.tar"), new byte[5], "VOCdevkit.jpg");
    assertThat(detect(other)).isEqualTo(SourceFormat.FOLDER);
    assertThat(
            detect(
                Files.write(
                    folder.resolve("short"), "VOCdevkit/".getBytes(StandardCharsets.UTF_8))))
        .isEqualTo(SourceFormat.FOLDER);
  }

  @Test
  void isNamedByAWord() {
    for (SourceFormat format : SourceFormat.values()) {
      assertThat(SourceFormat.of(format.word())).isEqualTo(format);
    }
    assertThatThrownBy(() -> SourceFormat.of("parquet"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Unknown format: 'parquet' is not one of auto, folder, ilsvrc2012, tfrecords, coco, voc");
  }

  private static SourceFormat detect(Path path) {
    return SourceFormat.detect(new org.apache.hadoop.fs.Path(path.toString()), new Configuration());
  }
}
